/** Workspaces written down in Markdown: fenced files, each under a line with its path in backticks. */
import type { Files } from './workspace.ts';

export interface Example {
  readonly line: number;
  readonly files: Files;
}

const usualPaths: Readonly<Record<string, string>> = {
  python: 'app/db.py',
  yaml: 'poolproof.yaml',
  text: 'requirements.txt',
  prisma: 'prisma/schema.prisma',
  typescript: 'src/db.ts',
  javascript: 'src/db.js',
  json: 'package.json',
};

/**
 * The examples of a piece of Markdown. Fences under path lines that follow each other without other text in between
 * are the files of one workspace; a fence without a path is a workspace of its own.
 */
export function examplesIn(markdown: string): Example[] {
  const examples: { line: number; files: Record<string, string> }[] = [];
  const lines = markdown.split('\n');
  let path: string | undefined;
  let isContinued = false;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const named = /^`([^`]+)`$/.exec(line.trim());
    const fence = /^```(\w+)$/.exec(line);
    if (named) {
      path = named[1]!;
    } else if (fence) {
      const end = lines.indexOf('```', index + 1);
      if (end === -1) throw new Error(`The fence in line ${index + 1} does not end`);
      const text = lines
        .slice(index + 1, end)
        .map((each) => `${each}\n`)
        .join('');
      const name = path ?? usualPaths[fence[1]!];
      if (name === undefined) throw new Error(`The fence in line ${index + 1} has no path`);
      const last = examples.at(-1);
      if (last !== undefined && isContinued && path !== undefined && !(name in last.files)) last.files[name] = text;
      else examples.push({ line: index + 1, files: { [name]: text } });
      isContinued = path !== undefined;
      path = undefined;
      index = end;
    } else if (line.trim() !== '') {
      isContinued = false;
      path = undefined;
    }
  }
  return examples;
}

/** Sections by the text of their `##` headings; what stands before the first has the key ''. */
export function sectionsOf(markdown: string): Map<string, string> {
  const sections = new Map<string, string>();
  let heading = '';
  let isFenced = false;
  let lines: string[] = [];
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isFenced = !isFenced;
    const match = isFenced ? null : /^## (.*)$/.exec(line);
    if (match) {
      sections.set(heading, lines.join('\n'));
      heading = match[1]!.trim();
      lines = [];
    } else lines.push(line);
  }
  sections.set(heading, lines.join('\n'));
  return sections;
}
