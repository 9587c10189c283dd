/** Runs the bundle `commandLine.js` with V8's own compiled form of it, where that was written by the same V8. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { compileForShortRun } from './compilation.ts';

/** The compiled form beside the bundle; V8 refuses one that another version or other flags made. */
function readCodeCache(bundle: string): Buffer | undefined {
  try {
    return readFileSync(`${bundle}.cache`);
  } catch {
    return undefined;
  }
}

/** Starts the command line; the script can be asked for its compiled form once it has run. */
export function launch(folder = __dirname): Script {
  compileForShortRun();
  const bundle = join(folder, 'commandLine.js');
  // Bundles are ASCII: read as what is quickest to read.
  const source = `(function (require, __filename, __dirname) {${readFileSync(bundle, 'latin1')}\n})`;
  const script = new Script(source, { filename: bundle, cachedData: readCodeCache(bundle) });
  script.runInThisContext()(require, bundle, folder);
  return script;
}
