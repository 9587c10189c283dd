/** Each driver and version in front of each pooler and version: whether its prepared statements break, and what mends it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles, type Files, uriOf } from '../support/workspace.ts';

const sizes = 'default_pool_size: 20, max_client_conn: 500';

/** Poolers as the topology states them. */
const poolers = {
  'PgBouncer 1.25': `{kind: pgbouncer, mode: transaction, version: "1.25", ${sizes}}`,
  'PgBouncer 1.21 that is told to': `{kind: pgbouncer, mode: transaction, version: "1.21", max_prepared_statements: 100, ${sizes}}`,
  'PgBouncer of a version nobody states': `{kind: pgbouncer, mode: transaction, ${sizes}}`,
  'PgBouncer 1.18 in session mode': `{kind: pgbouncer, mode: session, version: "1.18", ${sizes}}`,
  'PgBouncer in a mode nobody states': `{kind: pgbouncer, version: "1.18", ${sizes}}`,
  'RDS Proxy, which pins': '{kind: rds-proxy, mode: transaction}',
  "Neon's": '{kind: neon}',
  'PgBouncer 1.18': `{kind: pgbouncer, mode: transaction, version: "1.18", ${sizes}}`,
  'PgBouncer 1.18 in statement mode': `{kind: pgbouncer, mode: statement, version: "1.18", ${sizes}}`,
  'PgBouncer 1.23 by default': `{kind: pgbouncer, mode: transaction, version: "1.23", ${sizes}}`,
  'PgBouncer 1.24 that is told not to': `{kind: pgbouncer, mode: transaction, version: "1.24", max_prepared_statements: 0, ${sizes}}`,
  Supavisor: '{kind: supavisor, mode: transaction}',
  PgCat: '{kind: pgcat, mode: transaction}',
};

const breaking: readonly (keyof typeof poolers)[] = [
  'PgBouncer 1.18',
  'PgBouncer 1.18 in statement mode',
  'PgBouncer 1.23 by default',
  'PgBouncer 1.24 that is told not to',
  'Supavisor',
  'PgCat',
];

const engine = (scheme: string, more = '', kind = 'create_engine', module = 'sqlalchemy') =>
  `import os\nfrom ${module} import ${kind}\n\nengine = ${kind}(f"${scheme}://u:{os.environ['P']}@pooler/d"${more})\n`;
const asynchronous = (more = '') => engine('postgresql+asyncpg', more, 'create_async_engine', 'sqlalchemy.ext.asyncio');
const requires = (...lines: string[]) => ({ 'requirements.txt': `${lines.join('\n')}\n` });
const depends = (packages: Record<string, string>) => ({ 'package.json': JSON.stringify({ dependencies: packages }) });

interface Driver {
  readonly files: Files;
  /** What the fix writes; undefined where nothing breaks. */
  readonly remedy?: string;
}

