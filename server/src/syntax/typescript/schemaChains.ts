/** What readers of schemas share: chains of calls, sources of fields, functions that transform them. */
import type { Location } from '../../core/text.ts';
import {
  type Argument,
  type ConversionTarget,
  type MappingEntry,
  unknown,
  type Value,
} from '../../declarations/value.ts';
import type { ScriptFile } from './file.ts';
import { environmentVariable, isEnvironment } from './properties.ts';

export type Call = Extract<Value, { kind: 'call' }>;

/** One name of a chain such as `z.string().default("5")`, with the arguments of its call. */
export interface Step {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** The names of a chain from its module on; undefined where it does not begin with one. */
export function chainOf(value: Value): { module: string; steps: Step[] } | undefined {
  const content = contentOf(value);
  if (content.kind === 'reference' && content.module !== '') {
    const names = content.name === '' ? [] : content.name.split('.');
    return { module: content.module, steps: names.map((name) => ({ name, arguments: [] })) };
  }
  if (content.kind === 'attribute') {
    const before = chainOf(content.object);
    before?.steps.push({ name: content.name, arguments: [] });
    return before;
  }
  if (content.kind !== 'call') return undefined;
  const before = chainOf(content.callee);
  const last = before?.steps.pop();
  if (before === undefined) return undefined;
  before.steps.push({ name: last?.name ?? '', arguments: content.arguments });
  return before;
}

export function contentOf(value: Value): Value {
  return value.kind === 'constant' ? contentOf(value.value) : value;
}

export function objectOf(entries: readonly MappingEntry[], at: Location, complete = true): Value {
  return { kind: 'mapping', entries, complete, at };
}

/** What a field is read from; undefined where that is not followed. */
export function inputOf(source: Value, key: string, at: Location): Value | undefined {
  if (isEnvironment(source)) return environmentVariable(key, at);
  const content = contentOf(source);
  if (content.kind !== 'mapping') return undefined;
  const entry = content.entries.findLast((each) => each.key === key);
  if (entry !== undefined) return entry.value;
  // `{ ...process.env, … }`
  return content.entries.some((each) => each.spread && isEnvironment(each.value))
    ? environmentVariable(key, at)
    : undefined;
}

/** What stands under a key of an object that says so itself. */
export function entryOf(object: Value | undefined, key: string): Value | undefined {
  const content = object && contentOf(object);
  return content?.kind === 'mapping' ? content.entries.findLast((each) => each.key === key)?.value : undefined;
}

/** `value`, or what stands in where it is undefined. */
export function withDefault(value: Value, fallback: Value | undefined, at: Location): Value {
  return fallback === undefined ? value : { kind: 'operation', operator: 'default', operands: [value, fallback], at };
}

const numberFunction =
  /^(?:\(\s*(\w+)\s*(?::\s*string\s*)?\)|(\w+))\s*=>\s*(?:(Number|parseInt|Number\.parseInt|parseFloat)\(\s*(?:\1|\2)\s*(?:,\s*10\s*)?\)|\+(?:\1|\2))$/;

/** `.transform(Number)`, `.transform((text) => parseInt(text, 10))`. */
export function transformed(file: ScriptFile, value: Value, by: Argument, at: Location): Value {
  const text = file.text.slice(by.span.start, by.span.end);
  if (/^(?:Number|parseInt|parseFloat)$/.test(text))
    return { kind: 'convert', to: text as ConversionTarget, value, at };
  const match = numberFunction.exec(text);
  if (!match) return unknown('it is transformed by a function', at);
  const name = match[3]?.replace('Number.', '') ?? 'Number';
  return { kind: 'convert', to: name as ConversionTarget, value, at };
}
