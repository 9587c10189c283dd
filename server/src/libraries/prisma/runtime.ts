/** Prisma 8, a release candidate: `postgres({ contractJson, url })` makes a pool of node-postgres whose size nobody can set. */
import { isCertainlyPassed } from '../../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import { pgPoolDefault } from '../../facts/pg.ts';
import { newestPrismaRuntime, prismaRuntimeFacts, prismaRuntimes } from '../../facts/prismaRuntime.ts';
import { driverAddress } from '../driverAddress.ts';
import type { InterpretationContext, Library } from '../library.ts';
import { nestedOptions, optionsAt } from '../options.ts';
import { assumedVersionOf, idleBoundBy, plainPool, waitBoundBy } from '../plainPool.ts';

export const prismaRuntime: Library = {
  name: 'Prisma 8',
  language: 'typescript',
  systems: ['prisma'],
  callables: prismaRuntimes,
  tellingNames: new Set(),
  connectors: prismaRuntimes,
  shownDefaults: [],
  interpret(site, path, context) {
    const options = optionsAt(site, 0, context.resolve);
    // A pool or a client that is handed in counts where it is built.
    if (options.byName.size === 0 || options.byName.has('pg') || options.byName.has('binding')) return [];
    const pool = plainPool(
      {
        system: 'prisma',
        library: 'Prisma',
        version: assumedVersionOf(context.dependencies, path.split('/runtime')[0]!, newestPrismaRuntime),
        callable: 'postgres',
        facts: prismaRuntimeFacts,
        others: new Set(),
        driverArguments: undefined,
        ...poolOptionsOf(options, context),
        address: driverAddress(options.byName.get('url'), new Map(), { dialect: 'postgresql', driver: 'pg' }, context),
        poolClass: 'Pool',
        peak: () => ({ amount: options.hasUnread ? { unknown: 'a pool may be handed in' } : pgPoolDefault, terms: [] }),
        acquireWait: waitBoundBy('connectionTimeoutMillis', { forever: (value) => !value }),
        idleLimit: idleBoundBy('idleTimeoutMillis', (value) => !value),
      },
      site,
      context,
    );
    return [{ ...pool, shownDefaults: ['connectionTimeoutMillis'], problems: [...sizesIn(pool)] }];
  },
};

function poolOptionsOf(options: ReturnType<typeof optionsAt>, context: InterpretationContext) {
  const effective = nestedOptions(options, 'poolOptions', context.resolve);
  return { effective, insertion: effective.insertion };
}

function* sizesIn(pool: Pool): Iterable<PoolProblem> {
  for (const argument of pool.unrecognised) {
    if (argument.keyword !== 'max' || !isCertainlyPassed(pool, argument)) continue;
    yield {
      rule: 'ignored-pool-options',
      at: argument.keywordSpan ?? argument.span,
      message: `poolOptions has no max: the pool keeps the ${pgPoolDefault} connections of node-postgres. Hand over a pool of your own instead of the URL: pg: new Pool({ connectionString, max }).`,
    };
  }
}
