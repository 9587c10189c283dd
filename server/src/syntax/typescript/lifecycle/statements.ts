/** Statements as {@link Step}s: a structured control flow that keeps calls and the ways through and out. */
import type { Node } from 'web-tree-sitter';
import type { Step, Taker } from '../../../declarations/lifecycle.ts';
import { itemsOf } from '../nodes.ts';
import { asksForAbsence } from './conditions.ts';
import type { ExpressionReader, Use } from './expressions.ts';
import { isUsing } from './scope.ts';

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
    case 'program':
    case 'statement_block':
      readBlock(itemsOf(node), reader, steps);
      return;
    case 'expression_statement':
      for (const child of itemsOf(node)) reader.read(child, tested, steps);
      return;
    case 'export_statement':
      // `export { name }` does nothing when it runs.
      for (const what of [field('declaration'), field('value')]) if (what) readOne(what, reader, steps);
      return;
    case 'lexical_declaration':
    case 'variable_declaration':
      for (const child of itemsOf(node)) if (child.type === 'variable_declarator') readDeclarator(child, reader, steps);
      return;
    case 'return_statement':
      reader.read(itemsOf(node)[0], { kind: 'returned' }, steps);
      leave('return', node, reader, steps);
      return;
    case 'throw_statement':
      reader.read(itemsOf(node)[0], tested, steps);
      leave('raise', node, reader, steps);
      return;
    case 'break_statement':
      leave('break', node, reader, steps);
      return;
    case 'continue_statement':
      leave('continue', node, reader, steps);
      return;
    case 'if_statement':
      readIf(node, reader, steps);
      return;
    case 'for_statement': {
      for (const name of ['initializer', 'condition']) {
        const part = field(name);
        if (part) readStatement(part, reader, steps);
      }
      const body = stepsOf(field('body'), reader);
      reader.read(field('increment'), tested, body);
      steps.push({ kind: 'loop', body, otherwise: [], isEndless: field('condition')?.type === 'empty_statement' });
      return;
    }
    case 'for_in_statement':
      reader.read(field('right'), { kind: 'chained' }, steps);
      steps.push({ kind: 'loop', body: stepsOf(field('body'), reader), otherwise: [], isEndless: false });
      return;
    case 'while_statement':
    case 'do_statement': {
      const condition: Step[] = [];
      reader.read(field('condition'), tested, condition);
      const body = stepsOf(field('body'), reader);
      steps.push({
        kind: 'loop',
        body: node.type === 'do_statement' ? [...body, ...condition] : [...condition, ...body],
        otherwise: [],
        isEndless: /^\(\s*(?:true|1)\s*\)$/.test(field('condition')?.text ?? ''),
      });
      return;
    }
    case 'try_statement':
      readTry(node, reader, steps);
      return;
    case 'switch_statement':
      readSwitch(node, reader, steps);
      return;
    case 'labeled_statement':
      readStatement(field('body') ?? node, reader, steps);
      return;
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'class_declaration':
    case 'abstract_class_declaration':
      reader.capture(node, { kind: 'other' }, steps);
      return;
    case 'import_statement':
    case 'interface_declaration':
    case 'type_alias_declaration':
    case 'ambient_declaration':
    case 'empty_statement':
      return;
    default:
      reader.read(node, tested, steps);
  }
}

/** Statements one after the other; what `using` declares is closed at the end of them. */
function readBlock(statements: readonly Node[], reader: ExpressionReader, steps: Step[]): void {
  for (const [index, statement] of statements.entries()) {
    readStatement(statement, reader, steps);
    const variable = declaredByUsing(statement);
    if (variable === undefined) continue;
    const body: Step[] = [];
    readBlock(statements.slice(index + 1), reader, body);
    steps.push({ kind: 'scope', variable, body });
    return;
  }
}

