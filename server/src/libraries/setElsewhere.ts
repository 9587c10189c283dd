/** What files set on modules and objects of others: `config.POOL_SIZE = 50`. When it happens, nobody knows. */
import type { Location } from '../core/text.ts';
import type { SourceModel } from '../declarations/source.ts';
import { type ReferenceValue, unknown, type Value } from '../declarations/value.ts';
import type { ResolvedModule } from './modules.ts';

type ByAttribute = ReadonlyMap<string, ReadonlySet<string>>;

export class AttributesSetElsewhere {
  /** Grows whenever an answer may differ. */
  version = 0;
  /** Attributes with the files that set them, by a module (`uri `) or a name of one (`uri name`). */
  private found: ReadonlyMap<string, ByAttribute> = new Map();
  private text = '';

  /** Tests set much that is theirs alone. */
  update(models: Iterable<SourceModel>, resolve: (reference: ReferenceValue) => ResolvedModule | undefined): void {
    const found = new Map<string, Map<string, Set<string>>>();
    for (const { uri, context, attributesSet, exports } of models) {
      if (context === 'test' || attributesSet === undefined) continue;
      for (const { object, attribute } of attributesSet) {
        const value = exports.value(object);
        const reference = value.kind === 'altered' ? value.object : value;
        const target = reference.kind === 'reference' ? resolve(reference) : undefined;
        if (target === undefined || target.rest.includes('.')) continue;
        const key = `${target.uri} ${target.rest}`;
        const byAttribute = found.get(key) ?? new Map<string, Set<string>>();
        found.set(key, byAttribute.set(attribute, (byAttribute.get(attribute) ?? new Set()).add(uri)));
      }
    }
    const text = [...found].map(([key, set]) => `${key} ${[...set].map(([name, uris]) => [name, ...uris])}`).join('\n');
    if (text === this.text) return;
    this.text = text;
    this.found = found;
    this.version++;
  }

  /** The value of a name of a file for a reader of another one: what third files set of it is not known. */
  on(target: ResolvedModule, at: Location, read: () => Value | undefined): Value | undefined {
    if (this.found.size === 0) return read();
    const parts = target.rest.split('.');
    for (const [index, part] of parts.entries()) {
      const holder = { uri: target.uri, rest: parts.slice(0, index).join('.') };
      if (this.attributesOf(holder, at.uri).includes(part)) return setElsewhere(part, at);
    }
    const value = read();
    const names = this.attributesOf(target, at.uri);
    if (value === undefined || names.length === 0) return value;
    const attributes = names.map((name) => ({ name, value: setElsewhere(name, at) }));
    return { kind: 'altered', object: value, attributes, at };
  }

  private attributesOf({ uri, rest }: ResolvedModule, reader: string): string[] {
    const set = this.found.get(`${uri} ${rest}`);
    if (set === undefined) return [];
    return [...set].flatMap(([name, uris]) => ([...uris].some((each) => each !== reader) ? [name] : []));
  }
}

function setElsewhere(name: string, at: Location): Value {
  return unknown(`another file sets ${name}`, at);
}
