/** mysql2, with callbacks and with promises. */
import { settingText } from '../declarations/edits.ts';
import { knownValueOf, writtenArgument } from '../declarations/parameters.ts';
import type { IdleLimit, Pool, PoolProblem } from '../declarations/pool.ts';
import type { Amount } from '../declarations/resolved.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { mysql2Facts, mysql2HasNone, mysql2Misspelt, mysql2OtherOptions, newestMysql2 } from '../facts/mysqlNode.ts';
import type { InterpretationContext, Library } from './library.ts';
import { clusterOptions, waitInQueue } from './mysqlCommon.ts';
import { keepAliveAfter, type NodeDriver, nodePool, numbersInTexts, withQuery } from './nodePool.ts';
import { ignoredOptions, withoutMeaning } from './optionProblems.ts';
import type { Options } from './options.ts';
import { idleBoundBy, type Parameters } from './plainPool.ts';
import { setting, withoutLimit } from './plainProblems.ts';

const modules = ['mysql2', 'mysql2/promise', 'mysql2/promise.js'];
const pools = modules.flatMap((module) => [`${module}.createPool`, `${module}.createPoolPromise`]);
const clusters = modules.map((module) => `${module}.createPoolCluster().add`);

export const mysql2Driver: NodeDriver = {
  system: 'mysql2',
  library: 'mysql2',
  package: 'mysql2',
  newest: newestMysql2,
  identity: { dialect: 'mysql', driver: 'mysql2' },
  facts: mysql2Facts,
  others: mysql2OtherOptions,
  urlOption: 'uri',
  size: 'connectionLimit',
  limitOf,
  complete: numbersInTexts,
  acquireWait: waitInQueue,
  acquireAdvice: 'queueLimit bounds how many may wait, not how long.',
  idleLimit,
  keepAlive(options) {
    const value = options.get('enableKeepAlive')?.value;
    return value?.known && !value.value ? undefined : keepAliveAfter(options, 'keepAliveInitialDelay');
  },
};

export const mysql2: Library = {
  name: 'mysql2',
  language: 'typescript',
  systems: ['mysql2'],
  callables: new Set([...pools, ...clusters]),
  tellingNames: new Set(),
  connectors: new Set([...pools, ...clusters, ...modules.map((module) => `${module}.createConnection`)]),
  shownDefaults: ['connectionLimit'],
  interpret(site, path, context) {
    const options = withMysql2Query(clusterOptions(site, path, context), context);
    return [nodePool(mysql2Driver, path.split('.').at(-1)!, options, site, context)];
  },
  problems: mysql2Problems,
};

const settings = new Set(mysql2Facts.map((fact) => fact.name));

/** Settings that stand in the URL count, too. */
export function withMysql2Query(options: Options, context: InterpretationContext): Options {
  return withQuery(options, 'uri', settings, context);
}

/** `isNaN(limit) ? 10 : Number(limit)`; 0 is no limit. */
function limitOf(value: unknown): Amount {
  const number = value === undefined ? Number.NaN : Number(value);
  if (Number.isNaN(number)) return 10;
  return number === 0 ? 'unbounded' : Math.max(0, number);
}

/** Idle connections are looked for only where fewer of them are kept than there may be. */
function idleLimit(parameters: Parameters): IdleLimit {
  const kept = parameters.get('maxIdle')?.value;
  const limit = parameters.get('connectionLimit')?.value;
  if (kept === undefined) return limit?.known ? { kind: 'forever' } : { kind: 'unknown' };
  if (!kept.known || !limit?.known) return { kind: 'unknown' };
  return Number(kept.value) < Number(limit.value)
    ? idleBoundBy('idleTimeout', () => false)(parameters)
    : { kind: 'forever' };
}

export function* mysql2Problems(pool: Pool): Iterable<PoolProblem> {
  const limit = knownValueOf(pool, 'connectionLimit');
  const written = writtenArgument(pool, 'connectionLimit');
  yield* withoutLimit(
    pool,
    'connectionLimit',
    advisedPoolSize,
    `connectionLimit ${JSON.stringify(limit ?? null)} is no limit`,
  );
  if (written !== undefined && typeof limit === 'number' && limit < 0) {
    yield {
      rule: 'self-defeating-pool-setting',
      at: written.valueSpan,
      message: `${settingText('connectionLimit', limit, 'typescript')}: nothing ever connects, and every query waits for ever. Write the number of connections.`,
      fixes: setting(pool, 'connectionLimit', advisedPoolSize),
    };
  }
  yield* ignoredOptions(pool, mysql2Misspelt, 'mysql2');
  yield* withoutMeaning(
    pool,
    mysql2HasNone,
    'mysql2 has no limit on the wait for a connection, and prints that it ignores the option',
  );
}
