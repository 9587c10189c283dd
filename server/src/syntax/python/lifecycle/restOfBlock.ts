/** What follows in its block a statement that takes a connection, where it can be indented without a change of meaning. */
import type { Node } from 'web-tree-sitter';
import type { FollowingStatement, RestOfBlock } from '../../../declarations/enclosure.ts';
import { enclosingFunction, itemsOf } from '../nodes.ts';

/** Undefined where `call` is not all that its line assigns, or something after it shares its line. Places are relative to `base`. */
export function restOfBlock(call: Node, base: number): RestOfBlock | undefined {
  const value = call.parent?.type === 'await' ? call.parent : call;
  const assignment = value.parent;
  const variable = assignment?.childForFieldName('left');
  const statement = assignment?.parent;
  const block = statement?.parent;
  if (assignment?.type !== 'assignment' || variable?.type !== 'identifier') return undefined;
  if (statement?.type !== 'expression_statement' || statement.namedChildCount !== 1) return undefined;
  if (block?.type !== 'block' || block.parent === null) return undefined;
  const owner = enclosingFunction(block);
  if (owner === null) return undefined;
  const lines = new Lines(block);
  const lineEnd = lines.endAt(statement.endIndex);
  const indentation = lines.indentationAt(statement.startIndex);
  const outer = lines.indentationOfLine(block.parent.startIndex);
  if (lineEnd === undefined || indentation === undefined) return undefined;
  if (!indentation.startsWith(outer) || indentation.length === outer.length) return undefined;
  const items = itemsOf(block);
  const after = items.slice(items.findIndex((each) => each.id === statement.id) + 1);
  const derived = derivedFrom(variable.text, after);
  const following = followingStatements(after, lines, variable.text, derived, base);
  if (following === undefined) return undefined;
  const elsewhere = namesOutside(owner, block);
  const isSetAgain = identifiersIn(owner).filter((each) => each.text === variable.text && isTarget(each)).length > 1;
  return {
    statement: { start: statement.startIndex - base, end: statement.endIndex - base },
    call: { start: call.startIndex - base, end: call.endIndex - base },
    isPlain: assignment.childForFieldName('type') === null,
    lineEnd: lineEnd - base,
    following,
    lineStarts: lines.startsBetween(lineEnd, block.endIndex, textsIn(after)).map((start) => start - base),
    indentation,
    unit: indentation.slice(outer.length),
    lineEnding: lines.text.slice(0, lines.text.indexOf('\n')).endsWith('\r') ? '\r\n' : '\n',
    isUsedElsewhere: isSetAgain || elsewhere.has(variable.text),
    isDerivedUsedElsewhere: [...derived].some((name) => elsewhere.has(name)),
  };
}

/** Undefined where one of them does not end its line, nor is followed by another on it. */
function followingStatements(
  nodes: readonly Node[],
  lines: Lines,
  variable: string,
  derived: ReadonlySet<string>,
  base: number,
): FollowingStatement[] | undefined {
  const read: FollowingStatement[] = [];
  // From the last one on: statements that share a line end where the last of them does.
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index]!;
    const ownEnd = lines.endAt(node.endIndex);
    const isFirst = lines.indentationAt(node.startIndex) !== undefined;
    const before = nodes[index - 1];
    const end = ownEnd ?? (lines.isFollowed(node.endIndex) ? read[0] && read[0].end + base : undefined);
    if (end === undefined || (!isFirst && (before === undefined || !lines.isFollowed(before.endIndex))))
      return undefined;
    const names = new Set(identifiersIn(node).map((each) => each.text));
    const isCall = node.type === 'expression_statement' && callIn(itemsOf(node)[0]);
    const hasText = isCall && names.has(variable) && ownEnd !== undefined && !node.text.includes('\n');
    const isDerived = [...derived].some((name) => names.has(name));
    read.unshift({
      start: (isFirst ? lines.startAt(node.startIndex) : before!.endIndex) - base,
      end: end - base,
      next: (isFirst ? lines.nextAfter(end) : node.endIndex) - base,
      mentions: names.has(variable) ? 'variable' : isDerived ? 'derived' : 'nothing',
      ...(hasText ? { text: node.text } : {}),
      isOpenTry: node.type === 'try_statement' && !itemsOf(node).some((each) => each.type === 'finally_clause'),
      leaves: leaving.has(node.type) || node.descendantsOfType([...leaving]).some((each) => each !== null),
    });
  }
  return read;
}