/** The variable of `await using x = …`. */
function declaredByUsing(statement: Node): string | undefined {
  let node = statement.type === 'expression_statement' ? itemsOf(statement)[0] : undefined;
  if (node?.type === 'await_expression') node = itemsOf(node)[0];
  if (node?.type !== 'assignment_expression' || !isUsing(node)) return undefined;
  return node.childForFieldName('left')?.text;
}

function readDeclarator(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const name = node.childForFieldName('name');
  const value = node.childForFieldName('value');
  const isOwn = name?.type === 'identifier' && reader.scope.isLocal(name.text);
  const isPart = name?.type === 'object_pattern' || name?.type === 'array_pattern';
  const taker: Taker = isOwn
    ? { kind: 'variable', name: name.text }
    : // What is taken apart is forgotten as a whole.
      { kind: isPart ? 'chained' : 'shared' };
  const call = reader.read(value, taker, steps);
  if (call === undefined && value !== null && reader.isTracked(name)) steps.push({ kind: 'bind', variable: name.text });
}

function readIf(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const condition = node.childForFieldName('condition');
  reader.read(condition, tested, steps);
  const isGuarded = asksForAbsence(condition);
  const alternative = node.childForFieldName('alternative');
  const body = reader.guarded(isGuarded, () => stepsOf(node.childForFieldName('consequence'), reader));
  const otherwise = reader.guarded(isGuarded, () => stepsOf(alternative && itemsOf(alternative)[0], reader));
  const isOpen = alternative === null;
  steps.push({ kind: 'branch', alternatives: [body, otherwise], isOpen, presence: presenceIn(condition, reader) });
}

/** `if (client)`, `if (!client)`, `if (client != null)` */
function presenceIn(condition: Node | null, reader: ExpressionReader) {
  let node = condition;
  while (node?.type === 'parenthesized_expression') node = itemsOf(node)[0] ?? null;
  const isNegated = node?.type === 'unary_expression' && node.childForFieldName('operator')?.text === '!';
  const isComparison =
    node?.type === 'binary_expression' && /^[!=]==?$/.test(node.childForFieldName('operator')?.text ?? '');
  const right = isComparison ? node?.childForFieldName('right')?.type : undefined;
  if (isComparison && right !== 'null' && right !== 'undefined') return undefined;
  const name = isNegated ? node?.childForFieldName('argument') : isComparison ? node?.childForFieldName('left') : node;
  if (!reader.isTracked(name)) return undefined;
  const isAbsence = isNegated || (isComparison && node?.childForFieldName('operator')?.text.startsWith('=') === true);
  return { variable: name.text, alternative: isAbsence ? 1 : 0 };
}

function leave(how: 'return' | 'raise' | 'break' | 'continue', node: Node, reader: ExpressionReader, steps: Step[]) {
  // What leaves a callback does not leave the function around it.
  if (reader.callbacks === 0) steps.push({ kind: 'leave', how, span: reader.span(node) });
}

function readTry(node: Node, reader: ExpressionReader, steps: Step[]): void {
  const body = stepsOf(node.childForFieldName('body'), reader);
  const handler = node.childForFieldName('handler')?.childForFieldName('body');
  const last = stepsOf(node.childForFieldName('finalizer')?.childForFieldName('body'), reader);
  const handlers = handler
    ? [{ catches: 'all' as const, steps: reader.guarded(true, () => stepsOf(handler, reader)) }]
    : [];
  steps.push({ kind: 'try', body, handlers, otherwise: [], last });
}

function readSwitch(node: Node, reader: ExpressionReader, steps: Step[]): void {
  reader.read(node.childForFieldName('value'), tested, steps);
  const cases = itemsOf(node.childForFieldName('body') ?? node);
  const alternatives = cases.map((each) => {
    const inner: Step[] = [];
    for (const statement of each.childrenForFieldName('body')) if (statement) readStatement(statement, reader, inner);
    return inner;
  });
  steps.push({ kind: 'branch', alternatives: [...alternatives, []], isOpen: true });
}
