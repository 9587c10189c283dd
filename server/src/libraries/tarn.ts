/** What tarn, the pool inside Knex and mssql, throws for. */
import { isCertainlyPassed, knownValueOf, writtenArgument } from '../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../declarations/pool.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { setting } from './plainProblems.ts';

/** `when`: "when the pool connects". */
export function* tarnProblems(pool: Pool, when: string): Iterable<PoolProblem> {
  for (const name of ['max', 'min']) {
    const written = writtenArgument(pool, name);
    const value = knownValueOf(pool, name);
    if (written === undefined || !isCertainlyPassed(pool, written)) continue;
    if (typeof value === 'string') {
      yield {
        rule: 'invalid-pool-arguments',
        at: written.valueSpan,
        message: `${name} is a text: the pool throws ${when}. Write a whole number, Number(…) for what comes from the environment.`,
      };
    } else if (name === 'max' && typeof value === 'number' && value <= 0) {
      yield {
        rule: 'invalid-pool-arguments',
        at: written.valueSpan,
        message: `max: ${value}: the pool throws ${when}. Write the number of connections it may open.`,
        fixes: setting(pool, 'max', advisedPoolSize),
      };
    }
  }
  for (const argument of pool.unrecognised) {
    if (!isCertainlyPassed(pool, argument)) continue;
    yield {
      rule: 'invalid-pool-arguments',
      at: argument.keywordSpan ?? argument.span,
      message: `The pool has no option ${argument.keyword}: it throws ${when}. Remove it.`,
    };
  }
}
