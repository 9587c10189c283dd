/** The worked examples that fix the meaning of the arithmetic, number by number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  explainBreakingPoint,
  explainExcess,
  explainInOneLine,
  explainMargin,
  explainShare,
  explainUsefulConcurrency,
  explainWorkload,
} from '../../server/src/fleet/explain.ts';
import { replicaTable } from '../../server/src/fleet/growth.ts';
import type { RecommendedSize } from '../../server/src/fleet/model.ts';
import { usefulConcurrency, workloadNeed } from '../../server/src/fleet/recommend.ts';
import {
  database,
  extra,
  fleetOf,
  type PoolOptions,
  pool,
  type ServiceOptions,
  service,
  single,
  topology,
} from '../support/fleet-fixtures.ts';

function one(serviceOptions: ServiceOptions, poolOptions: PoolOptions) {
  return single(fleetOf(topology({ services: [service(serviceOptions)] }), [pool(poolOptions)]));
}

function brief(choices: readonly RecommendedSize[]) {
  return choices.map(({ label, total }) => `${label} (${total})`);
}

test('example 1: 11 + 0 on 4 workers × 2 replicas uses 88 of 90', () => {
  const { main, share } = one({}, { size: 11, overflow: 0 });
  assert.equal(main.budget, 90);
  assert.equal(main.total.value, 88);
  assert.equal(main.fits, true);
  assert.equal(share.recommendation.share, 11.25);
  assert.deepEqual(brief(share.recommendation.choices), ['pool_size=11, max_overflow=0 (88)']);
  assert.equal(explainShare(share, main), '(100 − 10) ÷ (4 × 2) = 11.25');
  assert.equal(explainInOneLine(share, main), '88 of 90 on main · 2 spare · breaks at 3 replicas');
});

test('example 1: 11 + 2 is over by 14; no overflow fits, or pool_size 9', () => {
  const { main, share } = one({}, { size: 11, overflow: 2 });
  assert.equal(main.total.value, 104);
  assert.equal(main.fits, false);
  assert.equal(explainMargin(main.total, main.budget), 'over by 14');
  assert.deepEqual(brief(share.recommendation.choices), [
    'pool_size=11, max_overflow=0 (88)',
    'pool_size=9, max_overflow=2 (88)',
  ]);
});

test('example 2: the defaults are over by 30, fit at 1 replica and break at 2', () => {
  const { main, share } = one({}, {});
  assert.equal(main.total.value, 120);
  assert.equal(main.fits, false);
  assert.equal(explainMargin(main.total, main.budget), 'over by 30');
  assert.equal(main.breaksAt?.replicas, 2);
  assert.deepEqual(brief(share.recommendation.choices), ['pool_size=11, max_overflow=0 (88)']);
  assert.equal(
    explainExcess(share, main),
    'api can open 120 connections to main ((5 + 10) × 4 workers × 2 replicas); main accepts 90 (100 − 10 reserved). pool_size=11, max_overflow=0 fits.',
  );
  assert.equal(explainInOneLine(share, main), '120 of 90 connections on main · pool_size 11 fits');

  const fewer = one({ replicas: 1 }, {});
  assert.equal(fewer.main.total.value, 60);
  assert.equal(fewer.main.fits, true);
  assert.equal(explainBreakingPoint(fewer.main, fewer.share.service), 'breaks at 2 replicas');
  assert.deepEqual(brief(fewer.share.recommendation.choices), ['pool_size=5, max_overflow=10 (60)']);
});

test('the table of replicas in the hover', () => {
  const { main, share } = one({}, {});
  assert.deepEqual(
    replicaTable(share, main).map(({ replicas, opens, largestSize }) => [replicas, opens, largestSize]),
    [
      [1, 60, 22],
      [2, 120, 11],
      [3, 180, 7],
      [4, 240, 5],
      [5, 300, 4],
    ],
  );
  assert.deepEqual(
    replicaTable(share, main).map((column) => column.isStated),
    [false, true, false, false, false],
  );
  const many = one({ replicas: 40 }, {});
  assert.deepEqual(
    replicaTable(many.share, many.main).map(({ replicas, largestSize }) => [replicas, largestSize]),
    [
      [38, 0],
      [39, 0],
      [40, 0],
      [41, 0],
      [42, 0],
    ],
  );
});

test('example 3: one more replica of the fixed pool breaks, and so does a rollout', () => {
  const three = one({ replicas: 3 }, { size: 11, overflow: 0 });
  assert.equal(three.main.total.value, 132);
  assert.equal(three.main.fits, false);
  assert.deepEqual(brief(three.share.recommendation.choices), ['pool_size=7, max_overflow=0 (84)']);

  const { main, share } = one({ maxSurge: '25%' }, { size: 11, overflow: 0 });
  assert.equal(main.fits, true);
  assert.equal(main.rolloutTotal.value, 132);
  assert.equal(main.fitsDuringRollout, false);
  assert.equal(main.breaksAt?.replicas, 3);
  assert.deepEqual(brief(share.rolloutRecommendation.choices), ['pool_size=7, max_overflow=0 (84)']);
  assert.equal(
    explainExcess(share, main, 'rollout'),
    'api can open 132 connections to main during a rolling deploy (11 × 4 workers × 3 replicas); main accepts 90 (100 − 10 reserved). pool_size=7, max_overflow=0 fits.',
  );
  assert.equal(explainInOneLine(share, main), '88 of 90 on main · 132 during a rollout · pool_size 7 fits');
});

test('example 4: 10 on 4 workers × 3 replicas breaks before any overflow', () => {
  const { main } = one({ replicas: 3 }, { size: 10, overflow: 0 });
  assert.equal(main.total.value, 120);
  assert.equal(main.fits, false);
});

test('example 5: a connection per thread is 8 on 4 workers × 2 threads', () => {
  const { main, share } = one({ threads: 2, replicas: 1 }, { kind: 'per-thread' });
  assert.equal(share.peakPerProcess, 2);
  assert.equal(main.total.value, 8);
});

test('example 6: behind PgBouncer the server sees 30, the clients are checked against its client limit', () => {
  const sizes = { default_pool_size: 25, reserve_pool_size: 5, max_client_conn: 100 };
  const behind = (pooler: Record<string, number>, pools = [pool()]) =>
    fleetOf(topology({ databases: [database({ pooler })] }), pools).databases[0]!;

  const main = behind(sizes);
  assert.equal(main.total.value, 30);
  assert.equal(main.fits, true);
  assert.equal(main.pooler?.serverConnections, 30);
  assert.equal(main.pooler?.clients.value, 120);
  assert.equal(main.pooler?.maxClientConnections, 100);
  assert.equal(main.pooler?.fits, false);

  assert.equal(behind({ ...sizes, max_db_connections: 20 }).total.value, 20);
  assert.equal(behind(sizes, [pool({ size: 1, overflow: 0 })]).total.value, 8);
  assert.equal(behind({ ...sizes, users: 2 }).total.value, 60);
  assert.equal(behind({ ...sizes, instances: 2 }).total.value, 60);
  assert.equal(behind({ ...sizes, instances: 2 }).pooler?.fits, true);
  assert.equal(behind({ ...sizes, default_pool_size: 0 }).total.value, 120);
  const unstated = behind({ max_client_conn: 200 });
  assert.equal(unstated.total.value, null);
  assert.equal(unstated.fits, null);
  assert.equal(unstated.pooler?.fits, true);
});

test('example 6: extra connections go past the pooler unless they say otherwise', () => {
  const file = topology({
    databases: [database({ pooler: { default_pool_size: 25 } })],
    extras: [extra('metabase', 10), extra('cron', 7, { via: 'pooler' })],
  });
  const main = fleetOf(file, [pool()]).databases[0]!;
  assert.equal(main.total.value, 35);
  assert.equal(main.pooler?.clients.value, 127);
});

test('example 7: useful concurrency', () => {
  for (const [cores, useful] of [
    [4, 9],
    [8, 17],
    [16, 33],
  ] as const) {
    assert.equal(usefulConcurrency(database({ cpuCores: cores })), useful);
  }
  assert.equal(usefulConcurrency(database()), null);
  assert.equal(explainUsefulConcurrency(database({ cpuCores: 4 })), '(4 cores × 2) + 1 = 9');
});

test('example 8: the workload needs 50', () => {
  const api = service({ workload: [100, 3] });
  assert.equal(workloadNeed(api), 50);
  assert.equal(explainWorkload(api), '(100 ÷ 3) × 1.5 = 50');
  assert.equal(workloadNeed(service()), null);
});
