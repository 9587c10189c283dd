/** Piccolo's engines, with and without the call that starts their pool. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = {
  system: 'piccolo',
  callable: 'PostgresEngine',
  dialect: 'postgresql',
  driver: 'asyncpg',
  network: true,
};
const engine = `import os
from piccolo.engine.postgres import PostgresEngine

DB = PostgresEngine(config={"host": os.environ["PG_HOST"], "database": "orders", "password": os.environ["PG_PASSWORD"]})
`;

function starting(call: string): string {
  return `from piccolo.engine import engine_finder


async def open_pool():
    engine = engine_finder()
    await engine.${call}
`;
}

test('Piccolo: without a pool every query connects', async () => {
  await expectPools({ 'piccolo_conf.py': engine }, [
    { ...usual, name: 'DB', peak: null, idle: 'keeps-none', wait: 'never-waits', variable: 'PG_HOST' },
  ]);
});

test('Piccolo: started anywhere in the application, with sizes there or in the configuration', async () => {
  await expectPools({ 'piccolo_conf.py': engine, 'app.py': starting('start_connection_pool()') }, [
    { ...usual, name: 'DB', peak: 10, min_size: [10, 'default'], wait: 'forever' },
  ]);
  await expectPools(
    { 'piccolo_conf.py': engine, 'app.py': starting('start_connection_pool(min_size=1, max_size=4)') },
    [{ ...usual, peak: 4, min_size: [1, 'literal'], max_size: [4, 'literal'] }],
  );
  await expectPools(
    {
      'piccolo_conf.py': engine.replace('"database"', '"min_size": 2, "max_size": 6, "database"'),
      'app.py': starting('start_connection_pool()'),
    },
    [{ ...usual, peak: 6, max_size: [6, 'literal'] }],
  );
  await expectPools(
    {
      'piccolo_conf.py': engine.replace('"database"', '"max_size": 6, "database"'),
      'app.py': starting('start_connection_pool(max_size=int(os.getenv("SIZE", "12")))').replace(
        'from',
        'import os\nfrom',
      ),
    },
    [{ ...usual, peak: 12, max_size: [12, 'environment'] }],
  );
});

test('Piccolo: a start on the engine itself, in a lifespan, in a class', async () => {
  await expectPools(
    {
      'piccolo_conf.py': engine,
      'app/main.py': `from piccolo_conf import DB


async def lifespan(app):
    await DB.start_connection_pool(max_size=20)
    yield
    await DB.close_connection_pool()
`,
    },
    [{ ...usual, peak: 20 }],
  );
  await expectPools(
    {
      'piccolo_conf.py': engine,
      'app/main.py': `class Application:
    async def open(self):
        await self.engine.start_connection_pool(min_size=1, max_size=3)
`,
    },
    [{ ...usual, peak: 3 }],
  );
});

test('Piccolo: starts that differ leave the size unknown, tests start nothing', async () => {
  await expectPools(
    {
      'piccolo_conf.py': engine,
      'app/a.py': starting('start_connection_pool(max_size=3)'),
      'app/b.py': starting('start_connection_pool(max_size=30)'),
    },
    [{ ...usual, peak: null, unread: true }],
  );
  await expectPools({ 'piccolo_conf.py': engine, 'tests/conftest.py': starting('start_connection_pool()') }, [
    { ...usual, peak: null, wait: 'never-waits' },
  ]);
});

test('Piccolo: extra nodes are engines of their own', async () => {
  const withNode = `from piccolo.engine.postgres import PostgresEngine

DB = PostgresEngine(
    config={"host": "db.internal", "database": "orders"},
    extra_nodes={"replica": PostgresEngine(config={"host": "replica.internal", "database": "orders"})},
)
`;
  await expectPools({ 'piccolo_conf.py': withNode, 'app.py': starting('start_connection_pool()') }, [
    { ...usual, name: 'DB', host: 'db.internal', peak: 10 },
    { ...usual, name: 'replica', host: 'replica.internal', peak: null, idle: 'keeps-none' },
  ]);
  await expectPools(
    {
      'piccolo_conf.py': withNode,
      'app.py': `${starting('start_connection_pool()')}    for node in engine.extra_nodes.values():\n        await node.start_connection_pool()\n`,
    },
    [
      { name: 'DB', peak: 10 },
      { name: 'replica', peak: 10 },
    ],
  );
});

test('Piccolo: other ways to write it, and other engines', async () => {
  await expectPools(
    {
      'a.py': `from piccolo.engine import PostgresEngine
from piccolo.engine.cockroach import CockroachEngine
from piccolo.engine.sqlite import SQLiteEngine
from app.settings import OPTIONS

CONFIG = {"host": "db.internal", "database": "orders"}

a = PostgresEngine(CONFIG)
b = CockroachEngine(config=CONFIG)
c = SQLiteEngine()
d = PostgresEngine(config=OPTIONS)
e = PostgresEngine(config=dict(host="db.internal", password="hunter22"))
`,
      'b.py': starting('start_connection_pool()'),
    },
    [
      { name: 'a', peak: 10, host: 'db.internal' },
      { name: 'b', dialect: 'cockroachdb', peak: 10 },
      { name: 'd', peak: null, unread: true },
      { name: 'e', peak: 10, credentials: true },
    ],
  );
});

test('Piccolo: the misspelt method passes nothing on', async () => {
  await expectPools({ 'piccolo_conf.py': engine, 'app.py': starting('start_connnection_pool(max_size=3)') }, [
    { ...usual, peak: 10, max_size: [10, 'default'] },
  ]);
});
