/** SQL texts of a JavaScript file that leave something behind in a server session. */
import type { Node } from 'web-tree-sitter';
import {
  type SessionStateSighting,
  sessionStateIn,
  sessionStatePattern,
  sqlSenders,
  sqlTags,
} from '../../declarations/sessionState.ts';
import { matchesOf, type TextFact } from '../gathered.ts';
import { nodesAt } from '../segmentedFile.ts';
import { calleeOf, calleePath } from './calls.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { listOf, removalOf } from './lists.ts';
import { isWrapper, itemsOf, locationOf } from './nodes.ts';
import { importedModules } from './search.ts';

const words = matchesOf(sessionStatePattern);

/** A connection of the file's own, or a URL that by its name is not the pooler's, may well go past it: nothing is certain then. */
const ownConnection =
  /\bnew\s+(?:\w+\.)?Client\s*\(|DIRECT_\w*URL|\bdirectUrl\b|UNPOOLED|NON_POOLING|\bcreateSubscriber\s*\(/;
const connectsItself: TextFact<true> = { read: (text) => ownConnection.test(text) || undefined };

export function readSessionState(file: ScriptFile): SessionStateSighting[] {
  const hits = file.gather(words);
  const listeners = importedModules(file).has('postgres') ? [...nodesAt(file, listening)] : [];
  const named = [...nodesAt(file, queryObject)];
  if (hits.length + listeners.length + named.length === 0 || file.gather(connectsItself).length > 0) return [];
  const found = new Map<number, SessionStateSighting>();
  for (const { segment, value: offsets } of hits) {
    for (const hit of offsets) {
      const literal = literalAround(file.tree(segment).rootNode.descendantForIndex(hit, hit + 1));
      if (literal === undefined || !isSent(literal)) continue;
      const state = sessionStateIn(contentOf(literal));
      const at = locationOf(file, segment, literal);
      if (state !== undefined && !found.has(at.start)) found.set(at.start, { uri: file.uri, at, state });
    }
  }
  // `sql.listen('orders', …)` of postgres.js: a connection of its own, by the same URL.
  for (const { segment, node } of listeners) {
    const at = locationOf(file, segment, node);
    if (isOfPostgres(file, segment, node)) found.set(at.start, { uri: file.uri, at, state: { kind: 'listen' } });
  }
  for (const { segment, node } of named) {
    const query = namedQuery(file, segment, node);
    if (query !== undefined) found.set(query.at.start, query);
  }
  return [...found.values()];
}

const objects = matchesOf(
  /(?<=\.(?:query|any|one|none|many|oneOrNone|manyOrNone|result|each)\s{0,9}(?:<[^<>()\n]{0,80}>)?\(\s{0,200})\{/g,
);

/** The object that a query of node-postgres, or of pg-promise, is handed. Most texts hold neither key. */
const queryObject: TextFact<readonly number[]> = {
  read: (text) => (/\bname\b/.test(text) && /\btext\b/.test(text) ? objects.read(text) : undefined),
};

/** `{ name: 'find-user', text: 'SELECT …' }`: with both keys it is theirs. */
function namedQuery(file: ScriptFile, segment: Segment, brace: Node): SessionStateSighting | undefined {
  const object = brace.parent;
  if (object?.type !== 'object' || object.parent?.type !== 'arguments') return undefined;
  const list = listOf(object);
  const keyOf = (item: Node) => (item.type === 'pair' ? item.childForFieldName('key')?.text : item.text);
  const index = list.items.findIndex((item) => keyOf(item) === 'name');
  const name = list.items[index];
  if (name === undefined || !list.items.some((item) => keyOf(item) === 'text')) return undefined;
  if (/^(?:undefined|null|''|"")$/.test(name.childForFieldName('value')?.text ?? '')) return undefined;
  const { span, tailStart } = removalOf(file, segment, list, index);
  const at = locationOf(file, segment, name);
  const isLast = index === list.items.length - 1 && tailStart !== undefined;
  const edit = isLast ? { uri: file.uri, start: tailStart, end: at.end, newText: '' } : { ...span, newText: '' };
  return { uri: file.uri, at, state: { kind: 'named-statement' }, removal: [edit] };
}

function literalAround(node: Node | null): Node | undefined {
  for (let current = node; current !== null; current = current.parent) {
    if (current.type === 'string' || current.type === 'template_string') return current;
    if (current.type === 'template_substitution' || current.type === 'comment') return undefined;
  }
  return undefined;
}

/** True for the first argument of a call that sends it, its `text` or `sql`, and the template of a tag that does. */
function isSent(literal: Node): boolean {
  let node = literal;
  while (node.parent !== null && (isWrapper(node.parent) || isTextOf(node.parent, node))) node = node.parent;
  const call = node.parent?.type === 'call_expression' ? node.parent : node.parent?.parent;
  const callee = call && calleeOf(call);
  if (!callee) return false;
  const name = callee.type === 'member_expression' ? callee.childForFieldName('property')?.text : callee.text;
  if (name === undefined) return false;
  const list = call.childForFieldName('arguments');
  if (list?.id === literal.id) return sqlTags.has(name);
  return list?.id === node.parent?.id && itemsOf(list!)[0]?.id === node.id && sqlSenders.has(name);
}

/** `{ text: '…' }` and `{ sql: '…' }`, which drivers take in place of a text. */
function isTextOf(parent: Node, node: Node): boolean {
  if (parent.type === 'object') return node.type === 'pair' && parent.parent?.type === 'arguments';
  return (
    parent.type === 'pair' &&
    parent.childForFieldName('value')?.id === node.id &&
    /^(?:text|sql)$/.test(parent.childForFieldName('key')?.text ?? '')
  );
}

/** The text, with a letter for every value put in. */
function contentOf(literal: Node): string {
  return literal.namedChildren
    .map((piece) =>
      piece?.type === 'template_substitution' ? 'x' : piece?.type === 'string_fragment' ? piece.text : ' ',
    )
    .join('');
}

const listening = matchesOf(/\blisten\s*\(\s*["'`]/g);

function isOfPostgres(file: ScriptFile, segment: Segment, name: Node): boolean {
  const object = name.parent?.type === 'member_expression' ? name.parent.childForFieldName('object') : null;
  return object !== null && calleePath(evaluate(file, segment, object)) === 'postgres()';
}