const leaving = new Set(['return_statement', 'break_statement', 'continue_statement']);

function callIn(node: Node | undefined): boolean {
  return (node?.type === 'await' ? itemsOf(node)[0] : node)?.type === 'call';
}

function identifiersIn(node: Node): Node[] {
  return node
    .descendantsOfType('identifier')
    .filter((each): each is Node => each !== null && !isAttribute(each) && !isKeyword(each));
}

const isAttribute = (node: Node) =>
  node.parent?.type === 'attribute' && node.parent.childForFieldName('attribute')?.id === node.id;
const isKeyword = (node: Node) =>
  node.parent?.type === 'keyword_argument' && node.parent.childForFieldName('name')?.id === node.id;

/** Where a value is put: on the left of `=`, after `as`, between `for` and `in`. */
function isTarget(node: Node): boolean {
  for (let child = node, parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    if (parent.type === 'as_pattern_target') return true;
    if (parent.type === 'named_expression') return parent.childForFieldName('name')?.id === child.id;
    if (/^(?:augmented_)?assignment$|^for_statement$/.test(parent.type))
      return parent.childForFieldName('left')?.id === child.id;
    if (!/^(?:pattern_list|tuple_pattern|list_pattern|list_splat_pattern)$/.test(parent.type)) return false;
  }
  return false;
}

/** The variable, and whatever is set in a statement in which one of them occurs: more than depends on it, never less. */
function derivedFrom(variable: string, statements: readonly Node[]): ReadonlySet<string> {
  const derived = new Set([variable]);
  for (let count = 0; count !== derived.size; ) {
    count = derived.size;
    for (const statement of statements) {
      const names = identifiersIn(statement);
      if (!names.some((each) => derived.has(each.text))) continue;
      for (const each of names) if (isTarget(each)) derived.add(each.text);
    }
  }
  return derived;
}

function namesOutside(owner: Node, block: Node): ReadonlySet<string> {
  const isInside = (each: Node) => block.startIndex <= each.startIndex && each.endIndex <= block.endIndex;
  return new Set(identifiersIn(owner).flatMap((each) => (isInside(each) ? [] : [each.text])));
}

/** Texts over several lines, which keep their lines as they are. */
function textsIn(statements: readonly Node[]): Node[] {
  return statements.flatMap((each) =>
    each.descendantsOfType('string').filter((text): text is Node => text?.text.includes('\n') === true),
  );
}

/** The text around a node by its lines. Offsets are those of the tree. */
class Lines {
  readonly text: string;

  constructor(node: Node) {
    let root = node;
    while (root.parent !== null) root = root.parent;
    // A tree begins with its first token.
    this.text = ' '.repeat(root.startIndex) + root.text;
  }

  startAt(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  indentationOfLine(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.startAt(offset)))![0];
  }

  /** Undefined where something else stands before it on its line. */
  indentationAt(offset: number): string | undefined {
    return /^[ \t]*$/.exec(this.text.slice(this.startAt(offset), offset))?.[0];
  }

  /** Where the line ends, a comment included; undefined where code follows. */
  endAt(offset: number): number | undefined {
    const match = /^[ \t]*(?:#[^\n\r]*)?(?=\r?\n|$)/.exec(this.text.slice(offset));
    return match === null ? undefined : offset + match[0].length;
  }

  /** True where another statement follows on the same line. */
  isFollowed(offset: number): boolean {
    return /^[ \t]*;[ \t]*[^\s#]/.test(this.text.slice(offset, this.nextAfter(offset)));
  }

  nextAfter(end: number): number {
    const at = this.text.indexOf('\n', end);
    return at === -1 ? this.text.length : at + 1;
  }

  /** Lines with something on them. */
  startsBetween(from: number, to: number, texts: readonly Node[]): number[] {
    const starts: number[] = [];
    for (let at = this.text.indexOf('\n', from); at !== -1 && at < to; at = this.text.indexOf('\n', at + 1)) {
      const start = at + 1;
      if (texts.some((each) => each.startIndex < start && start < each.endIndex)) continue;
      if (!/^[ \t\f]*(?:\r?\n|$)/.test(this.text.slice(start, this.nextAfter(start)))) starts.push(start);
    }
    return starts;
  }
}
