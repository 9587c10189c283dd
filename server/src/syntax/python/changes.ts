/** What `name[key] = value`, `name.update(…)`, `name += …` and the like make of the value that a name stood for. */
import type { Location } from '../../core/text.ts';
import { type MappingEntry, type MappingValue, type Operator, unknown, type Value } from '../../declarations/value.ts';
import { readArguments } from './arguments.ts';
import type { PlacedBinding } from './bindings.ts';
import { evaluate, plainText } from './evaluate.ts';
import type { PythonFile } from './file.ts';
import { locationOf } from './nodes.ts';

/** Applies `name[key] = value`, `name.update(…)`, `name += …` to what the name stood for before. */
export function applyChange(
  file: PythonFile,
  before: Value,
  placed: PlacedBinding,
  at: Location,
  depth: number,
): Value {
  const { binding, segment, conditional } = placed;
  const content = before.kind === 'constant' ? before.value : before;
  if (binding.kind === 'augmented') {
    const right = evaluate(file, segment, binding.right, depth + 1);
    if (conditional) return unknown('it is changed under a condition', at);
    const operator = binding.operator as Operator;
    if (content.kind === 'mapping' && binding.operator === '|')
      return withEntries(content, [{ value: right, span: right.at, spread: true }], at);
    return ['+', '-', '*', '/', '//'].includes(operator)
      ? { kind: 'operation', operator, operands: [before, right], at }
      : unknown('it is changed in a way that is not followed here', at);
  }
  if (binding.kind !== 'item' && binding.kind !== 'method') return before;
  const mapping = asMapping(before, at);
  if (mapping === undefined) return before;
  const path: MappingKey[] = [];
  for (const node of binding.path) {
    const key = plainText(evaluate(file, segment, node, depth + 1));
    if (key === undefined) return mayBeChanged(mapping);
    path.push({ key, keySpan: locationOf(file, segment, node) });
  }
  // Under a known key: what is set there is merged into what the key holds.
  const within = (entries: readonly MappingEntry[]): Value => {
    const merged = path.reduceRight<readonly MappingEntry[]>((inner, { key, keySpan }) => {
      const span = inner[0]?.span ?? at;
      return [
        { key, keySpan, value: { kind: 'mapping', entries: inner, complete: true, at: span }, span, merge: true },
      ];
    }, entries);
    return withEntries(mapping, merged, at);
  };
  if (binding.kind === 'item') {
    const key = plainText(evaluate(file, segment, binding.key, depth + 1));
    const keySpan = locationOf(file, segment, binding.key);
    const assigned = evaluate(file, segment, binding.right, depth + 1);
    const value = conditional ? unknown('it is set under a condition', assigned.at) : assigned;
    return within([{ key, keySpan, value, span: assigned.at }]);
  }
  if (binding.method === 'update') {
    const entries = readArguments(file, segment, binding.call, depth).map(
      (each): MappingEntry =>
        each.keyword === undefined
          ? { value: each.value, span: each.span, spread: true }
          : { key: each.keyword, keySpan: each.keywordSpan, value: each.value, span: each.span },
    );
    const certain = conditional ? entriesUnderCondition(entries) : entries;
    if (certain !== undefined) return within(certain);
  }
  if (binding.method === 'pop' && path.length === 0 && !conditional) {
    const first = readArguments(file, segment, binding.call, depth)[0];
    const key = first && plainText(first.value);
    if (key !== undefined && mapping.entries.every((each) => each.key !== undefined && !each.merge)) {
      return { ...mapping, entries: mapping.entries.filter((each) => each.key !== key) };
    }
  }
  if (path.length > 0) return within([{ value: unknown('it may be changed', at), span: at, spread: true }]);
  return mayBeChanged(mapping);
}

type MappingKey = Required<Pick<MappingEntry, 'key' | 'keySpan'>>;

/** What is changed as a mapping: one that is written here, or the content of something that only linking knows. */
function asMapping(value: Value, at: Location): MappingValue | undefined {
  const content = value.kind === 'constant' ? value.value : value;
  switch (content.kind) {
    case 'mapping':
      return content;
    case 'reference':
    case 'call':
    case 'unknown':
    case 'alternatives':
    case 'environment':
      return { kind: 'mapping', entries: [{ value: content, span: at, spread: true }], complete: true, at };
    default:
      return undefined;
  }
}

function mayBeChanged(mapping: MappingValue): MappingValue {
  return {
    ...mapping,
    complete: false,
    entries: mapping.entries.map((each) => ({ ...each, value: unknown('it may be changed', each.span) })),
  };
}

/** What `update` may set: the keys are certain where all of them are written there, their values are not. */
function entriesUnderCondition(entries: readonly MappingEntry[]): MappingEntry[] | undefined {
  const written = entries.flatMap((each) =>
    each.spread && each.value.kind === 'mapping' && each.value.complete ? each.value.entries : [each],
  );
  if (written.some((each) => each.spread || each.key === undefined)) return undefined;
  return written.map((each) => ({ ...each, value: unknown('it is set under a condition', each.value.at) }));
}

function withEntries(mapping: MappingValue, entries: readonly MappingEntry[], at: Location): MappingValue {
  return { ...mapping, entries: [...mapping.entries, ...entries], at };
}
