/** Arguments and schema fields that say what holds where an environment variable is not set. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../core/text.ts';
import { qualifiedName } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { listOf, removalOf } from './lists.ts';
import { isWrapper, itemsOf } from './nodes.ts';
import { plainKey } from './properties.ts';
import { valibotName } from './valibotSchemas.ts';

export interface FallbackText {
  /** Empty where the code does not show which variable it stands in for. */
  readonly variable: string;
  /** What goes so that only the look-up stays; absent where something must stay. */
  readonly removal?: Span;
}

const defaultMethods = new Set(['default', 'prefault', 'catch']);
const valibotDefaults = new Set(['optional', 'nullish', 'nullable', 'fallback']);
const environmentName = /^[A-Z][A-Z0-9_]*$/;
/** Functions that read a setting by its name: `config.get("X", "…")`, `env("X", "…")`. */
const lookUps =
  /^(?:(?:get|read|load|require|optional)?_?env(?:ironment)?(?:_?(?:var|variable|or|string))?|get|getOrDefault|string|str)$/i;

/** The look-up whose fallback an argument is: `z.string().default("…")`, `config.get("X", "…")`, `env("X", "…")`. */
export function fallbackArgument(
  file: ScriptFile,
  segment: Segment,
  call: Node,
  list: Node,
  argument: Node,
): FallbackText | undefined {
  const callee = call.childForFieldName('function');
  if (callee === null) return undefined;
  const method = callee.type === 'member_expression' ? callee.childForFieldName('property')!.text : callee.text;
  const items = itemsOf(list);
  const [first] = items;
  if (callee.type === 'member_expression' && defaultMethods.has(method) && first?.id === argument.id) {
    const object = callee.childForFieldName('object')!;
    if (object.type !== 'call_expression') return undefined;
    const variable = /\bget\(\s*["'`]([A-Z][A-Z0-9_]{0,80})["'`]/.exec(object.text)?.[1] ?? '';
    return { variable, removal: { start: segment.start + object.endIndex, end: segment.start + call.endIndex } };
  }
  if (items.length !== 2 || items[1]!.id !== argument.id) return undefined;
  const removal = { start: segment.start + first!.endIndex, end: segment.start + argument.endIndex };
  // `X: v.optional(v.string(), "…")`
  if (valibotDefaults.has(method) && valibotName(evaluate(file, segment, callee)) !== undefined)
    return { variable: fieldAround(call), removal };
  if (!lookUps.test(method)) return undefined;
  const variable = plainKey(evaluate(file, segment, first!));
  if (variable === undefined || !environmentName.test(variable)) return undefined;
  return { variable, removal };
}

/** `X: str({ default: "…" })` of envalid and envsafe, `{ default: "…", env: "X" }` of convict: the field around a `default`. */
export function schemaDefault(file: ScriptFile, segment: Segment, pair: Node): FallbackText | undefined {
  const object = pair.parent;
  if (object?.type !== 'object') return undefined;
  const list = listOf(object);
  const { span, tailStart } = removalOf(
    file,
    segment,
    list,
    list.items.findIndex((each) => each.id === pair.id),
  );
  const removal = {
    start: tailStart ?? span.start,
    end: tailStart === undefined ? span.end : segment.start + pair.endIndex,
  };
  const named = list.items.find((each) => each.childForFieldName('key')?.text.replace(/['"]/g, '') === 'env');
  const variable = named && plainKey(evaluate(file, segment, named.childForFieldName('value')!));
  // Convict insists on a default.
  if (variable !== undefined) return { variable };
  const call = object.parent?.parent;
  const callee = call?.type === 'call_expression' ? call.childForFieldName('function') : null;
  const value = callee ? evaluate(file, segment, callee) : undefined;
  if (value?.kind !== 'reference' || !/^env(?:alid|safe)\./.test(qualifiedName(value))) return undefined;
  return { variable: fieldAround(call!), removal };
}

/** `X` of `X: str(…)`; empty where the call is no field. */
function fieldAround(call: Node): string {
  let around = call.parent;
  while (around !== null && isWrapper(around)) around = around.parent;
  return around?.type === 'pair' ? (around.childForFieldName('key')?.text.replace(/['"]/g, '') ?? '') : '';
}
