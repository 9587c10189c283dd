/**
 * What a callback does with the connection it is handed: `pool.getConnection((error, connection) => …)`,
 * `pool.connect().then((client) => …)`. Callbacks of its queries are read as what happens next. What is not followed for certain
 * counts as given back.
 */
import type { Node } from 'web-tree-sitter';
import type { HandedConnection, HandedEnd } from '../../../declarations/lifecycle.ts';
import { calleeOf } from '../calls.ts';
import { isFunction, itemsOf } from '../nodes.ts';
import { releaseBefore } from './releaseBefore.ts';
import { parametersOf, plainName } from './scope.ts';
import { ending, rootOf } from './variables.ts';

const handsOut = /^(?:connect|getConnection)$/;

/** Undefined where the callback gives it back on every way, on none, or where nobody can tell. Places are relative to `base`. */
export function handedBy(call: Node, method: string, base: number): HandedConnection | undefined {
  if (!handsOut.test(method)) return undefined;
  const then = thenOf(call);
  const callback = firstArgument(then ?? call);
  if (callback === undefined || !isFunction(callback)) return undefined;
  const isAsync = callback.children.some((each) => each?.type === 'async');
  const names = parametersOf(callback).map(plainName);
  const [error, variable, done] = then === undefined ? names : [undefined, names[0], undefined];
  // What is waited for in there may fail, which the steps of an asynchronous function tell.
  if (!variable || done === '' || (then !== undefined && (isAsync || names.length > 1))) return undefined;
  const ends = new Callback(variable, done, base).endsOf(callback, error);
  return ends.length === 0 ? undefined : { variable, done, ends };
}

/** `.then(…)` on the call. */
function thenOf(call: Node): Node | undefined {
  const member = call.parent?.type === 'member_expression' ? call.parent : undefined;
  const isThen = member?.childForFieldName('property')?.text === 'then' && member.parent?.type === 'call_expression';
  return isThen && firstArgument(call) === undefined ? member.parent! : undefined;
}

function firstArgument(call: Node): Node | undefined {
  const list = call.childForFieldName('arguments');
  return list === null ? undefined : itemsOf(list)[0];
}

/** Sets of what may be the case at a place. `later`: a callback that runs afterwards has taken it over. */
const held = 1;
const free = 2;
const later = 4;

/** Thrown where something is not followed. */
const lost = Symbol('not followed');

/** More functions inside one another are generated, or hostile. */
const deepest = 30;

class Callback {
  private readonly ends: HandedEnd[] = [];
  private gives = false;
  private depth = 0;
  /** The parameter that says that there is no connection; undefined where it means something else. */
  private error: string | undefined;
  /** True in the callback of a query: its connection is there. */
  private isThere = false;

  constructor(
    private readonly variable: string,
    private readonly done: string | undefined,
    private readonly base: number,
  ) {}

  endsOf(callback: Node, error: string | undefined): readonly HandedEnd[] {
    this.error = error;
    try {
      if (callback.descendantsOfType('variable_declarator').some((each) => this.isOwnName(each, 'name'))) return [];
      this.function(callback, held);
      return this.gives ? this.ends : [];
    } catch (reason) {
      if (reason === lost) return [];
      throw reason;
    }
  }

  private isOwnName(node: Node | null, field: string): boolean {
    const name = node?.childForFieldName(field)?.text;
    return name === this.variable || (name !== undefined && name === this.done);
  }

  /** Reads what a function does from `state` on. */
  private function(node: Node, state: number): void {
    if (++this.depth > deepest) throw lost;
    const body = node.childForFieldName('body');
    if (body === null) throw lost;
    if (body.type === 'statement_block') {
      if ((this.block(itemsOf(body), state) & held) !== 0) this.leave('end', node);
    } else if ((this.expression(body, state) & held) !== 0) this.leave('end', body);
    this.depth--;
  }

  private leave(kind: HandedEnd['kind'], node: Node): void {
    const span = { start: node.startIndex - this.base, end: node.endIndex - this.base };
    const insertion = kind === 'return' && this.isThere ? releaseBefore(node, this.base) : undefined;
    this.ends.push({ kind, span, insertion });
  }

  private block(statements: readonly Node[], before: number): number {
    let state = before;
    for (const each of statements) {
      if (state === 0) return 0;
      state = this.statement(each, state);
    }
    return state;
  }

