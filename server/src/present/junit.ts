/** JUnit's XML: a suite per file, a failed case per finding, an errored case per file that could not be read. */
import type { Finding } from '../rules/finding.ts';
import type { Report } from './report.ts';

export function presentJunit(report: Report): string {
  const byPath = new Map<string, string[]>();
  const add = (path: string, entry: string) => byPath.set(path, [...(byPath.get(path) ?? []), entry]);
  for (const finding of report.findings) add(report.place(finding.at).path, failure(report, finding));
  for (const { uri, message } of report.analysis.errors) {
    const path = report.path(uri);
    add(path, testCase('unreadable', path, `<error message="${escapeXml(report.say(message))}"/>`));
  }
  const { findings, analysis } = report;
  const total = findings.length + analysis.errors.length;
  const suites = [...byPath].map(([path, entries]) => {
    const errors = analysis.errors.filter(({ uri }) => report.path(uri) === path).length;
    const counts = `tests="${entries.length}" failures="${entries.length - errors}" errors="${errors}"`;
    return `  <testsuite name="${escapeXml(path)}" ${counts}>\n${entries.join('')}  </testsuite>\n`;
  });
  // Some readers take a report without any case for a broken run.
  if (total === 0) {
    suites.push(
      '  <testsuite name="poolproof" tests="1" failures="0" errors="0">\n    <testcase name="no findings" classname="poolproof"/>\n  </testsuite>\n',
    );
  }
  const counts = `tests="${Math.max(1, total)}" failures="${findings.length}" errors="${analysis.errors.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="poolproof" ${counts}>\n${suites.join('')}</testsuites>\n`;
}

function failure(report: Report, finding: Finding): string {
  const { path, line, column } = report.place(finding.at);
  const message = escapeXml(report.say(finding.message));
  const content = `<failure type="${finding.severity}" message="${message}">${escapeXml(`${path}:${line}:${column}: `)}${message}</failure>`;
  return testCase(`${finding.rule} ${line}:${column}`, path, content);
}

function testCase(name: string, path: string, content: string): string {
  return `    <testcase name="${escapeXml(name)}" classname="${escapeXml(path)}">${content}</testcase>\n`;
}

/** Characters that XML 1.0 cannot hold are replaced, the rest that has a meaning is escaped. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