const drivers: Record<string, Driver> = {
  asyncpg: {
    files: { 'app/db.py': 'import asyncpg\n\n\nasync def start(dsn):\n    return await asyncpg.create_pool(dsn)\n' },
    remedy: 'statement_cache_size=0',
  },
  'asyncpg without a cache': {
    files: {
      'app/db.py':
        'import asyncpg\n\n\nasync def start(dsn):\n    return await asyncpg.create_pool(dsn, statement_cache_size=0)\n',
    },
  },
  'SQLAlchemy and asyncpg 0.31': {
    files: { 'app/db.py': asynchronous(), ...requires('sqlalchemy==2.0.40', 'asyncpg==0.31.0') },
    remedy: 'connect_args={"statement_cache_size": 0}',
  },
  'SQLAlchemy and asyncpg 0.30': {
    files: { 'app/db.py': asynchronous(), ...requires('sqlalchemy==2.0.40', 'asyncpg==0.30.0') },
    remedy: 'connect_args={"statement_cache_size": 0, "prepared_statement_name_func": lambda: ""}',
  },
  'SQLAlchemy and asyncpg 0.30 without a cache': {
    files: {
      'app/db.py': asynchronous(', connect_args={"statement_cache_size": 0}'),
      ...requires('sqlalchemy==2.0.40', 'asyncpg==0.30.0'),
    },
    remedy: '{"statement_cache_size": 0, "prepared_statement_name_func": lambda: ""}',
  },
  'SQLAlchemy and asyncpg 0.31 without a cache': {
    files: {
      'app/db.py': asynchronous(', connect_args={"statement_cache_size": 0}'),
      ...requires('sqlalchemy==2.0.40', 'asyncpg==0.31.0'),
    },
  },
  'SQLAlchemy and psycopg 3': {
    files: { 'app/db.py': engine('postgresql+psycopg') },
    remedy: 'connect_args={"prepare_threshold": None}',
  },
  'SQLAlchemy and psycopg 3 that prepares nothing': {
    files: { 'app/db.py': engine('postgresql+psycopg', ', connect_args={"prepare_threshold": None}') },
  },
  'SQLAlchemy and psycopg2': { files: { 'app/db.py': engine('postgresql+psycopg2') } },
  psycopg_pool: {
    files: { 'app/db.py': 'from psycopg_pool import ConnectionPool\n\npool = ConnectionPool("host=pooler")\n' },
    remedy: 'kwargs={"prepare_threshold": None}',
  },
  'psycopg2.pool': {
    files: {
      'app/db.py':
        'from psycopg2.pool import ThreadedConnectionPool\n\npool = ThreadedConnectionPool(1, 5, "host=pooler")\n',
    },
  },
  'Django, which switches them off itself': {
    files: {
      'config/settings.py':
        'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "pooler", "DISABLE_SERVER_SIDE_CURSORS": True}}\n',
      ...requires('django==5.2', 'psycopg==3.2'),
    },
  },
  'node-postgres': {
    files: {
      'src/db.ts':
        "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5 });\nexport const find = () => pool.query({ text: 'SELECT 1' });\n",
    },
  },
  'node-postgres with a named query': {
    files: {
      'src/db.ts':
        "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5 });\nexport const find = (id: string) => pool.query<{ id: string }>({ name: 'find', text: 'SELECT $1', values: [id] });\n",
    },
    remedy: "pool.query<{ id: string }>({ text: 'SELECT $1', values: [id] })",
  },
  'postgres.js': {
    files: {
      'src/db.ts':
        "import postgres from 'postgres';\nexport const sql = postgres(process.env.DATABASE_URL!, { max: 5 });\n",
    },
    remedy: '{ max: 5, prepare: false }',
  },
  'postgres.js that prepares nothing': {
    files: {
      'src/db.ts':
        "import postgres from 'postgres';\nexport const sql = postgres(process.env.DATABASE_URL!, { max: 5, prepare: false });\n",
    },
  },
  Slonik: {
    files: {
      'src/db.ts':
        "import { createPool } from 'slonik';\nexport const pool = await createPool(process.env.DATABASE_URL!);\n",
    },
  },
  'Drizzle over node-postgres': {
    files: {
      'src/db.ts':
        "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(process.env.DATABASE_URL!);\n",
    },
  },
  'Prisma 6': {
    files: {
      'prisma/schema.prisma':
        'datasource db {\n  provider = "postgresql"\n  url      = "postgresql://u@pooler/d?connection_limit=5"\n}\n\ngenerator client {\n  provider = "prisma-client-js"\n}\n',
      ...depends({ '@prisma/client': '6.19.0', prisma: '6.19.0' }),
    },
    remedy: '?connection_limit=5&pgbouncer=true',
  },
  'Prisma 6 with its flag': {
    files: {
      'prisma/schema.prisma':
        'datasource db {\n  provider = "postgresql"\n  url      = "postgresql://u@pooler/d?connection_limit=5&pgbouncer=true"\n}\n\ngenerator client {\n  provider = "prisma-client-js"\n}\n',
      ...depends({ '@prisma/client': '6.19.0', prisma: '6.19.0' }),
    },
  },
  "Prisma's adapter for node-postgres": {
    files: {
      'src/db.ts':
        "import { PrismaPg } from '@prisma/adapter-pg';\nimport { PrismaClient } from './generated/client';\n\nexport const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) });\n",
      ...depends({ '@prisma/client': '7.1.0', '@prisma/adapter-pg': '7.1.0' }),
    },
  },
};

const topology = (pooler: string) =>
  `databases:\n  main:\n    engine: postgresql\n    max_connections: 100\n    pooler: ${pooler}\nservices:\n  api: {database: main, server: node}\n`;

const rule = 'prepared-statements-behind-transaction-pooler';

async function verdict(files: Files, pooler: string) {
  const { findings } = await analyseFiles({ ...files, 'poolproof.yaml': topology(pooler) });
  return findings.filter((each) => each.rule === rule);
}

