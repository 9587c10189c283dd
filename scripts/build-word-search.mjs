// Compiles server/native/wordSearch.c to WebAssembly and writes it, in text form, into the source tree: whoever builds Poolproof
// needs no C compiler. Needs clang and lld (Debian: clang, lld).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainAndExit, Problem, root } from './setup.mjs';

const source = join(root, 'server/native/wordSearch.c');
const target = join(root, 'server/src/workspace/wordSearchModule.ts');

function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'poolproof-word-search-'));
  const output = join(folder, 'wordSearch.wasm');
  const options = ['--target=wasm32', '-O3', '-msimd128', '-nostdlib', '-fno-builtin', '-Wall', '-Werror'];
  const linking = ['-Wl,--no-entry', '-Wl,--strip-all', '-Wl,-z,stack-size=4096'];
  try {
    const { status, error, stderr } = spawnSync('clang', [...options, ...linking, '-o', output, source], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Problem(error ? 'clang and lld are needed to build the word search.' : stderr);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const bytes = compile();
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex');
  writeFileSync(
    target,
    `/** Written by scripts/build-word-search.mjs from server/native/wordSearch.c; not to be edited. */

/** SHA-256 of the source this was compiled from. */
export const wordSearchSource = '${digest}';

/** The WebAssembly module, in Base64. */
export const wordSearchModule =
  '${bytes.toString('base64')}';
`,
  );
  console.log(`${bytes.length} bytes`);
} catch (error) {
  explainAndExit(error);
}
