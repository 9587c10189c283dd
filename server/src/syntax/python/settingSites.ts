/** Settings as declarations: what sets them, and where another one goes beside them. */
import type { Node } from 'web-tree-sitter';
import { type Location, lineEndingOf } from '../../core/text.ts';
import type { SettingHolder, SettingSite } from '../../declarations/source.ts';
import type { ArgumentInsertion, ArgumentRemoval, Value } from '../../declarations/value.ts';
import { entryInsertion, insertionFor } from './arguments.ts';
import type { PythonFile, Segment } from './file.ts';
import { locationOf } from './nodes.ts';

/** Where a name of a setting stands. */
export interface Sighting {
  readonly segment: Segment;
  /** The identifier, or the string whose text it is. */
  readonly node: Node;
  readonly name: string;
}

interface SettingParts {
  readonly holder: SettingHolder;
  readonly statement: Node;
  readonly value: Value;
  readonly insertion: ArgumentInsertion;
}

export function settingSite(file: PythonFile, { segment, node, name }: Sighting, parts: SettingParts): SettingSite {
  const nameSpan = locationOf(file, segment, node);
  const right = parts.statement.childForFieldName('right') ?? parts.statement.childForFieldName('value');
  const span = locationOf(file, segment, parts.statement);
  const valueSpan = right === null ? span : locationOf(file, segment, right);
  return {
    name,
    holder: parts.holder,
    uri: file.uri,
    language: 'python',
    callee: { kind: 'reference', module: '', name, level: 0, at: nameSpan },
    calleeText: name,
    calleeSpan: nameSpan,
    span,
    arguments: [
      {
        keyword: name,
        keywordSpan: nameSpan,
        value: unlabelled(parts.value, name),
        span,
        valueSpan,
        removal: lineOf(file, span),
      },
    ],
    insertion: parts.insertion,
  };
}

/** The setting is the value itself, not a constant that goes by its name. */
function unlabelled(value: Value, name: string): Value {
  return value.kind === 'constant' && value.name === name ? value.value : value;
}

/** The lines of a statement that has them to itself. */
function lineOf({ text, lines, uri }: PythonFile, { start, end }: Location): ArgumentRemoval | undefined {
  const lineStart = lines.lineStart(lines.lineAt(start));
  const lineEnd = lines.lineStart(lines.lineAt(end) + 1);
  const isAlone =
    text.slice(lineStart, start).trim() === '' && /^[ \t]*(?:#[^\r\n]*)?\r?\n?$/.test(text.slice(end, lineEnd));
  return isAlone ? { span: { uri, start: lineStart, end: lineEnd } } : undefined;
}

/** A line of its own after a statement, for another setting of the same holder. */
export function afterStatement(file: PythonFile, segment: Segment, statement: Node): ArgumentInsertion {
  const { text, lines } = file;
  const start = segment.start + statement.startIndex;
  const end = segment.start + statement.endIndex;
  const indentation = /^[ \t]*/.exec(text.slice(lines.lineStart(lines.lineAt(start)), start))![0];
  const comment = /^[ \t]*#[^\r\n]*/.exec(text.slice(end, lines.lineStart(lines.lineAt(end) + 1)));
  const left = statement.childForFieldName('left') ?? statement.childForFieldName('function');
  const target = left?.type === 'subscript' ? left.childForFieldName('value') : left?.childForFieldName('object');
  const quote = left?.childForFieldName('subscript')?.text.startsWith("'") ? "'" : '"';
  return {
    offset: comment === null ? end : end + comment[0].trimEnd().length,
    before: `${lineEndingOf(text)}${indentation}`,
    after: '',
    style: target ? { kind: 'item', target: target.text, quote } : { kind: 'assignment' },
    uri: file.uri,
  };
}

/** Beside a keyword argument or an entry of a dictionary. */
export function afterItem(file: PythonFile, { segment, node }: Sighting): ArgumentInsertion {
  const item = node.parent!;
  const insertion =
    item.type === 'pair'
      ? entryInsertion(file, segment, item.parent!)
      : insertionFor(file, segment, item.parent!.parent!);
  return { ...insertion, uri: file.uri };
}
