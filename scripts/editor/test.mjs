// The extension in a real VS Code: both extension hosts, and the package as a user installs it.
// `node scripts/editor/test.mjs [node|web|package]` runs one of them; expects a build in dist/.
import { pathToFileURL } from 'node:url';
import { buildPackage } from '../package.mjs';
import { explainAndExit, Problem, seconds } from '../setup.mjs';
import { findChromium } from './browser.mjs';
import { downloadDesktop } from './desktop.mjs';
import { installPackage, serverDirectories } from './server.mjs';
import { bundleSuite, emptyExtension, runInDesktop, runInServer } from './suite.mjs';
import { ensureServer } from './tools.mjs';

const suites = {
  node: { title: 'Node extension host', run: () => runInServer({ kind: 'node' }) },
  web: { title: 'Web extension host', run: () => runInServer({ kind: 'web' }) },
  package: {
    title: 'Packaged extension, installed',
    run: async () => {
      const vsix = await buildPackage();
      const directories = serverDirectories();
      await installPackage(directories, vsix);
      return runInServer({ kind: 'node', extension: emptyExtension(), directories });
    },
  },
};

async function desktopSuite() {
  const executable = await downloadDesktop();
  if (!executable) throw new Problem('POOLPROOF_DESKTOP is set, but VS Code could not be downloaded.');
  return runInDesktop(executable);
}

/** Runs the suites named, or all; resolves to the sums. */
export async function runEditorSuites(names = Object.keys(suites)) {
  findChromium();
  await ensureServer();
  await bundleSuite();
  const chosen = names.map((name) => suites[name] ?? explainAndExit(new Problem(`No such suite: ${name}`)));
  if (process.env.POOLPROOF_DESKTOP) chosen.push({ title: 'Desktop VS Code', run: desktopSuite });
  const sum = { passed: 0, failed: 0 };
  for (const { title, run } of chosen) {
    console.log(`\n  ${title}`);
    const started = performance.now();
    const { passed, failed } = await run();
    console.log(`  ${title}: ${passed} passed, ${failed} failed in ${seconds(performance.now() - started)}`);
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const named = process.argv.slice(2);
  const { failed } = await runEditorSuites(named.length > 0 ? named : undefined).catch(explainAndExit);
  process.exit(failed > 0 ? 1 : 0);
}
