/** Open documents as the client sees them: text, version and line table, kept in step with its changes. */
import type { Position } from 'vscode-languageserver';
import { LineIndex } from '../core/text.ts';
import type { TextChange } from '../syntax/frontEnd.ts';

export interface OpenDocument {
  /** The URI as the client spells it. */
  readonly clientUri: string;
  version: number;
  text: string;
  lines: LineIndex;
}

/** A change as the protocol has it: without a range it is the whole text. */
export interface ContentChange {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

/** Takes one change over. The change by offsets, or undefined where it replaced the whole text. */
export function applyChange(document: OpenDocument, change: ContentChange): TextChange | undefined {
  if (change.range === undefined) {
    document.text = change.text;
    document.lines = LineIndex.of(change.text);
    return undefined;
  }
  const start = offsetIn(document, change.range.start);
  const end = Math.max(start, offsetIn(document, change.range.end));
  document.text = document.text.slice(0, start) + change.text + document.text.slice(end);
  document.lines = document.lines.withEdit(start, end, change.text, document.text);
  return { start, end, newText: change.text, after: { text: document.text, lines: document.lines } };
}

/** The offset of a position; a column beyond the line's last character is the line's end, as the protocol demands. */
export function offsetIn({ text, lines }: OpenDocument, position: Position): number {
  const offset = lines.offset(position);
  if (position.line < 0 || position.line + 1 >= lines.lineCount) return offset;
  let end = lines.lineStart(position.line + 1);
  if (text[end - 1] === '\n') end--;
  if (text[end - 1] === '\r') end--;
  return Math.min(offset, Math.max(end, lines.lineStart(position.line)));
}
