/**
 * What an expression in source says, before anybody decides what it is worth. Values are plain data: they survive the
 * syntax tree they came from, cross module borders, and are resolved later, once per service, because two services may
 * set the same environment variable differently. What cannot be read is `unknown` with a reason, never a default.
 */
import type { Location } from '../core/text.ts';
import type { ArgumentInsertion, ArgumentRemoval } from './callSite.ts';
import type { DeferredValue } from './deferred.ts';

export type * from './callSite.ts';

/** A language that pools are read from; JavaScript counts as TypeScript. */
export type Language = 'python' | 'typescript' | 'prisma';

/** `undefined` is JavaScript's: libraries treat it otherwise than null. */
export type Scalar = string | number | boolean | null | undefined;

/**
 * Python's conversions, and JavaScript's functions, which convert otherwise and never raise. `flag` reads words such as
 * "true" and "off", as settings libraries do; `other` stands for types whose reading is not followed.
 */
export type ConversionTarget =
  | 'int'
  | 'float'
  | 'str'
  | 'bool'
  | 'flag'
  | 'other'
  | 'Number'
  | 'parseInt'
  | 'parseFloat'
  | 'String'
  | 'Boolean';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';

/**
 * `replace` is the text method: the text, what to look for, what to put there. Words are Python's operators and signs
 * JavaScript's where the two differ: an empty list is true in JavaScript. `rem` is JavaScript's `%`; `default` is
 * what stands in for `undefined` alone, as in `{ max = 5 }`. `rescue` is what holds where the first operand fails because an
 * environment variable is not set.
 */
export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | 'rem'
  | '**'
  | 'negate'
  | 'not'
  | 'or'
  | 'and'
  | '!'
  | '||'
  | '&&'
  | '??'
  | 'default'
  | Comparison
  | 'replace'
  | 'rescue';

export interface LiteralValue {
  readonly kind: 'literal';
  readonly value: Scalar;
  readonly at: Location;
  /** Nobody wrote it: what a parameter is that a call leaves out. */
  readonly isImplied?: true;
}

/** A name that stands for another value: a constant of this module or, after linking, of an imported one. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly name: string;
  readonly value: Value;
  /** True for what an object holds, not a name: another object of its class may hold something else. */
  readonly isSetting?: boolean;
  readonly at: Location;
}

/** `os.environ["X"]` (no fallback, raises), `os.getenv("X")` (fallback None), `os.getenv("X", "5")`. */
export interface EnvironmentValue {
  readonly kind: 'environment';
  readonly variable: string;
  /** Other names that are looked up as well, after `variable`. */
  readonly alsoNamed?: readonly string[];
  /** What the code falls back to; absent where the look-up raises without the variable. */
  readonly fallback?: Value;
  /** What the text of the variable is converted to; the fallback is taken as it is. */
  readonly readAs?: ConversionTarget;
  /** True where a condition asks for the variable, and the fallback is what its other branch yields. */
  readonly isCondition?: boolean;
  /** `Settings.POOL_SIZE`, where a settings class declares the fallback. */
  readonly field?: string;
  readonly at: Location;
}

export interface ConversionValue {
  readonly kind: 'convert';
  readonly to: ConversionTarget;
  readonly value: Value;
  readonly at: Location;
}

export interface OperationValue {
  readonly kind: 'operation';
  readonly operator: Operator;
  readonly operands: readonly Value[];
  readonly at: Location;
}

/** An f-string or an implicit concatenation: the parts in order. */
export interface TextValue {
  readonly kind: 'text';
  readonly parts: readonly Value[];
  readonly at: Location;
}

export interface SequenceValue {
  readonly kind: 'sequence';
  readonly items: readonly Value[];
  readonly at: Location;
}

export interface MappingEntry {
  /** Unknown keys are entries without a key: they may be any key. */
  readonly key?: string;
  readonly keySpan?: Location;
  readonly value: Value;
  /** Key and value together. */
  readonly span: Location;
  /** `**other` inside the dictionary: `value` is the other mapping. */
  readonly spread?: boolean;
  /** `d["key"]["inner"] = …`: `value` is a mapping whose entries are added to the one that the key holds. */
  readonly merge?: boolean;
  /** How to take it out of its literal. */
  readonly removal?: ArgumentRemoval;
  /** The key is taken away again: `d.pop("key")`. */
  readonly isRemoved?: boolean;
  /** The value counts only where the key is not there yet: `d.setdefault("key", value)`. */
  readonly onlyIfAbsent?: boolean;
  /** After resolution: on some way through the code the key is not there. */
  readonly mayBeAbsent?: boolean;
}

