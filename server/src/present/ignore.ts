/** The edit behind "Ignore … here": a suppression comment in the file's own style. */
import type { LineIndex, TextEdit } from '../core/text.ts';
import { lineEndingOf } from '../core/text.ts';
import type { Finding } from '../rules/finding.ts';

/** Files whose comments are read, and in which a line may be put above another. */
const commented = /\.(?:py|pyw|ya?ml|ini|prisma|[cm]?[jt]sx?)$|\/userlist\.txt$|\/\.env[^/]*$/;
const script = /\.[cm]?[jt]sx?$/;

/** False where a comment above the line would be text: in a template, among the children of an element. */
export function canIgnore(uri: string, text: string, lines: LineIndex, { at }: Finding): boolean {
  if (!commented.test(uri)) return false;
  if (!script.test(uri)) return true;
  const start = lines.lineStart(lines.lineAt(at.start));
  const before = text.slice(0, start);
  const templates = before.split('`').length - 1 - (before.split('\\`').length - 1);
  const isElement = uri.endsWith('x') && (/^\s*[<{]/.test(text.slice(start)) || />\s*$/.test(before));
  return templates % 2 === 0 && !isElement;
}

const existing = /((?:#|\/\/|;)[^\S\r\n]*poolproof:[^\S\r\n]*ignore\[)([^\]\r\n]*)\]/;

/** Adds the rule to a suppression on the line or the line above, else a comment of its own above the line. */
export function ignoreEdit(uri: string, text: string, lines: LineIndex, finding: Finding): TextEdit {
  const line = lines.lineAt(finding.at.start);
  for (const each of [line, line - 1]) {
    if (each < 0) continue;
    const start = lines.lineStart(each);
    const content = text.slice(start, lines.lineStart(each + 1));
    const match = existing.exec(content);
    if (match === null || (each < line && content.slice(0, match.index).trim() !== '')) continue;
    const at = start + match.index + match[1]!.length + match[2]!.length;
    return { uri, start: at, end: at, newText: match[2]!.trim() === '' ? finding.rule : `, ${finding.rule}` };
  }
  const start = lines.lineStart(line);
  const indentation = (/^[ \t]*/.exec(text.slice(start)) as RegExpExecArray)[0];
  const sign = /\.(?:[cm]?[jt]sx?|prisma)$/.test(uri) ? '//' : /\.ini$|\/userlist\.txt$/.test(uri) ? ';' : '#';
  return {
    uri,
    start,
    end: start,
    newText: `${indentation}${sign} poolproof: ignore[${finding.rule}]${lineEndingOf(text)}`,
  };
}
