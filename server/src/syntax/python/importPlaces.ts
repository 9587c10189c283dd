/** Where import statements begin and end. */
import type { PythonFile, Segment } from './file.ts';

/** The module of an import statement, empty for a relative one. */
export function moduleOf(file: PythonFile, segment: Segment): string {
  const text = file.text.slice(statementStart(file, segment), segment.end);
  return /^(?:from|import)[ \t]+([\w.]+)/.exec(text)?.[1] ?? '';
}

export function isPlainImport(file: PythonFile, segment: Segment): boolean {
  return file.text.startsWith('import', statementStart(file, segment));
}

/** A segment can begin with comments (the first of the file does); the statement begins after them. */
export function statementStart(file: PythonFile, segment: Segment): number {
  const match = /^(?:\uFEFF?[ \t]*(?:#[^\n]*)?\r?\n)*\uFEFF?/.exec(file.text.slice(segment.start, segment.end));
  return segment.start + (match ? match[0].length : 0);
}

export function endOfStatementLine(file: PythonFile, segment: Segment): number {
  const statement = file.tree(segment).rootNode.namedChildren.find((node) => node !== null && node.type !== 'comment');
  const end = segment.start + (statement?.endIndex ?? 0);
  const newline = file.text.indexOf('\n', end);
  return newline === -1 ? file.text.length : newline + 1;
}
