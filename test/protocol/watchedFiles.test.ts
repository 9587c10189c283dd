/** Which files an editor is asked to watch. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import picomatch from 'picomatch';
import type { DidChangeWatchedFilesRegistrationOptions } from 'vscode-languageserver-protocol/node';
import { kindOf } from '../../server/src/workspace/fileKinds.ts';
import { DiskWorkspace } from '../support/diskWorkspace.ts';
import { fullCapabilities, LspClient } from '../support/lspClient.ts';

test('files of every language, and what says which packages there are, are watched', async (t) => {
  const workspace = new DiskWorkspace(t);
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: fullCapabilities });
  const registered = await client.until('a registration', () =>
    client.registrations.find((each) => each.method === 'workspace/didChangeWatchedFiles'),
  );
  const { watchers } = registered.registerOptions as DidChangeWatchedFilesRegistrationOptions;
  const isWatched = picomatch(
    watchers.map((each) => each.globPattern as string),
    { dot: true },
  );
  const names = [
    ...['db.py', 'db.ts', 'db.tsx', 'db.mts', 'db.cts', 'db.js', 'db.jsx', 'db.mjs', 'db.cjs', 'schema.prisma'],
    ...['.env', '.env.local', 'poolproof.yaml', 'pgbouncer.ini', 'package.json', 'tsconfig.json', 'jsconfig.json'],
    ...[
      'package-lock.json',
      'npm-shrinkwrap.json',
      'yarn.lock',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      '.yarnrc.yml',
    ],
    ...['bun.lock', 'requirements.txt', 'pyproject.toml', 'docker-compose.yml'],
  ];
  for (const name of names) {
    assert.notEqual(kindOf(name), undefined, name);
    assert.ok(isWatched(`src/${name}`), name);
  }
});
