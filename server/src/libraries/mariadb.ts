/** MariaDB's connector: a pool that opens its connections at once. */
import type { Pool, PoolParameter, PoolProblem } from '../declarations/pool.ts';
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import { mariadbFacts, mariadbMisspelt, newestMariadb } from '../facts/mysqlNode.ts';
import type { InterpretationContext, Library } from './library.ts';
import { clusterOptions } from './mysqlCommon.ts';
import { keepAliveAfter, type NodeDriver, nodePool, numbersInTexts, withQuery } from './nodePool.ts';
import { ignoredInUrl, ignoredOptions } from './optionProblems.ts';
import type { Options } from './options.ts';
import { idleBoundBy, type Parameters, waitBoundBy } from './plainPool.ts';

const modules = ['mariadb', 'mariadb/callback', 'mariadb/callback.js'];
const callables = modules.flatMap((module) => [`${module}.createPool`, `${module}.createPoolCluster().add`]);

export const mariadbDriver: NodeDriver = {
  system: 'mariadb',
  library: 'mariadb',
  package: 'mariadb',
  newest: newestMariadb,
  identity: { dialect: 'mariadb', driver: 'mariadb' },
  facts: mariadbFacts,
  // It takes over a hundred options; only what is a setting of other pools is told apart.
  others: { has: (name: string) => !Object.hasOwn(mariadbMisspelt, name) } as ReadonlySet<string>,
  size: 'connectionLimit',
  limitOf,
  complete,
  acquireWait: waitBoundBy('acquireTimeout', { forever: (value) => value === 0 }),
  idleLimit: (parameters) =>
    keepsAll(parameters) ? { kind: 'forever' } : idleBoundBy('idleTimeout', (value) => value === 0)(parameters),
  keepAlive: (options) => keepAliveAfter(options, 'keepAliveDelay'),
};

export const mariadb: Library = {
  name: 'mariadb',
  language: 'typescript',
  systems: ['mariadb'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, ...modules.map((module) => `${module}.createConnection`)]),
  shownDefaults: ['connectionLimit', 'acquireTimeout'],
  interpret(site, path, context) {
    const options = withMariadbQuery(clusterOptions(site, path, context), context);
    return [nodePool(mariadbDriver, path.split('.').at(-1)!, options, site, context)];
  },
  problems: mariadbProblems,
};

export function* mariadbProblems(pool: Pool): Iterable<PoolProblem> {
  yield* ignoredOptions(pool, mariadbMisspelt, 'mariadb');
  yield* ignoredInUrl(pool, unreadInUrl, mariadbMisspelt, 'mariadb reads its own names');
}

const unreadInUrl = new Set(Object.keys(mariadbMisspelt));
const settings = new Set(mariadbFacts.map((fact) => fact.name));

/** Settings that stand in the URL count, too. */
export function withMariadbQuery(options: Options, context: InterpretationContext): Options {
  return withQuery(options, undefined, settings, context);
}

/** Without `minimumIdle` every connection is opened and kept. */
function complete(parameters: Map<string, PoolParameter>): void {
  numbersInTexts(parameters);
  const limit = parameters.get('connectionLimit');
  if (limit === undefined || parameters.has('minimumIdle')) return;
  const fact = mariadbFacts.find((each) => each.name === 'minimumIdle')!;
  const { value, insertion } = limit;
  parameters.set('minimumIdle', {
    name: 'minimumIdle',
    fact,
    insertion,
    value: value.known ? { ...value, literal: undefined } : value,
  });
}

function keepsAll(parameters: Parameters): boolean {
  const [kept, limit] = [parameters.get('minimumIdle')?.value, parameters.get('connectionLimit')?.value];
  return !kept?.known || !limit?.known || Number(kept.value) >= Number(limit.value);
}

function limitOf(value: unknown): Amount {
  const number = value === undefined ? 10 : Number(value);
  return Number.isNaN(number) || number < 0 ? unknownAmount('connectionLimit is no number of connections') : number;
}
