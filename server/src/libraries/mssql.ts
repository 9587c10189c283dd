/** mssql for SQL Server: pools of tarn, and one that the whole process shares. */
import type { Pool, PoolProblem, PoolSystem } from '../declarations/pool.ts';
import { resolveValue } from '../declarations/resolve.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import { mssqlPoolFacts, newestMssql, tarnOtherOptions } from '../facts/mssql.ts';
import { distinctInMeaning } from './callers.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library, LinkedSite } from './library.ts';
import { nestedOptions, type Options, optionsAt } from './options.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, plainPool, waitBoundBy } from './plainPool.ts';
import { minimumAboveMaximum } from './plainProblems.ts';
import { tarnProblems } from './tarn.ts';

const modules = ['mssql', 'mssql/msnodesqlv8', 'mssql/msnodesqlv8.js'];
const shared = modules.map((module) => `${module}.connect`);
const callables = [...shared, ...modules.map((module) => `${module}.ConnectionPool`)];

export const mssql: Library = {
  name: 'mssql',
  language: 'typescript',
  systems: ['mssql'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['max', 'acquireTimeoutMillis'],
  interpret: (site, path, context) => [interpret(site, path, context)],
  relink: once,
  problems: mssqlProblems,
};

export function* mssqlProblems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'min', 'max', 'the pool throws when it connects');
  yield* tarnProblems(pool, 'when it connects');
}

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const options = optionsAt(site, 0, context.resolve);
  const text = options.text && inConnectionString(options.text, sizeInText, context);
  return mssqlPool('mssql', path.split('.').at(-1)!, options, text, site, context);
}

/** The pool of a configuration, or of what a connection string says of it. */
export function mssqlPool(
  system: PoolSystem,
  callable: string,
  options: Options,
  inText: SettingsInText | undefined,
  site: CallSite,
  context: InterpretationContext,
): Pool {
  const pool = inText ?? nestedOptions(options, 'pool', context.resolve);
  return plainPool(
    {
      system,
      library: 'mssql',
      version: assumedVersionOf(context.dependencies, 'mssql', newestMssql),
      callable,
      facts: mssqlPoolFacts,
      others: tarnOtherOptions,
      driverArguments: undefined,
      effective: pool,
      address: driverAddress(options.text, renamed(options), { dialect: 'mssql', driver: 'tedious' }, context),
      poolClass: 'ConnectionPool',
      peak: limitedBy('max'),
      acquireWait: waitBoundBy('acquireTimeoutMillis'),
      idleLimit: idleBoundBy('idleTimeoutMillis', () => false),
      insertion: pool.insertion,
    },
    site,
    context,
  );
}

/** The server is called `server`. */
function renamed({ byName }: Options): ReadonlyMap<string, Argument> {
  const server = byName.get('server');
  return server === undefined ? byName : new Map([...byName, ['host', server]]);
}

/** How a connection string writes settings of the pool, and what each is called there. */
export interface TextSettings {
  readonly pattern: RegExp;
  readonly setting: (name: string, value: number) => readonly [name: string, value: number];
}

const sizeInText: TextSettings = {
  pattern: /(?:^|;)\s*(max|min) pool size\s*=\s*(\d+)/gi,
  setting: (name, value) => [name.toLowerCase(), value],
};

export type SettingsInText = ReturnType<typeof inConnectionString>;

/** `Server=…;Max Pool Size=20` */
export function inConnectionString(text: Argument, { pattern, setting }: TextSettings, context: InterpretationContext) {
  const resolved = resolveValue(text.value, context.resolve);
  const content = resolved.known && typeof resolved.value === 'string' ? resolved.value : '';
  const at = text.valueSpan;
  const list = Array.from(content.matchAll(pattern), (match): Argument => {
    const [keyword, value] = setting(match[1]!, Number(match[2]));
    return { keyword, value: { kind: 'literal', value, at }, span: at, valueSpan: at };
  });
  const byName = new Map(list.map((each) => [each.keyword!, each]));
  return { list, byName, hasUnread: !resolved.known, insertion: null };
}

/** `sql.connect(config)` hands out one pool, however often it is called with the same configuration. */
function once(linked: readonly LinkedSite[]): LinkedSite[] {
  const isShared = ({ path }: LinkedSite) => shared.includes(path);
  const sites = linked.filter(isShared);
  if (sites.length < 2) return [...linked];
  const merged = distinctInMeaning(sites.map(({ site }) => ({ ...site, calledFrom: site.calledFrom ?? [site.uri] })));
  return [...linked.filter((each) => !isShared(each)), ...merged.map((site) => ({ site, path: sites[0]!.path }))];
}
