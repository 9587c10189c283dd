/** What becomes of a value that its name's later statements change: `options.max = 5`, `Object.assign(options, …)`. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import type { ChangedValue } from '../../declarations/deferred.ts';
import { type MappingEntry, type MappingValue, type Operator, unknown, type Value } from '../../declarations/value.ts';
import { Evaluation } from '../evaluation.ts';
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
    if (operator === undefined || isConditional) return unknown('it is changed under a condition', at);
    const right = once(file, segment, change.right);
    return { kind: 'operation', operator, operands: [before, right], at };
  }
  const content = objectBehind(before, at);
  if (content === undefined) return before;
  if (change.kind === 'filled') return uncertain(content);
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

/** What changes can be laid on; undefined for what holds no properties that matter. */
function objectBehind(value: Value, at: Location): MappingValue | ChangedValue | undefined {
  const content = value.kind === 'constant' ? value.value : value;
  switch (content.kind) {
    case 'mapping':
    case 'changed':
      return content;
    case 'reference':
      // A module, or what one of a registry exports, is known by its name.
      return content.level > 0 && content.name !== '' ? { kind: 'changed', object: value, entries: [], at } : undefined;
    case 'parameter':
    case 'attribute':
    case 'call':
    case 'conditional':
    case 'alternatives':
    case 'operation':
      return { kind: 'changed', object: value, entries: [], at };
    default:
      return undefined;
  }
}

function setValue(file: ScriptFile, segment: Segment, right: Node, operator: string, context: ChangeContext): Value {
  const at = locationOf(file, segment, right);
  if (context.isConditional) return unknown('it is set under a condition', at);
  return operator === '=' ? once(file, segment, right) : unknown('it is changed where it stands', at);
}

/** `o.a = o.a || 1; o.b = o.b || 2; …`: each reads what all before it say, and is itself read by all after it. */
function once(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  return Evaluation.of(file).once(at.start, at, () => evaluate(file, segment, node));
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

function withoutKey(
  object: MappingValue | ChangedValue,
  path: readonly string[],
  isConditional: boolean,
  at: Location,
): Value {
  if (isConditional || path.length > 1) return uncertain(object);
  return withEntries(object, [{ key: path[0], isRemoved: true, value: unknown('it is taken out', at), span: at }], at);
}

/** Any key may have been set or removed. */
export function uncertain(object: MappingValue | ChangedValue): Value {
  const reason = 'it may be changed';
  if (object.kind === 'changed') {
    const { at } = object;
    return withEntries(object, [{ value: unknown(reason, at), span: at }], at);
  }
  return {
    ...object,
    complete: false,
    entries: object.entries.map((each) => ({ ...each, value: unknown(reason, each.span) })),
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

function withEntries(object: MappingValue | ChangedValue, entries: readonly MappingEntry[], at: Location): Value {
  return { ...object, entries: [...object.entries, ...entries], at };
}
