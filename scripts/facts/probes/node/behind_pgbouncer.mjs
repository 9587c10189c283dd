// Node's drivers behind PgBouncer in transaction mode: two clients on one server connection take turns.
import { database, load, loadModule, measure, outcome, versions } from './measure.mjs';

versions('pg', 'postgres', 'slonik', '@prisma/adapter-pg');
const url = `postgresql://postgres@127.0.0.1:${process.env.POOLPROOF_POOLER_PORT}/${database}`;
const turns = 4;
const pg = load('pg');

/** "ok", "fails", or "waits" where a query never settles. */
async function verdict(work) {
  return outcome(work, { milliseconds: 6000, pick: () => 'fails' });
}

async function nodePostgres(query, options = {}) {
  const clients = [1, 2].map(() => new pg.Client({ connectionString: url, ...options }));
  try {
    for (const client of clients) await client.connect();
    for (let turn = 0; turn < turns; turn++) for (const client of clients) await client.query(query);
  } finally {
    for (const client of clients) client.end().catch(() => {});
  }
}

await measure('node-postgres', () => verdict(() => nodePostgres({ text: 'SELECT $1::int', values: [1] })));
await measure('node-postgres with a name', () =>
  verdict(() => nodePostgres({ name: 'one', text: 'SELECT $1::int', values: [1] })),
);
await measure('node-postgres query_timeout', () => verdict(() => nodePostgres('SELECT 1', { query_timeout: 5000 })));
for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) {
  await measure(`node-postgres ${name}`, () => verdict(() => nodePostgres('SELECT 1', { [name]: 5000 })));
}
await measure('node-postgres options', () =>
  verdict(() => nodePostgres('SELECT 1', { options: '-c search_path=public' })),
);

async function postgresJs(options) {
  const postgres = load('postgres');
  const clients = [1, 2].map(() => postgres(url, { max: 1, fetch_types: false, ...options }));
  try {
    for (let turn = 0; turn < turns; turn++) for (const sql of clients) await sql`SELECT ${turn}::int`;
  } finally {
    for (const sql of clients) sql.end({ timeout: 0 }).catch(() => {});
  }
}

await measure('postgres.js prepare: false', () => verdict(() => postgresJs({ prepare: false })));
await measure('postgres.js connection', () =>
  verdict(() => postgresJs({ prepare: false, connection: { statement_timeout: 5000 } })),
);

async function slonik(options) {
  const { createPool, sql } = await loadModule('slonik');
  const pool = await createPool(url, { connectionRetryLimit: 0, maximumPoolSize: 1, ...options });
  await pool.any(sql.unsafe`SELECT 1`);
}

await measure('Slonik', () => verdict(() => slonik({})));
const off = { statementTimeout: 'DISABLE_TIMEOUT', idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT' };
await measure('Slonik without timeouts', () => verdict(() => slonik(off)));

await measure('PrismaPg', () =>
  verdict(async () => {
    const { PrismaPg } = await loadModule('@prisma/adapter-pg');
    const adapters = [1, 2].map(() => new PrismaPg({ connectionString: url, max: 1 }).connect());
    const query = { sql: 'SELECT $1::int', args: [1], argTypes: [{ scalarType: 'int', arity: 'scalar' }] };
    for (let turn = 0; turn < turns; turn++)
      for (const adapter of await Promise.all(adapters)) await adapter.queryRaw(query);
  }),
);
/**
 * Its names differ from client to client; what it meets is a server connection on which its statement was never made. One
 * query is repeated then; of several that are under way, some fail or never settle.
 */
async function postgresJsElsewhere(options) {
  const sql = load('postgres')(url, { max: 1, fetch_types: false, ...options });
  const console = new pg.Client({ connectionString: url.replace(/[^/]*$/, 'pgbouncer') });
  await console.connect();
  await sql`SELECT ${1}::int`;
  await console.query('RECONNECT');
  await Promise.all(Array.from({ length: 10 }, (_, index) => sql`SELECT ${index}::int`));
  await console.end();
  await sql.end();
}

// Which of the two it meets is a matter of timing.
await measure('postgres.js', async () =>
  (await verdict(() => postgresJsElsewhere({}))) === 'ok' ? 'ok' : 'fails or waits',
);
await measure('postgres.js elsewhere, prepare: false', () => verdict(() => postgresJsElsewhere({ prepare: false })));
process.exit(0);
