/** `poolproof check` */
import { relative, resolve, sep } from 'node:path';
import { version } from '../../../package.json';
import { checkFormats } from '../present/formats.ts';
import { printable } from '../present/printable.ts';
import { Report, severities } from '../present/report.ts';
import { presentStatistics, type RunFacts, summarise } from '../present/summary.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { Finding, Severity } from '../rules/finding.ts';
import { ruleIds } from '../rules/registry.ts';
import { type CommandIo, exitStatus } from './io.ts';
import { checkRuleIds, type RunOptions } from './options.ts';
import { nameFailures, type OpenedSession, open } from './session.ts';
import { colorsFor } from './terminal.ts';

/** Findings of this severity and above make the run fail. */
const failingSeverity: Severity = 'warning';

export async function runCheck(paths: readonly string[], options: RunOptions, io: CommandIo): Promise<number> {
  checkRuleIds([...options.select, ...options.ignore], ruleIds);
  const started = performance.now();
  const opened = await open(paths, options, io);
  const baseline = options.baseline === undefined ? undefined : await loadBaseline(options.baseline, io.cwd);
  const reportOf = (analysis: Analysis, findings: readonly Finding[]) =>
    new Report({ analysis, findings, path: opened.path, text: opened.session.text });
  const wanted = (analysis: Analysis) => analysis.findings.filter((finding) => isWanted(finding, options));
  const select = (analysis: Analysis): readonly Finding[] => {
    if (baseline === undefined || options.updateBaseline) return wanted(analysis);
    return baseline.newFindings(reportOf(analysis, analysis.findings), wanted(analysis));
  };

  if (baseline !== undefined && options.updateBaseline) {
    const findings = wanted(opened.analysis);
    baseline.write(reportOf(opened.analysis, findings), findings);
    if (!options.quiet) io.stderr.write(`poolproof: ${findings.length} findings recorded in ${options.baseline}\n`);
    return nameFailures(opened, io) ? exitStatus.failure : exitStatus.clean;
  }

  // Read before any fix, so that it shows the texts in which the findings are.
  const found = select(opened.analysis);
  if (options.diff) {
    await printDifference(opened, select, options, io);
    return statusOf(found, nameFailures(opened, io), options);
  }
  let current: OpenedSession = opened;
  let facts: Omit<RunFacts, 'milliseconds'> = {};
  let isIncomplete = false;
  if (options.fix) {
    const { fixInMemory, writeFixed } = await import('./fix.ts');
    const result = await fixInMemory(opened.session, opened.analysis, select);
    const failures = writeFixed(result.changed);
    for (const { uri, message } of failures) io.stderr.write(`poolproof: ${printable(opened.path(uri))}: ${message}\n`);
    isIncomplete = failures.length > 0;
    current = { ...opened, analysis: result.analysis };
    const isWritten = (finding: Finding) => !failures.some(({ uri }) => uri === finding.at.uri);
    const fixed = result.fixed.filter(isWritten);
    facts = { fixed: { findings: fixed.length, files: new Set(fixed.map(({ at }) => at.uri)).size } };
  }
  const findings = options.fix ? select(current.analysis) : found;
  if (baseline !== undefined) facts = { ...facts, inBaseline: wanted(current.analysis).length - findings.length };
  const report = reportOf(current.analysis, findings);
  await print(report, { ...facts, milliseconds: performance.now() - started }, paths, options, io);
  isIncomplete = nameFailures(current, io) || isIncomplete;
  return statusOf(findings, isIncomplete, options);
}

async function loadBaseline(file: string, cwd: string) {
  const { Baseline } = await import('./baseline.ts');
  return new Baseline(file, cwd);
}

function isWanted(finding: Finding, { select, ignore, minSeverity }: RunOptions): boolean {
  if (select.length > 0 && !select.includes(finding.rule)) return false;
  return !ignore.includes(finding.rule) && isAtLeast(finding.severity, minSeverity);
}

function isAtLeast(severity: Severity, minimum: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(minimum);
}

function statusOf(findings: readonly Finding[], isIncomplete: boolean, { minSeverity }: RunOptions): number {
  if (isIncomplete) return exitStatus.failure;
  const failing = isAtLeast(minSeverity, failingSeverity) ? minSeverity : failingSeverity;
  return findings.some((finding) => isAtLeast(finding.severity, failing)) ? exitStatus.findings : exitStatus.clean;
}

async function print(
  report: Report,
  facts: RunFacts,
  paths: readonly string[],
  options: RunOptions,
  io: CommandIo,
): Promise<void> {
  const colors = colorsFor(options.color, io);
  const isForPeople = options.format === 'text' || options.format === 'concise';
  if (options.statistics && isForPeople) io.stdout.write(presentStatistics(report, colors));
  else {
    const present = await checkFormats[options.format]!();
    io.stdout.write(present(report, { colors, version, part: partOf(paths, io.cwd) }));
    if (options.statistics) io.stderr.write(presentStatistics(report, colors));
  }
  if (!isForPeople || options.quiet) return;
  const isAlone = options.format === 'concise' || options.statistics || report.findings.length === 0;
  io.stdout.write(`${isAlone ? '' : '\n'}${summarise(report, facts, colors)}`);
}

/** The part of a repository that one path names; empty for the whole, and for several paths. */
function partOf(paths: readonly string[], cwd: string): string {
  const path = paths.length === 1 ? relative(cwd, resolve(cwd, paths[0]!)).split(sep).join('/') : '';
  return path.startsWith('..') ? '' : path;
}

async function printDifference(
  opened: OpenedSession,
  select: (analysis: Analysis) => readonly Finding[],
  options: RunOptions,
  io: CommandIo,
): Promise<void> {
  const [{ fixInMemory, hasByteOrderMark }, { carriedOver, unifiedDiff }, { MaskedSource }] = await Promise.all([
    import('./fix.ts'),
    import('../present/diff.ts'),
    import('../present/maskedSource.ts'),
  ]);
  const sightingsBefore = new Report({ ...opened, findings: [], text: () => undefined });
  const { changed, analysis, fixed } = await fixInMemory(opened.session, opened.analysis, select);
  const sightingsAfter = new Report({ analysis, findings: [], path: opened.path, text: () => undefined });
  const colors = colorsFor(options.color, io);
  for (const [uri, { before, after }] of changed) {
    const from = new MaskedSource(uri, before, sightingsBefore.sightings(uri));
    const to = new MaskedSource(uri, after, [...sightingsAfter.sightings(uri), ...carriedOver(from, after)]);
    io.stdout.write(unifiedDiff(opened.path(uri), from, to, { colors, hasByteOrderMark: hasByteOrderMark(uri) }));
  }
  if (!options.quiet) {
    const count = `${fixed.length} ${fixed.length === 1 ? 'finding' : 'findings'}`;
    io.stderr.write(
      fixed.length === 0 ? 'No safe fix to show.\n' : `--fix would mend ${count}; nothing was written.\n`,
    );
  }
}