/** A dictionary, or `dict(...)`; where entries are repeated the last wins, as in the language. */
export interface MappingValue {
  readonly kind: 'mapping';
  readonly entries: readonly MappingEntry[];
  /** False where the dictionary is changed in a way that could not be followed: then absence proves nothing. */
  readonly complete: boolean;
  readonly at: Location;
  /** How an entry is added to it; absent where it is no literal. */
  readonly insertion?: ArgumentInsertion;
}

/**
 * A dotted name of another module, such as `sqlalchemy.pool.NullPool`. Linking decides whether the module belongs to the
 * workspace (then the value found there takes its place) or to a library (then the name is the meaning).
 */
export interface ReferenceValue {
  readonly kind: 'reference';
  /** Module as written after `from` or `import`, without leading dots. */
  readonly module: string;
  /** Name inside the module, dotted where attributes follow; empty for the module itself. */
  readonly name: string;
  /** Number of leading dots of a relative import; 0 for an absolute one. */
  readonly level: number;
  readonly at: Location;
  /** `from a import *` before `from b import *`: where the name comes from if the module has no such name. */
  readonly otherwise?: ReferenceValue;
}

/** A call whose meaning a library knows (`URL.create(...)`, `make_url(...)`). */
export interface CallValue {
  readonly kind: 'call';
  readonly callee: Value;
  readonly arguments: readonly Argument[];
  readonly at: Location;
  /** How an argument is added to it. */
  readonly insertion?: ArgumentInsertion;
}

/** A parameter of the function around; replaced by the argument where a call of that function is seen. */
export interface ParameterValue {
  readonly kind: 'parameter';
  readonly name: string;
  readonly functionName: string;
  /** Which function: names repeat. */
  readonly owner: string;
  /** The class the parameter is an instance (`self`) of, or is itself (`cls`); a name at module level. */
  readonly receiver?: { readonly className: string; readonly isClass: boolean };
  readonly at: Location;
}

/** One of several, depending on a condition that is not decided here. */
export interface AlternativesValue {
  readonly kind: 'alternatives';
  readonly values: readonly Value[];
  readonly at: Location;
}

export interface UnknownValue {
  readonly kind: 'unknown';
  /** Completes "…: not known because", for a person. Never contains source text that could be a secret. */
  readonly reason: string;
  readonly at: Location;
  /** A name that its module does not define at all. */
  readonly isAbsent?: boolean;
  /** The environment variable that has a part in it. */
  readonly variable?: string;
}

export type Value =
  | LiteralValue
  | ConstantValue
  | EnvironmentValue
  | ConversionValue
  | OperationValue
  | TextValue
  | SequenceValue
  | MappingValue
  | ReferenceValue
  | CallValue
  | ParameterValue
  | AlternativesValue
  | DeferredValue
  | UnknownValue;

/** One argument of a call as it stands in the source. */
export interface Argument {
  /** Keyword, absent for a positional argument. */
  readonly keyword?: string;
  readonly value: Value;
  /** The whole argument, keyword included. For arguments that come out of a splatted dictionary: the entry there. */
  readonly span: Location;
  readonly valueSpan: Location;
  readonly keywordSpan?: Location;
  /** `*args` or `**kwargs`; `value` is what is unpacked. */
  readonly unpack?: 'sequence' | 'mapping';
  /** The value as written, where it is a dotted name: `pool.getconn`. */
  readonly valueName?: string;
  /** Absent for arguments that do not stand in the call itself. */
  readonly removal?: ArgumentRemoval;
  /** On some way through the code it is not passed at all. */
  readonly mayBeAbsent?: boolean;
}

export function unknown(reason: string, at: Location): UnknownValue {
  return { kind: 'unknown', reason, at };
}

/** The dotted name of a reference: `sqlalchemy.pool.NullPool`. */
export function qualifiedName(reference: ReferenceValue): string {
  if (reference.module === '') return reference.name;
  return reference.name === '' ? reference.module : `${reference.module}.${reference.name}`;
}

/** A text that is certain without an environment; keys and variable names must be. */
export function plainText(value: Value): string | undefined {
  if (value.kind === 'constant') return plainText(value.value);
  return value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

/** True for what nobody wrote: a parameter that a call leaves out. */
export function isImplied(value: Value): boolean {
  return value.kind === 'constant' ? isImplied(value.value) : value.kind === 'literal' && value.isImplied === true;
}
