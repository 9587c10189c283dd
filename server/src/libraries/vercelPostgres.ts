/** Vercel's PostgreSQL client: Neon's pool, from `createPool()` or the shared one behind `sql` and `db`. */
import type { CallSite } from '../declarations/value.ts';
import { newestVercelPostgres } from '../facts/pg.ts';
import type { Library, LinkedSite, RelinkView } from './library.ts';
import { type NodeDriver, nodePool } from './nodePool.ts';
import { pgDriver, pgPoolProblems } from './nodePostgres.ts';
import { type Options, optionsAt } from './options.ts';

const createPool = '@vercel/postgres.createPool';
const shared = ['@vercel/postgres.sql', '@vercel/postgres.db'];
/** Without a client it takes the shared pool. */
const drizzle = 'drizzle-orm/vercel-postgres.drizzle';
const callables = [createPool, ...shared, drizzle];

/** The shared pool takes none. */
const noOptions: Options = { list: [], byName: new Map(), hasUnread: false };
const urlOption = 'connectionString';
/** What is read where no URL is passed. */
const variable = 'POSTGRES_URL';

const driver: NodeDriver = {
  ...pgDriver,
  system: 'vercel-postgres',
  library: 'Vercel Postgres',
  package: '@vercel/postgres',
  newest: newestVercelPostgres,
  identity: { dialect: 'postgresql', driver: 'neon' },
};

/** Nobody can tell the shared pool how long to wait. */
const sharedDriver: NodeDriver = {
  ...driver,
  acquireWait: () => ({ kind: 'forever' }),
  acquireAdvice: 'A pool of your own, createPool({ connectionTimeoutMillis }), has one.',
};

export const vercelPostgres: Library = {
  name: 'Vercel Postgres',
  language: 'typescript',
  systems: ['vercel-postgres'],
  callables: new Set(callables),
  sharedObjects: new Set(shared),
  tellingNames: new Set(),
  connectors: new Set([...callables, '@vercel/postgres.createClient']),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  relink: once,
  interpret(site, path, context) {
    const isOwn = path === createPool;
    const options = isOwn ? optionsAt(site, 0, context.resolve) : noOptions;
    const pool = nodePool(isOwn ? driver : sharedDriver, isOwn ? 'createPool' : 'sql', options, site, context);
    const isDefault = !options.hasUnread && options.byName.get(urlOption) === undefined;
    return [isDefault ? { ...pool, address: { ...pool.address, source: 'environment', variable } } : pool];
  },
  problems: pgPoolProblems,
};

/** What stays the same from one linking to the next stays the same object. */
const merged = new WeakMap<CallSite, { readonly owners: string; readonly linked: LinkedSite }>();

/** A process has the shared pool once, however many files import it; without application code it counts nowhere. */
function once(linked: readonly LinkedSite[], { contextOf }: RelinkView): LinkedSite[] {
  const isShared = (each: LinkedSite) => shared.includes(each.path) || takesShared(each);
  const [first, ...more] = linked.filter((each) => isShared(each) && contextOf(each.site.uri) === 'app');
  const others = linked.filter(({ path }) => path !== drizzle && !shared.includes(path));
  if (first === undefined) return others;
  const calledFrom = [...new Set([first, ...more].map(({ site }) => site.uri))].sort();
  const owners = calledFrom.join(' ');
  let known = merged.get(first.site);
  if (known?.owners !== owners) {
    known = { owners, linked: { path: shared[0]!, site: { ...first.site, calledFrom } } };
    merged.set(first.site, known);
  }
  return [...others, known.linked];
}

/** `drizzle()` and `drizzle({ schema })`. */
function takesShared({ path, site }: LinkedSite): boolean {
  if (path !== drizzle) return false;
  const options = site.arguments[0]?.value;
  return (
    options === undefined || (options.kind === 'mapping' && !options.entries.some((each) => each.key === 'client'))
  );
}
