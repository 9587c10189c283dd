// Bundles the tests named (folders or files; default: every folder of test/ that needs no editor) and runs them with
// Node's own test runner. `node scripts/test.mjs test/fleet`
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { root, ruleDocumentationPlugin, searchThreadPlugin } from './bundling.mjs';

const needsItsOwnRunner = new Set(['editor', 'corpora', 'bench', 'support']);

function testFiles(path) {
  const absolute = join(root, path);
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return needsItsOwnRunner.has(entry.name) ? [] : testFiles(join(path, entry.name));
    return entry.name.endsWith('.test.ts') ? [join(path, entry.name)] : [];
  });
}

const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const files = (named.length > 0 ? named.map((path) => relative(root, join(process.cwd(), path))) : ['test']).flatMap(
  testFiles,
);
if (files.length === 0) {
  console.error('No tests found.');
  process.exit(1);
}
const out = join(root, 'out/tests', String(process.pid));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: files.map((file) => join(root, file)),
  outdir: out,
  outbase: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  plugins: [ruleDocumentationPlugin, searchThreadPlugin],
  logLevel: 'warning',
});
const outputs = files.map((file) => join(out, file.replace(/\.ts$/, '.mjs')));
const result = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-reporter=spec', '--test-timeout=120000', ...outputs],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, POOLPROOF_ROOT: root },
  },
);
rmSync(out, { recursive: true, force: true });
process.exit(result.status ?? 1);
