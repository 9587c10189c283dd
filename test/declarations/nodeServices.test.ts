/** Pools of hosted services' own drivers, in the shapes in which applications write them. */
import { shapes } from '../support/shapes.ts';

const neon = "import { Pool } from '@neondatabase/serverless';\n";

shapes('neon', [
  [
    `${neon}export const pool = new Pool({ connectionString: process.env.DATABASE_URL });`,
    { peak: 10, variable: 'DATABASE_URL' },
  ],
  [`${neon}export const pool = new Pool({ max: 4 });`, { peak: 4, name: 'pool' }],
  [`${neon}export const pool = new Pool();`, { peak: 10 }],
  ["import * as neon from '@neondatabase/serverless';\nexport const pool = new neon.Pool({ max: 4 });", { peak: 4 }],
  ["const { Pool } = require('@neondatabase/serverless');\nmodule.exports = new Pool({ max: 4 });", { peak: 4 }],
  [
    "import { neonConfig, Pool } from '@neondatabase/serverless';\nimport ws from 'ws';\nneonConfig.webSocketConstructor = ws;\nexport const pool = new Pool({ max: 4 });",
    { peak: 4 },
  ],
  [
    `${neon}export const pool = new Pool({ host: 'ep-x-pooler.neon.tech', max: '6' });`,
    { peak: 6, host: 'ep-x-pooler.neon.tech' },
  ],
  [
    `${neon}export default async function handler(request, context) {\n  const pool = new Pool({ connectionString: context.env.DATABASE_URL });\n  context.waitUntil(pool.end());\n}`,
    { peak: 10 },
  ],
  [
    `${neon}const options = { connectionString: process.env.DATABASE_URL!, max: 1 } as const;\nexport const pool = new Pool(options);`,
    { peak: 1, variable: 'DATABASE_URL' },
  ],
  [
    `${neon}import { drizzle } from 'drizzle-orm/neon-serverless';\nexport const db = drizzle({ client: new Pool({ max: 3 }) });`,
    { peak: 3 },
  ],
  [
    `${neon}import { Kysely, PostgresDialect } from 'kysely';\nexport const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ max: 3 }) }) });`,
    { peak: 3 },
  ],
  ["import { neon } from '@neondatabase/serverless';\nexport const sql = neon(process.env.DATABASE_URL!);"],
  ["import type { Pool } from '@neondatabase/serverless';\nexport const use = (pool: Pool) => pool.query('select 1');"],
  ["import { Client } from '@neondatabase/serverless';\nexport const client = new Client(process.env.DATABASE_URL);"],
]);

const vercel = "import { createPool } from '@vercel/postgres';\n";

shapes('vercel-postgres', [
  [`${vercel}export const pool = createPool();`, { peak: 10, variable: 'POSTGRES_URL' }],
  [
    `${vercel}export const pool = createPool({ connectionString: process.env.SHOP_POSTGRES_URL, max: 4 });`,
    { peak: 4, variable: 'SHOP_POSTGRES_URL' },
  ],
  [
    "import * as vercel from '@vercel/postgres';\nexport const pool = vercel.createPool({ max: 4 });",
    { peak: 4, variable: 'POSTGRES_URL' },
  ],
  [`${vercel}export const db = createPool({ max: 3, idleTimeoutMillis: 1000 });`, { peak: 3, name: 'db' }],
  ["const { createPool } = require('@vercel/postgres');\nmodule.exports.pool = createPool({ max: 2 });", { peak: 2 }],
  [
    `${vercel}const config = { max: Number(process.env.POOL_MAX ?? 5) };\nexport const pool = createPool({ ...config });`,
    { peak: 5 },
  ],
  [`${vercel}export const pool = createPool({ max: Number(process.env.POOL_MAX) });`, { peak: 'unknown' }],
  [`${vercel}let pool;\nexport const getPool = () => (pool ??= createPool({ max: 2 }));`, { peak: 2 }],
  [
    `${vercel}import { drizzle } from 'drizzle-orm/vercel-postgres';\nexport const db = drizzle(createPool({ max: 2 }), { schema: {} });`,
    { peak: 2 },
  ],
  [
    `${vercel}export const pool = createPool({ connectionString: 'postgres://shop@ep-x-pooler.aws.neon.tech/shop' });`,
    { peak: 10, host: 'ep-x-pooler.aws.neon.tech' },
  ],
  [
    "import { sql } from '@vercel/postgres';\nexport const users = () => sql`SELECT 1`;",
    { peak: 10, variable: 'POSTGRES_URL', name: 'sql' },
  ],
  [
    "import { db } from '@vercel/postgres';\nexport const take = () => db.connect();",
    { peak: 10, variable: 'POSTGRES_URL' },
  ],
  [
    {
      'src/a.ts': "import { sql } from '@vercel/postgres';\nexport const users = () => sql`SELECT 1`;\n",
      'src/b.ts': "import { sql, db as pool } from '@vercel/postgres';\nexport const both = [sql, pool];\n",
      'src/c.ts': "import { drizzle } from 'drizzle-orm/vercel-postgres';\nexport const db = drizzle();\n",
      'src/a.test.ts': "import { sql } from '@vercel/postgres';\nsql`SELECT 1`;\n",
    },
    { peak: 10 },
  ],
  [
    "import { drizzle } from 'drizzle-orm/vercel-postgres';\nimport { sql } from '@vercel/postgres';\nexport const db = drizzle(sql);",
    { peak: 10 },
  ],
  ["import { drizzle } from 'drizzle-orm/vercel-postgres';\nexport const db = drizzle({ schema: {} });", { peak: 10 }],
  ["import type { sql } from '@vercel/postgres';\nexport type Sql = typeof sql;"],
  ["import { sql } from 'drizzle-orm';\nexport const one = sql`1`;"],
  ["import { createClient } from '@vercel/postgres';\nexport const client = createClient();"],
]);
