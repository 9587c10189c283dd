/** Which variables an expression is about, and which of a function's may hold a connection. */
import type { Node } from 'web-tree-sitter';
import { itemsOf } from '../nodes.ts';
import type { Scope } from './scope.ts';

/** `req.db = …`, `ctx.state.db = …`: what lies on a request goes with it; `req.app` stays. */
export function ofRequest(target: Node | null): boolean {
  return target?.type === 'member_expression' && requestMember.test(target.text);
}

const requestMember = /^(?:req|request|ctx|context|res|response)\.(?!app\b|server\b)[\w$.]{1,80}$/;

/** Variables that may hold a connection: parameters, results of calls. */
export function variablesOf(scope: Scope): string[] {
  return [...scope.bindings].flatMap(([name, bindings]) => {
    const mayHold = bindings.some((each) => each.kind === 'parameter' || (each.kind === 'value' && isCall(each.right)));
    return mayHold ? [name] : [];
  });
}

function isCall(node: Node): boolean {
  const value = inside(node);
  return value.type === 'call_expression' || value.type === 'new_expression';
}

const wrappers = /^(?:await|parenthesized|as|satisfies|non_null)_expression$/;

/** The expression inside parentheses, casts and `await`. */
export function inside(node: Node): Node {
  const inner = wrappers.test(node.type) ? itemsOf(node)[0] : undefined;
  return inner === undefined ? node : inside(inner);
}

/** The name that a chain of members and calls begins with. */
export function rootOf(node: Node): Node | undefined {
  let current: Node | null = node;
  while (current !== null) {
    switch (current.type) {
      case 'identifier':
        return current;
      case 'member_expression':
      case 'subscript_expression':
        current = current.childForFieldName('object');
        continue;
      case 'call_expression':
        current = current.childForFieldName('function');
        continue;
      default: {
        const inner = inside(current);
        if (inner.id === current.id) return undefined;
        current = inner;
      }
    }
  }
  return undefined;
}
