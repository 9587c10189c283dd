/** Interactive transactions: `client.$transaction(async (tx) => …)`, and where the callback asks the client instead. */
import type { Node } from 'web-tree-sitter';
import type { InteractiveTransaction } from '../../declarations/scriptObjects.ts';
import type { TextFact } from '../gathered.ts';
import { declarationsSeenFrom, usesOf } from './bindings.ts';
import { calleeOf, callOf } from './calls.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { enclosingFunction, isFunction, itemsOf, locationOf, unwrap } from './nodes.ts';
import { findWords } from './search.ts';
import { typedObject } from './typedObjects.ts';

const mayTransact: TextFact<true> = { read: (text) => text.includes('.$transaction(') || undefined };

export function transactionsIn(file: ScriptFile): InteractiveTransaction[] {
  if (file.gather(mayTransact).length === 0) return [];
  return findWords(file, ['$transaction']).flatMap(({ segment, node }) => {
    const call = callOf(node);
    const callee = call && calleeOf(call);
    const list = call?.childForFieldName('arguments');
    const client = callee?.type === 'member_expression' ? callee.childForFieldName('object') : null;
    const callback = list ? itemsOf(list)[0] : undefined;
    if (!client || !isNamed(client) || callback === undefined || !isFunction(unwrap(callback))) return [];
    const uses = usesIn(file, segment, unwrap(callback), client);
    if (uses.length === 0) return [];
    const parameter = parameterOf(unwrap(callback));
    const value = typedObject(file, segment, client) ?? evaluate(file, segment, client);
    return [{ client: value, name: client.text, parameter, uses }];
  });
}

/** `client`, `this.client` */
function isNamed(client: Node): boolean {
  return client.type === 'identifier' || (client.type === 'member_expression' && /^this\.[\w$]+$/.test(client.text));
}

function parameterOf(callback: Node): string | undefined {
  const single = callback.childForFieldName('parameter');
  const list = callback.childForFieldName('parameters');
  const first = single ?? (list && itemsOf(list)[0]?.childForFieldName('pattern')) ?? (list && itemsOf(list)[0]);
  return first?.type === 'identifier' ? first.text : undefined;
}

/** `$connect`, `$on` and the like take no part in a transaction. */
const asksDatabase = /^(?:[^$].*|\$(?:query|execute)Raw(?:Unsafe)?|\$transaction)$/;

function usesIn(file: ScriptFile, segment: Segment, callback: Node, client: Node): InteractiveTransaction['uses'] {
  const isOwn = client.type === 'member_expression';
  const name = isOwn ? client.childForFieldName('property')!.text : client.text;
  const own = scopeSeenFrom(file, segment, name, client);
  return findWords(file, [name]).flatMap(({ segment: its, node: word }) => {
    const node = isOwn ? word.parent : word;
    if (its !== segment || node === null || node.type !== client.type || node.text !== client.text) return [];
    if (node.startIndex < callback.startIndex || node.endIndex > callback.endIndex) return [];
    const isSame = isOwn
      ? objectAround(node) === objectAround(client)
      : scopeSeenFrom(file, segment, name, node) === own;
    if (!isSame || !runsInside(node, callback)) return [];
    const member = node.parent;
    if (member?.type !== 'member_expression' || member.childForFieldName('object')?.id !== node.id) return [];
    if (!asksDatabase.test(member.childForFieldName('property')?.text ?? '')) return [];
    const callee = calledChain(member);
    // What is called on the client itself is a function of its owner, to which the transaction may be handed.
    if (callee?.id === member.id && !callee.childForFieldName('property')!.text.startsWith('$')) return [];
    return callee === undefined
      ? []
      : [{ at: locationOf(file, segment, node), text: callee.text.replace(/\s+/g, '').slice(0, 80) }];
  });
}

/** Which variable of that name a place sees; undefined for the module's. */
function scopeSeenFrom(file: ScriptFile, segment: Segment, name: string, node: Node): number | undefined {
  return declarationsSeenFrom(usesOf(file, segment, name), node)[0]?.scope?.id;
}

/** What decides what `this` is: the innermost function that is no arrow. */
function objectAround(node: Node): number | undefined {
  let around = enclosingFunction(node);
  while (around?.type === 'arrow_function') around = enclosingFunction(around);
  return around?.id;
}

/** The longest dotted name that is called: `prisma.user.create`. */
function calledChain(member: Node): Node | undefined {
  let callee = member;
  while (callee.parent?.type === 'member_expression' && callee.parent.childForFieldName('object')?.id === callee.id)
    callee = callee.parent;
  const call = callee.parent;
  return call !== null && calleeOf(call)?.id === callee.id ? callee : undefined;
}

const atOnce = /^(?:map|forEach|flatMap|filter|find|some|every|reduce)$/;

/** False in functions that may run later, and where an error is handled: what is written there is meant to stay. */
function runsInside(node: Node, callback: Node): boolean {
  for (let { parent } = node; parent !== null && parent.id !== callback.id; { parent } = parent)
    if (parent.type === 'catch_clause') return false;
  let around = enclosingFunction(node);
  while (around !== null && around.id !== callback.id) {
    const call = around.parent?.type === 'arguments' ? around.parent.parent : null;
    const callee = call && calleeOf(call);
    if (!atOnce.test(callee?.childForFieldName('property')?.text ?? '')) return false;
    around = enclosingFunction(around);
  }
  return around !== null;
}
