/** Applies safe fixes in memory until nothing is left to fix, and writes the outcome. */
import { readFileSync, writeFileSync } from 'node:fs';
import { applyEdits, type TextEdit } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { Finding, Fix } from '../rules/finding.ts';
import { toPath } from '../workspace/nodeFileAccess.ts';
import type { AnalysisSession } from './analyse.ts';

/** Fixes that call for one another end after a few rounds; more would be a circle. */
const mostRounds = 10;

export interface FixResult {
  /** The analysis of the fixed texts. */
  readonly analysis: Analysis;
  /** The text before and after, of every file that changed. */
  readonly changed: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  /** Findings whose fix was applied. */
  readonly fixed: readonly Finding[];
}

/** `select` picks the findings that may be fixed out of an analysis. Nothing is written. */
export async function fixInMemory(
  session: AnalysisSession,
  first: Analysis,
  select: (analysis: Analysis) => readonly Finding[],
): Promise<FixResult> {
  const before = new Map<string, string>();
  const fixed: Finding[] = [];
  let analysis = first;
  for (let round = 0; round < mostRounds; round++) {
    const { edits, findings } = compatibleFixes(select(analysis));
    if (findings.length === 0) break;
    for (const [uri, own] of edits) {
      const text = session.text(uri);
      if (text === undefined) continue;
      if (!before.has(uri)) before.set(uri, text);
      session.replace(uri, applyEdits(text, own));
    }
    fixed.push(...findings);
    analysis = await session.analyse();
  }
  const changed = new Map(
    [...before].map(([uri, text]) => [uri, { before: text, after: session.text(uri) ?? text }] as const),
  );
  return { analysis, changed, fixed };
}

/** The safe fix of each finding, as far as none touches what an earlier one changes. */
function compatibleFixes(findings: readonly Finding[]): { edits: Map<string, TextEdit[]>; findings: Finding[] } {
  const edits = new Map<string, TextEdit[]>();
  const accepted: Finding[] = [];
  for (const finding of findings) {
    const fix = safeFix(finding);
    if (fix === undefined || fix.edits.some((edit) => edits.get(edit.uri)?.some((other) => touch(edit, other))))
      continue;
    for (const edit of fix.edits) edits.set(edit.uri, [...(edits.get(edit.uri) ?? []), edit]);
    accepted.push(finding);
  }
  return { edits, findings: accepted };
}

export function safeFix(finding: Finding): Fix | undefined {
  const safe = finding.fixes.filter((fix) => fix.safety === 'safe' && fix.edits.length > 0);
  return safe.find((fix) => fix.preferred) ?? safe[0];
}

/** Two insertions at one place touch as well: which comes first would be chance. */
function touch(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}

export interface WriteFailure {
  readonly uri: string;
  readonly message: string;
}

/** Writes fixed files. A file that has changed since it was read, or is not plain UTF-8, is left as it is and named. */
export function writeFixed(changed: FixResult['changed']): WriteFailure[] {
  const failures: WriteFailure[] = [];
  for (const [uri, { before, after }] of changed) {
    if (before === after) continue;
    const path = toPath(uri);
    try {
      const bytes = readFileSync(path);
      const mark = startsWithMark(bytes) ? byteOrderMark : Buffer.alloc(0);
      const isUnchanged = Buffer.concat([mark, Buffer.from(before)]).equals(bytes);
      if (isUnchanged) writeFileSync(path, Buffer.concat([mark, Buffer.from(after)]));
      else failures.push({ uri, message: 'not fixed: it is not UTF-8, or it has changed meanwhile' });
    } catch (error) {
      failures.push({ uri, message: `not fixed: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}` });
    }
  }
  return failures;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function startsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
}

export function hasByteOrderMark(uri: string): boolean {
  try {
    return startsWithMark(readFileSync(toPath(uri)));
  } catch {
    return false;
  }
}
