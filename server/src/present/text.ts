/** Findings for people at a terminal: one framed excerpt each, the message, and the fix that is at hand. */
import { counted } from '../fleet/terms.ts';
import type { Finding } from '../rules/finding.ts';
import { type Colors, colorOf } from './colors.ts';
import { renderFrame } from './frame.ts';
import { printable } from './printable.ts';
import type { Report } from './report.ts';

/** Related places beyond this many are counted, not listed. */
const mostRelated = 5;

export function presentText(report: Report, colors: Colors): string {
  return report.findings.map((finding) => `${block(report, finding, colors).join('\n')}\n`).join('\n');
}

function block(report: Report, finding: Finding, colors: Colors): string[] {
  const place = report.place(finding.at);
  const color = colorOf(finding.severity, colors);
  const at = colors.bold(`${printable(place.path)}:${place.line}:${place.column}`);
  const lines = [`${at}  ${color(finding.severity)}  ${finding.rule}`];
  const source = report.source(finding.at.uri);
  if (source !== undefined && finding.at.end <= source.text.length) {
    const frame = renderFrame(source, finding.at);
    const width = Math.max(...frame.map((line) => line.label.length));
    for (const { label, text, isUnderline } of frame) {
      const gutter = colors.dim(`  ${label.padStart(width)} │`);
      lines.push(text === '' ? gutter : `${gutter} ${isUnderline ? color(text) : text}`);
    }
  }
  lines.push(`  ${sentence(report, finding.message)}`);
  if (finding.help !== undefined) lines.push(`  ${sentence(report, finding.help)}`);
  for (const related of finding.related.slice(0, mostRelated)) {
    const other = report.place(related.at);
    const where = `${printable(other.path)}:${other.line}:${other.column}`;
    lines.push(`  ${colors.dim('see')} ${where}  ${sentence(report, related.message)}`);
  }
  if (finding.related.length > mostRelated) {
    lines.push(colors.dim(`  and ${counted(finding.related.length - mostRelated, 'more place')}`));
  }
  for (const [index, fix] of report.fixes(finding).entries()) {
    const safe = fix.safety === 'safe' ? colors.dim(' (safe: applied by --fix)') : '';
    lines.push(`  ${colors.green(index === 0 ? 'fix:' : ' or:')} ${sentence(report, fix.title)}${safe}`);
  }
  return lines;
}

function sentence(report: Report, text: string): string {
  return printable(report.say(text));
}
