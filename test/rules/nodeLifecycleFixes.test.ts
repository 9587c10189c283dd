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
