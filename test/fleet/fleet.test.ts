/** Fleets of several services, databases and unknowns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyCapacityExceeds } from '../../server/src/fleet/arithmetic.ts';
import {
  explainExcess,
  explainInOneLine,
  explainMargin,
  explainReach,
  explainShare,
} from '../../server/src/fleet/explain.ts';
import { replicaTable } from '../../server/src/fleet/growth.ts';
import type { PoolSource } from '../../server/src/fleet/link.ts';
import { explainTerm } from '../../server/src/fleet/terms.ts';
import { database, extra, fleetOf, pool, service, single, topology } from '../support/fleet-fixtures.ts';

const api = service({ paths: ['api/', 'shared/'] });
const jobs = service({ name: 'jobs', server: 'celery', concurrency: 8, replicas: 1, paths: ['jobs/', 'shared/'] });

test('several services share one budget, and a service without a pool counts nothing', () => {
  const idle = service({ name: 'idle', paths: ['idle/'] });
  const fleet = fleetOf(topology({ services: [api, jobs, idle], extras: [extra('metabase', 10)] }), [
    pool({ path: 'api/db.py', size: 5, overflow: 0 }),
    pool({ path: 'jobs/db.py', size: 2, overflow: 1 }),
  ]);
  const { main, share } = single(fleet);
  assert.deepEqual(
    main.services.map(({ service: each, total, processes }) => [each.name, total.value, processes]),
    [
      ['api', 40, 8],
      ['jobs', 24, 8],
      ['idle', 0, 8],
    ],
  );
  assert.equal(main.total.value, 74);
  assert.equal(explainTerm(main.term), '5 × 4 workers × 2 replicas + (2 + 1) × 8 child processes + 10');
  assert.equal(explainShare(share, main), '(100 − 10 − 34) ÷ (4 × 2) = 7');
  // Both break with one replica more; api holds more connections.
  assert.deepEqual({ ...main.breaksAt, service: main.breaksAt?.service.name }, { service: 'api', replicas: 3 });
});

test('the message names who else is in the sum', () => {
  const fleet = fleetOf(topology({ services: [api, jobs], extras: [extra('metabase', 10)] }), [
    pool({ path: 'api/db.py', size: 10, overflow: 0 }),
    pool({ path: 'jobs/db.py', size: 1, overflow: 0 }),
  ]);
  const { main, share } = single(fleet);
  assert.equal(
    explainExcess(share, main),
    'api can open 80 connections to main (10 × 4 workers × 2 replicas); with jobs 8 and metabase 10 that makes 98; main accepts 90 (100 − 10 reserved). pool_size=9, max_overflow=0 fits.',
  );
  assert.equal(
    explainExcess(main.services[1]!.pools[0]!, main).endsWith(
      'No pool_size of this pool alone fits: use a pooler or fewer processes.',
    ),
    true,
  );
});

test('a shared module counts once for each service, and what fits counts the processes of both', () => {
  const fleet = fleetOf(topology({ services: [api, jobs] }), [pool({ path: 'shared/db.py' })]);
  const { main, share } = single(fleet);
  assert.equal(main.total.value, 240);
  assert.equal(
    main.services.every((each) => each.total.value === 120),
    true,
  );
  assert.equal(share.recommendation.processes, 16);
  assert.deepEqual(share.recommendation.choices[0], {
    parameters: { pool_size: 5, max_overflow: 0 },
    total: 80,
    label: 'pool_size=5, max_overflow=0',
  });
  assert.equal(explainShare(share, main), '(100 − 10) ÷ 16 = 5.63');
});

test('services that set the size differently each have their own', () => {
  const shared: PoolSource = {
    uri: pool({ path: 'shared/db.py' }).uri,
    owners: [pool({ path: 'shared/db.py' }).uri],
    context: 'app',
    resolveFor: (each) => pool({ path: 'shared/db.py', size: each?.name === 'api' ? 9 : 3, overflow: 0 }),
  };
  const { main, share } = single(fleetOf(topology({ services: [api, jobs] }), [shared]));
  assert.equal(main.total.value, 72 + 24);
  assert.equal(share.recommendation.share, (90 - 24) / 8);
  assert.deepEqual(share.recommendation.choices[0]?.parameters, { pool_size: 8, max_overflow: 0 });
});

test('an unknown size makes the total unknown, names the input and says what would fit', () => {
  const { main, share } = single(fleetOf(topology(), [pool({ size: { variable: 'POOL_SIZE' } })]));
  assert.equal(main.total.value, null);
  assert.equal(main.total.atLeast, 80);
  assert.deepEqual(main.total.unknown, ['POOL_SIZE has no default (app/db.py)']);
  assert.equal(main.fits, null);
  assert.equal(main.breaksAt, null);
  assert.equal(explainTerm(share.term), '(POOL_SIZE + 10) × 4 workers × 2 replicas');
  assert.equal(explainInOneLine(share, main), 'unknown: POOL_SIZE has no default');
  assert.deepEqual(
    share.recommendation.choices.map((choice) => choice.label),
    ['pool_size=11, max_overflow=0', 'pool_size=1, max_overflow=10'],
  );
});

test('the known part alone may be too much', () => {
  const celery = service({ name: 'jobs', server: 'celery', paths: ['jobs/'] });
  const pools = [pool({ path: 'api/db.py' }), pool({ path: 'jobs/db.py' })];
  const { main, share } = single(fleetOf(topology({ services: [api, celery] }), pools));
  assert.equal(main.total.value, null);
  assert.equal(main.total.atLeast, 120);
  assert.equal(main.fits, false);
  assert.equal(explainMargin(main.total, main.budget), 'over by at least 30');
  assert.match(main.total.unknown[0]!, /^jobs: concurrency is not stated/);
  assert.match(explainExcess(share, main), /with jobs unknown that makes at least 120; main accepts 90/);
  assert.equal(explainInOneLine(share, main), 'at least 120 of 90 connections on main');
});

test('a pool without limit breaks every budget, a stated one or not', () => {
  for (const maxConnections of [100, null]) {
    const file = topology({ databases: [database({ maxConnections })] });
    const { main } = single(fleetOf(file, [pool({ size: 0 })]));
    assert.equal(main.total.value, 'unbounded');
    assert.equal(main.fits, false);
  }
  const { main, share } = single(fleetOf(topology(), [pool({ overflow: -1 })]));
  assert.equal(main.total.value, 'unbounded');
  assert.deepEqual(share.recommendation.choices[0]?.parameters, { pool_size: 11, max_overflow: 0 });
  assert.equal(
    explainExcess(share, main),
    'api can open connections to main without limit; main accepts 90 (100 − 10 reserved). pool_size=11, max_overflow=0 fits.',
  );
});

test('without max_connections nothing is compared', () => {
  const { main, share } = single(fleetOf(topology({ databases: [database({ maxConnections: null })] }), [pool()]));
  assert.deepEqual([main.budget, main.total.value, main.fits, main.breaksAt], [null, 120, null, null]);
  assert.equal(explainInOneLine(share, main), '120 connections on main · max_connections not stated');
});

test('a range of replicas counts at its maximum', () => {
  const { main } = single(fleetOf(topology({ services: [service({ replicas: { min: 2, max: 6 } })] }), [pool()]));
  assert.equal(main.total.value, 15 * 4 * 6);
});

test('max_surge is rounded up from a percentage, or a number of instances', () => {
  for (const [replicas, maxSurge, rollout] of [
    [2, '25%', 3],
    [4, '25%', 5],
    [5, '25%', 7],
    [20, '15%', 23],
    [3, 2, 5],
    [3, '0%', 3],
    [3, undefined, 3],
  ] as const) {
    const { share } = single(fleetOf(topology({ services: [service({ replicas, maxSurge })] }), [pool()]));
    assert.equal(share.rolloutTotal, 15 * 4 * rollout, `${replicas} ${maxSurge}`);
  }
});

test('connect decides the database: by variable, by host, and over what the service lists', () => {
  const databases = [
    database({ connect: ['DATABASE_URL'] }),
    database({ name: 'replica', connect: ['replica.internal'] }),
    database({ name: 'audit', connect: ['AUDIT_URL'] }),
  ];
  const services = [service({ databases: ['main', 'replica'] })];
  const fleet = fleetOf(topology({ databases, services }), [
    pool({ line: 1, address: { variable: 'DATABASE_URL', source: 'environment' } }),
    pool({ line: 2, address: { host: 'Replica.Internal', source: 'literal' }, size: 1, overflow: 0 }),
    pool({ line: 3, address: { variable: 'AUDIT_URL', source: 'environment' }, size: 2, overflow: 0 }),
  ]);
  assert.deepEqual(
    fleet.databases.map((each) => each.total.value),
    [120, 8, 16],
  );
  assert.deepEqual(fleet.unassigned, []);
});

test('a pool that may belong to several databases makes each of them unknown', () => {
  const databases = [database(), database({ name: 'replica' }), database({ name: 'legacy', engine: 'mysql' })];
  const services = [service({ databases: ['main', 'replica', 'legacy'] })];
  const fleet = fleetOf(topology({ databases, services }), [pool()]);
  assert.equal(fleet.unassigned.length, 1);
  assert.deepEqual(
    fleet.databases.map((each) => each.total.value),
    [null, null, 0],
  );
  assert.deepEqual(fleet.databases[0]!.total.unknown, [
    'engine of api may use main or replica: no connect list names it (app/db.py)',
  ]);
});

test('the dialect settles it where it leaves one database, and none is counted where it fits none', () => {
  const databases = [database(), database({ name: 'legacy', engine: 'mariadb' })];
  const services = [service({ databases: ['main', 'legacy'] })];
  const mysql = { dialect: 'mysql', source: 'literal' } as const;
  const both = fleetOf(topology({ databases, services }), [pool({ address: mysql })]);
  assert.deepEqual(
    both.databases.map((each) => each.total.value),
    [0, 120],
  );
  const none = fleetOf(topology(), [pool({ address: mysql })]);
  assert.equal(none.databases[0]!.total.value, 0);
  assert.deepEqual(none.unassigned[0]?.candidates, []);
});

test('tests, migrations, examples and embedded databases never count; a script counts where paths name it', () => {
  const never = [
    pool({ path: 'api/test_db.py', context: 'test' }),
    pool({ path: 'api/env.py', context: 'migration' }),
    pool({ path: 'api/example.py', context: 'example' }),
    pool({ path: 'api/sqlite.py', address: { dialect: 'sqlite', isNetworkDatabase: false } }),
  ];
  assert.equal(fleetOf(topology({ services: [api] }), never).databases[0]!.total.value, 0);
  const script = pool({ path: 'api/backfill.py', context: 'script', size: 1, overflow: 0 });
  assert.equal(fleetOf(topology({ services: [api] }), [script]).databases[0]!.total.value, 8);
  assert.equal(fleetOf(topology({ services: [service()] }), [script]).databases[0]!.total.value, 0);
});

test('capacity against reach: four sync workers in two replicas use at most 8', () => {
  const sync = topology({ services: [service({ workerClass: 'sync' })] });
  const { main, share } = single(fleetOf(sync, [pool()]));
  assert.deepEqual([main.total.value, main.fits, main.reach, main.reachIsStated], [120, false, 8, true]);
  assert.equal(onlyCapacityExceeds(main), true);
  assert.equal(
    explainReach(share),
    'api can open 120 by its settings; 4 sync workers × 2 replicas use at most 8 at a time',
  );
  const unstated = single(fleetOf(topology(), [pool()])).main;
  assert.deepEqual([unstated.reach, onlyCapacityExceeds(unstated)], [null, false]);
  const threads = single(fleetOf(topology({ services: [service({ workerClass: 'gthread', threads: 20 })] }), [pool()]));
  assert.deepEqual([threads.main.reach, onlyCapacityExceeds(threads.main)], [120, false]);
});

test('functions and cron jobs grow by what runs at a time, not by replicas', () => {
  const lambda = service({ server: 'serverless', concurrency: 5, replicas: 1 });
  const { main, share } = single(fleetOf(topology({ services: [lambda] }), [pool({ size: 10, overflow: 0 })]));
  assert.equal(main.total.value, 50);
  assert.equal(main.breaksAt?.replicas, 10);
  assert.equal(explainInOneLine(share, main), '50 of 90 on main · 40 spare · breaks at 10 concurrent instances');
  assert.deepEqual(
    replicaTable(share, main).map(({ replicas, isStated, opens, largestSize }) => [
      replicas,
      isStated,
      opens,
      largestSize,
    ]),
    [
      [1, false, 10, 90],
      [2, false, 20, 45],
      [3, false, 30, 30],
      [4, false, 40, 22],
      [5, true, 50, 18],
    ],
  );
  const cron = service({ name: 'report', server: 'cron', concurrency: 1, replicas: 1 });
  const report = single(fleetOf(topology({ services: [cron] }), [pool({ size: 20, overflow: 0 })]));
  assert.equal(
    explainInOneLine(report.share, report.main),
    '20 of 90 on main · 70 spare · breaks at 5 overlapping runs',
  );
});

test('measured peaks: what processes reach of what pools allow', () => {
  // Three sync workers, two workers of eight threads, forty threads of FastAPI's def endpoints.
  for (const [options, sizes, capacity, reach] of [
    [{ workerClass: 'sync', workers: 3 }, {}, 45, 3],
    [{ workerClass: 'gthread', workers: 2, threads: 8 }, {}, 30, 16],
    [{ workerClass: 'gthread', workers: 2, threads: 30 }, {}, 30, 30],
    [{ server: 'uvicorn', workerClass: 'threadpool', workers: 1 }, {}, 15, 15],
    [{ server: 'uvicorn', workerClass: 'threadpool', workers: 1 }, { size: 60, overflow: 0 }, 60, 40],
    [{ server: 'uvicorn', workers: 3 }, {}, 45, null],
    [{ server: 'celery', concurrency: 4 }, {}, 60, 4],
    [{ server: 'rq', workers: 3 }, {}, 45, 3],
    [{ server: 'dramatiq', workers: 2 }, {}, 30, 16],
    [{ server: 'arq', workers: 1 }, {}, 15, 10],
  ] as const) {
    const { main } = single(fleetOf(topology({ services: [service({ ...options, replicas: 1 })] }), [pool(sizes)]));
    assert.deepEqual([main.total.value, main.reach], [capacity, reach], JSON.stringify(options));
  }
});

test('Django: a connection per thread and alias', () => {
  const services = [service({ workerClass: 'gthread', workers: 2, threads: 4, replicas: 1 })];
  const aliases = [pool({ kind: 'per-thread', line: 1 }), pool({ kind: 'per-thread', line: 2 })];
  assert.equal(single(fleetOf(topology({ services }), aliases)).main.total.value, 2 * 4 * 2);
});

test('NullPool opens as many as the process runs at once, and is unknown where that is', () => {
  const sync = single(fleetOf(topology({ services: [service({ workerClass: 'sync' })] }), [pool({ kind: 'null' })]));
  assert.equal(sync.main.total.value, 8);
  const uvicorn = service({ server: 'uvicorn', workers: 4 });
  const async = single(fleetOf(topology({ services: [uvicorn] }), [pool({ kind: 'null' })]));
  assert.equal(async.main.total.value, null);
  assert.deepEqual(async.share.recommendation.choices, []);
});

test('services that claim everything although there are several are named', () => {
  assert.deepEqual(
    fleetOf(topology({ services: [api, service({ name: 'all' })] }), []).servicesWithoutPaths.map((each) => each.name),
    ['all'],
  );
  assert.deepEqual(fleetOf(topology({ services: [service()] }), []).servicesWithoutPaths, []);
});

test('a size the author wrote is offered without its overflow beside the largest that fits', () => {
  const { share } = single(fleetOf(topology(), [pool({ size: 10, overflow: 5 })]));
  assert.deepEqual(
    share.recommendation.choices.map(({ label, total }) => `${label} (${total})`),
    ['pool_size=11, max_overflow=0 (88)', 'pool_size=10, max_overflow=0 (80)', 'pool_size=6, max_overflow=5 (88)'],
  );
});

test('what the others hold alone is no service’s breaking point', () => {
  const { main } = single(fleetOf(topology({ extras: [extra('metabase', 95)] }), [pool({ size: 1, overflow: 0 })]));
  assert.equal(main.fits, false);
  assert.equal(main.breaksAt, null);
});

test('at the very edge of the budget everything still fits', () => {
  const sizes = single(fleetOf(topology(), [pool({ size: 9, overflow: 2 })]));
  assert.equal(sizes.main.total.value, 88);
  assert.deepEqual(
    sizes.share.recommendation.choices.map((choice) => choice.label),
    ['pool_size=9, max_overflow=2'],
  );
  const full = topology({ services: [service({ workerClass: 'sync' })], extras: [extra('metabase', 82)] });
  const { main } = single(fleetOf(full, [pool()]));
  assert.deepEqual([main.reach, main.fits, onlyCapacityExceeds(main)], [90, false, true]);
  const taken = topology({ services: [service({ replicas: 1 })], extras: [extra('metabase', 90)] });
  assert.equal(single(fleetOf(taken, [pool({ size: 1, overflow: 0 })])).main.breaksAt?.replicas, 1);
});
