/** Pools and clients that a module builds once and binds to a name, and what becomes of them in its file. */
import type { Node } from 'web-tree-sitter';
import type { ErrorListener, ModuleObject, StatementStyle } from '../../declarations/scriptObjects.ts';
import { type CallSite, unknown } from '../../declarations/value.ts';
import { modulesThatListenToPools, modulesThatOnlyUsePools } from '../../facts/pg.ts';
import { matchesOf } from '../gathered.ts';
import { declarationsSeenFrom, usesOf } from './bindings.ts';
import { calleeOf, calleeValue } from './calls.ts';
import { evaluate } from './evaluate.ts';
import { grammarOf, type ScriptFile, type Segment } from './file.ts';
import { isWrapper, itemsOf } from './nodes.ts';
import { findWords, importedModules } from './search.ts';

/** The object that a call builds, where it is declared at module level under a name; undefined otherwise. */
export function readModuleObject(
  file: ScriptFile,
  segment: Segment,
  call: Node,
  site: CallSite,
): ModuleObject | undefined {
  const place = declarationOf(call);
  if (place === undefined) return undefined;
  const { name, statement, isGuarded, isAlone } = place;
  const named = call.type === 'new_expression' ? calleeOf(call) : null;
  const isPlain = named !== null && /^[\w$.]+$/.test(named.text) && call.childForFieldName('type_arguments') === null;
  return {
    site,
    name,
    before: beforeComments(file.text, segment.start + statement.startIndex),
    after: afterComment(file.text, segment.start + statement.endIndex),
    isGuarded,
    ...becomes(file, name),
    className: isAlone && isPlain ? named.text : undefined,
    style: styleOf(file, statement),
  };
}

/** The beginning of the comment lines right above a statement. */
function beforeComments(text: string, statement: number): number {
  let start = statement;
  while (start > 0) {
    const line = text.lastIndexOf('\n', start - 2) + 1;
    if (!/^(?:\/\/|\/\*|\*)/.test(text.slice(line, start).trim())) return start;
    start = line;
  }
  return start;
}

function afterComment(text: string, statement: number): number {
  const end = text.indexOf('\n', statement);
  const rest = text.slice(statement, end === -1 ? text.length : end);
  return /^[ \t]*\/\//.test(rest) ? statement + rest.trimEnd().length : statement;
}

function declarationOf(
  call: Node,
): { name: string; statement: Node; isGuarded: boolean; isAlone: boolean } | undefined {
  let isGuarded = false;
  for (let { parent } = call; parent !== null; { parent } = parent) {
    if (isWrapper(parent)) continue;
    if (/^(?:binary|ternary|assignment|augmented_assignment)_expression$/.test(parent.type)) {
      isGuarded = true;
      continue;
    }
    if (parent.type !== 'variable_declarator') return undefined;
    const name = parent.childForFieldName('name');
    const declaration = parent.parent;
    if (name?.type !== 'identifier' || declaration === null) return undefined;
    const outer = declaration.parent;
    const statement = outer?.type === 'export_statement' ? outer : declaration;
    if (statement.parent?.type !== 'program') return undefined;
    return { name: name.text, statement, isGuarded, isAlone: itemsOf(declaration).length === 1 };
  }
  return undefined;
}

function styleOf(file: ScriptFile, statement: Node): StatementStyle {
  const single = file.text.split("'").length;
  return {
    semicolon: statement.text.endsWith(';') ? ';' : '',
    quote: single >= file.text.split('"').length ? "'" : '"',
    lineEnding: file.text.includes('\r\n') ? '\r\n' : '\n',
    hasTypes: grammarOf(file.uri) === 'typescript' || file.uri.endsWith('.tsx'),
  };
}

type Use = 'plain' | 'listens' | 'escapes';

const mentions = new Set(['identifier', 'shorthand_property_identifier']);

function becomes(file: ScriptFile, name: string): { hasErrorListener: boolean; escapes: boolean } {
  const uses = new Set<Use>();
  for (const { segment, node } of findWords(file, [name], mentions)) {
    // Another variable of that name.
    if (declarationsSeenFrom(usesOf(file, segment, name), node).length > 0) continue;
    uses.add(useOf(file, segment, node));
  }
  return { hasErrorListener: uses.has('listens'), escapes: uses.has('escapes') };
}

