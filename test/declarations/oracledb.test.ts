/** Pools of python-oracledb as applications build them. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'oracledb', dialect: 'oracle', driver: 'oracledb', network: true };

test('oracledb: imports, sync and async', async () => {
  await expectPools(
    {
      'app/a.py': 'import oracledb\np = oracledb.create_pool(user="shop", dsn="db.internal/orders")\n',
      'app/b.py': 'from oracledb import create_pool\np = create_pool(user="shop", dsn=DSN)\n',
      'app/c.py': 'import oracledb as cx\np = cx.create_pool_async(user="shop", dsn=DSN, max=4)\n',
      'app/d.py':
        'def get():\n    import oracledb\n    return oracledb.create_pool(dsn=DSN, min=2, max=6, increment=2)\n',
    },
    [
      { ...usual, name: 'p', min: [1, 'default'], max: [2, 'default'], peak: 2, wait: 'forever by wait_timeout' },
      { ...usual, name: 'p', peak: 2, wait: 'forever' },
      { ...usual, callable: 'create_pool_async', poolClass: 'AsyncConnectionPool', peak: 4 },
      { ...usual, name: '', min: [2, 'literal'], peak: 6, idle: 'forever by max_lifetime_session' },
    ],
  );
});

test('oracledb: modes of waiting, in milliseconds', async () => {
  await expectPools(
    {
      'app/a.py': `import oracledb
from app.settings import MODE

a = oracledb.create_pool(dsn=DSN, max=4, getmode=oracledb.POOL_GETMODE_TIMEDWAIT, wait_timeout=5000)
b = oracledb.create_pool(dsn=DSN, max=4, getmode=oracledb.POOL_GETMODE_NOWAIT)
c = oracledb.create_pool(dsn=DSN, max=4, getmode=oracledb.PoolGetMode.FORCEGET)
d = oracledb.create_pool(dsn=DSN, max=4, getmode=MODE)
e = oracledb.create_pool(dsn=DSN, max=4, getmode=oracledb.POOL_GETMODE_WAIT, max_lifetime_session=600, timeout=60)
`,
    },
    [
      { name: 'a', peak: 4, wait: '5 s by wait_timeout' },
      { name: 'b', peak: 4, wait: 'never-waits' },
      { name: 'c', peak: 'unbounded', wait: 'never-waits' },
      { name: 'd', peak: null, wait: 'unknown' },
      { name: 'e', peak: 4, wait: 'forever by wait_timeout', idle: '600 s by max_lifetime_session' },
    ],
  );
});

test('oracledb: settings in a PoolParams', async () => {
  await expectPools(
    {
      'app/a.py': `import os
import oracledb

params = oracledb.PoolParams(user="shop", host="db.internal", service_name="orders", min=2, max=int(os.getenv("MAX", "9")))

a = oracledb.create_pool(params=params)
b = oracledb.create_pool(params=params, max=3)
c = oracledb.create_pool(params=oracledb.PoolParams(max=5), min=5)
d = oracledb.create_pool(params=load_params())
`,
    },
    [
      { name: 'a', min: [2, 'literal'], max: [9, 'environment'], peak: 9, host: 'db.internal' },
      { name: 'b', max: [3, 'literal'], peak: 3 },
      { name: 'c', min: [5, 'literal'], max: [5, 'literal'], peak: 5 },
      { name: 'd', peak: null, unread: true },
    ],
  );
});

test('oracledb: class attribute, lifespan, context manager, wrapper, environment, splat', async () => {
  await expectPools(
    {
      'app/a.py': `import os
import oracledb


class Store:
    pool = oracledb.create_pool(dsn=os.environ["ORACLE_DSN"], password="hunter22", max=7)

    async def open(self, app):
        app.state.pool = oracledb.create_pool_async(dsn=os.environ["ORACLE_DSN"], max=8)


def main(options):
    with oracledb.create_pool(dsn=DSN, max=10) as pool:
        pool.acquire()
    return oracledb.create_pool(dsn=DSN, max=11, **options)


def build(dsn, size=4):
    return oracledb.create_pool(dsn=dsn, min=size, max=size, increment=0)
`,
      'app/b.py': 'from app.a import build\n\nreports = build(DSN)\n',
    },
    [
      { name: 'pool', peak: 7, variable: 'ORACLE_DSN', credentials: true },
      { name: 'app.state.pool', peak: 8 },
      { name: 'pool', peak: 10 },
      { name: '', peak: null, unread: true },
      { name: 'reports', min: [4, 'constant'], max: [4, 'constant'], peak: 4 },
    ],
  );
});

test('oracledb: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import oracledb\nfrom arq import create_pool\np = create_pool(RedisSettings())\n',
      'app/b.py': 'import oracledb\nc = oracledb.connect(user="shop", dsn=DSN)\n',
      'app/c.py': 'import oracledb\nparams = oracledb.PoolParams(max=5)\n',
    },
    [],
  );
});
