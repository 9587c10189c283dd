/** Interactive transactions: `client.$transaction(async (tx) => …)`, and where the callback asks the client instead. */
import type { Node } from 'web-tree-sitter';
import type { InteractiveTransaction } from '../../declarations/scriptObjects.ts';
import { queryMethods } from '../../facts/prisma.ts';
import type { TextFact } from '../gathered.ts';
import { declarationsSeenFrom, usesOf } from './bindings.ts';
import { calleeOf, callOf } from './calls.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { enclosingFunction, isFunction, itemsOf, locationOf, unwrap } from './nodes.ts';
import { findWords } from './search.ts';
import { typedObject, typeOf } from './typedObjects.ts';

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
    const isTyped = typeOf(file, segment, client) !== undefined;
    return [{ client: value, isTyped, name: client.text, parameter, uses }];
  });
}

/** `client`, `this.client`, `ctx.db` */
function isNamed(client: Node): boolean {
  return (
    client.type === 'identifier' ||
    (client.type === 'member_expression' && /^[\w$]+(?:\.#?[\w$]+){1,3}$/.test(client.text))
  );
}

/** `this`, or the name that a chain begins with. */
function rootOf(client: Node): Node {
  let root = client;
  while (root.type === 'member_expression') root = root.childForFieldName('object')!;
  return root;
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
  const isMember = client.type === 'member_expression';
  const name = isMember ? client.childForFieldName('property')!.text : client.text;
  const root = rootOf(client);
  const own = objectSeenFrom(file, segment, root);
  if (own !== undefined && isReplaced(file, segment, client, own)) return [];
  return findWords(file, [name], names).flatMap(({ segment: its, node: word }) => {
    const node = isMember ? word.parent : word;
    if (its !== segment || node === null || node.type !== client.type || node.text !== client.text) return [];
    if (node.startIndex < callback.startIndex || node.endIndex > callback.endIndex) return [];
    if (objectSeenFrom(file, segment, rootOf(node)) !== own || !runsInside(node, callback)) return [];
    const member = node.parent;
    if (member?.type !== 'member_expression' || member.childForFieldName('object')?.id !== node.id) return [];
    const method = member.childForFieldName('property')?.text ?? '';
    if (!asksDatabase.test(method)) return [];
    const callee = calledChain(member);
    // What is called on the client itself is a function of its owner, to which the transaction may be handed.
    if (callee === undefined || (callee.id === member.id && !method.startsWith('$'))) return [];
    const text = callee.text.replace(/\s+/g, '').slice(0, 80);
    const isQuery = callee.id === member.id || queryMethods.has(callee.childForFieldName('property')!.text);
    return [{ at: locationOf(file, segment, node), text, isQuery }];
  });
}

const names = new Set(['identifier', 'property_identifier', 'private_property_identifier']);

/** Which variable, or whose `this`, a chain begins with, as a place sees it; undefined for a variable of the module. */
function objectSeenFrom(file: ScriptFile, segment: Segment, root: Node): number | undefined {
  if (root.type === 'this') return objectAround(root);
  return declarationsSeenFrom(usesOf(file, segment, root.text), root)[0]?.scope?.id;
}

/** True where a function puts something else in the place of its parameter, or of what it reads of it. */
function isReplaced(file: ScriptFile, segment: Segment, client: Node, own: number): boolean {
  const [root, member] = client.text.split('.');
  if (root === 'this') return false;
  const uses = usesOf(file, segment, root!);
  return uses.changes.some(
    (each) =>
      (each.kind === 'assign' || (each.kind === 'item' && each.keys[0] === member)) &&
      declarationsSeenFrom(uses, each.node)[0]?.scope?.id === own,
  );
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