function useOf(file: ScriptFile, segment: Segment, node: Node): Use {
  let child = node;
  let { parent } = node;
  while (parent !== null && isWrapper(parent)) {
    child = parent;
    ({ parent } = parent);
  }
  if (parent === null) return 'escapes';
  switch (parent.type) {
    case 'variable_declarator':
      return parent.childForFieldName('name')?.id === child.id ? 'plain' : 'escapes';
    case 'member_expression':
      return listensIn(parent) ? 'listens' : 'plain';
    case 'export_specifier':
    case 'export_statement':
    case 'expression_statement':
    case 'unary_expression':
    case 'type_query':
    case 'if_statement':
      return 'plain';
    case 'ternary_expression':
      return parent.childForFieldName('condition')?.id === child.id ? 'plain' : 'escapes';
    case 'binary_expression':
      return /^[!=]==?$/.test(parent.childForFieldName('operator')?.text ?? '') ? 'plain' : 'escapes';
    case 'assignment_expression':
      return parent.childForFieldName('right')?.id === child.id && isExportOrGlobal(parent) ? 'plain' : 'escapes';
    case 'arguments':
    case 'pair':
    case 'object':
      return isTakenByUser(file, segment, child, node.text) ? 'plain' : 'escapes';
    default:
      return 'escapes';
  }
}

/** `module.exports = pool`; `globalForDb.pool = pool`, which keeps it over a reload. */
function isExportOrGlobal(assignment: Node): boolean {
  return /^(?:module\.exports|exports|global\w*)(?![\w$])/.test(assignment.childForFieldName('left')?.text ?? '');
}

/** True where what takes the object listens to nothing: it is exported, or goes to a library that only asks it. */
function isTakenByUser(file: ScriptFile, segment: Segment, from: Node, name: string): boolean {
  for (let { parent } = from; parent !== null; { parent } = parent) {
    if (isWrapper(parent) || parent.type === 'pair' || parent.type === 'object') continue;
    if (parent.type === 'assignment_expression') return isExportOrGlobal(parent);
    if (parent.type === 'export_statement') return true;
    const call = parent.type === 'arguments' ? parent.parent : null;
    const callee = call && calleeOf(call);
    if (!call || !callee) return false;
    // `pool.query.bind(pool)`
    if (callee.text.startsWith(`${name}.`)) return true;
    const value = calleeValue(file, segment, call);
    return value.kind === 'reference' && modulesThatOnlyUsePools.has(value.module.split('/')[0]!);
  }
  return false;
}

const listening = /^(?:on|once|addListener|prependListener|prependOnceListener)$/;

/** `pool.on('connect', …).on('error', …)`, by the first member. An event that is not written may be any. */
function listensIn(first: Node): boolean {
  for (let member: Node | null = first; member?.type === 'member_expression'; ) {
    const call: Node | null = member.parent;
    const isCalled = call?.type === 'call_expression' && calleeOf(call)?.id === member.id;
    if (!isCalled || !listening.test(member.childForFieldName('property')?.text ?? '')) return false;
    const list = call.childForFieldName('arguments');
    const event = list === null ? undefined : itemsOf(list)[0];
    if (event === undefined || event.type !== 'string' || /^.error.$/.test(event.text)) return true;
    member = call.parent;
  }
  return false;
}

const listener = /\.\s*(?:on|once|addListener|prependListener|prependOnceListener)\s*\(\s*["'`]error["'`]/g;
const listeners = matchesOf(listener);

/** True where something in a file may be listened to for errors. */
export function mayListen(file: ScriptFile): boolean {
  return file.gather(listeners).length > 0 || importsListener(file);
}

function importsListener(file: ScriptFile): boolean {
  const imported = importedModules(file);
  return modulesThatListenToPools.some((each) => imported.has(each));
}

/** Everything in a file that is listened to for errors. */
export function errorListenersIn(file: ScriptFile): ErrorListener[] {
  // Which pool such a package is given, nobody follows.
  if (importsListener(file)) {
    const receiver = unknown('a package listens to it', { uri: file.uri, start: 0, end: 0 });
    return [{ receiver, text: 'pool' }];
  }
  return file.gather(listeners).flatMap(({ segment, value: offsets }) => {
    return offsets.flatMap((offset) => {
      const node = file.tree(segment).rootNode.descendantForIndex(offset, offset + 1);
      const object = node?.parent?.type === 'member_expression' ? node.parent.childForFieldName('object') : null;
      if (!object) return [];
      const receiver = rootOfChain(object);
      return [{ receiver: evaluate(file, segment, receiver), text: receiver.text.slice(0, 80) }];
    });
  });
}

/** What `x.on(…)` returns is `x`. */
function rootOfChain(node: Node): Node {
  const callee = node.type === 'call_expression' ? calleeOf(node) : null;
  const object = callee?.type === 'member_expression' ? callee.childForFieldName('object') : null;
  return object && listening.test(callee?.childForFieldName('property')?.text ?? '') ? rootOfChain(object) : node;
}
