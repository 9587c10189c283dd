/** What functions return. */
import type { Node } from 'web-tree-sitter';
import { unknown, type Value } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { isFunction, itemsOf, locationOf } from './nodes.ts';

/** Statements of a function beyond this are not looked through for what it returns. */
const mostReturns = 8;

/** What a call of a function returns, in terms of its parameters. */
export function returnedBy(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const body = node.childForFieldName('body');
  if (body === null || node.type.startsWith('generator'))
    return unknown('it is the result of a function that is not followed here', at);
  if (body.type !== 'statement_block') return evaluate(file, segment, body);
  const results: Value[] = [];
  for (const statement of returnsIn(body)) {
    const result = itemsOf(statement)[0];
    if (results.length >= mostReturns) return unknown('it is the result of a long function', at);
    results.push(result ? evaluate(file, segment, result) : { kind: 'literal', value: undefined, at });
  }
  if (results.length === 1) return results[0]!;
  return results.length === 0
    ? { kind: 'literal', value: undefined, at }
    : { kind: 'alternatives', values: results, at };
}

/** `return` statements of a function itself, not of functions inside it. */
function* returnsIn(node: Node): Generator<Node> {
  for (const child of itemsOf(node)) {
    if (child.type === 'return_statement') yield child;
    else if (!isFunction(child) && !/^class|_expression$|^(?:lexical|variable)_declaration$/.test(child.type))
      yield* returnsIn(child);
  }
}
