/** MikroORM: node-postgres' pool in version 7, Knex's in version 6. */
import type { Pool } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import { knexFacts, knexOtherPoolKeys } from '../facts/knex.ts';
import { newestMikroOrm, poolsWithKnex } from '../facts/mikroOrm.ts';
import { driverAddress } from './driverAddress.ts';
import { idleLimitOfKnex, knexPoolProblems } from './knex.ts';
import type { InterpretationContext, Library } from './library.ts';
import { pgBehaviour } from './nodePostgres.ts';
import { nestedOptions, optionsAt } from './options.ts';
import { assumedVersionOf, limitedBy, plainPool, waitBoundBy } from './plainPool.ts';

const callables = ['@mikro-orm/postgresql.MikroORM.init', '@mikro-orm/postgresql.defineConfig'];

export const mikroOrm: Library = {
  name: 'MikroORM',
  language: 'typescript',
  systems: ['mikro-orm'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['max'],
  interpret: (site, _path, context) => interpret(site, context),
};

function interpret(site: CallSite, context: InterpretationContext): readonly Pool[] {
  const options = optionsAt(site, 0, context.resolve);
  // `MikroORM.init()` reads a configuration that is found by its name, and `init(config)` one that counts where it is defined.
  if (options.byName.size === 0) return [];
  const version = assumedVersionOf(context.dependencies, '@mikro-orm/core', newestMikroOrm);
  const inner = nestedOptions(options, 'pool', context.resolve);
  const url = options.byName.get('clientUrl');
  const base = {
    system: 'mikro-orm',
    library: 'MikroORM',
    version,
    callable: 'MikroORM',
    effective: inner,
    address: driverAddress(url, options.byName, { dialect: 'postgresql', driver: 'pg' }, context),
    poolClass: 'Pool',
    driverArguments: undefined,
    insertion: inner.insertion,
  } as const;
  if (!poolsWithKnex(version.version)) return [plainPool({ ...base, ...pgBehaviour }, site, context)];
  const pool = plainPool(
    {
      ...base,
      facts: knexFacts,
      others: knexOtherPoolKeys,
      peak: limitedBy('max'),
      acquireWait: waitBoundBy('acquireTimeoutMillis'),
      idleLimit: idleLimitOfKnex,
    },
    site,
    context,
  );
  return [{ ...pool, problems: [...knexPoolProblems(pool)] }];
}
