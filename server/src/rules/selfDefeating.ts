/** Settings that turn pooling against itself, one small check each. */

import {
  isKnownFalsy,
  knownValueOf,
  numberOf,
  placeOf,
  setParameters,
  writtenArgument,
} from '../declarations/parameters.ts';
import type { Pool } from '../declarations/pool.ts';
import { advisedPoolSize, advisedRecycleSeconds, secondsBelow } from '../facts/advice.ts';
import { poolCheckoutMethods, resetOnReturnNothing, zeroPoolSizeIsUnlimited } from '../facts/sqlalchemy.ts';
import type { Fix } from './finding.ts';
import { queuePoolInstead } from './queuePoolInstead.ts';
import type { PoolInContext, RuleResult } from './rule.ts';

type Check = (each: PoolInContext) => Iterable<RuleResult>;

function suggestion(title: string, edits: Fix['edits'] | undefined): Fix[] {
  return edits === undefined ? [] : [{ title, safety: 'suggestion', preferred: true, edits }];
}

function* recycleOfZero({ pool, idleTimeout }: PoolInContext): Iterable<RuleResult> {
  if (pool.poolClassKind !== 'queue' || numberOf(pool, 'pool_recycle') !== 0) return;
  const seconds = (idleTimeout && secondsBelow(idleTimeout.seconds)) ?? advisedRecycleSeconds;
  yield {
    at: placeOf(pool, 'pool_recycle'),
    message: `pool_recycle=0 makes every checkout open a new connection: the pool keeps connections and uses none of them. -1 never replaces them, ${seconds} does so after ${seconds} s.`,
    fixes: suggestion(`Set pool_recycle=${seconds}`, setParameters(pool, { pool_recycle: seconds })),
  };
}

function* resetOfNothing({ pool }: PoolInContext): Iterable<RuleResult> {
  const written = writtenArgument(pool, 'pool_reset_on_return');
  const value = pool.parameters.get('pool_reset_on_return')?.value;
  if (written === undefined || !value?.known || !resetOnReturnNothing.includes(value.value)) return;
  if (mayBeAutocommit(pool)) return;
  yield {
    at: written.valueSpan,
    message:
      'pool_reset_on_return is off: an open transaction, its locks and its uncommitted changes go to whoever gets the connection next. "rollback" is the default.',
    fixes: suggestion(
      'Set pool_reset_on_return="rollback"',
      setParameters(pool, { pool_reset_on_return: '"rollback"' }),
    ),
  };
}

/** In AUTOCOMMIT there is no transaction to reset; where that cannot be read, nothing is certain. */
function mayBeAutocommit(pool: Pool): boolean {
  if (pool.hasUnreadArguments || pool.otherArguments.has('execution_options')) return true;
  const level = pool.otherArguments.get('isolation_level')?.value;
  return level !== undefined && (!level.known || String(level.value).toUpperCase() === 'AUTOCOMMIT');
}

function* lastInFirstOutUntested({ pool }: PoolInContext): Iterable<RuleResult> {
  if (pool.poolClassKind !== 'queue' || knownValueOf(pool, 'pool_use_lifo') !== true) return;
  if (!isKnownFalsy(pool, 'pool_pre_ping')) return;
  yield {
    at: placeOf(pool, 'pool_use_lifo'),
    message:
      'pool_use_lifo lets the connections that are not needed fall idle, so that they can be closed; without pool_pre_ping the first peak gets the closed ones. Add pool_pre_ping=True.',
    fixes: suggestion('Add pool_pre_ping=True', setParameters(pool, { pool_pre_ping: 'True' })),
  };
}

function* sizeThatYieldsLess({ pool }: PoolInContext): Iterable<RuleResult> {
  const size = numberOf(pool, 'pool_size');
  const written = writtenArgument(pool, 'pool_size');
  if (pool.poolClassKind !== 'queue' || size === undefined || written === undefined) return;
  const overflow = numberOf(pool, 'max_overflow');
  const fixes = suggestion(`Set pool_size=${advisedPoolSize}`, setParameters(pool, { pool_size: advisedPoolSize }));
  if (size < 0 && overflow !== -1) {
    yield {
      at: written.valueSpan,
      message: `pool_size=${size} does not mean no limit: it takes ${-size} off max_overflow${overflow === undefined ? '' : `, which leaves ${Math.max(0, overflow + size)}`}. Write the size that is meant.`,
      fixes,
    };
  } else if (size === 0 && overflow === 0 && !zeroPoolSizeIsUnlimited(pool.libraryVersion)) {
    yield {
      at: written.valueSpan,
      message: `pool_size=0 with max_overflow=0 allows no connection at all before ${pool.libraryName} 2.0: every checkout times out.`,
      fixes,
    };
  }
}

function* classForOneThread(each: PoolInContext): Iterable<RuleResult> {
  const { pool } = each;
  const isStatic = pool.poolClassKind === 'static';
  if ((!isStatic && pool.poolClassKind !== 'singleton-thread') || pool.poolClassAt === undefined) return;
  yield {
    at: pool.poolClassAt,
    message: isStatic
      ? "StaticPool shares one connection among all threads and tasks: they read and roll back each other's transactions. It is made for SQLite in memory; use a pool here."
      : 'SingletonThreadPool opens a connection per thread and keeps it, without a limit. It is made for SQLite; use a pool here.',
    fixes: queuePoolInstead(each),
  };
}

function* poolOnPool({ pool }: PoolInContext): Iterable<RuleResult> {
  if (pool.poolClassKind !== 'queue') return;
  for (const name of ['creator', 'async_creator']) {
    const written = pool.otherArguments.get(name)?.written;
    const method = written?.valueName?.split('.');
    if (written === undefined || method === undefined || method.length < 2) continue;
    if (!poolCheckoutMethods.has(method.at(-1)!)) continue;
    yield {
      at: written.valueSpan,
      message: `${name}=${written.valueName} takes connections out of another pool and keeps them in this one: a pool on a pool, in which the lower one runs dry. Pass poolclass=NullPool, so that they go back.`,
    };
  }
}

export const selfDefeatingChecks: readonly Check[] = [
  recycleOfZero,
  resetOfNothing,
  lastInFirstOutUntested,
  sizeThatYieldsLess,
  classForOneThread,
  poolOnPool,
];
