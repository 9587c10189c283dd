/** GitHub's workflow commands: annotations on the lines of a pull request. */
import type { Severity } from '../rules/finding.ts';
import type { Report } from './report.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

export function presentGithub(report: Report): string {
  const findings = report.findings.map((finding) => {
    const { path, line, column, endLine, endColumn } = report.place(finding.at);
    const properties: [string, string | number][] = [
      ['title', `poolproof (${finding.rule})`],
      ['file', path],
      ['line', line],
      ['endLine', endLine],
    ];
    // Columns are read for a single line only.
    if (line === endLine) properties.push(['col', column], ['endColumn', endColumn]);
    const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
    const place = `${path}:${line}:${column}`;
    return `::${levels[finding.severity]} ${list}::${escapeData(`${place} ${finding.rule}: ${report.say(finding.message)}`)}\n`;
  });
  const errors = report.analysis.errors.map(
    ({ uri, message }) =>
      `::error title=poolproof,file=${escapeProperty(report.path(uri))}::${escapeData(report.say(message))}\n`,
  );
  return [...findings, ...errors].join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
