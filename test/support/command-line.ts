/** Runs the command line in this process, in a folder of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { runCli } from '../../server/src/cli/run.ts';
import { grammarSource } from './python.ts';

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  /** Folder below the workspace in which the command runs. */
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
}

export interface Workspace {
  readonly folder: string;
  run(argv: readonly string[], settings?: RunSettings): Promise<CommandResult>;
  write(path: string, content: string | Buffer): void;
  read(path: string): string;
}

/** A temporary folder with these files; it is removed after the test. */
export function workspace(context: TestContext, files: Readonly<Record<string, string | Buffer>>): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'poolproof-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    run: (argv, settings) => run(folder, argv, settings),
  };
}

async function run(folder: string, argv: readonly string[], settings: RunSettings = {}): Promise<CommandResult> {
  const output = { stdout: '', stderr: '' };
  const capture = (name: 'stdout' | 'stderr') => ({
    isTTY: settings.isTerminal,
    write(text: string) {
      output[name] += text;
    },
  });
  const status = await runCli(argv, {
    stdout: capture('stdout'),
    stderr: capture('stderr'),
    readStdin: async () => settings.stdin ?? '',
    cwd: join(folder, settings.cwd ?? '.'),
    env: settings.env ?? {},
    grammars: grammarSource,
    startLanguageServer: async () => {},
  });
  return { status, ...output };
}

/** One engine without pre-ping: one warning with a safe fix. */
export const engineWithoutPrePing =
  'import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)\n';

/** 100 connections, 10 of them reserved, for 4 workers in 2 replicas. */
export const topologyFile = `databases:
  main:
    engine: postgresql
    version: 15
    max_connections: 100
    connect: [DATABASE_URL]
services:
  api:
    database: main
    server: gunicorn
    workers: 4
    replicas: 2
`;
