/** An excerpt of a source file with the place in question underlined; secrets in it are masked. */
import type { Span } from '../core/text.ts';
import type { MaskedSource } from './maskedSource.ts';
import { printable, terminalWidth, widthOf } from './printable.ts';

export interface FrameLine {
  /** The line's number, or empty for the line that underlines. */
  readonly label: string;
  readonly text: string;
  readonly isUnderline: boolean;
}

/** Terminal columns of an excerpt; longer lines are cut around the place. */
const widestExcerpt = 110;
/** Columns kept before the place where a line is cut on its left. */
const keptBefore = 40;
/** Characters of one line that are looked at; more could never be shown. */
const longestPart = 2000;
const tab = '    ';

/** One line before the place, the line it begins on with the place underlined, and one after. */
export function renderFrame(source: MaskedSource, span: Span): FrameLine[] {
  const { lines } = source;
  const focus = lines.lineAt(span.start);
  const last = Math.min(lines.lineCount - 1, focus + 1);
  const labelWidth = String(last + 1).length;
  const frame: FrameLine[] = [];
  for (let number = Math.max(0, focus - 1); number <= last; number++) {
    const start = lines.lineStart(number);
    const end = source.lineEnd(number);
    if (number === last && number !== focus && end === start && last === lines.lineCount - 1) continue;
    const label = String(number + 1).padStart(labelWidth);
    if (number !== focus) {
      frame.push({ label, text: excerpt(source, start, end, start, start).text, isUnderline: false });
      continue;
    }
    const { text, before, under } = excerpt(source, start, end, span.start, Math.min(span.end, end));
    frame.push({ label, text, isUnderline: false });
    frame.push({ label: '', text: ' '.repeat(before) + '^'.repeat(Math.max(1, under)), isUnderline: true });
  }
  return frame;
}

interface Excerpt {
  readonly text: string;
  /** Terminal columns before the place. */
  readonly before: number;
  /** Terminal columns of the place. */
  readonly under: number;
}

function excerpt(source: MaskedSource, lineStart: number, lineEnd: number, start: number, end: number): Excerpt {
  const from = Math.max(lineStart, start - longestPart);
  const to = Math.min(lineEnd, start + longestPart);
  const cells = source.characters(from, to).map(({ text, offset }) => {
    const shown = text === '\t' ? tab : printable(text);
    return { shown, offset, width: text === '\t' ? tab.length : terminalWidth(shown.codePointAt(0)!) };
  });
  const first = cells.findIndex((cell) => cell.offset >= start);
  const anchor = first === -1 ? cells.length : first;
  const columnsBefore = cells.slice(0, anchor).reduce((sum, cell) => sum + cell.width, 0);
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  let skipped = 0;
  if (
    from > lineStart ||
    (total > widestExcerpt && columnsBefore + Math.min(end - start, keptBefore) >= widestExcerpt)
  ) {
    let columns = columnsBefore;
    while (skipped < anchor && columns > keptBefore) columns -= cells[skipped++]!.width;
  }
  const isCutLeft = skipped > 0 || from > lineStart;
  let text = isCutLeft ? '…' : '';
  let width = isCutLeft ? 1 : 0;
  let before = width;
  let under = 0;
  for (let index = skipped; index < cells.length; index++) {
    const cell = cells[index]!;
    if (width + cell.width > widestExcerpt) return { text: `${text}…`, before, under };
    text += cell.shown;
    width += cell.width;
    if (cell.offset < start) before = width;
    else if (cell.offset < end) under += cell.width;
  }
  return {
    text: to < lineEnd ? `${text}…` : text.trimEnd() === '' ? '' : text,
    before: Math.min(before, widthOf(text)),
    under,
  };
}
