/** Which variables an expression is about, and which of a function's may hold a connection. */
import type { Node } from 'web-tree-sitter';
import { isFunction, itemsOf } from '../nodes.ts';
import { parametersOf, type Scope } from './scope.ts';

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

/** Options that lie deeper in others are looked for no connection. */
const deepestOption = 8;

/** Variables that are an argument, or lie in an object or list that is one. */
export function variablesIn(argument: Node, isVariable: (node: Node) => boolean, depth = 0): string[] {
  if (depth > deepestOption) return [];
  if (/^(?:object|array|pair|spread_element)$/.test(argument.type)) {
    const values = argument.type === 'pair' ? [argument.childForFieldName('value')] : argument.namedChildren;
    return values.flatMap((each) => (each === null ? [] : variablesIn(each, isVariable, depth + 1)));
  }
  return isVariable(argument) ? [argument.text] : [];
}

/** Methods that end a connection, a transaction or a pool. */
export const ending = /^(?:release|done|destroy|end|close|commit|rollback|terminate|dispose|\$disconnect)$/;

/** Variables that a callback ends, or where it does not run at once, hands to somebody who may. */
export function endedIn(callback: Node, isAtOnce: boolean, isVariable: (node: Node) => boolean): ReadonlySet<string> {
  const ended = new Set<string>();
  for (const each of callback.descendantsOfType('identifier')) {
    if (each === null || !isVariable(each)) continue;
    const member = each.parent?.type === 'member_expression' ? each.parent : undefined;
    const isAsked = member?.childForFieldName('object')?.id === each.id;
    if (isAsked ? ending.test(member?.childForFieldName('property')?.text ?? '') : !isAtOnce) ended.add(each.text);
  }
  return ended;
}

/** What arguments say of a callback among them. */
export function callbackOf(list: Node | null) {
  const callback = list?.type === 'arguments' ? itemsOf(list).find(isFunction) : undefined;
  return callback === undefined ? {} : { takesFunction: true, callbackParameters: parametersOf(callback).length };
}

/** Whoever is called so keeps what it is given. */
export const keeping =
  /^(?:set|push|unshift|add|register\w*|decorate|provide|bind|assign|define\w*|put|save|store|remember|setItem|asValue)$/;
