/** What the fixes for Node's modules write, to the letter: comments stay where they belong, the file keeps its style. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles } from '../support/workspace.ts';

async function fixed(rule: string, path: string, text: string): Promise<string> {
  const framework = '{ "name": "web", "dependencies": { "next": "15.1.0" } }';
  const { findings } = await analyseFiles({ 'package.json': framework, [path]: text });
  const found = findings.filter((each) => each.rule === rule);
  assert.equal(found.length, 1);
  return applyEdits(text, found[0]!.fixes[0]!.edits);
}

test('a listener follows the declaration and its comment', async () => {
  const declaration = "const { Pool } = require('pg');\n\nconst pool = new Pool({\n  max: 4, // few\n}); // trailing\n";
  assert.equal(
    await fixed('missing-pool-error-handler', 'lib/db.js', `${declaration}\nmodule.exports = pool;\n`),
    `${declaration}pool.on('error', (error) => console.error('idle client error', error));\n\nmodule.exports = pool;\n`,
  );
});

test('a pool that outlives reloads gets one listener', async () => {
  const text = 'import { Pool } from "pg"\n\nexport const pool = globalThis.pool ?? new Pool()';
  assert.equal(
    await fixed('missing-pool-error-handler', 'lib/db.ts', text),
    `${text}\nif (pool.listenerCount("error") === 0) pool.on("error", (error) => console.error("idle client error", error))`,
  );
});

test('a client is kept on globalThis, with its type', async () => {
  const text =
    'import { PrismaClient } from "@prisma/client"\n\n/**\n * The client.\n */\nexport const prisma = new PrismaClient({ log: ["warn"] })\n';
  assert.equal(
    await fixed('unguarded-hot-reload', 'lib/prisma.ts', text),
    'import { PrismaClient } from "@prisma/client"\n\n' +
      'const globalForPrisma = globalThis as unknown as { prisma?: PrismaClient }\n\n' +
      '/**\n * The client.\n */\nexport const prisma = globalForPrisma.prisma ?? new PrismaClient({ log: ["warn"] })\n' +
      'if (process.env.NODE_ENV !== "production") globalForPrisma.prisma = prisma\n',
  );
});

test('JavaScript has no type to write', async () => {
  assert.equal(
    await fixed(
      'unguarded-hot-reload',
      'lib/prisma.js',
      "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
    ),
    "import { PrismaClient } from '@prisma/client';\nexport const db = globalThis.db ?? new PrismaClient();\n" +
      "if (process.env.NODE_ENV !== 'production') globalThis.db = db;\n",
  );
});

test('what follows goes into a try, comments and blank lines where they are', async () => {
  const before =
    "import { Pool } from 'pg';\n\nconst pool = new Pool();\n\nexport async function count(id: number) {\n" +
    '  const client = await pool.connect(); // one\n\n  // two\n' +
    "  const { rows } = await client.query('select $1', [\n    id,\n  ]);\n  client.release();\n\n  return rows[0];\n}\n";
  assert.equal(
    await fixed('connection-leak', 'lib/db.ts', before),
    "import { Pool } from 'pg';\n\nconst pool = new Pool();\n\nexport async function count(id: number) {\n" +
      '  const client = await pool.connect(); // one\n  try {\n\n    // two\n' +
      "    const { rows } = await client.query('select $1', [\n      id,\n    ]);\n\n    return rows[0];\n" +
      '  } finally {\n    client.release();\n  }\n}\n',
  );
});

test('a release that is waited for, tabs, no semicolons, lines of Windows', async () => {
  const before = [
    "const { DataSource } = require('typeorm')",
    "const source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL })",
    'async function count() {',
    '\tif (source) {',
    '\t\tconst runner = source.createQueryRunner()',
    "\t\tconst rows = await runner.query('select 1')",
    '\t\tconsole.log(rows)',
    '\t\tawait runner.release()',
    '\t}',
    '}',
    'module.exports = count',
    '',
  ];
  const after = [
    ...before.slice(0, 5),
    '\t\ttry {',
    "\t\t\tconst rows = await runner.query('select 1')",
    '\t\t\tconsole.log(rows)',
    '\t\t} finally {',
    '\t\t\tawait runner.release()',
    '\t\t}',
    ...before.slice(8),
  ];
  assert.equal(await fixed('connection-leak', 'lib/db.js', before.join('\r\n')), after.join('\r\n'));
});

test('no try where the connection is given back elsewhere, or a text would change', async () => {
  const head = "import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function f(id: number) {\n";
  const bodies = [
    "  const c = await pool.connect();\n  if (id > 1) {\n    c.release();\n    return;\n  }\n  await c.query('select 1');\n  if (id === 0) return;\n  c.release();\n",
    '  const c = await pool.connect();\n  await c.query(`select\n    1`);\n  c.release();\n',
    "  let c;\n  c = await pool.connect();\n  await c.query('select 1');\n  c.release();\n",
    "  const c = await pool.connect(), d = id;\n  await c.query('select 1', [d]);\n  c.release();\n",
  ];
  for (const body of bodies) {
    const { findings } = await analyseFiles({ 'lib/db.ts': `${head}${body}}\n` });
    const found = findings.filter((each) => each.rule === 'connection-leak');
    assert.equal(found.length, 1, body);
    assert.deepEqual(found[0]!.fixes, [], body);
  }
});
