/** Calls of Python's own and of common packages' functions whose result is known from their arguments. */
import type { Location } from '../core/text.ts';
import { fieldsAsMapping } from './members.ts';
import type { Resolver } from './resolver.ts';
import { type Argument, type CallValue, type ConversionTarget, unknown, type Value } from './value.ts';

/** Calls that hand on their first argument, as far as an address or a number goes. */
const transparent = new Set([
  ...['pydantic.SecretStr', 'pydantic.types.SecretStr', 'pydantic.AnyUrl', 'pydantic.PostgresDsn', 'pydantic.MySQLDsn'],
  ...['pydantic.networks.PostgresDsn', 'pydantic.networks.AnyUrl', 'pydantic_core.MultiHostUrl', 'pydantic_core.Url'],
  ...['starlette.datastructures.Secret', 'starlette.datastructures.URL', 'databases.DatabaseURL', 'yarl.URL'],
  ...['copy.copy', 'copy.deepcopy', 'types.MappingProxyType'],
]);

/** Decorators that keep what a function returns; called with the function they give it back. */
const keepers = /^functools\.(?:lru_cache|cache|wraps)$/;

const conversions: Readonly<Record<string, ConversionTarget>> = {
  'builtins.int': 'int',
  'builtins.float': 'float',
  'builtins.str': 'str',
  'builtins.bool': 'bool',
};

/** `path` is the dotted name of what is called. */
export function valueOfCall(path: string, { arguments: list, at }: CallValue, resolver: Resolver): Value | undefined {
  const [first, second, third] = list.filter((each) => each.unpack === undefined);
  if (first !== undefined && transparent.has(path)) return first.value;
  if (first !== undefined && keepers.test(path)) return first.value;
  const conversion = conversions[path];
  if (conversion !== undefined && first !== undefined && list.length === 1)
    return { kind: 'convert', to: conversion, value: first.value, at };
  if (/(?:Dsn|MultiHostUrl|AnyUrl|yarl\.URL|pydantic_core\.Url)\.build$/.test(path))
    return urlOfParts(list, at, resolver);
  switch (path) {
    case 'typing.cast':
    case 'pydantic.parse_obj_as':
      return second?.value;
    case 'urllib.parse.quote_plus':
    case 'urllib.parse.quote':
    case 'urllib.parse.unquote':
      return first && quoted(first.value, at, resolver);
    case 'builtins.getattr': {
      const name = second && resolver.resolve(second.value);
      if (first === undefined || !name?.known || typeof name.value !== 'string') return undefined;
      const object = resolver.head(first.value);
      const value: Value = { kind: 'attribute', object: first.value, name: name.value, at };
      // What another package holds under the name, if anything, is not known.
      return third === undefined || object.kind === 'instance' ? value : undefined;
    }
    case 'dataclasses.asdict':
    case 'attrs.asdict':
    case 'attr.asdict':
    case 'builtins.vars':
      return first && mappingOf(first.value, at, resolver);
    case 'types.SimpleNamespace':
      return mappingOfKeywords(list, at);
    default:
      return undefined;
  }
}

/** Methods of texts, mappings and settings objects; `object` is a head. */
export function valueOfMethod(object: Value, name: string, call: CallValue, resolver: Resolver): Value | undefined {
  const { arguments: list, at } = call;
  const [first, second] = list.map((each) => each.value);
  switch (name) {
    case 'get_secret_value':
    case 'unicode_string':
    case 'human_repr':
    case 'render_as_string':
    case '__str__':
      return object;
    case 'copy':
      return object.kind === 'mapping' || object.kind === 'instance' ? object : undefined;
    case 'strip':
    case 'rstrip':
    case 'lstrip':
    case 'expandtabs':
      return isText(object) && list.length === 0 ? object : undefined;
    case 'lower':
    case 'upper':
    case 'casefold':
      return isText(object) ? inCase(object, name, at, resolver) : undefined;
    case 'replace':
      if (!isText(object) || first === undefined || second === undefined) return undefined;
      return { kind: 'operation', operator: 'replace', operands: [object, first, second], at };
    case 'format':
      return formatted(object, list, at);
    case 'get':
    case 'pop':
    case 'setdefault': {
      if (object.kind !== 'mapping' || first === undefined) return undefined;
      const fallback = second ?? { kind: 'literal' as const, value: null, at };
      return { kind: 'item', object, key: first, fallback, at };
    }
    case 'getProperties':
      // convict's configuration as a plain object.
      return object.kind === 'mapping' ? object : undefined;
    case 'model_dump':
    case 'dict':
    case '_asdict':
      return object.kind === 'instance' && list.every(isExcludingNone) ? dumped(object, list, at, resolver) : undefined;
    default:
      return undefined;
  }
}

function isText(value: Value): boolean {
  return (
    ['environment', 'text', 'operation', 'convert', 'reference', 'attribute', 'unknown'].includes(value.kind) ||
    (value.kind === 'literal' && typeof value.value === 'string')
  );
}

