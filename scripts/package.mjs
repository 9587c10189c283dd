// Builds poolproof.vsix, the package that is published: `npm run package`.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, explainAndExit, Problem, root } from './setup.mjs';

const maximumBytes = 1.5 * 1024 * 1024;

/** Builds for production and packs; resolves to the package's path. Leaves the production build in dist/. */
export async function buildPackage() {
  const { buildAll } = await import('./build.mjs');
  const { createVSIX } = await import('@vscode/vsce');
  await buildAll({ production: true });
  const packagePath = join(root, 'poolproof.vsix');
  mkdirSync(join(root, 'out'), { recursive: true });
  rmSync(packagePath, { force: true });
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    // Where the repository is published is not decided, so the README's relative links cannot become absolute ones.
    rewriteRelativeLinks: false,
  });
  const { size } = statSync(packagePath);
  if (size > maximumBytes) throw new Problem(`poolproof.vsix is ${size} bytes; at most ${maximumBytes} are wanted.`);
  return packagePath;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureDependencies();
    const path = await buildPackage();
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    console.log(`poolproof.vsix ${version}: ${(statSync(path).size / 1024).toFixed(0)} KB`);
  } catch (error) {
    explainAndExit(error);
  }
}
