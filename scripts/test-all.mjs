// `npm test`: sets everything up and runs every check and test. Ends with one line: N passed, N failed.
import { join } from 'node:path';
import { ensureDependencies, Problem, root, run, step } from './setup.mjs';

const total = { passed: 0, failed: 0 };

/** A check is one test: it passes or fails as a whole. */
async function check(title, script, args) {
  await step(title, async () => {
    const { status } = await run(process.execPath, [join(root, script), ...args]);
    if (status === 0) total.passed += 1;
    else total.failed += 1;
  });
}

/** Node's own test runner prints its sums as "pass N" and "fail N". */
async function unitTests() {
  await step('Unit, rule and protocol tests', async () => {
    const counts = { pass: 0, fail: 0, cancelled: 0 };
    const { status } = await run(process.execPath, [join(root, 'scripts/test.mjs')], {
      onLine: (line) => {
        const found = /^\S*\s*(pass|fail|cancelled) (\d+)\s*$/.exec(line);
        if (found) counts[found[1]] += Number(found[2]);
      },
    });
    const failed = counts.fail + counts.cancelled;
    total.passed += counts.pass;
    total.failed += status !== 0 && failed === 0 ? 1 : failed;
  });
}

async function editorTests() {
  await step('The extension in a real VS Code', async () => {
    const { runEditorSuites } = await import('./editor/test.mjs');
    const { passed, failed } = await runEditorSuites();
    total.passed += passed;
    total.failed += failed;
  });
}

async function testAll() {
  await ensureDependencies();
  await check('Formatter and linter (biome)', 'node_modules/@biomejs/biome/bin/biome', [
    'check',
    '--error-on-warnings',
  ]);
  await check('Type checker (tsc)', 'node_modules/typescript/bin/tsc', ['-p', '.']);
  await step('Building', async () => (await import('./build.mjs')).buildAll());
  await unitTests();
  await editorTests();
}

try {
  await testAll();
} catch (error) {
  // Something that every later step needs is missing or broken: that is one failure more.
  total.failed += 1;
  console.error(error instanceof Problem ? error.message : error);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
