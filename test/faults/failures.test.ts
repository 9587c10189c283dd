/** A rule or an extractor that throws is logged by name and place, without a word of the source; everything else goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../../server/src/rules/registry.ts';
import { defineRule, type Rule } from '../../server/src/rules/rule.ts';
import type { LanguageParser } from '../../server/src/syntax/parser.ts';
import { describeFailure } from '../../server/src/workspace/failure.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { defaultSettings } from '../../server/src/workspace/settings.ts';
import { engineWithoutPing, quietEngine } from '../support/diskWorkspace.ts';
import { pythonParser } from '../support/python.ts';
import { createProject, memoryAccess, root, uriOf } from '../support/workspace.ts';

const secret = 'V3ry-s3cret';

test('a rule that throws', async () => {
  const failing = defineRule({
    id: 'failing-rule',
    group: 'size',
    severity: 'error',
    fix: 'none',
    summary: '',
    contexts: ['app'],
    // biome-ignore lint/correctness/useYield: it fails before it finds anything
    *check() {
      throw new Error(`first line ${secret}\n    at ${secret} (second line)`);
    },
  });
  (rules as Rule[]).unshift(failing);
  try {
    const { project, log } = await createProject({ 'app/db.py': engineWithoutPing });
    const { findings } = await project.analyse();
    assert.deepEqual(
      findings.map((finding) => finding.rule),
      ['missing-pre-ping'],
    );
    assert.equal(log.length, 1);
    assert.match(log[0]!, /^rule failing-rule failed: Error at .*failures\.test/);
    assert.doesNotMatch(log[0]!, new RegExp(secret));
  } finally {
    (rules as Rule[]).shift();
  }
});

test('an extractor that throws: the file is named, tried again when its text changes, and well again after that', async () => {
  const real = await pythonParser();
  const parser: LanguageParser = {
    parse(text, previous) {
      if (text.includes('explode')) throw new TypeError(`cannot read ${secret} of ${text}`);
      return real.parse(text, previous);
    },
  };
  const bad = `explode = 1; ${engineWithoutPing.split('\n')[3]} # ${secret}\n`;
  const files = new Map([
    [uriOf('app/bad.py'), bad],
    [uriOf('app/good.py'), engineWithoutPing],
    [uriOf('app/open.py'), quietEngine],
  ]);
  const log: string[] = [];
  const project = new Project(
    root,
    {
      access: memoryAccess(files),
      grammars: { parser: () => parser, isLoaded: () => true, ready: async () => {} },
      log: (line) => log.push(line),
    },
    defaultSettings,
  );
  await project.scan({ isCancelled: () => false });
  const broken = await project.analyse();
  const where = (findings: typeof broken.findings) => [...new Set(findings.map((finding) => finding.at.uri))];
  assert.deepEqual(where(broken.findings), [uriOf('app/good.py')]);
  assert.deepEqual(broken.errors, [
    { uri: uriOf('app/bad.py'), message: 'the analysis failed on this file; please report it' },
  ]);
  assert.match(log.join('\n'), /^app\/bad\.py: TypeError at .*failures\.test[^\n]*$/);
  // The same while the file is open, typed into.
  project.open(uriOf('app/open.py'), quietEngine);
  project.edit(uriOf('app/open.py'), [{ start: 0, end: 0, newText: bad }]);
  assert.equal((await project.analyse()).errors.length, 2);
  await project.analyse();
  assert.equal(log.length, 2, 'once for each text');
  project.edit(uriOf('app/open.py'), [{ start: 0, end: bad.length, newText: '' }]);
  files.set(uriOf('app/bad.py'), engineWithoutPing);
  await project.filesChanged([uriOf('app/bad.py')]);
  const well = await project.analyse();
  assert.deepEqual(well.errors, []);
  assert.deepEqual(where(well.findings), [uriOf('app/bad.py'), uriOf('app/good.py')]);
  assert.doesNotMatch(log.join('\n'), new RegExp(secret));
});

test('what is said of an error is its kind and its place', () => {
  class Custom extends Error {}
  assert.match(describeFailure(new Custom(secret)), /^Custom at /);
  assert.match(describeFailure(new Error('')), /^Error at .*failures\.test/);
  assert.equal(describeFailure(secret), 'unknown error');
  const bare = new Error(secret);
  bare.stack = secret;
  assert.doesNotMatch(describeFailure(bare), new RegExp(secret));
});
