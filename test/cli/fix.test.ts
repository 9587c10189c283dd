import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { engineWithoutPrePing, workspace } from '../support/command-line.ts';

const select = ['--select', 'missing-pre-ping,invalid-pool-arguments'];
const sources = {
  'app/one.py': engineWithoutPrePing,
  'app/two.py': `import os
from sqlalchemy import create_engine

first = create_engine(
    os.environ["A"],
    pool_size=5,  # five
)

# between
one = 1
two = 2
three = 3
four = 4
five = 5
six = 6
seven = 7

second = create_engine(os.environ["B"])
`,
  'app/crlf.py': engineWithoutPrePing.replaceAll('\n', '\r\n'),
  'app/mark.py': `\uFEFF${engineWithoutPrePing}`,
  'app/unfinished.py': engineWithoutPrePing.trimEnd(),
};

test('--fix applies safe fixes, keeps the rest of each file, and a second run changes nothing', async (context) => {
  const { run, read } = workspace(context, sources);
  const first = await run(['check', '--fix', ...select]);
  assert.equal(first.status, 0, first.stdout);
  assert.match(first.stdout, /^No findings · 6 findings fixed in 5 files/);
  assert.equal(read('app/one.py'), engineWithoutPrePing.replace('=0)', '=0, pool_pre_ping=True)'));
  assert.equal(read('app/crlf.py'), read('app/one.py').replaceAll('\n', '\r\n'));
  assert.equal(read('app/mark.py'), `\uFEFF${read('app/one.py')}`);
  assert.equal(read('app/unfinished.py'), read('app/one.py').trimEnd());
  const texts = Object.keys(sources).map(read);
  const second = await run(['check', '--fix', ...select]);
  assert.match(second.stdout, /0 findings fixed in 0 files/);
  assert.deepEqual(Object.keys(sources).map(read), texts);
});

test('--diff writes nothing, and what it prints is what --fix does', async (context) => {
  const { run, read, folder, write } = workspace(context, sources);
  const { status, stdout, stderr } = await run(['check', '--diff', ...select]);
  assert.equal(status, 1);
  assert.match(stderr, /--fix would mend 6 findings; nothing was written/);
  for (const [path, text] of Object.entries(sources)) assert.equal(read(path), text);
  write('changes.patch', stdout);
  execFileSync('git', ['apply', '--whitespace=nowarn', 'changes.patch'], { cwd: folder });
  const patched = Object.keys(sources).map(read);
  for (const [path, text] of Object.entries(sources)) write(path, text);
  await run(['check', '--fix', ...select]);
  assert.deepEqual(Object.keys(sources).map(read), patched);
});

test('--fix and --diff touch only what is shown', async (context) => {
  const { run, read } = workspace(context, sources);
  await run(['check', '--fix', '--ignore', 'missing-pre-ping']);
  assert.equal(read('app/one.py'), engineWithoutPrePing);
  await run(['check', '--fix', 'app/two.py', ...select]);
  assert.equal(read('app/one.py'), engineWithoutPrePing);
  assert.match(read('app/two.py'), /five\n {4}pool_pre_ping=True,\n\)/);
});

test('a file that is not UTF-8 is left as it is and named', async (context) => {
  const bytes = Buffer.concat([Buffer.from(engineWithoutPrePing), Buffer.from([0x23, 0xe9, 0x0a])]);
  const { run, read, folder } = workspace(context, { 'latin.py': bytes, 'db.py': engineWithoutPrePing });
  const { status, stderr } = await run(['check', '--fix', ...select]);
  assert.equal(status, 2);
  assert.match(stderr, /latin\.py: not fixed: it is not UTF-8/);
  assert.match(read('db.py'), /pool_pre_ping=True/);
  const { readFileSync } = await import('node:fs');
  assert.deepEqual(readFileSync(join(folder, 'latin.py')), bytes);
});

test('the baseline hides known findings across line shifts and shows new ones', async (context) => {
  const { run, read, write } = workspace(context, sources);
  const options = [...select, '--baseline', 'known.json'];
  const recorded = await run(['check', ...options, '--update-baseline']);
  assert.deepEqual([recorded.status, recorded.stdout], [0, '']);
  assert.match(recorded.stderr, /6 findings recorded/);
  const known = await run(['check', ...options]);
  assert.equal(known.status, 0, known.stdout);
  assert.match(known.stdout, /6 in the baseline/);

  write('app/one.py', `# a line\n\n${sources['app/one.py'].replace('engine = create', 'engine  =  create')}`);
  assert.equal((await run(['check', ...options])).status, 0);

  // The same line once more is a second occurrence, and new.
  write('app/one.py', `${sources['app/one.py']}${sources['app/one.py'].split('\n')[3]}\n`);
  const again = await run(['check', ...options, '--format', 'json']);
  assert.equal(again.status, 1);
  assert.deepEqual(
    JSON.parse(again.stdout).findings.map((finding: { line: number }) => finding.line),
    [5],
  );
  assert.doesNotMatch(read('known.json'), /create_engine|environ/);

  write('known.json', '{"version": 9}');
  assert.equal((await run(['check', ...options])).status, 2);
});
