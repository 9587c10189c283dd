/**
 * Piccolo: an engine has no pool until `start_connection_pool` is called on it, somewhere in the application; until then
 * every query and every transaction opens a connection of its own. Then the pool is asyncpg's.
 */
import { placeOf } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import { unknownAmount } from '../declarations/resolved.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import { asyncpgFacts, newestAsyncpg } from '../facts/asyncpg.ts';
import { newestPiccolo, startsPool, startsPoolMisspelt } from '../facts/piccolo.ts';
import { flattenArguments } from './arguments.ts';
import { asyncpgWaiting } from './asyncpg.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, limitedBy, plainPool } from './plainPool.ts';
import { minimumAboveMaximum } from './plainProblems.ts';

const engines = {
  PostgresEngine: ['piccolo.engine.PostgresEngine', 'piccolo.engine.postgres.PostgresEngine'],
  CockroachEngine: ['piccolo.engine.CockroachEngine', 'piccolo.engine.cockroach.CockroachEngine'],
};
const callables = Object.values(engines).flat();
const settingNames = new Set(asyncpgFacts.map((fact) => fact.name));

export const piccolo: Library = {
  name: 'Piccolo',
  language: 'python',
  systems: ['piccolo'],
  callables: new Set(callables),
  tellingNames: new Set(),
  methodNames: new Set([startsPool, startsPoolMisspelt]),
  connectors: new Set(callables),
  shownDefaults: ['min_size', 'max_size'],
  interpret: (site, path, context) => [interpret(site, path, context)],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const own = flattenArguments(site.arguments, ['config'], context.resolve);
  const config = own.byName.get('config');
  const callable = path.split('.').at(-1)!;
  const starts = startsOf(site, callable, context);
  const [start] = starts;
  const inConfig = settingsOf(config, context);
  const asked = starts.map((call) => argumentsOf(call, context));
  const isSame = asked.every((each) => describe(each.byName) === describe(asked[0]!.byName));
  // Where two calls ask for different pools, neither says what this one's settings are.
  const settled = isSame ? [...(asked[0]?.byName ?? [])] : [];
  const configured = (inConfig ?? []).filter(([name]) => isSame || !settingNames.has(name));
  const merged = new Map<string, Argument>([...configured, ...settled]);
  const address = driverAddress(
    undefined,
    merged,
    { dialect: callable === 'CockroachEngine' ? 'cockroachdb' : 'postgresql', driver: 'asyncpg' },
    context,
  );
  const effective = {
    list: [...merged.values()],
    byName: merged,
    hasUnread: own.hasUnread || inConfig === undefined || asked.some((each) => each.hasUnread) || !isSame,
  };
  const waiting = asyncpgWaiting(assumedVersionOf(context.dependencies, 'asyncpg', newestAsyncpg), context);
  return plainPool(
    {
      system: 'piccolo',
      library: 'Piccolo',
      version: assumedVersionOf(context.dependencies, 'piccolo', newestPiccolo),
      callable,
      effective,
      address,
      poolClass: start === undefined ? '' : 'Pool',
      insertion: start && { ...start.insertion, uri: start.uri },
      ...(start === undefined
        ? {
            facts: [],
            poolClassKind: () => 'null' as const,
            peak: () => ({
              amount: unknownAmount(`without ${startsPool} a connection is opened per query: as many as run at once`),
              terms: [],
            }),
            acquireWait: () => ({ kind: 'never-waits' }) as const,
            idleLimit: () => ({ kind: 'keeps-none' }) as const,
          }
        : {
            facts: asyncpgFacts,
            peak: limitedBy('max_size'),
            ...waiting,
            acquireAdvice: 'Put asyncio.timeout() around the queries.',
          }),
    },
    site,
    context,
  );
}

/**
 * The calls that may start this engine's pool. An engine among another's `extra_nodes` needs a call of its own: where there
 * is only one in the application, it is the main engine's.
 */
function startsOf(site: CallSite, callable: string, context: InterpretationContext): readonly CallSite[] {
  const starts = [startsPool, startsPoolMisspelt].flatMap(context.methodCalls);
  const isExtraNode = site.passedTo === callable;
  return isExtraNode && starts.length < 2 ? [] : starts;
}

/** What a call passes to the pool; the misspelt method passes nothing on. */
function argumentsOf(call: CallSite, context: InterpretationContext) {
  if (call.calleeText.endsWith(startsPoolMisspelt)) return { byName: new Map<string, Argument>(), hasUnread: false };
  return flattenArguments(call.arguments, [], context.resolve);
}

function describe(byName: ReadonlyMap<string, Argument>): string {
  return [...byName]
    .map(([name, { value }]) => `${name} ${value.kind === 'literal' ? value.value : value.at.start}`)
    .join();
}

/** The engine's configuration as arguments; undefined where it cannot be read. */
function settingsOf(config: Argument | undefined, context: InterpretationContext): [string, Argument][] | undefined {
  const content = config && resolveValue(config.value, context.resolve);
  if (!content?.known || isScalar(content.value) || content.value.type !== 'mapping' || !content.value.complete)
    return undefined;
  return content.value.entries.map((entry) => [
    entry.key!,
    {
      keyword: entry.key!,
      value: entry.value,
      span: entry.span,
      valueSpan: entry.value.at,
      keywordSpan: entry.keySpan,
    },
  ]);
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'min_size', 'max_size', `${startsPool} raises ValueError`);
  if (pool.poolClassKind !== 'null') return;
  const isExtraNode = pool.site.passedTo === pool.callable;
  yield {
    rule: 'unbounded-pool',
    severity: 'warning',
    at: placeOf(pool, 'max_size'),
    message: isExtraNode
      ? `The pool of this extra node is never started: every query on it opens a connection of its own, without a limit. Await ${startsPool}() on each node.`
      : `No ${startsPool}: every query and every transaction opens a connection of its own, without a limit. Await ${startsPool}() when the application starts.`,
  };
}
