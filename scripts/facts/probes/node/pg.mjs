// node-postgres and pg-promise: what its pool options become, and how many connections they open.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  asks,
  connections,
  load,
  measure,
  outcome,
  peak,
  record,
  settled,
  throws,
  url,
  urlWith,
  versions,
} from './measure.mjs';

versions('pg', 'pg-pool', 'pg-promise');
const pg = load('pg');
const { Pool } = pg;

const { options } = new Pool();
/** Left out means none for the limits that have no plain default. */
const effective = { ...options, connectionTimeoutMillis: options.connectionTimeoutMillis ?? 0 };
for (const name of asks.defaults)
  record(`default ${name}`, Number.isFinite(effective[name]) || effective[name] === false ? effective[name] : null);

/** The names of options that the code of pg and its pool reads. */
const files = ['pg-pool/index.js', 'pg/lib/client.js', 'pg/lib/connection-parameters.js'];
const code = files
  .map((file) => readFileSync(join(process.env.POOLPROOF_TARGET, 'node_modules', file), 'utf8'))
  .join('\n');
const read = new Set(
  [...code.matchAll(/\b(?:this\.options|options|config|c)\.(\w+)|\bval\('(\w+)'/g)].map(
    ([, member, value]) => member ?? value,
  ),
);
// What pg's own tests hand in, and a method of queries.
const internal = new Set(['connection', 'submit']);
record('options we do not name', [...read].filter((name) => !asks.known.includes(name) && !internal.has(name)).sort());
record(
  'misspelt options that are read',
  asks.misspelt.filter((name) => read.has(name)),
);
record('pg.defaults', { max: pg.defaults.max, idleTimeoutMillis: pg.defaults.idleTimeoutMillis });
const client = new pg.Client();
record('keepAlive is sent', Boolean(client.connection._keepAlive));
record(
  'Pool("postgres://…")',
  throws(() => new Pool(url)),
);
record('poolSize is an alias of max', new Pool({ poolSize: 3 }).options.max);

/** The peak of a pool, then what is left. */
async function capacity(name, poolOptions, times = 14) {
  const pool = new Pool({ connectionString: url, application_name: name, ...poolOptions });
  pool.on('error', () => {});
  const most = await peak(name, times, (sql) => pool.query(sql));
  pool.end();
  return most;
}

const sizes = {
  default: {},
  'max: 3': { max: 3 },
  "max: '3'": { max: '3' },
  'max: 0': { max: 0 },
  'max: null': { max: null },
  'max: NaN': { max: Number.NaN },
  "max: 'abc'": { max: 'abc' },
};
for (const [index, [label, value]] of Object.entries(sizes).entries())
  await measure(`peak, ${label}`, () => capacity(`pg-${index}`, value));

await measure('max: -1', async () => {
  const pool = new Pool({ connectionString: url, max: -1 });
  return outcome(() => pool.query('SELECT 1'), { milliseconds: 500 });
});
await measure('min: 5 after one query', async () => {
  const pool = new Pool({ connectionString: url, application_name: 'pg-min', min: 5 });
  await pool.query('SELECT 1');
  const count = await settled('pg-min');
  await pool.end();
  return count;
});
await measure('pool parameters in the URL', async () => {
  const connectionString = urlWith({
    max: 2,
    connection_limit: 2,
    pgbouncer: true,
    pool_timeout: 1,
    application_name: 'pg-url',
  });
  const pool = new Pool({ connectionString });
  const most = await peak('pg-url', 14, (sql) => pool.query(sql));
  await pool.end();
  return most;
});
await measure('a full pool by default', async () => {
  const pool = new Pool({ connectionString: url, max: 1 });
  const holder = await pool.connect();
  const result = await outcome(() => pool.connect(), { milliseconds: 700 });
  const limited = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 1500 });
  const other = await limited.connect();
  const bounded = await outcome(() => limited.connect(), { pick: (error) => error.message });
  holder.release();
  other.release();
  return { 'without timeout': result, 'with connectionTimeoutMillis': bounded };
});
await measure('an idle client that the server ends, without a listener', async () => {
  const pool = new Pool({ connectionString: url, application_name: 'pg-idle' });
  const told = new Promise((resolve) => process.once('uncaughtException', () => resolve('uncaught')));
  const pid = (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
  const other = new pg.Client(url);
  await other.connect();
  await other.query(`SELECT pg_terminate_backend(${pid})`);
  const result = await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 3000, 'nothing'))]);
  await other.end();
  return result;
});
await measure('statement_timeout is a startup parameter', async () => {
  const pool = new Pool({ connectionString: url, statement_timeout: 1234, max: 1 });
  const [value, source] = Object.values(
    (await pool.query("SELECT setting, source FROM pg_settings WHERE name = 'statement_timeout'")).rows[0],
  );
  await pool.end();
  return { value, source };
});
await measure('query_timeout is not', async () => {
  const pool = new Pool({ connectionString: url, query_timeout: 1234, max: 1 });
  const { setting } = (await pool.query("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'")).rows[0];
  await pool.end();
  return setting;
});
await measure('a Client', async () => {
  const one = new pg.Client({ connectionString: url, application_name: 'pg-client' });
  await one.connect();
  const count = await connections('pg-client');
  await one.end();
  return count;
});
await measure('pg-promise', async () => {
  const pgp = load('pg-promise')({ noWarnings: true });
  const db = pgp({ connectionString: url, application_name: 'pg-promise' });
  const most = await peak('pg-promise', 14, (sql) => db.any(sql));
  await db.$pool.end();
  return most;
});
process.exit(0);
