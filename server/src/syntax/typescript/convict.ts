/**
 * `convict({ db: { poolMax: { format: 'int', default: 5, env: 'POOL_MAX' } } })`: each setting from the variable, else the
 * default, texts as the format says. Read in convict 6.2.5, src/main.js.
 */
import type { Location } from '../../core/text.ts';
import {
  type ConversionTarget,
  type MappingEntry,
  qualifiedName,
  unknown,
  type Value,
} from '../../declarations/value.ts';
import type { ScriptFile } from './file.ts';
import { environmentVariable, plainKey } from './properties.ts';
import { type Call, contentOf, entryOf, objectOf } from './schemaChains.ts';

/** Methods that hand back the configuration itself. */
const chained: ReadonlySet<string> = new Set(['load', 'loadFile', 'validate', 'set', 'reset']);
const numbers: Readonly<Record<string, ConversionTarget>> = {
  port: 'parseInt',
  nat: 'parseInt',
  integer: 'parseInt',
  int: 'parseInt',
  number: 'parseFloat',
};
/** Formats that leave a text as it is. */
const texts: ReadonlySet<string> = new Set(['string', '*', 'url', 'email', 'ipaddress', 'duration']);

/** The configuration that a call makes, its settings also by their dotted names; undefined for every other call. */
export function convictValue(file: ScriptFile, { callee, arguments: list, at }: Call): Value | undefined {
  const [first] = list;
  if (callee.kind === 'reference' && isConvict(callee)) return first && configurationOf(file, first.value, at);
  if (callee.kind !== 'attribute' || !chained.has(callee.name)) return undefined;
  const object = contentOf(callee.object);
  return object.kind === 'mapping' && convicts.has(object) ? object : undefined;
}

function isConvict(callee: Value & { kind: 'reference' }): boolean {
  return /^convict(?:\.default)?$/.test(qualifiedName(callee));
}

/** Configurations by their objects, so that what their methods hand back is known. */
const convicts = new WeakSet<Value>();

/** What a file loads takes the place of a default. */
function mayBeLoaded(file: ScriptFile): boolean {
  return /\.\s*(?:load|loadFile|set)\s*\(/.test(file.text);
}

function configurationOf(file: ScriptFile, schema: Value, at: Location): Value | undefined {
  const content = contentOf(schema);
  if (content.kind !== 'mapping') return undefined;
  const isLoaded = mayBeLoaded(file);
  const byPath: MappingEntry[] = [];
  const read = (entries: readonly MappingEntry[], prefix: string): MappingEntry[] =>
    entries.flatMap((entry): MappingEntry[] => {
      if (entry.key === undefined) return [];
      const inner = contentOf(entry.value);
      const isGroup = inner.kind === 'mapping' && inner.entries.every((each) => each.key !== 'default');
      const path = prefix + entry.key;
      const value = isGroup
        ? objectOf(read(inner.entries, `${path}.`), inner.at, inner.complete)
        : settingOf(file, entry.value, isLoaded);
      const setting = { ...entry, removal: undefined, value };
      if (prefix !== '') byPath.push({ ...setting, key: path });
      return [setting];
    });
  const top = read(content.entries, '');
  // Its methods are no entries: absence proves nothing.
  const configuration = objectOf([...top, ...byPath], at, false);
  convicts.add(configuration);
  return configuration;
}

function settingOf(file: ScriptFile, setting: Value, isLoaded: boolean): Value {
  const { at } = setting;
  const variable = entryOf(setting, 'env');
  const fallback = contentOf(setting).kind === 'mapping' ? entryOf(setting, 'default')! : setting;
  const format = formatOf(file, entryOf(setting, 'format'), fallback);
  if (format === undefined) return unknown('its format is not followed here', at);
  const unset = isLoaded ? unknown('a configuration that is loaded may say something else', at) : fallback;
  const name = variable && plainKey(variable);
  if (variable !== undefined && name === undefined)
    return unknown('the name of the environment variable is not known', at);
  const read = name === undefined ? unset : environmentVariable(name, at, unset);
  const to = numbers[format];
  if (to === undefined) return read;
  // A default that is a text is read as well; any other is taken as it is.
  const isText = contentOf(fallback).kind === 'literal' && typeof plainValue(fallback) === 'string';
  if (isText) return { kind: 'convert', to, value: read, at };
  return read.kind === 'environment' ? { ...read, readAs: to } : read;
}

/** The format as written, else the type of the default; undefined where it may do anything. */
function formatOf(file: ScriptFile, written: Value | undefined, fallback: Value): string | undefined {
  if (written === undefined) {
    const value = plainValue(fallback);
    if (typeof value === 'number') return 'number';
    return typeof value === 'string' || value === null ? 'string' : undefined;
  }
  const content = contentOf(written);
  // `['disable', 'require']` lists what is allowed.
  if (content.kind === 'sequence') return 'string';
  const text = written.at.uri === file.uri ? file.text.slice(written.at.start, written.at.end) : '';
  if (Object.hasOwn(constructors, text)) return constructors[text];
  const name = plainKey(written)?.toLowerCase();
  return name !== undefined && (numbers[name] !== undefined || texts.has(name)) ? name : undefined;
}

const constructors: Readonly<Record<string, string>> = { Number: 'number', String: 'string' };

function plainValue(value: Value): unknown {
  const content = contentOf(value);
  return content.kind === 'literal' ? content.value : undefined;
}
