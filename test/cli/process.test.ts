import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { engineWithoutPrePing, workspace } from '../support/command-line.ts';
import { grammarPaths, projectRoot } from '../support/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'poolproof-process-'));
const commandLine = join(folder, 'cli.js');

before(async () => {
  const { ruleDocumentationPlugin, searchThreadPlugin } = await import(join(projectRoot, 'scripts/bundling.mjs'));
  await build({
    entryPoints: ['cli', 'commandLine'].map((name) => join(projectRoot, `server/src/${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    alias: { 'web-tree-sitter': join(projectRoot, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    plugins: [ruleDocumentationPlugin, searchThreadPlugin],
  });
  const runtime = join(projectRoot, 'node_modules/web-tree-sitter/web-tree-sitter.wasm');
  for (const path of [runtime, ...grammarPaths.values()]) copyFileSync(path, join(folder, basename(path)));
});

after(() => rmSync(folder, { recursive: true, force: true }));

interface ProcessResult {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bundle; `closeEarly` stops reading standard output at its first chunk. */
function run(argv: readonly string[], cwd: string, { stdin = '', closeEarly = false } = {}): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [commandLine, ...argv], { cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (closeEarly) child.stdout.destroy();
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    child.stdin.end(stdin);
  });
}

test('the bundle checks, sets the exit status, and reads standard input', async (context) => {
  const shop = workspace(context, { 'app/db.py': engineWithoutPrePing });
  const options = ['check', '--format', 'concise', '--quiet', '--select', 'missing-pre-ping'];
  const found = await run(options, shop.folder);
  assert.equal(found.stderr, '');
  assert.match(found.stdout, /^app\/db\.py:4:10: warning missing-pre-ping/);
  assert.equal(found.status, 1);
  const piped = await run([...options, '--stdin-filename', 'app/db.py'], shop.folder, { stdin: 'x = 1\n' });
  assert.deepEqual([piped.status, piped.stdout, piped.stderr], [0, '', '']);
  assert.equal((await run(['check', '--nonsense'], shop.folder)).status, 2);
});

test('a reader that stops reading is no crash', async (context) => {
  const shop = workspace(context, { 'app/db.py': engineWithoutPrePing.repeat(300) });
  const { status, signal, stderr } = await run(['check', '--format', 'json'], shop.folder, { closeEarly: true });
  assert.equal(stderr, '');
  assert.equal(signal, null);
  assert.equal(status, 1);
});

test('output that a pipe takes in slowly arrives whole', async (context) => {
  const shop = workspace(context, { 'app/db.py': engineWithoutPrePing.repeat(300) });
  const { stdout } = await run(['check', '--format', 'json', '--select', 'missing-pre-ping'], shop.folder);
  assert.equal(JSON.parse(stdout).findings.length, 300);
});

test('lsp starts the server that lies beside the command line', async () => {
  writeFileSync(join(folder, 'server.js'), 'process.stdout.write("server");');
  assert.deepEqual(await run(['lsp', '--stdio'], folder), { status: 0, signal: null, stdout: 'server', stderr: '' });
});
