/** One line per finding: `path:line:column: severity rule message`. */

import type { Colors } from './colors.ts';
import { colorOf } from './colors.ts';
import { printable } from './printable.ts';
import type { Report } from './report.ts';

export function presentConcise(report: Report, colors: Colors): string {
  return report.findings
    .map((finding) => {
      const { path, line, column } = report.place(finding.at);
      const severity = colorOf(finding.severity, colors)(finding.severity);
      return `${printable(path)}:${line}:${column}: ${severity} ${finding.rule} ${printable(report.say(finding.message))}\n`;
    })
    .join('');
}
