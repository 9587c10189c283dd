/** Follows a name to what it stands for: through the blocks and functions around it, the module and its imports. */

import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { Evaluation } from '../evaluation.ts';
import {
  type Declaration,
  declarationsSeenFrom,
  type PatternStep,
  type ScopedDeclaration,
  usesOf,
} from './bindings.ts';
import type { Change } from './changeNodes.ts';
import { applyChange, uncertain } from './changes.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { functionNameOf, ownerOf, parameterName } from './functionNames.ts';
import { headOf, isChangedInFunctions, segmentsBinding } from './heads.ts';
import { importIn } from './imports.ts';
import { injectedConfiguration } from './injectedConfigurations.ts';
import { enclosingFunction, isConditionalFor, isFunction, locationOf, textOf, unwrap } from './nodes.ts';
import { propertyOf } from './properties.ts';

/** What declares or changes a name, in source order. */
interface Placed {
  readonly segment: Segment;
  /** Absolute offset of the name. */
  readonly offset: number;
  readonly declaration?: Declaration;
  readonly change?: Change;
  readonly isConditional: boolean;
}

export function lookUpName(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const name = textOf(file, segment, node);
  const local = localBindings(file, segment, node, name);
  if (local !== undefined) return combine(file, name, local.placed, at, local.isLater);
  return lookUpInModule(file, name, at, enclosingFunction(node) !== null);
}

/** True where a name is declared by the module or around the node, so that it is not the global of that name. */
export function isDeclared(file: ScriptFile, segment: Segment, node: Node): boolean {
  const name = textOf(file, segment, node);
  return localBindings(file, segment, node, name) !== undefined || moduleBindings(file, name, -1).length > 0;
}

function localBindings(
  file: ScriptFile,
  segment: Segment,
  node: Node,
  name: string,
): { placed: Placed[]; isLater: boolean } | undefined {
  const uses = usesOf(file, segment, name);
  const seen = declarationsSeenFrom(uses, node);
  if (seen.length === 0) return undefined;
  const scope = seen[0]!.scope!;
  const own = isFunction(scope) ? scope : enclosingFunction(scope);
  const isConditional = (each: Node) => isConditionalFor(each, node.startIndex, own);
  const place = (each: Node) => ({
    segment,
    offset: segment.start + each.startIndex,
    isConditional: isConditional(each),
  });
  const changes = uses.changes.filter((each) => declarationsSeenFrom(uses, each.node)[0]?.scope?.id === scope.id);
  const placed: Placed[] = [
    ...seen.map(({ declaration }) => ({ ...place(declaration.node), declaration, isConditional: false })),
    ...changes.map((change) => ({ ...place(change.node), change })),
  ];
  placed.sort((a, b) => a.offset - b.offset);
  return { placed, isLater: enclosingFunction(node)?.id !== own?.id };
}

function moduleBindings(file: ScriptFile, name: string, use: number): Placed[] {
  const placed: Placed[] = [];
  for (const segment of segmentsBinding(file, name)) {
    if (headOf(file, segment).kind === 'import') {
      const reference = importIn(file, segment, name);
      // An import of types alone binds nothing that is there when the program runs.
      if (reference === undefined) continue;
      placed.push({ segment, offset: reference.at.start, isConditional: false });
      continue;
    }
    const uses = usesOf(file, segment, name);
    const useHere = segment.start <= use && use < segment.end ? use - segment.start : -1;
    const isModules = ({ scope }: ScopedDeclaration) => scope === null;
    const place = (node: Node) => ({ segment, offset: segment.start + node.startIndex });
    for (const { declaration } of uses.declarations.filter(isModules))
      placed.push({ ...place(declaration.node), declaration, isConditional: false });
    for (const change of uses.changes) {
      if (declarationsSeenFrom(uses, change.node).length > 0) continue;
      placed.push({ ...place(change.node), change, isConditional: isConditionalFor(change.node, useHere, null) });
    }
  }
  return placed.sort((a, b) => a.offset - b.offset);
}

/** The value of a module-level name; `isLater` when the use runs after the whole module has run. */
export function lookUpInModule(file: ScriptFile, name: string, at: Location, isLater: boolean): Value {
  const placed = moduleBindings(file, name, at.start);
  if (!placed.some((each) => each.change === undefined)) {
    return { ...unknown(`${name} is not defined in this file`, at), isAbsent: true };
  }
  const value = combine(file, name, placed, at, isLater);
  const isVariable = placed.some((each) => isReassignable(each.declaration));
  if (!isLater || (!isVariable && !isObject(value))) return value;
  if (!isChangedInFunctions(file, name, isVariable)) return value;
  if (!isObject(value)) return unknown(`${name} is changed while the program runs`, at);
  const content = value.kind === 'constant' ? value.value : value;
  return content.kind === 'mapping'
    ? { kind: 'constant', name, value: uncertain(content), at }
    : unknown(`${name} is changed while the program runs`, at);
}

/** The declaration of a module-level name, where there is exactly one. */
export function moduleDeclaration(
  file: ScriptFile,
  name: string,
): { declaration: Declaration; segment: Segment } | undefined {
  const placed = moduleBindings(file, name, -1).filter((each) => each.change === undefined);
  const only = placed[0];
  return placed.length === 1 && only?.declaration !== undefined
    ? { declaration: only.declaration, segment: only.segment }
    : undefined;
}

function isReassignable(declaration: Declaration | undefined): boolean {
  if (declaration?.kind !== 'value') return false;
  for (let node: Node | null = declaration.node; node !== null; node = node.parent) {
    if (node.type === 'variable_declaration') return true;
    if (node.type === 'lexical_declaration') return node.childForFieldName('kind')?.text !== 'const';
  }
  return false;
}

