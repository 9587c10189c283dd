/** What becomes of a value that its name's later statements change: `options.max = 5`, `Object.assign(options, …)`. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { type MappingEntry, type MappingValue, type Operator, unknown, type Value } from '../../declarations/value.ts';
import type { Change } from './changeNodes.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { itemsOf, locationOf } from './nodes.ts';
import { plainKey } from './properties.ts';

export interface ChangeContext {
  readonly at: Location;
  /** Whether the change has happened is not known. */
  readonly isConditional: boolean;
}

const arithmetic: Readonly<Record<string, Operator>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': 'rem',
  '**=': '**',
  '??=': '??',
  '||=': '||',
  '&&=': '&&',
};

export function applyChange(
  file: ScriptFile,
  segment: Segment,
  before: Value,
  change: Change,
  context: ChangeContext,
): Value {
  const { at, isConditional } = context;
  if (change.kind === 'unfollowed') return unknown('it is changed in a way that is not followed here', at);
  if (change.kind === 'assign') {
    const operator = arithmetic[change.operator];
    const right = evaluate(file, segment, change.right);
    if (operator === undefined || isConditional) return unknown('it is changed under a condition', at);
    return { kind: 'operation', operator, operands: [before, right], at };
  }
  const content = before.kind === 'constant' ? before.value : before;
  if (content.kind !== 'mapping') return before;
  if (change.kind === 'merge') {
    const [, ...sources] = itemsOf(change.call.childForFieldName('arguments')!);
    const entries = sources.map((node): MappingEntry => {
      const value = evaluate(file, segment, node);
      return { value: isConditional ? underCondition(value, at) : value, span: value.at, spread: true };
    });
    return withEntries(content, entries, at);
  }
  const keys = change.keys.map((key) => (typeof key === 'string' ? key : plainKey(evaluate(file, segment, key))));
  if (keys.some((key) => key === undefined)) return uncertain(content);
  const path = keys as string[];
  if (change.kind === 'delete') return withoutKey(content, path, isConditional, at);
  const value = setValue(file, segment, change.right, change.operator, context);
  return withEntries(content, [entryAt(path, value, locationOf(file, segment, keyNode(change.node, path.length)))], at);
}

function setValue(file: ScriptFile, segment: Segment, right: Node, operator: string, context: ChangeContext): Value {
  const value = evaluate(file, segment, right);
  if (context.isConditional) return unknown('it is set under a condition', value.at);
  return operator === '=' ? value : unknown('it is changed where it stands', value.at);
}

/** `name.a.b` is the left side of the change: the node of its last key. */
function keyNode(name: Node, length: number): Node {
  let node = name;
  for (let count = 0; count < length && node.parent !== null; ) {
    node = node.parent;
    if (node.type === 'member_expression' || node.type === 'subscript_expression') count++;
  }
  return node.childForFieldName('property') ?? node.childForFieldName('index') ?? node;
}

/** An entry for `a.b.c = value`, which keeps whatever else `a` and `a.b` hold. */
function entryAt(path: readonly string[], value: Value, keySpan: Location): MappingEntry {
  const [key, ...rest] = path;
  const span: Location = {
    ...keySpan,
    end: value.at.uri === keySpan.uri ? Math.max(keySpan.end, value.at.end) : keySpan.end,
  };
  if (rest.length === 0) return { key, keySpan, value, span };
  const inner: MappingValue = {
    kind: 'mapping',
    entries: [entryAt(rest, value, keySpan)],
    complete: true,
    at: value.at,
  };
  return { key, keySpan, value: inner, span, merge: true };
}

function withoutKey(mapping: MappingValue, path: readonly string[], isConditional: boolean, at: Location): Value {
  if (isConditional || path.length > 1) return uncertain(mapping);
  return withEntries(mapping, [{ key: path[0], isRemoved: true, value: unknown('it is taken out', at), span: at }], at);
}

/** Any key may have been set or removed. */
export function uncertain(mapping: MappingValue): MappingValue {
  const reason = 'it may be changed';
  return {
    ...mapping,
    complete: false,
    entries: mapping.entries.map((each) => ({ ...each, value: unknown(reason, each.span) })),
  };
}

function underCondition(value: Value, at: Location): Value {
  return {
    kind: 'conditional',
    test: unknown('it is a condition', at),
    whenTrue: value,
    whenFalse: nothing(at),
    isStrict: true,
    at,
  };
}

function nothing(at: Location): Value {
  return { kind: 'mapping', entries: [], complete: true, at };
}

function withEntries(mapping: MappingValue, entries: readonly MappingEntry[], at: Location): Value {
  return { ...mapping, entries: [...mapping.entries, ...entries], at };
}