for (const [driver, { files, remedy }] of Object.entries(drivers)) {
  describe(driver, () => {
    for (const [name, pooler] of Object.entries(poolers)) {
      const isBroken = remedy !== undefined && (breaking as readonly string[]).includes(name);
      test(`in front of ${name}: ${isBroken ? 'breaks, and is mended' : 'works'}`, async () => {
        const found = await verdict(files, pooler);
        assert.equal(found.length, isBroken ? 1 : 0);
        if (!isBroken) return;
        assert.equal(found[0]!.severity, 'error');
        const fix = found[0]!.fixes.find(({ preferred }) => preferred)!;
        const mended = Object.fromEntries(
          Object.entries(files).map(([path, text]) => [
            path,
            applyEdits(
              text,
              fix.edits.filter(({ uri }) => uri === uriOf(path)),
            ),
          ]),
        );
        assert.ok(
          Object.values(mended).some((text) => text.includes(remedy!)),
          JSON.stringify(mended),
        );
        assert.deepEqual(await verdict(mended, pooler), []);
      });
    }
  });
}

describe('addresses that their providers use', () => {
  const hosts: Record<string, 'breaks' | 'works'> = {
    'aws-0-eu-central-1.pooler.supabase.com:6543': 'breaks',
    'aws-0-eu-central-1.pooler.supabase.com:5432': 'works',
    'db.abcdefgh.supabase.co:6543': 'breaks',
    'db.abcdefgh.supabase.co:5432': 'works',
    'shop.postgres.database.azure.com:6432': 'breaks',
    'shop.postgres.database.azure.com:5432': 'works',
    'ep-cool-fire-123-pooler.eu-central-1.aws.neon.tech': 'works',
    'pgbouncer.internal:6432': 'works',
  };
  for (const [host, expected] of Object.entries(hosts))
    test(`asyncpg to ${host} ${expected}`, async () => {
      const text = `import asyncpg\n\n\nasync def start():\n    return await asyncpg.create_pool("postgresql://u@${host}/d")\n`;
      const { findings } = await analyseFiles({ 'app/db.py': text });
      assert.equal(
        findings.some((each) => each.rule === rule),
        expected === 'breaks',
      );
    });
});

test('a pgbouncer.ini that switches them off is the other way to mend it', async () => {
  const files = {
    'app/db.py': drivers['asyncpg']!.files['app/db.py']!,
    'deploy/pgbouncer.ini':
      '[databases]\nshop = host=db\n\n[pgbouncer]\npool_mode = transaction\nmax_prepared_statements = 0\nmax_client_conn = 500\n',
  };
  const found = await verdict(files, '{kind: pgbouncer, version: "1.24", config: deploy/pgbouncer.ini}');
  const [, other] = found[0]!.fixes;
  assert.equal(other!.title, 'Set max_prepared_statements to 200 (PgBouncer 1.24 follows them)');
  const ini = applyEdits(files['deploy/pgbouncer.ini'], other!.edits);
  assert.deepEqual(
    await verdict(
      { ...files, 'deploy/pgbouncer.ini': ini },
      '{kind: pgbouncer, version: "1.24", config: deploy/pgbouncer.ini}',
    ),
    [],
  );
  const old = await verdict(files, '{kind: pgbouncer, version: "1.20", config: deploy/pgbouncer.ini}');
  assert.equal(old[0]!.fixes.length, 1, 'a version that cannot');
});

test('what stays in a session: broken by most, pinned by RDS Proxy, put back where it is tracked', async () => {
  const said = async (pooler: string, more: Files = {}) => {
    const files = { 'app/db.py': 'def enter(cursor):\n    cursor.execute("SET search_path TO shop")\n', ...more };
    const { findings } = await analyseFiles({ ...files, 'poolproof.yaml': topology(pooler) });
    return findings
      .filter((each) => each.rule.startsWith('session-state'))
      .map(({ severity, message }) => [severity, message.includes('pins it')]);
  };
  assert.deepEqual(await said('{kind: supavisor, mode: transaction}'), [['warning', false]]);
  assert.deepEqual(await said('{kind: neon}'), [['warning', false]]);
  assert.deepEqual(await said('{kind: rds-proxy, mode: transaction}'), [['information', true]]);
  assert.deepEqual(await said('{kind: pgbouncer, mode: session}'), []);
  assert.deepEqual(await said('{kind: pgbouncer, mode: transaction, version: "1.25"}'), [['warning', false]]);
  assert.deepEqual(await said('{kind: pgbouncer, mode: transaction, version: "1.26"}'), [], 'tracked by default');
  const tracked =
    '[databases]\nshop = host=db\n\n[pgbouncer]\npool_mode = transaction\ntrack_extra_parameters = IntervalStyle, search_path\n';
  assert.deepEqual(await said('{kind: pgbouncer, config: pgbouncer.ini}', { 'pgbouncer.ini': tracked }), []);
});
