/** Driver adapters of Prisma 6 and 7: the driver pools, once per client that connects. */
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import type { CallSite } from '../../declarations/value.ts';
import type { InterpretationContext, Library } from '../library.ts';
import { pgPoolWithin } from '../nodePostgres.ts';
import { type Options, optionsAt } from '../options.ts';

const path = '@prisma/adapter-pg.PrismaPg';

export const prismaAdapters: Library = {
  name: 'Prisma adapter',
  language: 'typescript',
  systems: ['prisma'],
  callables: new Set([path]),
  tellingNames: new Set(),
  connectors: new Set([path]),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret(site, _path, context) {
    const pool = interpret(site, context);
    return pool === undefined ? [] : [pool];
  },
};

function interpret(site: CallSite, context: InterpretationContext): Pool | undefined {
  const options = optionsAt(site, 0, context.resolve);
  // A pool that is handed in counts where it is built.
  if (options.text === undefined && options.byName.size === 0 && options.hasUnread) return undefined;
  const pool = pgPoolWithin('prisma', 'PrismaPg', options, site, context);
  return { ...pool, problems: [...(pool.problems ?? []), ...poolAsOption(options)] };
}

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
