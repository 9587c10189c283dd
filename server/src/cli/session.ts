/** What `check`, `pools`, `fleet` and `prompt` have in common: open the paths, report what cannot be read. */
import { resolve } from 'node:path';
import { maskText } from '../present/mask.ts';
import { printable } from '../present/printable.ts';
import { Report } from '../present/report.ts';
import type { Analysis } from '../rules/analysis.ts';
import { toUri } from '../workspace/nodeFileAccess.ts';
import { type AnalysisSession, openSession } from './analyse.ts';
import type { CommandIo } from './io.ts';
import { pathNamer } from './paths.ts';
import { progressOn } from './terminal.ts';

export interface SessionOptions {
  readonly topology?: string;
  readonly stdinFilename?: string;
  readonly respectIgnoreFiles: boolean;
  readonly quiet: boolean;
}

export interface OpenedSession {
  readonly session: AnalysisSession;
  readonly analysis: Analysis;
  readonly path: (uri: string) => string;
  /** Messages of rules that failed; the run then counts as incomplete. */
  readonly failures: readonly string[];
}

export async function open(paths: readonly string[], options: SessionOptions, io: CommandIo): Promise<OpenedSession> {
  const texts = new Map<string, string>();
  const { stdinFilename } = options;
  if (stdinFilename !== undefined) {
    const text = await io.readStdin();
    texts.set(toUri(resolve(io.cwd, stdinFilename)), text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  }
  const progress = progressOn(io, options.quiet);
  const failures = new Set<string>();
  try {
    const session = await openSession({
      cwd: io.cwd,
      paths: paths.length === 0 && stdinFilename !== undefined ? [stdinFilename] : paths,
      topology: options.topology,
      respectIgnoreFiles: options.respectIgnoreFiles,
      texts,
      grammars: io.grammars,
      log: (message) => failures.add(message),
      onProgress: progress.report,
    });
    const analysis = await session.analyse();
    return { session, analysis, path: pathNamer(io.cwd), failures: [...failures] };
  } finally {
    progress.clear();
  }
}

export function reportOf({ session, analysis, path }: OpenedSession, findings = analysis.findings): Report {
  return new Report({ analysis, findings, path, text: session.text });
}

/** Names what could not be read or analysed on standard error; true where there was anything. */
export function nameFailures({ analysis, path, failures }: OpenedSession, io: CommandIo): boolean {
  for (const { uri, message } of analysis.errors) {
    io.stderr.write(`poolproof: ${printable(maskText(`${path(uri)}: ${message}`))}\n`);
  }
  for (const failure of failures) io.stderr.write(`poolproof: ${printable(maskText(failure))}\n`);
  return analysis.errors.length > 0 || failures.length > 0;
}
