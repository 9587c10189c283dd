/**
 * Rule specifications in Markdown: a workspace per `##` section, the findings expected at the end of the lines they
 * begin in: `# error: [rule-id] "part of the message"`, several of them one after the other. In PgBouncer's files they stand
 * above the line, behind a semicolon.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplesIn, sectionsOf } from './markdown.ts';
import { projectRoot } from './python.ts';
import type { Files } from './workspace.ts';

export interface Specification {
  /** File and heading. */
  readonly name: string;
  /** Rules it speaks about; findings of all others are passed over. */
  readonly rules: readonly string[];
  readonly files: Files;
}

export interface Expectation {
  readonly path: string;
  /** From 0. */
  readonly line: number;
  readonly severity: string;
  readonly rule: string;
  readonly text: string;
}

const marker = /[#;] (error|warning|information|hint): \[([\w-]+)\](?: "([^"]*)")?/g;

export function specifications(): Specification[] {
  const folder = join(projectRoot, 'test/rules/specs');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .flatMap((name) => {
      const sections = sectionsOf(readFileSync(join(folder, name), 'utf8'));
      const rules = [...(/^Rules: (.*)$/m.exec(sections.get('') ?? '')?.[1] ?? '').matchAll(/`([\w-]+)`/g)].map(
        (match) => match[1]!,
      );
      if (rules.length === 0) throw new Error(`${name} does not say which rules it is about`);
      sections.delete('');
      return [...sections].map(([heading, text]) => {
        const examples = examplesIn(text);
        if (examples.length !== 1) throw new Error(`${name}, "${heading}": one workspace, not ${examples.length}`);
        return { name: `${name}: ${heading}`, rules, files: examples[0]!.files };
      });
    });
}

/** PgBouncer's files know comments only on lines of their own: there a marker speaks of the next line without one. */
function markedLine(path: string, lines: readonly string[], line: number): number {
  if (!/\.ini$|userlist\.txt$/.test(path)) return line;
  let next = line;
  while (/^;.*\[[\w-]+\]/.test(lines[next] ?? '')) next++;
  return next;
}

export function expectationsIn(files: Files): Expectation[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const lines = text.split('\n');
    return lines.flatMap((content, line) =>
      [...content.matchAll(marker)].map((match) => ({
        path,
        line: markedLine(path, lines, line),
        severity: match[1]!,
        rule: match[2]!,
        text: match[3] ?? '',
      })),
    );
  });
}
