/** Driver adapters of Prisma 6 and 7: the driver pools, once per client that connects. */
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import type { CallSite } from '../../declarations/value.ts';
import { adapterPaths } from '../../facts/prisma.ts';
import type { InterpretationContext, Library } from '../library.ts';
import { mariadbDriver, mariadbProblems, withMariadbQuery } from '../mariadb.ts';
import { inConnectionString, mssqlPool, mssqlProblems, type TextSettings } from '../mssql.ts';
import { neonDriver } from '../neon.ts';
import { nodePool } from '../nodePool.ts';
import { pgPoolProblems, pgPoolWithin } from '../nodePostgres.ts';
import { type Options, optionsAt } from '../options.ts';
import { oncePerClient } from './adapterClients.ts';

const commandLineConfiguration = /\/(?:prisma\.config|\.config\/prisma)\.[cm]?[jt]s$/;

type Interpret = (options: Options, site: CallSite, context: InterpretationContext) => Pool;

const { pg, neon, mariadb, mssql } = adapterPaths;

/** What each adapter makes of its first argument. */
const adapters: Readonly<Record<string, Interpret>> = {
  [pg](options, site, context) {
    const pool = pgPoolWithin('prisma', 'PrismaPg', options, site, context);
    return { ...pool, problems: [...(pool.problems ?? []), ...poolAsOption(options)] };
  },
  [neon](options, site, context) {
    const pool = nodePool({ ...neonDriver, system: 'prisma' }, 'PrismaNeon', options, site, context);
    return { ...pool, problems: [...pgPoolProblems(pool)] };
  },
  [mariadb](options, site, context) {
    const driver = { ...mariadbDriver, system: 'prisma' } as const;
    const pool = nodePool(driver, 'PrismaMariaDb', withMariadbQuery(options, context), site, context);
    return { ...pool, problems: [...mariadbProblems(pool)] };
  },
  [mssql](options, site, context) {
    const inText = options.text && inConnectionString(options.text, poolInText, context);
    const pool = mssqlPool('prisma', 'PrismaMssql', options, inText, site, context);
    return { ...pool, problems: [...mssqlProblems(pool)] };
  },
};

/** By the names of all drivers. */
const shownDefaults = ['max', 'connectionLimit', 'connectionTimeoutMillis', 'acquireTimeout', 'acquireTimeoutMillis'];

export const prismaAdapters: Library = {
  name: 'Prisma adapter',
  language: 'typescript',
  systems: ['prisma'],
  callables: new Set(Object.keys(adapters)),
  tellingNames: new Set(),
  connectors: new Set(Object.keys(adapters)),
  shownDefaults,
  relink: oncePerClient,
  interpret(site, path, context) {
    // What Prisma's own command line connects with is no pool of the application.
    if (commandLineConfiguration.test(site.uri)) return [];
    const options = optionsAt(site, 0, context.resolve);
    // A pool that is handed in counts where it is built.
    if (options.text === undefined && options.byName.size === 0 && options.hasUnread) return [];
    return [{ ...adapters[path]!(options, site, context), shownDefaults }];
  },
};

/** `sqlserver://host;connectionLimit=5;poolTimeout=10`, the latter in seconds. */
const poolInText: TextSettings = {
  pattern: /;\s*(connectionLimit|poolTimeout)\s*=\s*(\d+)/g,
  setting: (name, value) => (name === 'connectionLimit' ? ['max', value] : ['acquireTimeoutMillis', value * 1000]),
};

/** `new PrismaPg({ pool })` is what guides for other adapters show; here it is read as an empty configuration. */
function poolAsOption(options: Options): PoolProblem[] {
  const given = options.byName.get('pool');
  if (given === undefined) return [];
  const { uri, start, end } = given.valueSpan;
  const around = options.list.length === 1 ? given.span : undefined;
  return [
    {
      rule: 'ignored-pool-options',
      at: given.keywordSpan ?? given.span,
      message:
        'PrismaPg does not read pool: it makes a pool of its own with the defaults of node-postgres and the PG… variables of the environment. Hand the pool over itself: new PrismaPg(pool).',
      fixes: [],
      ...(around === undefined ? {} : { related: [{ at: { uri, start, end }, message: 'the pool that is not used' }] }),
    },
  ];
}
