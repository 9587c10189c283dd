/** Fixes of sizes that contradict each other: what is offered, and that a hostile file is read in time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles } from '../../support/workspace.ts';

async function contradictionsIn(text: string) {
  const { findings } = await analyseFiles({ 'pgbouncer.ini': text });
  return findings.filter(({ rule }) => rule === 'pgbouncer-pool-exceeds-limit');
}

test('only numbers that end the contradiction are offered', async () => {
  const titles = async (text: string) =>
    (await contradictionsIn(text)).map(({ fixes }) => fixes.map(({ title }) => title));
  const two = '[databases]\na = host=h\nb = host=h\n[pgbouncer]\ndefault_pool_size = 300\nmax_client_conn = 100\n';
  assert.deepEqual(await titles(two), [['Set max_client_conn to 600']]);
  const one = two.replace('b = host=h\n', '');
  assert.deepEqual(await titles(one), [['Set default_pool_size to 100', 'Set max_client_conn to 300']]);
  assert.deepEqual(await titles(one.replace('= 100', '= 0')), [['Set max_client_conn to 300']]);
  const reserve = '[databases]\na = pool_size=50 max_db_connections=30 reserve_pool_size=5\n[pgbouncer]\n';
  assert.deepEqual(await titles(reserve), [[]]);
});

test('thousands of contradictions are told in time', async () => {
  const entries = Array.from({ length: 3000 }, (_, n) => `d${n} = pool_size=${n + 50} max_db_connections=${n + 30}`);
  const users = Array.from({ length: 2000 }, (_, n) => `u${n} = pool_size=3000 max_user_connections=${n + 1}`);
  const start = performance.now();
  const found = await contradictionsIn(
    `[databases]\n${entries.join('\n')}\n[users]\n${users.join('\n')}\n[pgbouncer]\nmax_client_conn = 9000\n`,
  );
  assert.equal(found.length, 5000);
  assert.ok(performance.now() - start < 15_000);
});
