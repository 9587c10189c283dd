/** Objects whose attributes are set after they were built: `settings.POOL_SIZE = 50`. */
import type { Location } from '../../core/text.ts';
import type { AttributeSet } from '../../declarations/source.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import type { TextFact } from '../gathered.ts';
import type { Place, PlacedBinding } from './bindings.ts';
import type { PythonFile } from './file.ts';
import { headOf, segmentsBinding } from './imports.ts';

/** Begins at the dot, which is rarer than names are. */
const assignment = /\.([A-Za-z_]\w*)[ \t]*(?::[^=\n]*)?=(?!=)/g;
const nameBefore = /(?<![\w.])[A-Za-z_]\w*$/;
const longestName = 100;

/** Attributes that statements set on objects, by the object's name. */
const attributesSet: TextFact<ReadonlyMap<string, ReadonlySet<string>>> = {
  read: (text) => {
    const byObject = new Map<string, Set<string>>();
    for (const { index, 1: attribute } of text.matchAll(assignment)) {
      const object = nameBefore.exec(text.slice(Math.max(0, index - longestName), index))?.[0];
      if (object === undefined || object === 'self' || object === 'cls') continue;
      const list = byObject.get(object);
      if (list === undefined) byObject.set(object, new Set([attribute!]));
      else list.add(attribute!);
    }
    return byObject.size === 0 ? undefined : byObject;
  },
};

const onImported: TextFact<readonly AttributeSet[]> = {
  read: (text) => {
    const pattern = /^[ \t]*(?!self\.|cls\.)([A-Za-z_]\w{0,99})\.([A-Za-z_]\w{0,99})[ \t]*(?:[-+*/|])?=(?!=)/gm;
    const found = Array.from(text.matchAll(pattern), ([, object, attribute]) => ({
      object: object!,
      attribute: attribute!,
    }));
    return found.length === 0 ? undefined : found;
  },
};

const sizeWords = ['pool', 'POOL', 'overflow', 'OVERFLOW'];

/** Attributes that statements set on what the module imports. */
export function attributesSetOnImported(file: PythonFile): readonly AttributeSet[] | undefined {
  // Only sizes are asked for across files; most files name none.
  if (!sizeWords.some((word) => file.text.includes(word))) return undefined;
  const isImported = (name: string) =>
    segmentsBinding(file, name).some((segment) => headOf(file, segment).kind === 'import');
  const found = file.gather(onImported).flatMap(({ value }) => value.filter((each) => isImported(each.object)));
  return found.length === 0 ? undefined : found;
}

/** Names of objects whose attributes are set in a way that does not name the object before a dot. */
const openedByName: TextFact<ReadonlySet<string>> = {
  read: (text) => {
    const found = new Set<string>();
    for (const [word, pattern] of settingByName) {
      if (text.includes(word)) for (const match of text.matchAll(pattern)) found.add(match[1]!);
    }
    found.delete('self');
    found.delete('cls');
    return found.size === 0 ? undefined : found;
  },
};

/** `setattr(settings, key, value)`, `settings.__dict__.update(…)`, `vars(settings)["key"] = …`; each with a word that it needs. */
const settingByName: readonly (readonly [word: string, pattern: RegExp])[] = [
  ['setattr(', /(?<!\w)setattr\(\s*([A-Za-z_]\w*)\s*,/g],
  ['__dict__', /(?<![\w.])([A-Za-z_]\w*)\.__dict__(?:\.(?:update|setdefault)\(|\[[^\]\n]*\][ \t]*=(?!=)|[ \t]*\|=)/g],
  ['vars(', /(?<![\w.])vars\(([A-Za-z_]\w*)\)(?:\.(?:update|setdefault)\(|\[[^\]\n]*\][ \t]*=(?!=))/g],
];

/** What has attributes that can be set. */
const objects = new Set<Value['kind']>([
  'call',
  'reference',
  'attribute',
  'item',
  'conditional',
  'alternatives',
  'parameter',
]);

/**
 * `value`, which `name` stands for, with what the statements before its use set on it; `read` tells. Statements of other
 * functions set attributes of what a module holds at any time.
 */
export function altered(
  file: PythonFile,
  name: string,
  value: Value,
  at: Location,
  isOfModule: boolean,
  read: (attribute: string) => Value | undefined,
): Value {
  if (file.gather(openedByName).some((each) => each.value.has(name)))
    return unknown(`attributes of ${name} are set by their names`, at);
  const names = new Set(file.gather(attributesSet).flatMap((each) => [...(each.value.get(name) ?? [])]));
  // Modules, and the classes and functions of the file itself, whose attributes stand with their definition.
  const isDefinition = value.kind === 'reference' && (value.name === '' || (value.module === '' && value.level === 0));
  if (names.size === 0 || isDefinition || !objects.has(value.kind)) return value;
  const attributes: { name: string; value: Value }[] = [];
  for (const attribute of names) {
    const set =
      isOfModule && isSetInFunction(file, name, attribute) ? whileRunning(name, attribute, at) : read(attribute);
    if (set !== undefined) attributes.push({ name: attribute, value: set });
  }
  return attributes.length === 0 ? value : { kind: 'altered', object: value, attributes, at };
}

function isSetInFunction(file: PythonFile, name: string, attribute: string): boolean {
  return new RegExp(`^[ \\t]+(?:.*[^\\w.])?${name}\\.${attribute}[ \\t]*(?::[^=\\n]*)?=(?!=)`, 'm').test(file.text);
}

function whileRunning(name: string, attribute: string, at: Location): Value {
  return unknown(`${attribute} of ${name} is set while the program runs`, at);
}

/**
 * Bindings of a place, and where it is an attribute also those that put another object under the object's name once it
 * was set: what was set on the first is not set on the second.
 */
export function withReplacements(
  place: Place,
  bindingsOf: (place: Place) => PlacedBinding[],
): readonly PlacedBinding[] {
  const found = bindingsOf(place);
  const { object } = place;
  const [first] = found;
  if (object === undefined || object === 'self' || object === 'cls' || first === undefined) return found;
  const replacing = bindingsOf({ name: object }).filter(
    ({ binding, offset }) => offset > first.offset && replaces.has(binding.kind),
  );
  if (replacing.length === 0) return found;
  const all = [...found, ...replacing.map((each): PlacedBinding => ({ ...each, replacesObject: true }))];
  return all.sort((a, b) => a.offset - b.offset);
}

const replaces = new Set<PlacedBinding['binding']['kind']>(['value', 'import', 'function', 'class', 'other']);