function isObject(value: Value): boolean {
  const content = value.kind === 'constant' ? value.value : value;
  return content.kind === 'mapping' || content.kind === 'sequence';
}

/** `options.max = options.max ?? 5`: what the right side reads is what was there before. */
function isUnderWay({ segment, change }: Placed, { start }: Location): boolean {
  if (change?.kind !== 'assign' && change?.kind !== 'item') return false;
  const from = segment.start + change.right.startIndex;
  return from <= start && start < segment.start + change.right.endIndex;
}

/** Each is laid around the ones before; what is put together of more is generated. */
const mostChanges = 500;

/** What the declarations and changes of one scope amount to at the use. */
function combine(file: ScriptFile, name: string, all: readonly Placed[], at: Location, isLater: boolean): Value {
  const sets = (each: Placed) => each.change === undefined || each.change.kind === 'assign';
  const before = isLater ? all : all.filter((each) => each.offset <= at.start && !isUnderWay(each, at));
  const relevant = before.length > 0 ? before : all;
  const isPlain = (each: Placed) => each.change?.kind !== 'assign' || each.change.operator === '=';
  const from = Math.max(
    0,
    relevant.findLastIndex((each) => sets(each) && isPlain(each) && !each.isConditional),
  );
  if (relevant.length - from > mostChanges) return unknown(`${name} is changed too often to follow`, at);
  let value: Value | undefined;
  const choices: Value[] = [];
  for (const placed of relevant.slice(from)) {
    if (sets(placed) && isPlain(placed)) {
      const set = assignedValue(file, name, placed, at);
      if (set === undefined) continue;
      if (placed.isConditional) choices.push(set);
      else {
        value = set;
        choices.length = 0;
      }
    } else if (placed.change !== undefined) {
      const base =
        value ?? (choices.length === 1 ? choices.pop()! : unknown(`${name} is changed before it is set`, at));
      value = applyChange(file, placed.segment, base, placed.change, {
        at,
        isConditional: placed.isConditional,
      });
    }
  }
  if (choices.length > 0) return { kind: 'alternatives', values: value ? [value, ...choices] : choices, at };
  return value ?? unknown(`${name} is not assigned where it can be seen`, at);
}

function assignedValue(file: ScriptFile, name: string, placed: Placed, at: Location): Value | undefined {
  const { segment, declaration, change } = placed;
  if (change?.kind === 'assign') return named(name, once(file, segment, change.right), at);
  if (declaration === undefined) {
    const reference = importIn(file, segment, name);
    return reference && { ...reference, at };
  }
  switch (declaration.kind) {
    case 'value': {
      // `let pool;`: what counts is assigned later.
      if (declaration.right === undefined) return undefined;
      if (declaration.steps.length === 0 && isFunction(unwrap(declaration.right)))
        return { kind: 'reference', module: '', name, level: 0, at };
      const whole = once(file, segment, declaration.right);
      return named(name, part(file, segment, whole, declaration.steps, at), at);
    }
    case 'parameter':
      return part(
        file,
        segment,
        parameterValue(file, segment, declaration.parameter, at),
        declaration.steps,
        at,
        declaration.parameter,
      );
    case 'function':
    case 'class':
    case 'enum':
      return { kind: 'reference', module: '', name, level: 0, at };
    case 'import':
      return unknown(`${name} is imported in a way that is not followed here`, at);
    case 'other':
      return unknown(`${name} is set by a loop or the like`, at);
  }
}

/** Reads what a name is set to once, however many places ask for it. */
function once(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  return Evaluation.of(file).once(at.start, at, () => evaluate(file, segment, node));
}

/** Imports and look-ups keep their own identity; only what has a value of its own gets this name. */
function named(name: string, value: Value, at: Location): Value {
  const keeps = ['reference', 'call', 'unknown', 'parameter', 'attribute'];
  return keeps.includes(value.kind) ? value : { kind: 'constant', name, value, at };
}

/** The part of a value that a destructuring pattern takes. */
function part(
  file: ScriptFile,
  segment: Segment,
  whole: Value,
  steps: readonly PatternStep[],
  at: Location,
  parameter?: Node,
): Value {
  let value = whole;
  for (const step of steps) {
    if (step.kind === 'other') return unknown('it is taken apart in a way that is not followed here', at);
    if (step.kind === 'rest') value = withoutKeys(value, step.without, at);
    else {
      const fallback = step.fallback && evaluate(file, segment, step.fallback);
      value = propertyOf(file, value, step.key, at, fallback);
    }
  }
  return parameter === undefined || steps.length === 0 ? value : { ...value, at };
}

/** `const { a, ...rest } = options`. */
function withoutKeys(value: Value, keys: readonly string[], at: Location): Value {
  const content = value.kind === 'constant' ? value.value : value;
  if (content.kind !== 'mapping') return unknown('it is what is left of an object', at);
  const removed = keys.map((key) => ({ key, isRemoved: true, value: unknown('it is taken out', at), span: at }));
  return { ...content, entries: [...content.entries, ...removed], insertion: undefined };
}

function parameterValue(file: ScriptFile, segment: Segment, parameter: Node, at: Location): Value {
  let definition: Node = parameter;
  while (definition.parent !== null && !isFunction(definition)) definition = definition.parent;
  const owner = ownerOf(file, segment, definition);
  const configuration = injectedConfiguration(file, parameter, at, (name) => lookUpInModule(file, name, at, true));
  if (configuration !== undefined) return configuration;
  return { kind: 'parameter', name: parameterName(parameter), functionName: functionNameOf(definition), owner, at };
}
