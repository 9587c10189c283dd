/** Drizzle: a URL or an object makes the driver's pool; a client or pool that is handed over counts where it is built. */
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import type { InterpretationContext, Library } from './library.ts';
import { mysql2Driver, mysql2Problems, withMysql2Query } from './mysql2.ts';
import { neonDriver } from './neon.ts';
import { type NodeDriver, nodePool } from './nodePool.ts';
import { pgPoolProblems, pgPoolWithin } from './nodePostgres.ts';
import { nestedOptions, type Options, optionsAt } from './options.ts';
import { postgresJsDriver, postgresJsProblems, withUrl } from './postgresJs.ts';

type Make = (options: Options, site: CallSite, context: InterpretationContext) => Pool;

/** What each driver's `drizzle` makes of what it is given to connect with. */
const drivers: Readonly<Record<string, Make>> = {
  'drizzle-orm/node-postgres.drizzle': (options, site, context) =>
    pgPoolWithin('drizzle', 'drizzle', { ...options, insertion: options.insertion ?? null }, site, context),
  'drizzle-orm/neon-serverless.drizzle': (options, site, context) =>
    withProblems(poolOf(neonDriver, options, site, context), pgPoolProblems),
  'drizzle-orm/mysql2.drizzle': (options, site, context) =>
    withProblems(poolOf(mysql2Driver, withMysql2Query(options, context), site, context), mysql2Problems),
  'drizzle-orm/postgres-js.drizzle': (options, site, context) =>
    withProblems(poolOf(postgresJsDriver, ofPostgresJs(options, context), site, context), postgresJsProblems),
};
const callables = new Set(Object.keys(drivers));

export const drizzle: Library = {
  name: 'Drizzle',
  language: 'typescript',
  systems: ['drizzle'],
  callables,
  tellingNames: new Set(),
  connectors: callables,
  shownDefaults: ['max', 'connectionLimit', 'connectionTimeoutMillis'],
  interpret(site, path, context) {
    const options = connectionOf(optionsAt(site, 0, context.resolve), context);
    return options === undefined ? [] : [drivers[path]!(options, site, context)];
  },
};

/** `drizzle(url)` and `drizzle({ connection: … })`; undefined where a client is handed over, or nothing can be read. */
function connectionOf(given: Options, context: InterpretationContext): Options | undefined {
  if (given.text !== undefined) return given;
  const connection = given.byName.get('connection');
  if (given.byName.has('client') || connection === undefined) return undefined;
  const inner = nestedOptions(given, 'connection', context.resolve);
  return inner.hasUnread && inner.byName.size === 0 && inner.text === undefined
    ? undefined
    : { ...inner, insertion: inner.insertion ?? undefined };
}

function poolOf(driver: NodeDriver, options: Options, site: CallSite, context: InterpretationContext): Pool {
  // Beside a URL alone there is no place for another setting.
  const written = options.text === undefined ? options : { ...options, insertion: undefined };
  return nodePool({ ...driver, system: 'drizzle' }, 'drizzle', written, site, context);
}

/** Its URL stands beside the options in `url`. */
function ofPostgresJs(options: Options, context: InterpretationContext): Options {
  const url = options.text ?? options.byName.get('url');
  if (url === undefined) return options;
  const list = options.list.filter((each) => each !== url);
  return withUrl({ ...options, list, byName: new Map(list.map((each) => [each.keyword!, each])) }, url, context);
}

/** Arguments of `drizzle` are none of the driver's. */
function withProblems(pool: Pool, problems: (pool: Pool) => Iterable<PoolProblem>): Pool {
  return { ...pool, problems: [...problems({ ...pool, site: { ...pool.site, arguments: [] } })] };
}