function inCase(object: Value, name: string, at: Location, resolver: Resolver): Value | undefined {
  const resolved = resolver.resolve(object);
  // Upper and lower case differ for what a deployment sets as well; that value is still read from the same variable.
  if (!resolved.known || typeof resolved.value !== 'string' || resolved.source !== 'literal') return object;
  const value = name === 'upper' ? resolved.value.toUpperCase() : resolved.value.toLowerCase();
  return { kind: 'literal', value, at };
}

/** `"{}://{host}".format(scheme, host=host)`. */
function formatted(object: Value, list: readonly Argument[], at: Location): Value | undefined {
  if (object.kind !== 'literal' || typeof object.value !== 'string') return undefined;
  const positional = list.filter((each) => each.keyword === undefined && each.unpack === undefined);
  const unpacked = list.find((each) => each.unpack === 'mapping');
  let position = 0;
  const parts = object.value.split(/(\{\{|\}\}|\{[\w.[\]]*\})/).map((piece, index): Value => {
    if (index % 2 === 0) return { ...object, value: piece };
    if (piece === '{{' || piece === '}}') return { ...object, value: piece[0]! };
    const field = piece.slice(1, -1);
    if (/^\d*$/.test(field)) return positional[field === '' ? position++ : Number(field)]?.value ?? hole(at);
    const named = list.find((each) => each.keyword === field)?.value;
    if (named !== undefined) return named;
    if (unpacked === undefined || !/^\w+$/.test(field)) return hole(at);
    return { kind: 'item', object: unpacked.value, key: { kind: 'literal', value: field, at }, at };
  });
  return { kind: 'text', parts, at };
}

function hole(at: Location): Value {
  return unknown('it is formatted into the text', at);
}

/** Quoting changes nothing but signs that URLs give another meaning. */
function quoted(value: Value, at: Location, resolver: Resolver): Value {
  const resolved = resolver.resolve(value);
  if (!resolved.known) return value;
  const isPlain =
    typeof resolved.value === 'number' || (typeof resolved.value === 'string' && /^[\w.-]*$/.test(resolved.value));
  if (isPlain) return value;
  const head = resolver.head(value);
  const variable = head.kind === 'environment' ? head.variable : undefined;
  return { ...unknown('it is quoted for a URL', at), variable };
}

/** `PostgresDsn.build(scheme=…, username=…, host=…)` as the text of the URL. */
function urlOfParts(list: readonly Argument[], at: Location, resolver: Resolver): Value {
  const part = (name: string): Value | undefined => {
    const written = list.find((each) => each.keyword === name)?.value;
    const resolved = written && resolver.resolve(written);
    return resolved?.known && (resolved.value === null || resolved.value === '') ? undefined : written;
  };
  const text = (value: string): Value => ({ kind: 'literal', value, at });
  const parts: Value[] = [part('scheme') ?? hole(at), text('://')];
  const user = part('username') ?? part('user');
  const password = part('password');
  if (user !== undefined) parts.push(user);
  if (password !== undefined) parts.push(text(':'), password);
  if (user !== undefined || password !== undefined) parts.push(text('@'));
  parts.push(part('host') ?? hole(at));
  const port = part('port');
  if (port !== undefined) parts.push(text(':'), port);
  const path = part('path');
  if (path !== undefined) parts.push(...(resolver.readable(path).text.startsWith('/') ? [path] : [text('/'), path]));
  return { kind: 'text', parts, at };
}

function mappingOf(value: Value, at: Location, resolver: Resolver): Value | undefined {
  const head = resolver.head(value);
  return head.kind === 'instance' ? fieldsAsMapping(head, at, resolver) : undefined;
}

function mappingOfKeywords(list: readonly Argument[], at: Location): Value {
  const entries = list.map((each) =>
    each.keyword === undefined
      ? { value: each.value, span: each.span, spread: true }
      : { key: each.keyword, value: each.value, span: each.span },
  );
  return { kind: 'mapping', entries, complete: true, at };
}

function isExcludingNone({ keyword, value }: Argument): boolean {
  return keyword === 'exclude_none' && value.kind === 'literal' && value.value === true;
}

/** `settings.model_dump(exclude_none=True)`: each field unless it is None. */
function dumped(object: Value, list: readonly Argument[], at: Location, resolver: Resolver): Value | undefined {
  const all = mappingOf(object, at, resolver);
  if (all?.kind !== 'mapping' || list.length === 0) return all;
  const empty: Value = { kind: 'mapping', entries: [], complete: true, at };
  const none: Value = { kind: 'literal', value: null, at };
  const entries = all.entries.map((entry) => ({
    value: {
      kind: 'conditional' as const,
      test: { kind: 'operation' as const, operator: 'is' as const, operands: [entry.value, none], at },
      whenTrue: empty,
      whenFalse: { kind: 'mapping' as const, entries: [entry], complete: true, at },
      isStrict: true,
      at,
    },
    span: at,
    spread: true,
  }));
  return { ...all, entries };
}
