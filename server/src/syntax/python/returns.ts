/** What a function returns: every way through its statements, each with the tests that lead there. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import type { Segment } from './file.ts';

type Read = (expression: Node) => Value;

/**
 * `raises`: no value, because the statements raise. `falls`: they end without a return, and what follows runs.
 */
type Result = Value | 'raises' | 'falls';

/** Statements with returns in them that follow one another; more is not followed. */
const mostBranches = 24;

export function returnedBy(definition: Node, segment: Segment, at: Location, read: Read): Value {
  const body = definition.childForFieldName('body');
  if (body === null) return unknown('the function is not complete', at);
  if (/\byield\b/.test(body.text)) return unknown('it is the result of a generator', at);
  const reading: Reading = { at, segment, read, branches: 0 };
  const result = afterStatements(statementsOf(body), 0, reading);
  if (result === 'raises') return unknown('the function that returns it always raises', at);
  return result === 'falls' ? { kind: 'literal', value: null, at } : result;
}

interface Reading {
  readonly at: Location;
  readonly segment: Segment;
  readonly read: Read;
  branches: number;
}

function statementsOf(block: Node): Node[] {
  return block.namedChildren.filter((each): each is Node => each !== null && each.type !== 'comment');
}

function afterStatements(statements: readonly Node[], index: number, reading: Reading): Result {
  for (let at = index; at < statements.length; at++) {
    const result = afterStatement(statements, at, reading);
    if (result !== 'falls') return result;
  }
  return 'falls';
}

function afterStatement(statements: readonly Node[], index: number, reading: Reading): Result {
  const node = statements[index]!;
  const { at } = reading;
  switch (node.type) {
    case 'return_statement': {
      const expression = statementsOf(node)[0];
      return expression === undefined ? { kind: 'literal', value: null, at } : reading.read(expression);
    }
    case 'raise_statement':
      return 'raises';
  }
  if (!/\b(?:return|raise)\b/.test(node.text)) return 'falls';
  if (++reading.branches > mostBranches) return unknown('it is returned under too many conditions to follow', at);
  let following: Result | undefined;
  const rest = () => (following ??= afterStatements(statements, index + 1, reading));
  switch (node.type) {
    case 'if_statement':
      return afterIf(node, 0, rest, reading);
    case 'with_statement': {
      const body = node.childForFieldName('body');
      return body === null ? 'falls' : afterStatements(statementsOf(body), 0, reading);
    }
    case 'try_statement':
      return afterTry(node, rest, reading);
    case 'for_statement':
    case 'while_statement':
    case 'match_statement':
      return /\breturn\b/.test(node.text) ? unknown('it is returned from a loop or a match statement', at) : 'falls';
    default:
      return 'falls';
  }
}

/** `if`, then the clauses from `clause` on; `rest` is what follows the whole statement. */
function afterIf(node: Node, clause: number, rest: () => Result, reading: Reading): Result {
  const others = node.namedChildren.filter(
    (each): each is Node => each?.type === 'elif_clause' || each?.type === 'else_clause',
  );
  const holder = clause === 0 ? node : others[clause - 1];
  if (holder === undefined) return rest();
  const condition = holder.childForFieldName('condition');
  const body = holder.childForFieldName(holder.type === 'else_clause' ? 'body' : 'consequence');
  if (body === null) return rest();
  const taken = orElse(afterStatements(statementsOf(body), 0, reading), rest);
  if (condition === null) return taken;
  const other = afterIf(node, clause + 1, rest, reading);
  if (taken === 'raises') return other;
  if (other === 'raises') return taken;
  if (taken === 'falls' && other === 'falls') return 'falls';
  const value = (result: Value | 'falls'): Value =>
    result === 'falls' ? { kind: 'literal', value: null, at: reading.at } : result;
  return {
    kind: 'conditional',
    test: reading.read(condition),
    whenTrue: value(taken),
    whenFalse: value(other),
    isStrict: true,
    at: reading.at,
  };
}

function orElse(result: Result, rest: () => Result): Result {
  return result === 'falls' ? rest() : result;
}

/** `try: return int(os.environ["X"])` / `except KeyError: return 5`: the second holds where the first fails. */
function afterTry(node: Node, rest: () => Result, reading: Reading): Result {
  const [body, ...parts] = statementsOf(node);
  if (body === undefined) return 'falls';
  const elsePart = parts.find((each) => each.type === 'else_clause');
  const afterBody = () => {
    const block = elsePart?.childForFieldName('body');
    return block ? orElse(afterStatements(statementsOf(block), 0, reading), rest) : rest();
  };
  const tried = orElse(afterStatements(statementsOf(body), 0, reading), afterBody);
  const handlers = parts.filter((each) => each.type.startsWith('except'));
  let value = tried;
  for (const handler of handlers) {
    const block = handler.namedChildren.find((each) => each?.type === 'block');
    const handled = block ? orElse(afterStatements(statementsOf(block), 0, reading), rest) : rest();
    if (handled === 'raises' || handled === value) continue;
    if (value === 'raises') value = handled;
    else {
      const none: Value = { kind: 'literal', value: null, at: reading.at };
      const operands = [value === 'falls' ? none : value, handled === 'falls' ? none : handled];
      value = { kind: 'operation', operator: 'rescue', operands, at: reading.at };
    }
  }
  return value;
}
