/** The line under the findings, and the table of `--statistics`. */
import { counted } from '../fleet/terms.ts';
import { type Colors, colorOf } from './colors.ts';
import { type Report, severities } from './report.ts';

export interface RunFacts {
  /** Wall-clock time of the analysis. */
  readonly milliseconds: number;
  /** Fixes that `--fix` has applied, and in how many files; absent without `--fix`. */
  readonly fixed?: { readonly findings: number; readonly files: number };
  /** Findings that the baseline holds and that are not shown; absent without a baseline. */
  readonly inBaseline?: number;
}

/** "3 findings (1 error, 2 warnings) in 2 files · 4 pools in 128 files · 0.21 s · 1 safe fix with --fix" */
export function summarise(report: Report, facts: RunFacts, colors: Colors): string {
  const { findings, analysis } = report;
  const parts: string[] = [];
  if (findings.length === 0) parts.push(analysis.errors.length === 0 ? colors.green('No findings') : 'No findings');
  else {
    const bySeverity = severities
      .map((severity) => ({ severity, count: report.count(severity) }))
      .filter(({ count }) => count > 0)
      .map(({ severity, count }) => colorOf(severity, colors)(describe(count, severity)));
    const files = new Set(findings.map((finding) => finding.at.uri)).size;
    parts.push(`${counted(findings.length, 'finding')} (${bySeverity.join(', ')}) in ${counted(files, 'file')}`);
  }
  if (facts.fixed)
    parts.push(`${counted(facts.fixed.findings, 'finding')} fixed in ${counted(facts.fixed.files, 'file')}`);
  if (facts.inBaseline) parts.push(`${facts.inBaseline} in the baseline`);
  parts.push(`${counted(report.poolCount, 'pool')} in ${counted(analysis.files, 'file')}`);
  if (analysis.errors.length > 0) parts.push(colors.red(`${counted(analysis.errors.length, 'error')} reading files`));
  parts.push(`${(facts.milliseconds / 1000).toFixed(2)} s`);
  const safe = countSafelyFixable(report);
  if (safe > 0) parts.push(`${safe} safe ${safe === 1 ? 'fix' : 'fixes'} with --fix`);
  return `${parts.join(' · ')}\n`;
}

function describe(count: number, severity: string): string {
  return severity === 'information' ? `${count} information` : counted(count, severity);
}

function countSafelyFixable(report: Report): number {
  return report.findings.filter((finding) => report.fixes(finding).some((fix) => fix.safety === 'safe')).length;
}

/** Findings by rule, most frequent first; `*` marks what `--fix` can mend. */
export function presentStatistics(report: Report, colors: Colors): string {
  const rules = new Map<
    string,
    { count: number; fixable: boolean; severity: Report['findings'][number]['severity'] }
  >();
  for (const finding of report.findings) {
    const fixable = report.fixes(finding).some((fix) => fix.safety === 'safe');
    const entry = rules.get(finding.rule) ?? { count: 0, fixable: false, severity: finding.severity };
    entry.count++;
    entry.fixable ||= fixable;
    if (severities.indexOf(finding.severity) < severities.indexOf(entry.severity)) entry.severity = finding.severity;
    rules.set(finding.rule, entry);
  }
  const rows = [...rules].sort(([a, { count: x }], [b, { count: y }]) => y - x || (a < b ? -1 : 1));
  const width = Math.max(0, ...rows.map(([, { count }]) => String(count).length));
  return rows
    .map(([rule, { count, fixable, severity }]) => {
      const mark = fixable ? colors.green('*') : ' ';
      return `${String(count).padStart(width)}  ${mark} ${rule}  ${colorOf(severity, colors)(severity)}\n`;
    })
    .join('');
}
