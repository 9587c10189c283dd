/** pg-promise: `pgp(initOptions)(connection)` builds a pool of node-postgres per connection object. */
import { newestPgPromise } from '../facts/pg.ts';
import type { Library } from './library.ts';
import { nodePool } from './nodePool.ts';
import { pgDriver, pgPoolProblems } from './nodePostgres.ts';
import { optionsAt } from './options.ts';

const callables = ['pg-promise()'];

export const pgPromise: Library = {
  name: 'pg-promise',
  language: 'typescript',
  systems: ['pg-promise'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret: (site, _path, context) => [
    nodePool(
      { ...pgDriver, system: 'pg-promise', library: 'pg-promise', package: 'pg-promise', newest: newestPgPromise },
      'pgp',
      optionsAt(site, 0, context.resolve),
      site,
      context,
    ),
  ],
  problems: pgPoolProblems,
};
