/** Runs a bundle with V8's own compiled form of it, where that was written by the same V8. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

export type Bundle = 'commandLine' | 'server';

/** The compiled form beside the bundle; V8 refuses one that another version or other flags made. */
function readCodeCache(bundle: string): Buffer | undefined {
  try {
    return readFileSync(`${bundle}.cache`);
  } catch {
    return undefined;
  }
}

/**
 * A process that ends waits for the optimising compilers, and after so short a run for nothing: parsers run as they are, and
 * only what is repeated very often is optimised. A Node that does not know a flag would print a message; each is set where it
 * is known.
 */
function compileForShortRun(): void {
  const [majorVersion] = process.versions.node.split('.').map(Number);
  if (majorVersion! <= 24) setFlagsFromString('--wasm-tiering-budget=2000000000');
  if (majorVersion! <= 20) setFlagsFromString('--interrupt-budget=500000');
}

/** Starts the bundle; the script can be asked for its compiled form once it has run. */
export function launch(name: Bundle, folder = __dirname): Script {
  if (name === 'commandLine') compileForShortRun();
  const bundle = join(folder, `${name}.js`);
  // Bundles are ASCII: read as what is quickest to read.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(bundle, 'latin1')}\n})`;
  const script = new Script(source, { filename: bundle, cachedData: readCodeCache(bundle) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, bundle, folder);
  return script;
}
