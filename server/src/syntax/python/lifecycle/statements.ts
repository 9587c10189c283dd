/** Statements as {@link Step}s: a structured control flow that keeps calls and the ways through and out. */
import type { Node } from 'web-tree-sitter';
import type { BranchStep, Handler, Step, Taker } from '../../../declarations/lifecycle.ts';
import { itemsOf } from '../nodes.ts';
import { asksForAbsence, type ExpressionReader, type Use } from './expressions.ts';
import { originOf } from './origins.ts';

const tested: Use = { kind: 'tested' };

/** The steps of a block or of one statement. */
export function stepsOf(node: Node | null | undefined, reader: ExpressionReader): Step[] {
  const steps: Step[] = [];
  if (node) readStatement(node, reader, steps);
  return steps;
}

function readStatement(node: Node, reader: ExpressionReader, steps: Step[]): void {
  reader.nested(() => readOne(node, reader, steps));
}

function readOne(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const field = (name: string) => node.childForFieldName(name);
  switch (node.type) {
    case 'module':
    case 'block':
      for (const child of itemsOf(node)) readStatement(child, reader, steps);
      return;
    case 'expression_statement':
      for (const child of itemsOf(node)) readExpression(child, reader, steps);
      return;
    case 'return_statement':
      reader.read(itemsOf(node)[0], { kind: 'returned' }, steps);
      steps.push({ kind: 'leave', how: 'return', span: reader.span(node) });
      return;
    case 'raise_statement':
      for (const child of itemsOf(node)) reader.read(child, tested, steps);
      steps.push({ kind: 'leave', how: 'raise', span: reader.span(node) });
      return;
    case 'break_statement':
    case 'continue_statement':
      steps.push({
        kind: 'leave',
        how: node.type === 'break_statement' ? 'break' : 'continue',
        span: reader.span(node),
      });
      return;
    case 'if_statement':
      readIf(node, reader, steps);
      return;
    case 'for_statement':
      reader.read(field('right'), { kind: 'chained' }, steps);
      steps.push(loop(field('body'), field('alternative'), false, reader));
      return;
    case 'while_statement': {
      const condition = field('condition');
      const before: Step[] = [];
      reader.read(condition, tested, before);
      const isEndless = condition?.type === 'true' || condition?.text === '1';
      const read = loop(field('body'), field('alternative'), isEndless, reader);
      steps.push({ ...read, body: [...before, ...read.body] });
      return;
    }
    case 'try_statement':
      readTry(node, reader, steps);
      return;
    case 'with_statement': {
      const clause = itemsOf(node).find((child) => child.type === 'with_clause');
      readWith(clause ? itemsOf(clause) : [], field('body'), reader, steps);
      return;
    }
    case 'match_statement':
      readMatch(node, reader, steps);
      return;
    case 'delete_statement':
      for (const name of node.descendantsOfType('identifier'))
        if (reader.isTracked(name)) steps.push({ kind: 'mention', variable: name.text, how: 'stored' });
      return;
    case 'function_definition':
    case 'class_definition':
    case 'decorated_definition':
      reader.capture(node, steps);
      return;
    case 'import_statement':
    case 'import_from_statement':
    case 'global_statement':
    case 'nonlocal_statement':
    case 'pass_statement':
      return;
    default:
      reader.read(node, tested, steps);
  }
}

/** An expression statement: an assignment, or a call whose result is dropped. */
function readExpression(node: Node, reader: ExpressionReader, steps: Step[]): void {
  if (node.type !== 'assignment' && node.type !== 'augmented_assignment') {
    reader.read(node, tested, steps);
    return;
  }
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (right === null) return;
  if (left?.type !== 'identifier') {
    // An attribute, an item, several names, or a chain of them: whoever has the object keeps the value.
    if (left?.type === 'attribute' || left?.type === 'subscript')
      reader.read(left.namedChildren[0], { kind: 'chained' }, steps);
    const name = left?.type === 'attribute' ? left.childForFieldName('attribute')?.text : undefined;
    const of = name === undefined ? undefined : originOf(left?.childForFieldName('object'), reader.scope);
    readRight(right, { kind: 'shared', name, of }, reader, steps);
    for (const name of left?.descendantsOfType('identifier') ?? [])
      if (reader.isTracked(name) && left?.type !== 'attribute' && left?.type !== 'subscript')
        steps.push({ kind: 'bind', variable: name.text });
    return;
  }
  const isOwn = reader.scope.isLocal(left.text);
  const taker: Taker =
    isOwn && right.type !== 'assignment' ? { kind: 'variable', name: left.text } : { kind: 'shared', name: left.text };
  const call = readRight(right, taker, reader, steps);
  if (call === undefined && reader.isTracked(left)) steps.push({ kind: 'bind', variable: left.text });
}

function readRight(right: Node, taker: Taker, reader: ExpressionReader, steps: Step[]) {
  if (right.type !== 'assignment') return reader.read(right, taker, steps);
  readExpression(right, reader, steps);
  const name = right.childForFieldName('left');
  // `self.conn = conn = connect()`: what the inner name holds is kept by the outer one as well.
  if (name && reader.isTracked(name)) steps.push({ kind: 'mention', variable: name.text, how: 'stored' });
  return undefined;
}

function readIf(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const clauses = [node, ...node.childrenForFieldName('alternative').filter((each) => each !== null)];
  readClauses(clauses, reader, steps);
}