  private statement(node: Node, state: number): number {
    switch (node.type) {
      case 'statement_block':
        return this.block(itemsOf(node), state);
      case 'expression_statement':
      case 'lexical_declaration':
      case 'variable_declaration':
        return /\bprocess\.exit\s*\(/.test(node.text) ? 0 : this.expression(node, state);
      case 'return_statement':
        if ((this.expression(node, state) & held) !== 0) this.leave('return', node);
        return 0;
      // What is thrown in a callback ends the process, or is the promise's failure.
      case 'throw_statement':
        return 0;
      case 'if_statement':
        return this.choice(node, state);
      case 'empty_statement':
        return state;
      case 'try_statement':
        return this.attempt(node, state);
      default:
        if (this.mentions(node)) throw lost;
        return state;
    }
  }

  private choice(node: Node, before: number): number {
    const condition = node.childForFieldName('condition')!;
    const state = this.expression(condition, before);
    // `if (error)`, `if (!connection)`: where nothing is done with it, it is not there.
    const decides = this.mentions(condition) || (this.error !== undefined && hasName(condition, [this.error]));
    const consequence = node.childForFieldName('consequence')!;
    const alternative = itemsOf(node.childForFieldName('alternative') ?? condition)[0];
    const branch = (each: Node) => this.statement(each, decides && !this.mentions(each) ? free : state);
    const first = branch(consequence);
    if (node.childForFieldName('alternative') !== null) return first | (alternative ? branch(alternative) : state);
    // What is given back under a condition counts as given back.
    const gives = first !== 0 && ((first & held) === 0 || decides) && this.mentions(consequence);
    return first | (gives ? free : state);
  }

  private attempt(node: Node, before: number): number {
    const [body, handler, last] = [
      node.childForFieldName('body'),
      node.childForFieldName('handler')?.childForFieldName('body'),
      node.childForFieldName('finalizer')?.childForFieldName('body'),
    ];
    // What a `finally` gives back, it gives back on every way.
    if (body === null || (last && this.mentions(last))) throw lost;
    const after = this.statement(body, before);
    return after | (handler && this.mentions(handler) ? this.statement(handler, before) : 0);
  }

  private mentions(node: Node): boolean {
    return hasName(node, this.done === undefined ? [this.variable] : [this.variable, this.done]);
  }

  private expression(node: Node, before: number): number {
    let state = before;
    const functions: Node[] = [];
    for (const each of this.ownParts(node, functions)) {
      // Who uses it here does so before the callback runs that has taken it over.
      if ((state & later) !== 0) throw lost;
      state = this.use(each, state);
    }
    if (functions.length === 0) return state;
    if (functions.length > 1 || (state & later) !== 0) throw lost;
    const [next] = functions as [Node];
    const call = next.parent?.type === 'arguments' ? next.parent.parent : null;
    const callee = call && calleeOf(call);
    if (call?.type !== 'call_expression' || !callee) throw lost;
    const method = callee.childForFieldName('property')?.text ?? callee.text;
    if (runsOtherwise.test(method) || parametersOf(next).some((each) => this.isName(plainName(each)))) throw lost;
    if (method === 'then') this.reject(call, callee, state);
    const { error, isThere } = this;
    if (rootOf(callee)?.text === this.variable) this.isThere = true;
    if (parametersOf(next).some((each) => plainName(each) === error)) this.error = undefined;
    this.function(next, state);
    this.error = error;
    this.isThere = isThere;
    return later;
  }

  /** `client.query(…).then((result) => client.release())`: nothing handles the failure. */
  private reject(call: Node, callee: Node, state: number): void {
    const list = call.childForFieldName('arguments')!;
    const asked = callee.childForFieldName('object');
    const query = asked?.type === 'call_expression' ? calleeOf(asked) : null;
    const isOwn = query?.type === 'member_expression' && query.childForFieldName('object')?.text === this.variable;
    if (!asked || !isOwn || itemsOf(list).length > 1) throw lost;
    if (state !== held) return;
    const span = { start: asked.startIndex - this.base, end: asked.endIndex - this.base };
    this.ends.push({ kind: 'rejection', span, text: query.text });
  }

  /** Where its names stand outside of functions; those are added to `functions`. */
  private *ownParts(node: Node, functions: Node[]): Generator<Node> {
    if (isFunction(node)) {
      if (this.mentions(node)) functions.push(node);
      return;
    }
    if (/^(?:shorthand_property_)?identifier$/.test(node.type) && this.isName(node.text)) yield node;
    for (const child of node.namedChildren) if (child !== null) yield* this.ownParts(child, functions);
  }

  private isName(name: string): boolean {
    return name === this.variable || name === this.done;
  }

  private use(node: Node, state: number): number {
    const member = node.parent?.type === 'member_expression' ? node.parent : undefined;
    const isAsked = member?.childForFieldName('object')?.id === node.id;
    const isCondition = node.parent?.type === 'unary_expression' || /^[&|?=!]/.test(operatorAround(node));
    if (node.text === this.variable) {
      if (isCondition || node.parent?.type === 'parenthesized_expression') return state;
      const isEnd = ending.test(member?.childForFieldName('property')?.text ?? '');
      if (isAsked && !isEnd && rootOf(member!)?.id === node.id) return state;
    }
    // Given back, or in the hands of somebody who may.
    this.gives = true;
    return free;
  }
}

function operatorAround({ parent }: Node): string {
  return parent?.type === 'binary_expression' ? (parent.childForFieldName('operator')?.text ?? '') : '';
}

/** Callbacks that run more than once, at once, or when something else goes wrong. */
const runsOtherwise =
  /^(?:on|once|addListener|addEventListener|catch|finally|map|forEach|filter|flatMap|some|every|find|reduce|each\w*|series|parallel|waterfall|retry\w*)$/;

function hasName(node: Node, names: readonly string[]): boolean {
  return node
    .descendantsOfType(['identifier', 'shorthand_property_identifier'])
    .some((each) => each !== null && names.includes(each.text));
}
