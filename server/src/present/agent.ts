/** Compact output for an AI agent: per finding a block with place, rule, message and the fix as a difference. */
import { applyEdits } from '../core/text.ts';
import { counted } from '../fleet/terms.ts';
import type { Finding, Fix } from '../rules/finding.ts';
import { shiftSpans, unifiedDiff } from './diff.ts';
import { mask } from './mask.ts';
import { MaskedSource } from './maskedSource.ts';
import { printable } from './printable.ts';
import type { Report } from './report.ts';

export function presentAgent(report: Report): string {
  const blocks = report.findings.map((finding) => `${block(report, finding).join('\n')}\n`);
  for (const { uri, message } of report.analysis.errors) {
    blocks.push(`${printable(report.path(uri))} not analysed: ${report.say(message)}\n`);
  }
  const total = `${counted(report.findings.length, 'finding')}. Values shown as ${mask} are secrets that were left out.\n`;
  return [...blocks, report.findings.length === 0 ? 'No findings.\n' : total].join('\n');
}

function block(report: Report, finding: Finding): string[] {
  const { path, line, column } = report.place(finding.at);
  const lines = [
    `${printable(path)}:${line}:${column} ${finding.rule} ${finding.severity}`,
    printable(report.say(finding.message)),
  ];
  if (finding.help !== undefined) lines.push(printable(report.say(finding.help)));
  for (const related of finding.related) {
    const other = report.place(related.at);
    lines.push(`see ${printable(other.path)}:${other.line}:${other.column} ${printable(report.say(related.message))}`);
  }
  const [first, ...others] = report.fixes(finding);
  if (first === undefined) return lines;
  lines.push(`fix (${first.safety}): ${printable(report.say(first.title))}`, ...differences(report, first));
  for (const fix of others) lines.push(`or (${fix.safety}): ${printable(report.say(fix.title))}`);
  return lines;
}

/** The fix as a difference without context, one per file. */
function differences(report: Report, fix: Fix): string[] {
  const uris = [...new Set(fix.edits.map((edit) => edit.uri))];
  return uris.flatMap((uri) => {
    const before = report.source(uri);
    if (before === undefined) return [];
    const edits = fix.edits.filter((edit) => edit.uri === uri);
    const after = new MaskedSource(uri, applyEdits(before.text, edits), shiftSpans(before.hidden, edits));
    const diff = unifiedDiff(report.path(uri), before, after, { context: 0 });
    return diff === '' ? [] : [diff.trimEnd()];
  });
}