function readClauses([first, ...rest]: readonly Node[], reader: ExpressionReader, steps: Step[]): void {
  if (first === undefined) return;
  if (first.type === 'else_clause') {
    readStatement(first.childForFieldName('body') ?? first, reader, steps);
    return;
  }
  const condition = first.childForFieldName('condition');
  reader.read(condition, tested, steps);
  const otherwise: Step[] = [];
  const isGuarded = asksForAbsence(condition);
  const body = reader.guarded(isGuarded, () => stepsOf(first.childForFieldName('consequence'), reader));
  reader.guarded(isGuarded, () => reader.nested(() => readClauses(rest, reader, otherwise)));
  steps.push({
    kind: 'branch',
    alternatives: [body, otherwise],
    isOpen: rest.length === 0,
    presence: presenceIn(condition, reader, false),
  });
}

/** Which variable a condition asks for, and which alternative runs where it is there. */
function presenceIn(node: Node | null | undefined, reader: ExpressionReader, negated: boolean): BranchStep['presence'] {
  if (!node) return undefined;
  switch (node.type) {
    case 'parenthesized_expression':
      return presenceIn(itemsOf(node)[0], reader, negated);
    case 'not_operator':
      return presenceIn(node.childForFieldName('argument'), reader, !negated);
    case 'identifier':
      return reader.isTracked(node) ? { variable: node.text, alternative: negated ? 1 : 0 } : undefined;
    case 'comparison_operator': {
      const [left, right] = itemsOf(node);
      if (right?.type !== 'none') return undefined;
      const isAbsence = !/\bis\s+not\b|!=/.test(node.text);
      return presenceIn(left, reader, isAbsence ? !negated : negated);
    }
    case 'boolean_operator': {
      const found = itemsOf(node).map((each) => presenceIn(each, reader, negated));
      return found.find((each) => each !== undefined);
    }
    default:
      return undefined;
  }
}

function loop(body: Node | null, alternative: Node | null, isEndless: boolean, reader: ExpressionReader) {
  return {
    kind: 'loop' as const,
    body: stepsOf(body, reader),
    otherwise: stepsOf(alternative?.childForFieldName('body'), reader),
    isEndless,
  };
}

/** Errors of Python itself that a database call does not raise. */
const unrelated = new Set(
  'KeyError ValueError TypeError AttributeError IndexError ImportError ModuleNotFoundError FileNotFoundError PermissionError NotImplementedError ZeroDivisionError UnicodeDecodeError UnicodeError StopIteration StopAsyncIteration KeyboardInterrupt JSONDecodeError ValidationError HTTPError RequestException'.split(
    ' ',
  ),
);

function readTry(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const handlers: Handler[] = [];
  let otherwise: Step[] = [];
  let last: Step[] = [];
  for (const clause of itemsOf(node)) {
    const block = itemsOf(clause).find((child) => child.type === 'block') ?? clause.childForFieldName('body');
    if (clause.type === 'except_clause' || clause.type === 'except_group_clause') {
      handlers.push({ catches: catchesOf(clause), steps: reader.guarded(true, () => stepsOf(block, reader)) });
    } else if (clause.type === 'else_clause') otherwise = stepsOf(block, reader);
    else if (clause.type === 'finally_clause') last = stepsOf(block, reader);
  }
  steps.push({ kind: 'try', body: stepsOf(node.childForFieldName('body'), reader), handlers, otherwise, last });
}

function catchesOf(clause: Node): Handler['catches'] {
  const value = itemsOf(clause).find((child) => child.type !== 'block');
  if (value === undefined) return 'all';
  const type = value.type === 'as_pattern' ? itemsOf(value)[0] : value;
  const types = type?.type === 'tuple' ? itemsOf(type) : type ? [type] : [];
  const names = types.map((each) => each.text.split('.').at(-1)!);
  return names.some((name) => /(?:Error|Exception)$/.test(name) && !unrelated.has(name)) ? 'all' : 'some';
}

function readWith(items: readonly Node[], body: Node | null, reader: ExpressionReader, steps: Step[]): void {
  const [item, ...rest] = items;
  if (item === undefined) {
    if (body) readStatement(body, reader, steps);
    return;
  }
  let value = item.childForFieldName('value') ?? itemsOf(item)[0];
  let name: string | undefined;
  if (value?.type === 'as_pattern') {
    const target = itemsOf(value).find((child) => child.type === 'as_pattern_target')?.namedChildren[0];
    name = target?.type === 'identifier' ? target.text : undefined;
    value = itemsOf(value)[0];
  }
  const variable = reader.isTracked(value) ? value.text : undefined;
  const enters = variable === undefined ? reader.read(value, { kind: 'entered' }, steps) : undefined;
  const inside: Step[] = [];
  readWith(rest, body, reader, inside);
  steps.push({ kind: 'scope', enters, variable, boundTo: name, body: inside });
}

function readMatch(node: Node, reader: ExpressionReader, steps: Step[]): void {
  for (const subject of node.childrenForFieldName('subject')) reader.read(subject, tested, steps);
  const cases = itemsOf(node.childForFieldName('body') ?? node).filter((child) => child.type === 'case_clause');
  const isComplete = cases.some((each) => /^case\s+\w+\s*:/.test(each.text));
  const alternatives = cases.map((each) => stepsOf(each.childForFieldName('consequence'), reader));
  steps.push({
    kind: 'branch',
    alternatives: isComplete ? alternatives : [...alternatives, []],
    isOpen: !isComplete,
  });
}
