/** Neon's serverless driver: node-postgres' pool over WebSockets. `neon(url)` speaks HTTP and holds no connection. */
import { newestNeon } from '../facts/pg.ts';
import type { Library } from './library.ts';
import { type NodeDriver, nodePool } from './nodePool.ts';
import { pgDriver, pgPoolProblems } from './nodePostgres.ts';
import { optionsAt } from './options.ts';

const callables = ['@neondatabase/serverless.Pool'];

export const neonDriver: NodeDriver = {
  ...pgDriver,
  system: 'neon',
  library: 'Neon',
  package: '@neondatabase/serverless',
  newest: newestNeon,
  identity: { dialect: 'postgresql', driver: 'neon' },
};

export const neon: Library = {
  name: 'Neon',
  language: 'typescript',
  systems: ['neon'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, '@neondatabase/serverless.Client', '@neondatabase/serverless.neon']),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret: (site, _path, context) => [
    nodePool(neonDriver, 'Pool', optionsAt(site, 0, context.resolve), site, context),
  ],
  problems: pgPoolProblems,
};
