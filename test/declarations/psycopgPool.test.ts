/** Pools of psycopg_pool as applications build them, and names that only look alike. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'psycopg-pool', dialect: 'postgresql', driver: 'psycopg', network: true };

test('psycopg_pool: all four classes, under any name', async () => {
  await expectPools(
    {
      'app/a.py': 'from psycopg_pool import ConnectionPool\np = ConnectionPool(DSN)\n',
      'app/b.py': 'import psycopg_pool\np = psycopg_pool.AsyncConnectionPool(DSN, open=False)\n',
      'app/c.py': 'from psycopg_pool import NullConnectionPool as Pool\np = Pool(DSN, max_size=3)\n',
      'app/d.py': 'import psycopg_pool as pools\np = pools.AsyncNullConnectionPool(DSN)\n',
      'app/e.py': 'from psycopg_pool.pool import ConnectionPool\np = ConnectionPool(DSN)\n',
      'app/f.py':
        'try:\n    from psycopg_pool import ConnectionPool\nexcept ImportError:\n    ConnectionPool = None\np = ConnectionPool(DSN)\n',
      'app/h.py':
        'from psycopg_pool import AsyncConnectionPool\np: AsyncConnectionPool[C] = AsyncConnectionPool[C](DSN, max_size=5)\n',
      'app/g.py':
        'p = None\n\ndef get():\n    from psycopg_pool import ConnectionPool\n    return ConnectionPool(DSN)\n',
    },
    [
      { ...usual, poolClass: 'ConnectionPool', peak: 4, idle: '3600 s by max_lifetime', wait: '30 s by timeout' },
      { ...usual, poolClass: 'AsyncConnectionPool', peak: 4 },
      { ...usual, poolClass: 'NullConnectionPool', peak: 3, idle: 'keeps-none', wait: '30 s by timeout' },
      { ...usual, poolClass: 'AsyncNullConnectionPool', peak: null, idle: 'keeps-none', wait: 'never-waits' },
      { ...usual, poolClass: 'ConnectionPool', peak: 4 },
      { ...usual, poolClass: 'ConnectionPool', peak: 4 },
      { ...usual, poolClass: 'ConnectionPool', peak: 4 },
      { ...usual, name: 'p', callable: 'AsyncConnectionPool', peak: 5 },
    ],
  );
});

test('psycopg_pool: the size follows the minimum where it is left out or None', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from psycopg_pool import ConnectionPool

a = ConnectionPool(DSN, min_size=7)
b = ConnectionPool(DSN, max_size=None)
c = ConnectionPool(DSN, min_size=int(os.environ["MIN"]))
d = ConnectionPool(DSN, min_size=1, max_size=int(os.environ.get("MAX", 20)))
`,
    },
    [
      { name: 'a', min_size: [7, 'literal'], max_size: [7, 'literal'], peak: 7 },
      { name: 'b', min_size: [4, 'default'], max_size: [4, 'default'], peak: 4 },
      { name: 'c', max_size: ['?', 'MIN has no default'], peak: null },
      { name: 'd', max_size: [20, 'environment'], peak: 20 },
    ],
  );
});

test('psycopg_pool: arguments of the driver stand in kwargs', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from psycopg_pool import AsyncConnectionPool
from psycopg.rows import dict_row

a = AsyncConnectionPool(
    conninfo="host=db.internal port=6432 dbname=orders user=shop",
    kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": None},
    min_size=1,
    max_size=10,
    timeout=5,
    max_idle=300,
    open=False,
)
b = AsyncConnectionPool(kwargs={"host": os.environ["PGHOST"], "password": "hunter22"}, max_size=5)
c = AsyncConnectionPool(DSN, kwargs=make_options(), max_size=5)
`,
    },
    [
      {
        ...usual,
        name: 'a',
        peak: 10,
        host: 'db.internal',
        source: 'literal',
        wait: '5 s by timeout',
        unrecognised: [],
      },
      { ...usual, name: 'b', peak: 5, variable: 'PGHOST', credentials: true },
      { ...usual, name: 'c', peak: 5, unread: false },
    ],
  );
});

test('psycopg_pool: memoised factory, singleton of a class, lifespan, context manager', async () => {
  await expectPools(
    {
      'app/a.py': `from functools import lru_cache
from psycopg_pool import ConnectionPool


@lru_cache
def get_pool() -> ConnectionPool:
    return ConnectionPool(DSN, min_size=1, max_size=3)
`,
      'app/b.py': `from psycopg_pool import ConnectionPool


class Store:
    _pool = None

    @classmethod
    def pool(cls):
        if cls._pool is None:
            cls._pool = ConnectionPool(DSN, min_size=1, max_size=4)
        return cls._pool
`,
      'app/c.py': `from psycopg_pool import AsyncConnectionPool


async def lifespan(app):
    async with AsyncConnectionPool(DSN, min_size=1, max_size=5) as pool:
        yield {"pool": pool}
`,
      'app/d.py': `from psycopg_pool import ConnectionPool


def main():
    with ConnectionPool(DSN, min_size=1, max_size=6) as pool, pool.connection() as connection:
        connection.execute("select 1")
`,
    },
    [
      { name: '', peak: 3 },
      { name: 'cls._pool', peak: 4 },
      { name: 'pool', peak: 5 },
      { name: 'pool', peak: 6 },
    ],
  );
});

test('psycopg_pool: wrappers, options of a class, constants, a splat that cannot be read', async () => {
  await expectPools(
    {
      'app/pool.py': `from psycopg_pool import ConnectionPool


def build(conninfo, size=10):
    return ConnectionPool(conninfo, min_size=size, max_size=size)
`,
      'app/use.py': 'from app.pool import build\n\nreports = build(DSN, size=2)\n',
      'app/splat.py': `from psycopg_pool import ConnectionPool


class Options:
    SIZE = 8


pool = ConnectionPool(DSN, max_size=Options.SIZE, **make_options())
`,
    },
    [
      { name: 'reports', min_size: [2, 'literal'], max_size: [2, 'literal'], peak: 2 },
      { name: 'pool', max_size: [8, 'constant'], peak: 8, unread: true },
    ],
  );
});

test('psycopg_pool: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import psycopg_pool\nfrom redis import ConnectionPool\np = ConnectionPool(max_connections=10)\n',
      'app/b.py': 'import psycopg_pool\nimport redis\np = redis.ConnectionPool.from_url(URL, max_connections=10)\n',
      'app/c.py': 'import psycopg_pool\nfrom redis.asyncio import ConnectionPool\np = ConnectionPool(host="cache")\n',
      'app/d.py': 'from urllib3 import HTTPConnectionPool\np = HTTPConnectionPool("example.com", maxsize=10)\n',
      'app/e.py':
        'import psycopg_pool\nfrom urllib3.connectionpool import ConnectionPool\np = ConnectionPool("example.com")\n',
      'app/f.py': 'import psycopg_pool\nimport httpcore\np = httpcore.ConnectionPool(max_connections=10)\n',
      'app/g.py': 'import psycopg_pool\n\n\nclass ConnectionPool:\n    pass\n\n\np = ConnectionPool()\n',
    },
    [],
  );
});
