/** The mysql package, the ancestor of mysql2. */
import type { Amount } from '../declarations/resolved.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { mysqlFacts, mysqlMisspelt, mysqlOtherOptions, newestMysql } from '../facts/mysqlNode.ts';
import type { Library } from './library.ts';
import { clusterOptions, waitInQueue } from './mysqlCommon.ts';
import { type NodeDriver, nodePool, numbersInTexts, withQuery } from './nodePool.ts';
import { ignoredOptions } from './optionProblems.ts';
import { withoutLimit } from './plainProblems.ts';

const callables = ['mysql.createPool', 'mysql.createPoolCluster().add'];

const driver: NodeDriver = {
  system: 'mysql',
  library: 'mysql',
  package: 'mysql',
  newest: newestMysql,
  identity: { dialect: 'mysql', driver: 'mysql' },
  facts: mysqlFacts,
  others: mysqlOtherOptions,
  size: 'connectionLimit',
  limitOf,
  complete: numbersInTexts,
  // acquireTimeout leaves the time in the queue out.
  acquireWait: waitInQueue,
  acquireAdvice: 'acquireTimeout does not count the time in the queue; queueLimit bounds how many may wait.',
  idleLimit: () => ({ kind: 'forever' }),
};

export const mysql: Library = {
  name: 'mysql',
  language: 'typescript',
  systems: ['mysql'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'mysql.createConnection']),
  shownDefaults: ['connectionLimit'],
  interpret(site, path, context) {
    const names = new Set(mysqlFacts.map((fact) => fact.name));
    const options = withQuery(clusterOptions(site, path, context), undefined, names, context);
    return [nodePool(driver, path.split('.').at(-1)!, options, site, context)];
  },
  *problems(pool) {
    yield* withoutLimit(pool, 'connectionLimit', advisedPoolSize, 'connectionLimit 0 is no limit');
    yield* ignoredOptions(pool, mysqlMisspelt, 'mysql');
  },
};

function limitOf(value: unknown): Amount {
  const number = value === undefined ? 10 : Number(value);
  if (number === 0) return 'unbounded';
  return Number.isNaN(number) ? 0 : Math.max(0, number);
}
