/** `poolproof: ignore[…]` comments of any language; the comment sign is all that differs. */
import type { LineIndex, Span } from '../core/text.ts';
import type { Suppression } from '../declarations/pool.ts';
import type { TextFact } from './gathered.ts';

/** Whether there may be any. */
export const suppressing: TextFact<true> = { read: (text) => text.includes('poolproof:') || undefined };

const directive =
  /(#|\/\/|;)([^\S\r\n]*)(poolproof:[^\S\r\n]*(ignore-file|ignore)\b(?:[^\S\r\n]*\[([^\]\r\n]*)\])?)([^\r\n]*)/g;
const blankOrComment = /^[^\S\r\n]*(?:$|#|\/\/|;|\/\*|\*(?:$|[\s/]))/;

/** `isComment` tells whether an offset lies in a comment; text in a string is none. */
export function readSuppressions(
  uri: string,
  text: string,
  lines: LineIndex,
  isComment: (offset: number) => boolean,
): Suppression[] {
  if (!text.includes('poolproof:')) return [];
  const found: Suppression[] = [];
  const code = new CodeLines(text, lines);
  for (const match of text.matchAll(directive)) {
    const start = match.index + match[1]!.length + match[2]!.length;
    if (!isComment(match.index)) continue;
    const line = lines.lineAt(match.index);
    const scope = match[4] === 'ignore-file' ? 'file' : 'line';
    found.push({
      uri,
      scope,
      ...readRules(match[5], start + match[3]!.indexOf('[') + 1),
      reason: match[6]!.trim(),
      span: { start, end: start + match[3]!.length },
      commentSpan: { start: match.index, end: match.index + match[0].trimEnd().length },
      removal: removalOf(text, lines, match.index, match.index + match[0].length),
      lines: scope === 'line' ? [coveredLine(text, lines, code, match.index)] : line <= code.from(0) ? [-1] : [],
    });
  }
  return found;
}

function readRules(list: string | undefined, start: number): { rules: string[]; ruleSpans: Span[] } {
  const rules: string[] = [];
  const ruleSpans: Span[] = [];
  for (const match of (list ?? '').matchAll(/[^\s,]+/g)) {
    rules.push(match[0]);
    ruleSpans.push({ start: start + match.index, end: start + match.index + match[0].length });
  }
  return { rules, ruleSpans };
}

/** Another directive for another tool after this one (`# noqa`, `// eslint-disable-line`) stays. */
function removalOf(text: string, lines: LineIndex, start: number, end: number): Span {
  const next = /[^\S\r\n](?:#|\/\/)/.exec(text.slice(start + 1, end));
  if (next) return { start, end: start + 1 + next.index + 1 };
  const line = lines.lineAt(start);
  const before = text.slice(lines.lineStart(line), start);
  if (before.trim() === '') return { start: lines.lineStart(line), end: lines.lineStart(line + 1) };
  return { start: start - (before.length - before.trimEnd().length), end };
}

/** A comment after code covers its line; one that stands alone covers the next line with code. */
function coveredLine(text: string, lines: LineIndex, code: CodeLines, comment: number): number {
  const line = lines.lineAt(comment);
  return text.slice(lines.lineStart(line), comment).trim() === '' ? code.from(line + 1) : line;
}

/** Lines that hold more than a comment. Each line is looked at once, however many comments follow each other. */
class CodeLines {
  private readonly known = new Map<number, number>();

  constructor(
    private readonly text: string,
    private readonly lines: LineIndex,
  ) {}

  /** The first such line from a line on; the number of lines where there is none. */
  from(line: number): number {
    let next = line;
    while (next < this.lines.lineCount && !this.known.has(next) && blankOrComment.test(this.lineText(next))) next++;
    const found = this.known.get(next) ?? next;
    for (let each = line; each <= next; each++) this.known.set(each, found);
    return found;
  }

  private lineText(line: number): string {
    return this.text.slice(this.lines.lineStart(line), this.lines.lineStart(line + 1)).replace(/[\r\n]+$/, '');
  }
}
