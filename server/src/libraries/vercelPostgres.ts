/** Vercel's PostgreSQL client: Neon's pool, from `createPool()` or the shared one behind `sql` and `db`. */
import { newestVercelPostgres } from '../facts/pg.ts';
import type { Library } from './library.ts';
import { nodePool } from './nodePool.ts';
import { pgDriver, pgPoolProblems } from './nodePostgres.ts';
import { optionsAt } from './options.ts';

const callables = ['@vercel/postgres.createPool'];

export const vercelPostgres: Library = {
  name: 'Vercel Postgres',
  language: 'typescript',
  systems: ['vercel-postgres'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, '@vercel/postgres.createClient']),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret: (site, _path, context) => [
    nodePool(
      {
        ...pgDriver,
        system: 'vercel-postgres',
        library: 'Vercel Postgres',
        package: '@vercel/postgres',
        newest: newestVercelPostgres,
        identity: { dialect: 'postgresql', driver: 'neon' },
      },
      'createPool',
      optionsAt(site, 0, context.resolve),
      site,
      context,
    ),
  ],
  problems: pgPoolProblems,
};
