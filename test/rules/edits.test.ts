/** The edits that fixes make, form by form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles, uriOf } from '../support/workspace.ts';

const head = 'import os\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool\n\n';

async function fixesOf(rule: string, files: Readonly<Record<string, string>>) {
  const analysis = await analyseFiles(files);
  return analysis.findings.filter((finding) => finding.rule === rule).flatMap((finding) => finding.fixes);
}

/** What the first fix of a rule (or the one whose title begins so) makes of a call. */
async function fixed(rule: string, call: string, title = ''): Promise<string> {
  const text = head + call;
  const fix = (await fixesOf(rule, { 'app/db.py': text })).find((each) => each.title.startsWith(title));
  assert.ok(fix, `${rule} offers no such fix`);
  return applyEdits(text, fix.edits).slice(head.length);
}

const removals: readonly (readonly [before: string, after: string])[] = [
  ['create_engine(url, poolclass=NullPool, pool_size=5)', 'create_engine(url, poolclass=NullPool)'],
  ['create_engine(url, pool_size=5, poolclass=NullPool)', 'create_engine(url, poolclass=NullPool)'],
  ['create_engine(url, pool_size=5, max_overflow=0, poolclass=NullPool)', 'create_engine(url, poolclass=NullPool)'],
  ['create_engine(url, poolclass=NullPool, pool_size=5, max_overflow=0)', 'create_engine(url, poolclass=NullPool)'],
  ['create_engine(url, pool_size=5, poolclass=NullPool, max_overflow=0)', 'create_engine(url, poolclass=NullPool)'],
  [
    'create_engine(\n    url,\n    pool_size=5,  # five\n    poolclass=NullPool,\n)',
    'create_engine(\n    url,\n    poolclass=NullPool,\n)',
  ],
  [
    'create_engine(\n    url,\n    poolclass=NullPool,  # none\n    pool_size=5,\n    max_overflow=0\n)',
    'create_engine(\n    url,\n    poolclass=NullPool,  # none\n)',
  ],
  ['create_engine(\n    url, poolclass=NullPool, pool_size=5,\n)', 'create_engine(\n    url, poolclass=NullPool,\n)'],
];

for (const [before, after] of removals) {
  test(`removing arguments: ${JSON.stringify(before)}`, async () => {
    const prefix = 'url = os.environ["DATABASE_URL"]\nengine = ';
    const result = await fixed('invalid-pool-arguments', `${prefix}${before}\n`, 'Remove pool_size');
    const text = result.slice(prefix.length, -1);
    // Comments of what stays keep their place; the line ends of the call are those of its author.
    assert.equal(text.replace(/,\s*\n\)$/, ',\n)'), after.replace(/,(\s*)# none\n\)$/, ',$1# none\n)'));
  });
}

test('worked example: too large by its overflow', async () => {
  const titles = (
    await fixesOf('fleet-exceeds-max-connections', {
      'app/db.py': `${head}engine = create_engine(os.environ["DATABASE_URL"], pool_size=11, max_overflow=2)\n`,
      'poolproof.yaml':
        'databases:\n  main: {max_connections: 100, reserved: 10}\nservices:\n' +
        '  api: {database: main, server: gunicorn, workers: 4, replicas: 2}\n',
    })
  ).map((fix) => fix.title);
  assert.deepEqual(titles, [
    'Set max_overflow to 0, keep pool_size 11 (88 of 90)',
    'Set pool_size to 9, keep max_overflow 2 (88 of 90)',
  ]);
});

test('one size written, the other not: both end up in the call', async () => {
  const text = `${head}engine = create_engine(os.environ["DATABASE_URL"], pool_size=20)\n`;
  const [fix] = await fixesOf('fleet-exceeds-max-connections', {
    'app/db.py': text,
    'poolproof.yaml':
      'databases:\n  main: {max_connections: 100}\nservices:\n  api: {server: gunicorn, workers: 4, replicas: 2}\n',
  });
  assert.equal(
    applyEdits(text, fix!.edits).slice(head.length),
    'engine = create_engine(os.environ["DATABASE_URL"], pool_size=11, max_overflow=0)\n',
  );
});

test('a size that is a constant of another module is changed there', async () => {
  const files = {
    'app/db.py': `${head}from app.config import POOL_SIZE\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_size=POOL_SIZE, max_overflow=0)\n`,
    'app/config.py': 'POOL_SIZE = 40\n',
    'app/__init__.py': '',
    'poolproof.yaml':
      'databases:\n  main: {max_connections: 100}\nservices:\n  api: {server: gunicorn, workers: 4, replicas: 2}\n',
  };
  const [fix] = await fixesOf('fleet-exceeds-max-connections', files);
  assert.deepEqual(fix!.edits, [{ uri: uriOf('app/config.py'), start: 12, end: 14, newText: '11' }]);
});

test('nothing is added to a call that hands on whatever its caller passes', async () => {
  const fixes = await fixesOf('missing-pre-ping', {
    'app/db.py':
      `${head}def make(url, **options):\n    return create_engine(url, **options)\n\n` +
      'a = make(os.environ["A_URL"])\nb = make(os.environ["B_URL"], pool_pre_ping=True)\n',
  });
  assert.deepEqual(fixes, []);
});

test('nothing is taken out of a call whose value another caller decides', async () => {
  const fixes = await fixesOf('invalid-pool-arguments', {
    'app/db.py':
      `${head}def make(url, max_overflow=None):\n    return create_engine(url, max_overflow=max_overflow)\n\n` +
      'a = make(os.environ["A_URL"])\nb = make(os.environ["B_URL"], max_overflow=1)\n',
  });
  assert.deepEqual(fixes, []);
});
