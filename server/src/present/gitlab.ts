/** GitLab's Code Quality report. */
import type { Severity } from '../rules/finding.ts';
import { fingerprints, hashText } from './fingerprint.ts';
import { toJson } from './json.ts';
import type { Report } from './report.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'major',
  information: 'minor',
  hint: 'info',
};

export function presentGitlab(report: Report): string {
  const marks = fingerprints(report, report.findings);
  return toJson(
    report.findings.map((finding, index) => {
      const { path, line, endLine } = report.place(finding.at);
      const { hash, occurrence } = marks[index]!;
      return {
        description: report.say(finding.message),
        check_name: finding.rule,
        fingerprint: hashText(`${path}\n${hash}\n${occurrence}`),
        severity: levels[finding.severity],
        location: { path, lines: { begin: line, end: endLine } },
      };
    }),
  );
}
