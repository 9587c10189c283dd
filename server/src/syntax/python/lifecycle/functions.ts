/** Functions as {@link FunctionLife}: their control flow, and what is known of who calls them. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../../core/text.ts';
import {
  type FunctionLife,
  holdsConnectionsOnPurpose,
  type LifeParameter,
  stepsIn,
} from '../../../declarations/lifecycle.ts';
import type { Origin } from '../../../declarations/origin.ts';
import { itemsOf } from '../nodes.ts';
import { ExpressionReader } from './expressions.ts';
import { originOf } from './origins.ts';
import { parameterName, parameterNodes, Scope } from './scope.ts';
import { stepsOf } from './statements.ts';

/** What is nested more deeply is generated, or hostile. */
const deepest = 60;

/** Where a function of one statement lies, for those who ask for it by name. */
interface Place {
  readonly parent: Scope | undefined;
  readonly className: string | undefined;
  readonly within: readonly string[];
}

/** A top-level function or method and every function inside it. */
export function readFunctions(unit: Node, className: string | undefined): FunctionLife[] {
  const lives: FunctionLife[] = [];
  const visit = (node: Node, place: Place, depth = 0): void => {
    if (depth > deepest) return;
    if (node.type === 'class_definition') {
      const name = node.childForFieldName('name')?.text;
      for (const child of node.namedChildren) if (child) visit(child, { ...place, className: name }, depth + 1);
      return;
    }
    if (node.type !== 'function_definition') {
      if (mayHoldFunctions(node)) for (const child of node.namedChildren) if (child) visit(child, place, depth + 1);
      return;
    }
    const isStatic = decoratorsOf(node).some((each) => each.text.trim() === 'staticmethod');
    const first = parameterNodes(node)[0];
    const selfName = place.className !== undefined && !isStatic && first ? parameterName(first) : undefined;
    const scope = new Scope(node, place.parent, place.className, selfName);
    lives.push(readFunction(node, scope, unit.startIndex, place.within));
    const name = node.childForFieldName('name')?.text ?? '';
    const body = node.childForFieldName('body');
    if (body) visit(body, { parent: scope, className: undefined, within: [...place.within, name] }, depth + 1);
  };
  visit(unit, { parent: undefined, className, within: [] });
  return lives;
}

/** Statements at module level as a function without a name. */
export function readModuleStatement(root: Node): FunctionLife {
  const scope = Scope.ofModule(root);
  const reader = new ExpressionReader(scope, new Set(), 0);
  const read = stepsOf(root, reader);
  const steps = reader.isTooDeep ? [] : read;
  const nowhere = { start: 0, end: 0 };
  return {
    name: '',
    binds: [...new Scope(root, undefined, undefined, undefined).bindings.keys()],
    within: [],
    span: { start: 0, end: root.endIndex },
    nameSpan: nowhere,
    isGenerator: false,
    decorators: [],
    parameters: [],
    steps,
    stored: [],
    returns: [],
    yields: [],
    mayKeep: false,
  };
}

/** Nodes below which a function may be defined. */
function mayHoldFunctions(node: Node): boolean {
  return /(?:definition|block|statement|clause)$/.test(node.type);
}

function decoratorsOf(definition: Node): Node[] {
  if (definition.parent?.type !== 'decorated_definition') return [];
  return itemsOf(definition.parent)
    .filter((child) => child.type === 'decorator')
    .flatMap((child) => itemsOf(child)[0] ?? []);
}

const looksKept =
  /\b(?:global|nonlocal|hasattr|getattr|setdefault)\b|cache|_instance|singleton|memo|\bg\.|current_app/i;
const looksKeptBeyondRequest = /\b(?:global|nonlocal|setdefault)\b|cache|_instance|singleton|memo/i;

function readFunction(node: Node, scope: Scope, base: number, within: readonly string[]): FunctionLife {
  const body = node.childForFieldName('body');
  const span = (each: Node): Span => ({ start: each.startIndex - base, end: each.endIndex - base });
  const reader = new ExpressionReader(scope, trackedVariables(scope), base);
  const read = stepsOf(body, reader);
  const steps = reader.isTooDeep ? [] : read;
  const all = [...stepsIn(steps)];
  const returns: Origin[] = [];
  const yields: Origin[] = [];
  for (const each of body === null ? [] : ownNodes(body)) {
    const value = itemsOf(each)[0];
    if (value) (each.type === 'yield' ? yields : returns).push(originOf(value, scope));
  }
  const isGenerator = yields.length > 0 || all.some((step) => step.kind === 'pause' && step.how === 'yield');
  const { text } = node;
  return {
    name: node.childForFieldName('name')?.text ?? '',
    binds: [],
    within,
    span: span(node),
    nameSpan: span(node.childForFieldName('name') ?? node),
    isGenerator,
    decorators: decoratorsOf(node).map((each) => originOf(each, scope.parent)),
    parameters: parametersOf(node, scope),
    steps,
    stored: all.flatMap((step) =>
      step.kind === 'mention' && (step.how === 'stored' || step.how === 'captured') ? [step.variable] : [],
    ),
    returns,
    yields,
    mayKeep: looksKept.test(text),
    holdsOnPurpose: holdsConnectionsOnPurpose(text) || undefined,
    mayKeepBeyondRequest: looksKeptBeyondRequest.test(text),
  };
}

/** `return` and `yield` of a function itself, not of those defined inside. */
function ownNodes(body: Node): Node[] {
  const found: Node[] = [];
  const visit = (node: Node, depth: number): void => {
    if (depth > deepest) return;
    if (node.type === 'function_definition' || node.type === 'class_definition' || node.type === 'lambda') return;
    if (node.type === 'return_statement' || node.type === 'yield') found.push(node);
    if (node.type === 'yield') return;
    const mayHold = /(?:block|statement|clause|definition|assignment)$/.test(node.type) || node.type === 'await';
    if (mayHold) for (const child of node.namedChildren) if (child) visit(child, depth + 1);
  };
  visit(body, 0);
  return found;
}

/** Variables that may hold a connection: parameters, results of calls, what a `with` hands out. */
function trackedVariables(scope: Scope): Set<string> {
  const tracked = new Set<string>();
  for (const [name, bindings] of scope.bindings) {
    if (!scope.isLocal(name) || name === scope.selfName) continue;
    const mayHold = bindings.some((each) => {
      if (each.kind === 'parameter' || each.kind === 'entered') return true;
      return each.kind === 'value' && isCall(each.right);
    });
    if (mayHold) tracked.add(name);
  }
  return tracked;
}

function isCall(node: Node): boolean {
  if (node.type === 'call') return true;
  const inner = node.type === 'await' || node.type === 'parenthesized_expression' ? itemsOf(node)[0] : undefined;
  return inner !== undefined && isCall(inner);
}

function parametersOf(node: Node, scope: Scope): LifeParameter[] {
  return parameterNodes(node).flatMap((each): LifeParameter[] => {
    const name = parameterName(each);
    if (name === undefined) return [];
    const type = each.childForFieldName('type');
    const value = each.childForFieldName('value');
    return [
      {
        name,
        ...(type ? { annotation: originOf(type, scope.parent) } : {}),
        ...(value ? { fallback: originOf(value, scope.parent) } : {}),
      },
    ];
  });
}
