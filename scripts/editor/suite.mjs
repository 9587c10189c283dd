// Runs the extension's test suite inside a real VS Code and counts what it reports.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { Problem, root, run } from '../setup.mjs';
import { openBrowser } from './browser.mjs';
import { serverDirectories, startServer } from './server.mjs';

/** Marks the suite's own lines among whatever else an extension host prints; test/editor/support.ts writes it. */
const marker = '[poolproof-test] ';
const silenceMilliseconds = 90_000;

const output = join(root, 'out', 'editor');
export const testsBundle = join(output, 'index.js');

/** Bundles test/editor once for every host: it uses nothing but the editor's API. */
export async function bundleSuite() {
  await build({
    entryPoints: [join(root, 'test/editor/index.ts')],
    outfile: testsBundle,
    bundle: true,
    format: 'cjs',
    platform: 'neutral',
    target: 'es2022',
    external: ['vscode'],
    logLevel: 'warning',
  });
}

/** An extension that does nothing: a test suite can only be run with some extension under development. */
export function emptyExtension() {
  const folder = join(output, 'empty-extension');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', publisher: 'poolproof-tests', version: '0.0.1', engines: { vscode: '*' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

/**
 * An extension with both entries runs in Node where there is a server. The development payload's own
 * `extensionDevelopmentKind` only reaches extensions without a Node entry; this setting reaches all.
 */
export function settingsFor(kind) {
  return kind === 'web' ? { 'remote.extensionKind': { 'poolproof.poolproof': ['web'] } } : {};
}

/** A copy of the test workspace that a suite may change. */
export function copyOfWorkspace(source = join(root, 'test/editor/workspace')) {
  const base = mkdtempSync(join(tmpdir(), 'poolproof-workspace-'));
  const folder = join(base, basename(source));
  cpSync(source, folder, { recursive: true });
  return { folder, remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Reads the suite's lines: prints each result, and settles when the suite says it is done. */
function reader(kind) {
  const counts = { passed: 0, failed: 0 };
  let settle;
  const done = new Promise((resolve) => (settle = resolve));
  let lastHeard = performance.now();
  return {
    counts,
    done,
    silentFor: () => performance.now() - lastHeard,
    hear: (line) => {
      const at = line.indexOf(marker);
      if (at < 0) return;
      lastHeard = performance.now();
      let event = JSON.parse(
        line
          .slice(at + marker.length)
          .replace(/\u001b\[[0-9;]*m/g, '')
          .trim(),
      );
      if (event.done) return settle();
      if (event.host) {
        event = { name: `the suite runs in the ${kind} extension host`, ok: event.host === kind, error: event.host };
      }
      if (event.ok) counts.passed += 1;
      else counts.failed += 1;
      console.log(
        `  ${event.ok ? '✔' : '✖'} ${event.name}${event.milliseconds === undefined ? '' : ` (${event.milliseconds} ms)`}`,
      );
      if (!event.ok) console.log(`    ${String(event.error).replaceAll('\n', '\n    ')}`);
    },
  };
}

/**
 * Runs the suite in the VS Code server's window in Chromium. `kind`: 'node' or 'web', the extension host;
 * `directories`: of a server that already has the package installed.
 */
export async function runInServer({ extension = root, kind, directories = serverDirectories(settingsFor(kind)) }) {
  const workspace = copyOfWorkspace();
  let server;
  let opened;
  const noise = [];
  try {
    server = await startServer(directories);
    opened = await openBrowser();
    const results = reader(kind);
    const { page } = opened;
    page.on('console', (message) => {
      noise.push(message.text());
      results.hear(message.text());
    });
    page.on('pageerror', (error) => noise.push(String(error)));
    await page.goto(server.url({ folder: workspace.folder, extension, tests: testsBundle }));
    let timer;
    const silent = new Promise((_, reject) => {
      timer = setInterval(() => {
        if (results.silentFor() > silenceMilliseconds) reject(new Problem('The suite stopped reporting.'));
      }, 1_000);
    });
    try {
      await Promise.race([results.done, silent]);
    } catch (error) {
      console.log(`  ✖ ${error.message}`);
      console.log(noise.slice(-40).join('\n'));
      results.counts.failed += 1;
      if (process.env.POOLPROOF_SCREENSHOT) await page.screenshot({ path: process.env.POOLPROOF_SCREENSHOT });
    } finally {
      clearInterval(timer);
    }
    if (process.env.POOLPROOF_VERBOSE) console.log(noise.join('\n'));
    return results.counts;
  } finally {
    await opened?.browser.close();
    await server?.stop();
    workspace.remove();
    directories.remove();
  }
}

/** Runs the suite in desktop VS Code, in a process of its own so that its output can be read. */
export async function runInDesktop(executable) {
  const workspace = copyOfWorkspace();
  const results = reader('node');
  const script = `import('@vscode/test-electron').then(({ runTests }) => runTests(${JSON.stringify({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: testsBundle,
    launchArgs: [workspace.folder, '--disable-extensions', '--disable-workspace-trust'],
  })}))`;
  try {
    const { status, output: printed } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      quiet: true,
      onLine: results.hear,
    });
    if (status !== 0 && results.counts.failed === 0) {
      console.log(printed.split('\n').slice(-40).join('\n'));
      results.counts.failed += 1;
    }
    return results.counts;
  } finally {
    workspace.remove();
  }
}
