/** MySQL Connector/Python: a class of pools, and `connect()`, which makes one as soon as an argument names it. */
import { settingText } from '../declarations/edits.ts';
import { isCertainlyPassed, numberOf, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import {
  largestMysqlConnectorPool,
  mysqlConnectorFacts,
  mysqlConnectorHasNone,
  mysqlConnectorMisspelt,
  mysqlConnectorNumbers,
  newestMysqlConnector,
} from '../facts/mysqlConnector.ts';
import { flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, limitedBy, plainPool } from './plainPool.ts';
import { driverKeywords, notANumber, setting } from './plainProblems.ts';

const classes = [
  'mysql.connector.pooling.MySQLConnectionPool',
  'mysql.connector.aio.MySQLConnectionPool',
  'mysql.connector.aio.pooling.MySQLConnectionPool',
];
const functions = [
  'mysql.connector.connect',
  'mysql.connector.pooling.connect',
  'mysql.connector.aio.connect',
  'mysql.connector.aio.pooling.connect',
];

export const mysqlConnector: Library = {
  name: 'MySQL Connector',
  language: 'python',
  systems: ['mysql-connector'],
  callables: new Set([...classes, ...functions]),
  tellingNames: new Set(),
  connectors: new Set([...classes, ...functions]),
  shownDefaults: ['pool_size'],
  interpret,
  problems,
};

/** Arguments that make `connect()` use a pool. */
const poolArguments = mysqlConnectorFacts.map((fact) => fact.name);

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool[] {
  const isClass = classes.includes(path);
  const leading = isClass ? ['pool_size', 'pool_name', 'pool_reset_session'] : [];
  const effective = flattenArguments(site.arguments, leading, context.resolve);
  if (!isClass && !poolArguments.some((name) => effective.byName.has(name))) return [];
  const pool = plainPool(
    {
      system: 'mysql-connector',
      library: 'MySQL Connector',
      version: assumedVersionOf(context.dependencies, 'mysql-connector-python', newestMysqlConnector, ['9', '8']),
      callable: isClass ? 'MySQLConnectionPool' : 'connect',
      facts: mysqlConnectorFacts,
      effective,
      address: driverAddress(undefined, effective.byName, { dialect: 'mysql', driver: 'mysqlconnector' }, context),
      poolClass: 'MySQLConnectionPool',
      peak: limitedBy('pool_size'),
      acquireWait: () => ({ kind: 'never-waits' }),
      // A connection is tested before it is handed out, but none is ever closed.
      idleLimit: () => ({ kind: 'forever' }),
    },
    site,
    context,
  );
  return [pool];
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const size = numberOf(pool, 'pool_size');
  const written = writtenArgument(pool, 'pool_size');
  if (size !== undefined && written !== undefined && isCertainlyPassed(pool, written)) {
    const isTooLarge = size > largestMysqlConnectorPool;
    if (isTooLarge || size < 1) {
      yield {
        rule: 'invalid-pool-arguments',
        at: written.valueSpan,
        message: `${settingText('pool_size', size, pool.site.language)}: ${pool.callable} raises AttributeError. A pool has 1 to ${largestMysqlConnectorPool} connections.`,
        fixes: isTooLarge ? setting(pool, 'pool_size', largestMysqlConnectorPool) : [],
      };
    }
  }
  yield* notANumber(pool, mysqlConnectorNumbers);
  yield* driverKeywords(pool, mysqlConnectorMisspelt, `${pool.callable} raises PoolError for it`);
  for (const { name, written: other } of pool.otherArguments.values()) {
    if (!mysqlConnectorHasNone.has(name) || other === undefined || !isCertainlyPassed(pool, other)) continue;
    yield {
      rule: 'invalid-pool-arguments',
      at: other.keywordSpan ?? other.span,
      message: `${pool.callable} has no argument ${name} and nothing like it: it raises PoolError. Remove it.`,
    };
  }
}
