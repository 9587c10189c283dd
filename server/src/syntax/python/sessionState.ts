/** SQL texts of a Python file that leave something behind in a server session. */
import type { Node } from 'web-tree-sitter';
import {
  type SessionStateSighting,
  sessionStateIn,
  sessionStatePattern,
  sqlSenders,
} from '../../declarations/sessionState.ts';
import type { TextFact } from '../gathered.ts';
import { matchesOf } from '../gathered.ts';
import type { PythonFile } from './file.ts';
import { locationOf } from './nodes.ts';

const words = matchesOf(sessionStatePattern);

/** A connection of the file's own may well go past the pooler: nothing is certain then. */
const ownConnection = /\b(?:psycopg2?|asyncpg|aiopg|AsyncConnection|Connection|pg8000)\.connect\(|\bDIRECT_\w*URL/;
const connectsItself: TextFact<true> = { read: (text) => ownConnection.test(text) || undefined };

export function readSessionState(file: PythonFile): SessionStateSighting[] {
  const hits = file.gather(words);
  if (hits.length === 0 || file.gather(connectsItself).length > 0) return [];
  const found = new Map<number, SessionStateSighting>();
  for (const { segment, value: offsets } of hits) {
    for (const hit of offsets) {
      const literal = literalAround(file.tree(segment).rootNode.descendantForIndex(hit, hit + 1));
      if (literal === undefined || !isSent(literal)) continue;
      const state = sessionStateIn(contentOf(literal));
      const at = locationOf(file, segment, literal);
      if (state === undefined || (endsWithTransaction.has(state.kind) && isRolledBack(literal))) continue;
      if (!found.has(at.start)) found.set(at.start, { uri: file.uri, at, state });
    }
  }
  return [...found.values()];
}

function literalAround(node: Node | null): Node | undefined {
  for (let current = node; current !== null; current = current.parent) {
    if (current.type === 'string') return current.parent?.type === 'concatenated_string' ? current.parent : current;
    if (current.type === 'interpolation' || current.type === 'comment') return undefined;
  }
  return undefined;
}

/** True where the text is the first argument of a call that sends it. */
function isSent(literal: Node): boolean {
  const list = literal.parent;
  if (list?.type !== 'argument_list' || list.namedChildren[0]?.id !== literal.id) return false;
  const callee = list.parent?.childForFieldName('function');
  const name = callee?.type === 'attribute' ? callee.childForFieldName('attribute')?.text : callee?.text;
  return name !== undefined && sqlSenders.has(name);
}

/** What a rollback takes back. */
const endsWithTransaction: ReadonlySet<string> = new Set(['set', 'temporary-table', 'with-hold']);
const commits = /\bcommit\b|\.begin\(|AUTOCOMMIT|isolation_level|autocommit/;

/**
 * `with engine.connect() as conn: conn.execute(text("SET …"))` of SQLAlchemy: one transaction, which ends with the block, and without a
 * commit by a rollback.
 */
function isRolledBack(literal: Node): boolean {
  const text = literal.parent?.parent;
  const call = text?.childForFieldName('function')?.text.endsWith('text') ? text.parent?.parent : undefined;
  const receiver = call?.childForFieldName('function')?.childForFieldName('object')?.text;
  for (let around = call ?? null; around !== null; around = around.parent) {
    if (around.type === 'function_definition' || around.type === 'class_definition') return false;
    if (around.type !== 'with_statement') continue;
    const head = around.text.slice(0, around.text.indexOf('\n') + 1);
    const name = /\.connect\(\)\s+as\s+(\w+)\s*[,:)]/.exec(head)?.[1];
    if (name !== undefined && name === receiver) return !commits.test(around.text);
  }
  return false;
}

/** The text of one or several adjacent literals, with a letter for every value put in. */
function contentOf(literal: Node): string {
  const strings = literal.type === 'concatenated_string' ? literal.namedChildren : [literal];
  const pieces = strings.flatMap((each) => each?.namedChildren ?? []);
  return pieces
    .map((piece) => (piece?.type === 'string_content' ? piece.text : piece?.type === 'interpolation' ? 'x' : ''))
    .join('');
}
