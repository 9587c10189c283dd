/** Settings in URLs that nobody reads: they leave the URL, wherever it stands, and become the option that was meant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles, type Files, uriOf } from '../support/workspace.ts';

/** The files after the first finding's fix, applied until nothing is left to find. */
async function fixed(files: Files): Promise<{ files: Record<string, string>; titles: string[] }> {
  const current: Record<string, string> = { ...files };
  const titles: string[] = [];
  for (;;) {
    const { findings } = await analyseFiles(current);
    const found = findings.find((each) => each.rule === 'ignored-pool-options');
    const fix = found?.fixes[0];
    if (fix === undefined) {
      assert.equal(found, undefined, 'a finding without a fix is left');
      return { files: current, titles };
    }
    titles.push(fix.title);
    for (const path of Object.keys(current))
      current[path] = applyEdits(
        current[path]!,
        fix.edits.filter((edit) => edit.uri === uriOf(path)),
      );
  }
}

const adapter = (argument: string) =>
  `import { PrismaPg } from '@prisma/adapter-pg';\nexport const adapter = new PrismaPg(${argument});\n`;

test("Prisma's parameters under a driver adapter, from the environment file", async () => {
  const after = await fixed({
    'src/db.ts': adapter('{ connectionString: process.env.DATABASE_URL }'),
    '.env':
      'DATABASE_URL="postgresql://shop@db/shop?connection_limit=5&sslmode=require&pool_timeout=15&pgbouncer=true"\n',
  });
  assert.deepEqual(after.titles, [
    'Set max: 5 instead',
    'Set connectionTimeoutMillis: 15000 instead',
    'Take pgbouncer out of the URL',
  ]);
  assert.deepEqual(after.files, {
    'src/db.ts': adapter('{ connectionString: process.env.DATABASE_URL, max: 5, connectionTimeoutMillis: 15000 }'),
    '.env': 'DATABASE_URL="postgresql://shop@db/shop?sslmode=require"\n',
  });
});

test('in a literal, with options that are there already', async () => {
  const after = await fixed({
    'src/db.ts': adapter("{ connectionString: 'postgresql://shop@db/shop?connection_limit=5', max: 3 }"),
  });
  assert.deepEqual(after.titles, ['Take connection_limit out of the URL']);
  assert.equal(after.files['src/db.ts'], adapter("{ connectionString: 'postgresql://shop@db/shop', max: 3 }"));
});

test('a wait without limit is no option to keep', async () => {
  const after = await fixed({
    'src/db.ts': adapter("{ connectionString: 'postgresql://shop@db/shop?pool_timeout=0' }"),
  });
  assert.deepEqual(after.titles, ['Take pool_timeout out of the URL']);
});

test('beside a URL alone there is no place for an option', async () => {
  const after = await fixed({ 'src/db.ts': adapter("'postgresql://shop@db/shop?connection_limit=5&schema=shop'") });
  assert.deepEqual(after.titles, ['Take connection_limit out of the URL']);
  assert.equal(after.files['src/db.ts'], adapter("'postgresql://shop@db/shop?schema=shop'"));
});

test('mariadb reads names of its own', async () => {
  const code = (url: string, more: string) =>
    `import { createPool } from 'mariadb';\nexport const pool = createPool('${url}'${more});\n`;
  const after = await fixed({ 'src/db.ts': code('mariadb://db/shop?connection_limit=4', '') });
  assert.equal(after.files['src/db.ts'], code('mariadb://db/shop', ''));
});
