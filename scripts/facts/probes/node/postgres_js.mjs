// postgres.js: its options, what it makes of texts, and how many connections it opens.
import { asks, load, measure, outcome, peak, record, throws, url, urlWith, versions } from './measure.mjs';

versions('postgres');
const postgres = load('postgres');

const { options } = postgres(url);
// A default that is chosen anew each time is a function here.
for (const name of asks.defaults) record(`default ${name}`, typeof options[name] === 'function' ? null : options[name]);
record('default fetch_types', options.fetch_types);
record('default keep_alive', options.keep_alive);
// What the library makes of options, and adds itself.
const internal = new Set(['parsers', 'serializers', 'max_attempts', 'parameters']);
record(
  'options we do not name',
  Object.keys(options)
    .filter((name) => !asks.known.includes(name) && !internal.has(name))
    .sort(),
);
record(
  'misspelt options that are read',
  asks.misspelt.filter((name) => Object.hasOwn(options, name)),
);
for (const name of asks.refused) {
  await measure(`?${name} in the URL`, () =>
    outcome(() => postgres(urlWith({ [name]: '2' }))`SELECT 1`, { pick: (error) => error.code }),
  );
}
const lifetime = typeof options.max_lifetime === 'function' ? options.max_lifetime() : options.max_lifetime;
record('max_lifetime is between 30 and 60 minutes', lifetime >= 1800 && lifetime <= 3600);
record('idle_timeout as a text', postgres(url, { idle_timeout: '20' }).options.idle_timeout);

async function capacity(name, given, address = url) {
  const sql = postgres(address, { connection: { application_name: name }, ...given });
  const most = await peak(name, 13, (text) => sql.unsafe(text));
  sql.end({ timeout: 0 }).catch(() => {});
  return most;
}

await measure('peak, default', () => capacity('postgres default', {}));
await measure('peak, max: 3', () => capacity('postgres 3', { max: 3 }));
await measure("peak, max: '20'", () => capacity('postgres text', { max: '20' }));
await measure('peak, max: undefined', () => capacity('postgres undefined', { max: undefined }));
await measure('peak, ?max=20', () => capacity('postgres url', {}, urlWith({ max: 20 })));
await measure('peak, PGMAX=20', async () => {
  process.env.PGMAX = '20';
  const most = await capacity('postgres env', {});
  delete process.env.PGMAX;
  return most;
});
await measure('max: 0', async () => outcome(() => postgres(url, { max: 0 })`SELECT 1`, { milliseconds: 600 }));
await measure('max: NaN', () => throws(() => postgres(url, { max: Number.NaN })));
await measure('a full pool waits', async () => {
  const sql = postgres(url, { max: 1 });
  const holder = await sql.reserve();
  const result = await outcome(() => sql`SELECT 1`, { milliseconds: 700 });
  holder.release();
  return result;
});
await measure('max: 2 and listen', async () => {
  const sql = postgres(url, { max: 2, connection: { application_name: 'postgres listen' } });
  await sql.listen('channel', () => {});
  const most = await peak('postgres listen', 6, (text) => sql.unsafe(text));
  sql.end({ timeout: 0 }).catch(() => {});
  return most;
});
await measure('named statements', async () => {
  const found = {};
  for (const prepare of [true, false]) {
    const sql = postgres(url, { max: 1, prepare });
    await sql`SELECT ${1}::int`;
    const [{ count }] = await sql.unsafe(
      "SELECT count(*)::int FROM pg_prepared_statements WHERE statement LIKE '%::int'",
    );
    found[prepare] = count;
    await sql.end();
  }
  return found;
});
process.exit(0);
