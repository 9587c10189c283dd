/** Text literals as one text, with the place of each of its characters. */
import type { Node } from 'web-tree-sitter';
import type { DecodedString } from '../decodedString.ts';
import type { ScriptFile, Segment } from './file.ts';
import { decode } from './strings.ts';

/** Stands for whatever a template inserts. */
const inserted = '\uFFFC';

/** The literal that holds a node as part of its text; undefined inside what a template inserts, and in comments. */
export function literalAround(node: Node): Node | undefined {
  for (let current: Node | null = node; current !== null; current = current.parent) {
    if (current.type === 'string' || current.type === 'template_string') return current;
    if (current.type === 'template_substitution' || current.type === 'comment') return undefined;
  }
  return undefined;
}

/** The text of a literal with an object replacement character for every inserted value. */
export function decodeLiteral(file: ScriptFile, segment: Segment, node: Node): DecodedString | undefined {
  const end = node.endIndex - 1;
  if (end <= node.startIndex || node.text.at(-1) !== node.text[0]) return undefined;
  let text = '';
  const offsets: number[] = [];
  let from = node.startIndex + 1;
  const addText = (to: number) => {
    const piece = decode(file.text.slice(segment.start + from, segment.start + to), from);
    text += piece.text;
    // Not as arguments of one call: a text can be longer than a call takes.
    for (const offset of piece.offsets.slice(0, -1)) offsets.push(offset);
  };
  for (const child of node.namedChildren) {
    if (child?.type !== 'template_substitution') continue;
    addText(child.startIndex);
    text += inserted;
    offsets.push(child.startIndex);
    from = child.endIndex;
  }
  addText(end);
  offsets.push(end);
  return { text, offsets };
}
