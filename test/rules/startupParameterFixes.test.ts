/** What is sent at the start is taken out of the code that sends it, and of nothing else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles, uriOf } from '../support/workspace.ts';

const topology = `databases:
  main:
    engine: postgresql
    max_connections: 100
    pooler: {kind: pgbouncer, mode: transaction, version: "1.24", default_pool_size: 20, max_client_conn: 500}
services:
  api: {database: main, server: node}
`;

/** The file after every fix of the rule, one after the other; with the titles. */
async function mended(path: string, text: string): Promise<{ text: string; titles: string[] }> {
  const titles: string[] = [];
  for (let now = text; ; ) {
    const { findings } = await analyseFiles({ [path]: now, 'poolproof.yaml': topology });
    const [fix] = findings
      .filter(({ rule, at }) => rule === 'startup-parameter-rejected' && at.uri === uriOf(path))
      .flatMap(({ fixes }) => fixes);
    if (fix === undefined) return { text: now, titles };
    titles.push(fix.title);
    assert.ok(fix.edits.every(({ uri }) => uri === uriOf(path)));
    now = applyEdits(now, fix.edits);
  }
}

const engine = (before: string, after: string) => [
  `import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(\n    os.environ["DATABASE_URL"],\n${before})\n`,
  `import os\nfrom sqlalchemy import create_engine\n\nengine = create_engine(\n    os.environ["DATABASE_URL"],\n${after})\n`,
];

describe('Python', () => {
  const cases: Record<string, string[]> = {
    'the last entry of a mapping on one line': engine(
      '    connect_args={"server_settings": {"application_name": "shop", "jit": "off"}},\n',
      '    connect_args={"server_settings": {"application_name": "shop"}},\n',
    ),
    'the first, and the only one': engine(
      '    connect_args={"server_settings": {"jit": "off", "application_name": "shop"}, "timeout": 5},\n',
      '    connect_args={"server_settings": {"application_name": "shop"}, "timeout": 5},\n',
    ),
    'entries on lines of their own': engine(
      '    connect_args={\n        "server_settings": {\n            "jit": "off",  # slow plans\n            "statement_timeout": "5000",\n        },\n    },\n',
      '    connect_args={\n        "server_settings": {\n        },\n    },\n',
    ),
    'the first of several options': engine(
      '    connect_args={"options": "-c statement_timeout=5000 -c TimeZone=UTC"},\n',
      '    connect_args={"options": "-c TimeZone=UTC"},\n',
    ),
    'the last, and one in the middle': engine(
      "    connect_args={'options': '-cTimeZone=UTC --lock-timeout=5s -c application_name=shop -c jit=off'},\n",
      "    connect_args={'options': '-cTimeZone=UTC -c application_name=shop'},\n",
    ),
    'the only option goes with its key': engine(
      '    connect_args={"options": "-c statement_timeout=5000", "keepalives": 1},\n',
      '    connect_args={"keepalives": 1},\n',
    ),
    'an option with a blank in its value': engine(
      '    connect_args={"options": r"-c search_path=a,\\ b -c TimeZone=UTC"},\n',
      '    connect_args={"options": r"-c search_path=a,\\ b -c TimeZone=UTC"},\n',
    ),
  };
  for (const [name, [before, after]] of Object.entries(cases))
    test(name, async () => assert.equal((await mended('app/db.py', before!)).text, after));

  test("asyncpg's pool and psycopg_pool's", async () => {
    const before = `import asyncpg
from psycopg_pool import ConnectionPool


async def start(dsn):
    return await asyncpg.create_pool(dsn, server_settings={"jit": "off", "application_name": "shop"})


pool = ConnectionPool("host=pooler", kwargs={"options": "-c statement_timeout=5000", "autocommit": True})
`;
    const { text, titles } = await mended('app/db.py', before);
    assert.equal(
      text,
      before
        .replace('{"jit": "off", "application_name": "shop"}', '{"application_name": "shop"}')
        .replace('{"options": "-c statement_timeout=5000", "autocommit": True}', '{"autocommit": True}'),
    );
    assert.deepEqual(titles, [
      'Remove jit, to be set for the role',
      'Remove statement_timeout, to be set for the role',
    ]);
  });

  test("Django's OPTIONS", async () => {
    const before = `DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "pooler",
        "OPTIONS": {
            "options": "-c statement_timeout=5000",
            "sslmode": "require",
        },
    }
}
`;
    const { text } = await mended('config/settings.py', before);
    assert.equal(text, before.replace('            "options": "-c statement_timeout=5000",\n', ''));
  });

  test('what other code may use as well, and what is written in a URL, are left', async () => {
    const before = `import os
from sqlalchemy import create_engine

session = {"options": "-c statement_timeout=5000"}
a = create_engine(os.environ["DATABASE_URL"], connect_args=session)
b = create_engine("postgresql+psycopg2://shop@pooler/shop?options=-c%20statement_timeout%3D5000")
`;
    assert.deepEqual(await mended('app/db.py', before), { text: before, titles: [] });
    const { findings } = await analyseFiles({ 'app/db.py': before, 'poolproof.yaml': topology });
    assert.equal(findings.filter(({ rule }) => rule === 'startup-parameter-rejected').length, 2);
  });
});

describe('JavaScript', () => {
  const cases: Record<string, [string, string]> = {
    'node-postgres: time limits': [
      "import { Pool } from 'pg';\nexport const pool = new Pool({\n  max: 5,\n  statement_timeout: 5000,\n  query_timeout: 6000,\n  lock_timeout: 1000\n});\n",
      "import { Pool } from 'pg';\nexport const pool = new Pool({\n  max: 5,\n  query_timeout: 6000\n});\n",
    ],
    'node-postgres: options': [
      "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5, options: '-c search_path=shop' });\n",
      "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5 });\n",
    ],
    'postgres.js': [
      "import postgres from 'postgres';\nexport const sql = postgres(process.env.DATABASE_URL, { connection: { application_name: 'shop', statement_timeout: 5000 } });\n",
      "import postgres from 'postgres';\nexport const sql = postgres(process.env.DATABASE_URL, { connection: { application_name: 'shop' } });\n",
    ],
    'Drizzle over node-postgres': [
      "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle({ connection: { connectionString: process.env.DATABASE_URL, statement_timeout: 5000 } });\n",
      "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle({ connection: { connectionString: process.env.DATABASE_URL } });\n",
    ],
    'Slonik sends by itself': [
      "import { createPool } from 'slonik';\nexport const pool = await createPool(process.env.DATABASE_URL, { maximumPoolSize: 5, statementTimeout: 5000 });\n",
      "import { createPool } from 'slonik';\nexport const pool = await createPool(process.env.DATABASE_URL, { maximumPoolSize: 5, statementTimeout: 'DISABLE_TIMEOUT', idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT' });\n",
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases))
    test(name, async () => assert.equal((await mended('src/db.ts', before)).text, after));
});
