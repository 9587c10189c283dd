/** What a property of a value is: an environment variable, an entry of an object, a constant of a class or an enum. */
import type { Location } from '../../core/text.ts';
import {
  type MappingEntry,
  type Operator,
  qualifiedName,
  type ReferenceValue,
  unknown,
  type Value,
} from '../../declarations/value.ts';
import { environmentModules, scriptEnvironments } from '../../facts/scriptEnvironments.ts';
import type { ScriptFile } from './file.ts';
import { staticProperty } from './members.ts';

export function isEnvironment(value: Value): boolean {
  return value.kind === 'reference' && scriptEnvironments.has(qualifiedName(value));
}

/** The variable's value is undefined where it is not set, unless the code says what then. */
export function environmentVariable(variable: string, at: Location, fallback?: Value): Value {
  return { kind: 'environment', variable, fallback: fallback ?? { kind: 'literal', value: undefined, at }, at };
}

/** The environment variable that an expression reads, whatever it falls back to; the last one of several. */
export function variableIn(value: Value): string | undefined {
  switch (value.kind) {
    case 'environment':
      return value.variable;
    case 'constant':
    case 'convert':
      return variableIn(value.value);
    case 'changed':
      return variableIn(value.object);
    case 'operation':
      if (!fallingBack.has(value.operator)) return undefined;
      return value.operands.map(variableIn).findLast((each) => each !== undefined);
    default:
      return undefined;
  }
}

const fallingBack: ReadonlySet<Operator> = new Set(['??', '||', 'default', 'is', 'is not', '!=', '==', '!']);

/** `base[key]`; `fallback` is what stands in for undefined. */
export function propertyOf(file: ScriptFile, base: Value, key: string, at: Location, fallback?: Value): Value {
  const content = base.kind === 'constant' ? base.value : base;
  switch (content.kind) {
    case 'reference':
      return propertyOfReference(file, content, key, at, fallback);
    case 'mapping': {
      const isCertain = content.complete && content.entries.every(isPlainEntry);
      if (!isCertain) return { kind: 'attribute', object: base, name: key, fallback, at };
      const entry = content.entries.findLast((each) => each.key === key);
      if (entry === undefined) return fallback ?? { kind: 'literal', value: undefined, at };
      return fallback === undefined
        ? entry.value
        : { kind: 'operation', operator: 'default', operands: [entry.value, fallback], at };
    }
    case 'changed': {
      // Not the whole object where the answer is in sight: properties that read one another would hold it again and again.
      const isCertain = content.entries.every((each) => isPlainEntry(each) && !each.spread);
      const entry = content.entries.findLast((each) => each.key === key);
      const object = !isCertain ? base : content.object;
      if (!isCertain || entry === undefined) return { kind: 'attribute', object, name: key, fallback, at };
      return fallback === undefined
        ? entry.value
        : { kind: 'operation', operator: 'default', operands: [entry.value, fallback], at };
    }
    case 'sequence':
      return content.items[Number(key)] ?? fallback ?? unknown(`item ${key} of a list is not followed here`, at);
    case 'unknown':
      return { ...content, isAbsent: undefined, at };
    case 'literal':
    case 'text':
    case 'environment':
      return unknown(`property ${key} of a plain value is not followed here`, at);
    default:
      return { kind: 'attribute', object: base, name: key, fallback, at };
  }
}

function propertyOfReference(
  file: ScriptFile,
  reference: ReferenceValue,
  key: string,
  at: Location,
  fallback: Value | undefined,
): Value {
  const path = qualifiedName(reference);
  if (scriptEnvironments.has(path)) return environmentVariable(key, at, fallback);
  if (reference.name === '' && environmentModules.has(reference.module)) return environmentVariable(key, at, fallback);
  if (reference.module === '' && reference.level === 0) {
    return staticProperty(file, reference, key, at) ?? { kind: 'attribute', object: reference, name: key, at };
  }
  const isPackageDefault = reference.level === 0 && reference.name === '' && key === 'default';
  if (isPackageDefault) return { ...reference, at };
  const name = reference.name === '' ? key : `${reference.name}.${key}`;
  const value: ReferenceValue = { ...reference, name, at };
  return fallback === undefined ? value : { kind: 'operation', operator: 'default', operands: [value, fallback], at };
}

/** An entry that says by itself what its key holds. */
function isPlainEntry({ key, merge, isRemoved, onlyIfAbsent }: MappingEntry): boolean {
  return key !== undefined && !merge && !isRemoved && !onlyIfAbsent;
}

/** A key that is a plain text or number; undefined for what cannot be told apart. */
export function plainKey(value: Value): string | undefined {
  if (value.kind === 'constant') return plainKey(value.value);
  if (value.kind !== 'literal') return undefined;
  return typeof value.value === 'string' || typeof value.value === 'number' ? String(value.value) : undefined;
}
