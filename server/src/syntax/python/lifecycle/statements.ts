/** Statements as {@link Step}s: a structured control flow that keeps calls and the ways through and out. */
import type { Node } from 'web-tree-sitter';
import type { Step, Taker } from '../../../declarations/lifecycle.ts';
import { itemsOf } from '../nodes.ts';
import { asksForAbsence, type ExpressionReader, type Use } from './expressions.ts';

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
      return;
    case 'raise_statement':
      for (const child of itemsOf(node)) reader.read(child, tested, steps);
      return;
    case 'if_statement':
      readIf(node, reader, steps);
      return;
    case 'for_statement':
      reader.read(field('right'), { kind: 'chained' }, steps);
      steps.push(loop(field('body'), field('alternative'), reader));
      return;
    case 'while_statement': {
      const before: Step[] = [];
      reader.read(field('condition'), tested, before);
      const read = loop(field('body'), field('alternative'), reader);
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
        if (reader.isTracked(name)) steps.push({ kind: 'store', variable: name.text });
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
    case 'break_statement':
    case 'continue_statement':
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
    readRight(right, { kind: 'shared' }, reader, steps);
    return;
  }
  const isOwn = reader.scope.isLocal(left.text);
  const taker: Taker =
    isOwn && right.type !== 'assignment' ? { kind: 'variable', name: left.text } : { kind: 'shared' };
  readRight(right, taker, reader, steps);
}

function readRight(right: Node, taker: Taker, reader: ExpressionReader, steps: Step[]): void {
  if (right.type !== 'assignment') {
    reader.read(right, taker, steps);
    return;
  }
  readExpression(right, reader, steps);
  const name = right.childForFieldName('left');
  // `self.conn = conn = connect()`: what the inner name holds is kept by the outer one as well.
  if (name && reader.isTracked(name)) steps.push({ kind: 'store', variable: name.text });
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
  steps.push({ kind: 'branch', alternatives: [body, otherwise] });
}

function loop(body: Node | null, alternative: Node | null, reader: ExpressionReader) {
  return {
    kind: 'loop' as const,
    body: stepsOf(body, reader),
    otherwise: stepsOf(alternative?.childForFieldName('body'), reader),
  };
}

function readTry(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const handlers: Step[][] = [];
  let otherwise: Step[] = [];
  let last: Step[] = [];
  for (const clause of itemsOf(node)) {
    const block = itemsOf(clause).find((child) => child.type === 'block') ?? clause.childForFieldName('body');
    if (clause.type === 'except_clause' || clause.type === 'except_group_clause') {
      handlers.push(reader.guarded(true, () => stepsOf(block, reader)));
    } else if (clause.type === 'else_clause') otherwise = stepsOf(block, reader);
    else if (clause.type === 'finally_clause') last = stepsOf(block, reader);
  }
  steps.push({ kind: 'try', body: stepsOf(node.childForFieldName('body'), reader), handlers, otherwise, last });
}

function readWith(items: readonly Node[], body: Node | null, reader: ExpressionReader, steps: Step[]): void {
  const [item, ...rest] = items;
  if (item === undefined) {
    if (body) readStatement(body, reader, steps);
    return;
  }
  let value = item.childForFieldName('value') ?? itemsOf(item)[0];
  if (value?.type === 'as_pattern') value = itemsOf(value)[0];
  const variable = reader.isTracked(value) ? value.text : undefined;
  const enters = variable === undefined ? reader.read(value, { kind: 'entered' }, steps) : undefined;
  const inside: Step[] = [];
  readWith(rest, body, reader, inside);
  steps.push({ kind: 'scope', enters, variable, body: inside });
}

function readMatch(node: Node, reader: ExpressionReader, steps: Step[]): void {
  for (const subject of node.childrenForFieldName('subject')) reader.read(subject, tested, steps);
  const cases = itemsOf(node.childForFieldName('body') ?? node).filter((child) => child.type === 'case_clause');
  const alternatives = cases.map((each) => stepsOf(each.childForFieldName('consequence'), reader));
  steps.push({ kind: 'branch', alternatives });
}
