/** Places of a tree in the text it was made of. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../core/text.ts';

/** A text and where its tree begins in it. */
export interface ParsedText {
  readonly text: string;
  readonly start: number;
}

export function spanOf(parsed: ParsedText, node: Node): Span {
  return { start: parsed.start + node.startIndex, end: parsed.start + node.endIndex };
}

export function textIn(parsed: ParsedText, span: Span): string {
  return parsed.text.slice(span.start, span.end);
}
