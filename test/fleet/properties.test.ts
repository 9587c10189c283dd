/** What holds for every fleet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Amount, isUnknown, unknownAmount } from '../../server/src/declarations/resolved.ts';
import { addAmounts, minimumAmount, multiplyAmounts } from '../../server/src/fleet/amounts.ts';
import type { DatabaseBudget, Term } from '../../server/src/fleet/model.ts';
import { explainTerm } from '../../server/src/fleet/terms.ts';
import { database, extra, fleetOf, pool, type Size, service, single, topology } from '../support/fleet-fixtures.ts';

interface Drawn {
  readonly size: number;
  readonly overflow: number;
  readonly workers: number;
  readonly replicas: number;
  readonly surge: number;
  readonly jobsSize: number;
  readonly jobsWorkers: number;
  readonly extras: number;
  readonly maxConnections: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  size: fc.integer({ min: 1, max: 40 }),
  overflow: fc.integer({ min: 0, max: 20 }),
  workers: fc.integer({ min: 1, max: 12 }),
  replicas: fc.integer({ min: 0, max: 12 }),
  surge: fc.integer({ min: 0, max: 100 }),
  jobsSize: fc.integer({ min: 1, max: 10 }),
  jobsWorkers: fc.integer({ min: 1, max: 8 }),
  extras: fc.integer({ min: 0, max: 60 }),
  maxConnections: fc.integer({ min: 20, max: 600 }),
});

function build(values: Drawn, size: Size = values.size, overflow: Size = values.overflow) {
  const services = [
    service({ workers: values.workers, replicas: values.replicas, maxSurge: `${values.surge}%`, paths: ['api/'] }),
    service({ name: 'jobs', workers: values.jobsWorkers, replicas: 1, paths: ['jobs/'] }),
  ];
  const file = topology({
    databases: [database({ maxConnections: values.maxConnections })],
    services,
    extras: [extra('metabase', values.extras)],
  });
  return single(
    fleetOf(file, [
      pool({ path: 'api/db.py', size, overflow }),
      pool({ path: 'jobs/db.py', size: values.jobsSize, overflow: 0 }),
    ]),
  );
}

function totals(database: DatabaseBudget): readonly [number, number] {
  return [database.total.value as number, database.rolloutTotal.value as number];
}

test('the total is the sum that the specification states', () => {
  fc.assert(
    fc.property(drawn, (values) => {
      const { main } = build(values);
      const { size, overflow, workers, replicas, surge, jobsSize, jobsWorkers, extras } = values;
      const rest = jobsSize * jobsWorkers + extras;
      assert.deepEqual(totals(main), [
        (size + overflow) * workers * replicas + rest,
        (size + overflow) * workers * (replicas + Math.ceil((replicas * surge) / 100)) + rest,
      ]);
      assert.equal(main.total.atLeast, main.total.value);
      assert.equal(main.fits, (main.total.value as number) <= values.maxConnections - 10);
    }),
  );
});

test('more of anything never lowers a total', () => {
  const grown = fc.constantFrom('size', 'overflow', 'workers', 'replicas', 'surge', 'extras', 'jobsWorkers' as const);
  fc.assert(
    fc.property(drawn, grown, fc.integer({ min: 1, max: 5 }), (values, key, more) => {
      const before = totals(build(values).main);
      const after = totals(build({ ...values, [key]: values[key as keyof Drawn] + more }).main);
      assert.ok(after[0] >= before[0] && after[1] >= before[1]);
    }),
  );
});

test('every choice makes the fleet fit, and the first is the largest that does', () => {
  fc.assert(
    fc.property(drawn, (values) => {
      const { main, share } = build(values);
      const { choices } = share.recommendation;
      for (const { parameters, total } of choices) {
        const after = build(values, parameters.pool_size!, parameters.max_overflow!).main;
        assert.equal(after.fits, true);
        assert.equal(after.total.value, total);
      }
      const first = choices[0];
      if (main.fits === false && first !== undefined) {
        assert.equal(build(values, first.parameters.pool_size! + 1, first.parameters.max_overflow!).main.fits, false);
      }
      if (main.fits === false && first === undefined && values.replicas > 0) {
        assert.equal(build(values, 1, 0).main.fits, false);
      }
      for (const { parameters } of share.rolloutRecommendation.choices) {
        const after = build(values, parameters.pool_size!, parameters.max_overflow!).main;
        assert.equal(after.fitsDuringRollout, true);
      }
      if (main.fits === true && values.replicas > 0) {
        assert.deepEqual(first?.parameters, { pool_size: values.size, max_overflow: values.overflow });
      }
    }),
  );
});

test('an unknown size never counts as nothing: the total is unknown and the rest stays known', () => {
  fc.assert(
    fc.property(drawn, (values) => {
      const { main, share } = build(values, { variable: 'POOL_SIZE' });
      if (values.replicas === 0) {
        assert.equal(share.total, 0);
        return;
      }
      assert.equal(isUnknown(share.total), true);
      assert.equal(main.total.value, null);
      assert.notEqual(main.fits, true);
      assert.equal(main.total.atLeast, totals(build(values, 1).main)[0] - values.workers * values.replicas);
      assert.deepEqual(main.total.unknown, ['POOL_SIZE has no default (api/db.py)']);
    }),
  );
});

test('the breaking point is the first number of replicas that does not fit', () => {
  fc.assert(
    fc.property(drawn, (values) => {
      const { breaksAt } = build(values).main;
      if (breaksAt?.service.name !== 'api') return;
      assert.equal(build({ ...values, replicas: breaksAt.replicas }).main.fits, false);
      assert.equal(build({ ...values, replicas: breaksAt.replicas - 1 }).main.fits, true);
    }),
  );
});

test('a term’s amount is what its leaves make, and its text evaluates to it', () => {
  fc.assert(
    fc.property(drawn, (values) => {
      const { main, share } = build(values);
      for (const term of [share.term, share.rolloutTerm, main.term]) {
        assert.equal(recompute(term), term.amount);
        assert.equal(evaluate(explainTerm(term)), term.amount);
      }
    }),
  );
});

const amount: fc.Arbitrary<Amount> = fc.oneof(
  fc.nat({ max: 1000 }),
  fc.constant('unbounded' as const),
  fc.constantFrom('a', 'b').map(unknownAmount),
);

test('amounts: order does not matter, 0 and 1 are neutral, unknown and unbounded never become a number', () => {
  const kind = (each: Amount) => (isUnknown(each) ? 'unknown' : each);
  fc.assert(
    fc.property(amount, amount, amount, (a, b, c) => {
      for (const operation of [addAmounts, multiplyAmounts, minimumAmount]) {
        assert.equal(kind(operation(a, b)), kind(operation(b, a)));
        assert.equal(kind(operation(operation(a, b), c)), kind(operation(a, operation(b, c))));
      }
      assert.deepEqual(addAmounts(a, 0), a);
      assert.deepEqual(multiplyAmounts(a, 1), a);
      assert.equal(multiplyAmounts(a, 0), 0);
      assert.deepEqual(minimumAmount(a, 'unbounded'), a);
      if (typeof a !== 'number') assert.notEqual(typeof addAmounts(a, b), 'number');
      if (typeof a !== 'number' && b !== 0) assert.notEqual(typeof multiplyAmounts(a, b), 'number');
    }),
  );
});

function recompute(term: Term): number {
  if (term.kind === 'quantity') return term.amount as number;
  const parts = term.terms.map(recompute);
  return term.kind === 'sum' ? parts.reduce((a, b) => a + b, 0) : parts.reduce((a, b) => a * b, 1);
}

/** Evaluates "(5 + 10) × 4 workers + 3" by the usual precedence; words are nouns behind numbers. */
function evaluate(text: string): number {
  const tokens = text.match(/\d+|[()+×]/g) ?? [];
  let at = 0;
  const factor = (): number => {
    if (tokens[at] !== '(') return Number(tokens[at++]);
    at++;
    const value = addition();
    at++;
    return value;
  };
  const multiplication = (): number => {
    let value = factor();
    while (tokens[at] === '×') {
      at++;
      value *= factor();
    }
    return value;
  };
  const addition = (): number => {
    let value = multiplication();
    while (tokens[at] === '+') {
      at++;
      value += multiplication();
    }
    return value;
  };
  const result = addition();
  assert.equal(at, tokens.length);
  return result;
}
