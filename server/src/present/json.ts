/** The JSON of `poolproof check`; its shape is a contract. */
import type { Fix } from '../rules/finding.ts';
import type { Report } from './report.ts';

export function presentJson(report: Report): string {
  const { analysis, findings } = report;
  return toJson({
    version: 1,
    findings: findings.map((finding) => ({
      rule: finding.rule,
      severity: finding.severity,
      message: report.say(finding.message),
      ...report.place(finding.at),
      help: report.say(finding.help ?? report.fixes(finding)[0]?.title ?? ''),
      related: finding.related.map((related) => {
        const { path, line, column } = report.place(related.at);
        return { path, line, column, message: report.say(related.message) };
      }),
      fixes: report.transferableFixes(finding).map((fix) => describeFix(report, fix)),
    })),
    errors: errorsOf(report),
    summary: {
      files: analysis.files,
      pools: report.poolCount,
      error: report.count('error'),
      warning: report.count('warning'),
      information: report.count('information'),
      hint: report.count('hint'),
    },
  });
}

function describeFix(report: Report, fix: Fix): object {
  return {
    title: report.say(fix.title),
    preferred: fix.preferred,
    edits: fix.edits.map((edit) => ({ ...report.place(edit), newText: edit.newText })),
  };
}

export function errorsOf(report: Report): { readonly path: string; readonly message: string }[] {
  return report.analysis.errors.map(({ uri, message }) => ({ path: report.path(uri), message: report.say(message) }));
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
