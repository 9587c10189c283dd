/** Vercel's PostgreSQL client: Neon's pool, from `createPool()` or the shared one behind `sql` and `db`. */
import { newestVercelPostgres } from '../facts/pg.ts';
import type { Library } from './library.ts';
import { type NodeDriver, nodePool } from './nodePool.ts';
import { pgDriver, pgPoolProblems } from './nodePostgres.ts';
import { optionsAt } from './options.ts';

const callables = ['@vercel/postgres.createPool'];

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

export const vercelPostgres: Library = {
  name: 'Vercel Postgres',
  language: 'typescript',
  systems: ['vercel-postgres'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, '@vercel/postgres.createClient']),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret(site, _path, context) {
    const options = optionsAt(site, 0, context.resolve);
    const pool = nodePool(driver, 'createPool', options, site, context);
    const isDefault = !options.hasUnread && options.byName.get(urlOption) === undefined;
    return [isDefault ? { ...pool, address: { ...pool.address, source: 'environment', variable } } : pool];
  },
  problems: pgPoolProblems,
};
