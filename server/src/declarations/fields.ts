/** What a field's declaration says: `5`, `Field(default=5, alias="X")`, `field(default_factory=list)`. */
import { fieldDeclarations } from '../facts/settingsClasses.ts';
import type { FieldDefinition } from './definitions.ts';
import type { Resolver } from './resolver.ts';
import { type Argument, type CallValue, qualifiedName, type Value } from './value.ts';

export interface FieldDeclaration {
  /** Absent where a value must be given. */
  readonly fallback?: Value;
  /** Further arguments of `Field(…)`: `alias`, `env`, `validation_alias`. */
  readonly options: ReadonlyMap<string, Value>;
}

export function declarationOf(field: FieldDefinition, resolver: Resolver): FieldDeclaration {
  const options = new Map<string, Value>();
  let fallback = field.value;
  for (const each of [...(field.annotation?.metadata ?? []), ...(field.value === undefined ? [] : [field.value])]) {
    const call = fieldCall(each, resolver);
    if (call === undefined) continue;
    if (each === field.value) fallback = undefined;
    for (const argument of call.arguments) if (argument.keyword) options.set(argument.keyword, argument.value);
    fallback = defaultIn(call) ?? fallback;
  }
  return { fallback: fallback && isEllipsis(fallback) ? undefined : fallback, options };
}

function fieldCall(value: Value, resolver: Resolver): CallValue | undefined {
  const head = resolver.head(value);
  if (head.kind !== 'call') return undefined;
  const callee = resolver.head(head.callee);
  return callee.kind === 'reference' && fieldDeclarations.has(qualifiedName(callee)) ? head : undefined;
}

function defaultIn(call: CallValue): Value | undefined {
  const named = (name: string): Argument | undefined => call.arguments.find((each) => each.keyword === name);
  const positional = call.arguments.find((each) => each.keyword === undefined && each.unpack === undefined);
  const written = named('default') ?? positional;
  if (written !== undefined) return written.value;
  const factory = named('default_factory') ?? named('factory');
  return factory && { kind: 'call', callee: factory.value, arguments: [], at: factory.value.at };
}

function isEllipsis(value: Value): boolean {
  return value.kind === 'reference' && qualifiedName(value) === 'builtins.Ellipsis';
}
