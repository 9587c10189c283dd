/** `env.int("X", default=5)`, `config("X", cast=int)`: objects that read settings out of the environment. */
import type { Location } from '../core/text.ts';
import { environmentFunctions, readerClasses, readers, type SettingsReader } from '../facts/settingsReaders.ts';
import type { Resolver } from './resolver.ts';
import { type Argument, type CallValue, type ConversionTarget, qualifiedName, unknown, type Value } from './value.ts';

interface Reader {
  readonly facts: SettingsReader;
  /** What made it: its arguments may declare types and defaults. */
  readonly made: readonly Argument[];
  /** Put before each name; undefined where it cannot be read. */
  readonly prefix: string | undefined;
}

const types: Readonly<Record<string, ConversionTarget>> = { int: 'int', float: 'float', str: 'str', bool: 'flag' };

/** The setting that a call reads; undefined where it reads none. */
export function settingRead(call: CallValue, callee: Value, resolver: Resolver): Value | undefined {
  if (callee.kind === 'reference' && environmentFunctions.has(qualifiedName(callee))) return variableOf(call, resolver);
  if (callee.kind === 'attribute') {
    const reader = readerOf(callee.object, resolver);
    if (reader === undefined) return undefined;
    const isPlain = callee.name === 'get' || callee.name === 'get_value' || callee.name === '__call__';
    return read(call, reader, isPlain ? undefined : callee.name, resolver);
  }
  const reader = readerOf(callee, resolver);
  return reader && read(call, reader, undefined, resolver);
}

function variableOf(call: CallValue, resolver: Resolver): Value | undefined {
  const [name, fallback] = call.arguments;
  const variable = name && textOf(name.value, resolver);
  if (variable === undefined) return unknown('the name of the environment variable is not known', call.at);
  return { kind: 'environment', variable, fallback: fallback?.value ?? none(call.at), at: call.at };
}

function none(at: Location): Value {
  return { kind: 'literal', value: null, at };
}

function readerOf(value: Value, resolver: Resolver): Reader | undefined {
  const head = resolver.head(value);
  if (head.kind === 'reference') {
    const facts = readers.get(qualifiedName(head));
    return facts && { facts, made: [], prefix: '' };
  }
  if (head.kind !== 'call') return undefined;
  const callee = resolver.head(head.callee);
  if (callee.kind === 'attribute' && callee.name === 'prefixed') {
    const outer = readerOf(callee.object, resolver);
    const more = head.arguments[0] && textOf(head.arguments[0].value, resolver);
    const prefix = outer?.prefix === undefined || more === undefined ? undefined : outer.prefix + more;
    return outer && { ...outer, prefix };
  }
  if (callee.kind !== 'reference') return undefined;
  const facts = readerClasses.get(qualifiedName(callee));
  if (facts === undefined) return undefined;
  const { prefixKeyword } = facts;
  const written = prefixKeyword && head.arguments.find((each) => each.keyword === prefixKeyword)?.value;
  return { facts, made: head.arguments, prefix: written ? textOf(written, resolver) : '' };
}

function read(
  { arguments: list, at }: CallValue,
  { facts, made, prefix }: Reader,
  method: string | undefined,
  resolver: Resolver,
): Value | undefined {
  if (method !== undefined && types[method] === undefined) return undefined;
  const [first, ...rest] = list.filter((each) => each.keyword === undefined && each.unpack === undefined);
  const name = first && textOf(first.value, resolver);
  if (name === undefined || prefix === undefined || list.some((each) => each.unpack !== undefined))
    return unknown('the name of the environment variable is not known', at);
  const positions = method === undefined ? facts.positions : facts.methodPositions;
  const argument = (keyword: 'cast' | 'default') =>
    list.find((each) => each.keyword === keyword)?.value ?? rest[positions.indexOf(keyword as never)]?.value;
  const scheme = schemeOf(made.find((each) => each.keyword === name)?.value, resolver);
  const cast = argument('cast') ?? list.find((each) => each.keyword === 'subcast')?.value;
  const readAs = method === undefined ? (typeOf(cast, resolver) ?? scheme?.readAs) : types[method];
  const fallback = argument('default') ?? scheme?.fallback;
  const isConverted = facts.convertsDefault && cast !== undefined && fallback !== undefined && !isNone(fallback);
  const read: Value = {
    kind: 'environment',
    variable: prefix + name,
    readAs: isConverted ? undefined : readAs,
    fallback,
    at,
  };
  return isConverted ? { kind: 'convert', to: readAs ?? 'other', value: read, at } : read;
}

function isNone(value: Value): boolean {
  return value.kind === 'literal' && value.value === null;
}

/** `Env(SIZE=(int, 5), DEBUG=bool)`. */
function schemeOf(
  value: Value | undefined,
  resolver: Resolver,
): { readAs?: ConversionTarget; fallback?: Value } | undefined {
  if (value === undefined) return undefined;
  const head = resolver.head(value);
  if (head.kind !== 'sequence') return { readAs: typeOf(value, resolver) };
  const [type, fallback] = head.items;
  return { readAs: type && typeOf(type, resolver), fallback };
}

function typeOf(value: Value | undefined, resolver: Resolver): ConversionTarget | undefined {
  if (value === undefined) return undefined;
  const head = resolver.head(value);
  const name = head.kind === 'reference' ? /^builtins\.(\w+)$/.exec(qualifiedName(head))?.[1] : undefined;
  if (name !== undefined && types[name] !== undefined) return types[name];
  const isText = head.kind === 'reference' && /(?:Secret|URL|DatabaseURL)$/.test(qualifiedName(head));
  return isText ? 'str' : 'other';
}

function textOf(value: Value, resolver: Resolver): string | undefined {
  const resolved = resolver.resolve(value);
  return resolved.known && typeof resolved.value === 'string' ? resolved.value : undefined;
}
