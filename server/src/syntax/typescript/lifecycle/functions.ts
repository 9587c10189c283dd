/** Functions as {@link FunctionLife}: their control flow, and what is known of who calls them. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../../core/text.ts';
import {
  type FunctionLife,
  holdsConnectionsOnPurpose,
  type LifeParameter,
  type Step,
} from '../../../declarations/lifecycle.ts';
import type { Origin } from '../../../declarations/origin.ts';
import { isFunction, itemsOf } from '../nodes.ts';
import { ExpressionReader } from './expressions.ts';
import { originOf } from './origins.ts';
import { lifetimeOfClass } from './owners.ts';
import { parametersOf, plainName, Scope } from './scope.ts';
import { stepsOf } from './statements.ts';
import { type FileTraits, nameForMessages, traitsOf } from './traits.ts';
import { variablesOf } from './variables.ts';

/** What is nested more deeply is generated, or hostile. */
const deepest = 100;

/** Where a function of one statement lies, for those who ask for it by name. */
interface Place {
  readonly parent: Scope | undefined;
  readonly className: string | undefined;
  readonly within: readonly string[];
}

/** An outermost function or method and every function inside it. */
export function readFunctions(unit: Node, className: string | undefined, traits: FileTraits): FunctionLife[] {
  const lives: FunctionLife[] = [];
  const visit = (node: Node, place: Place, depth = 0): void => {
    if (depth > deepest) return;
    const isClass = node.type === 'class_declaration' || node.type === 'class';
    const inner = isClass ? { ...place, className: node.childForFieldName('name')?.text } : place;
    if (!isFunction(node)) {
      for (const child of node.namedChildren) if (child) visit(child, inner, depth + 1);
      return;
    }
    const scope = new Scope(node, place.parent, place.className);
    const life = readFunction(node, scope, unit.startIndex, place.within, traits);
    lives.push(life);
    const body = node.childForFieldName('body');
    const within = [...place.within, life.name];
    if (body) visit(body, { parent: scope, className: undefined, within }, depth + 1);
  };
  if (!isFunction(unit)) return readField(unit, traits);
  visit(unit, { parent: undefined, className, within: [] });
  return lives;
}

/** What a class's constructor does for one of its fields, where each request gets an instance of its own. */
function readField(field: Node, traits: FileTraits): FunctionLife[] {
  const lifetime = lifetimeOfClass(field.parent?.parent ?? field, undefined);
  if (lifetime === undefined) return [];
  const reader = new ExpressionReader(Scope.ofModule(field), new Set(), field.startIndex, true);
  const steps: Step[] = [];
  reader.read(field.childForFieldName('value'), { kind: 'chained' }, steps);
  const { isEdge } = traits;
  const script = { handedTo: [], exportedAs: [], isAction: false, isEdge, isResolver: false, lifetime };
  const span = { start: 0, end: field.endIndex - field.startIndex };
  return [{ ...nothing, name: 'constructor', span, steps: reader.isTooDeep ? [] : steps, script }];
}

const nothing = {
  binds: [],
  within: [],
  nameSpan: { start: 0, end: 0 },
  isGenerator: false,
  decorators: [],
  parameters: [],
  stored: [],
  returns: [],
  yields: [],
  mayKeep: false,
};

/** Statements at module level as a function without a name. */
export function readModuleStatement(root: Node): FunctionLife {
  const reader = new ExpressionReader(Scope.ofModule(root), new Set(), 0);
  const read = stepsOf(root, reader);
  return {
    ...nothing,
    name: '',
    binds: [...new Scope(root, undefined, undefined).bindings.keys()],
    span: { start: 0, end: root.endIndex },
    steps: reader.isTooDeep ? [] : read,
  };
}

const looksKept = /\bglobal(?:This)?\b|cache|instance|singleton|memo|\bonce\b|\bWeakMap\b|\bnew Map\b|\bprocess\.\$?_/i;

function readFunction(
  node: Node,
  scope: Scope,
  base: number,
  within: readonly string[],
  traits: FileTraits,
): FunctionLife {
  const body = node.childForFieldName('body');
  const span = (start: number, end: number): Span => ({ start: start - base, end: end - base });
  const script = traitsOf(node, scope.parent, traits);
  const reader = new ExpressionReader(scope, new Set(variablesOf(scope)), base, script.lifetime !== undefined);
  const read = body === null ? [] : body.type === 'statement_block' ? stepsOf(body, reader) : arrowSteps(body, reader);
  const steps = reader.isTooDeep ? [] : read;
  const name = node.childForFieldName('name');
  const isGenerator = node.type.startsWith('generator') || node.children.some((each) => each?.type === '*');
  const { text } = node;
  return {
    name: nameForMessages(node),
    binds: [],
    within,
    span: span(node.startIndex, node.endIndex),
    nameSpan: name
      ? span(name.startIndex, name.endIndex)
      : span(node.startIndex, Math.max(node.startIndex + 1, (body?.startIndex ?? node.endIndex) - 1)),
    isGenerator,
    decorators: decoratorsOf(node).map((each) => originOf(each, scope.parent)),
    parameters: parametersOf(node).map((each) => readParameter(each, scope)),
    steps,
    stored: [...reader.kept],
    returns: body === null || isGenerator ? [] : returnedBy(body, scope),
    yields: [],
    mayKeep: looksKept.test(text),
    holdsOnPurpose: holdsConnectionsOnPurpose(text) || undefined,
    script,
  };
}

function arrowSteps(body: Node, reader: ExpressionReader) {
  const steps: Step[] = [];
  reader.read(body, { kind: 'returned' }, steps);
  return steps;
}

function readParameter(node: Node, scope: Scope): LifeParameter {
  const type = node.childForFieldName('type');
  const value = node.childForFieldName('value');
  return {
    name: plainName(node),
    ...(type ? { annotation: originOf(type, scope.parent) } : {}),
    ...(value ? { fallback: originOf(value, scope.parent) } : {}),
  };
}

/** Those of a method stand before it. */
function decoratorsOf(node: Node): Node[] {
  const found: Node[] = [];
  if (node.type !== 'method_definition') return found;
  for (let before = node.previousNamedSibling; before !== null; before = before.previousNamedSibling) {
    if (before.type === 'comment') continue;
    if (before.type !== 'decorator') break;
    const expression = itemsOf(before)[0];
    if (expression !== undefined) found.unshift(expression);
  }
  return found;
}

/** What a function itself returns, not those defined inside. */
function returnedBy(body: Node, scope: Scope): Origin[] {
  if (body.type !== 'statement_block') return [originOf(body, scope)];
  const found: Origin[] = [];
  const visit = (node: Node, depth: number): void => {
    if (depth > deepest) return;
    if (node.type === 'return_statement') {
      const value = itemsOf(node)[0];
      if (value !== undefined) found.push(originOf(value, scope));
    } else if (/(?:statement|block|clause|switch_body|switch_case|switch_default)$/.test(node.type))
      for (const child of node.namedChildren) if (child) visit(child, depth + 1);
  };
  visit(body, 0);
  return found;
}
