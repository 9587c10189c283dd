// Builds the grammars of this repository to WebAssembly and records what they were made of in grammars/manifest.json.
// `node scripts/build-grammars.mjs` needs clang, lld and wasi-libc; with `--generate` it first writes src/parser.c out of
// grammar.js, which needs the tree-sitter command line (`cargo install tree-sitter-cli`, or TREE_SITTER=path).
// The result is committed, so that nobody who builds Poolproof needs any of them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundling.mjs';

const manifestPath = join(root, 'grammars/manifest.json');
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));

function run(command, args, folder) {
  const { status, error, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  if (error?.code === 'ENOENT') throw new Error(`${command} is not installed`);
  if (status !== 0) throw new Error(`${command} failed:\n${stderr}`);
}

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function compile(folder, name, output) {
  run(
    'clang',
    [
      '--target=wasm32-unknown-emscripten',
      ...['-Os', '-fPIC', '-nostdlib', '-fvisibility=hidden'],
      ...['-I', 'src', '-I', '/usr/include/wasm32-wasi'],
      ...['-Wl,-shared', '-Wl,--experimental-pic', '-Wl,--no-entry', '-Wl,--allow-undefined', '-Wl,--strip-debug'],
      `-Wl,--export=tree_sitter_${name}`,
      ...['-o', output, 'src/parser.c'],
    ],
    folder,
  );
}

for (const grammar of manifest.grammars) {
  if (grammar.folder === undefined) continue;
  const folder = join(root, grammar.folder);
  const output = join(root, 'grammars', grammar.file);
  if (process.argv.includes('--generate')) run(process.env.TREE_SITTER ?? 'tree-sitter', ['generate'], folder);
  compile(folder, grammar.name, output);
  grammar.sources = Object.fromEntries(
    ['grammar.js', 'src/parser.c'].map((source) => [source, hashOf(join(folder, source))]),
  );
  grammar.sha256 = hashOf(output);
  console.log(`${grammar.file}  ${Math.round(readFileSync(output).length / 1024)} KB`);
}
writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
