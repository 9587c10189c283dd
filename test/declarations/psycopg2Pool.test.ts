/** Pools of psycopg2.pool as applications build them, and names that only look alike. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = {
  system: 'psycopg2-pool',
  dialect: 'postgresql',
  driver: 'psycopg2',
  network: true,
  wait: 'never-waits',
};

test('psycopg2.pool: imports and aliases, however they are written', async () => {
  await expectPools(
    {
      'app/a.py': 'from psycopg2 import pool\np = pool.ThreadedConnectionPool(2, 8, DSN)\n',
      'app/b.py': 'import psycopg2.pool\np = psycopg2.pool.SimpleConnectionPool(2, 8, dsn=DSN)\n',
      'app/c.py':
        'from psycopg2.pool import ThreadedConnectionPool as ConnectionPool\np = ConnectionPool(minconn=2, maxconn=8)\n',
      'app/d.py':
        'import psycopg2\nfrom psycopg2 import pool as pg_pool\np = pg_pool.SimpleConnectionPool(2, 8, DSN)\n',
      'app/e.py':
        'try:\n    from psycopg_pool import ConnectionPool\nexcept ImportError:\n    from psycopg2.pool import ThreadedConnectionPool\np = ThreadedConnectionPool(2, 8, DSN)\n',
      'app/g.py': 'from psycopg2 import pool\npool = pool.ThreadedConnectionPool(2, 8, DSN)\n',
      'app/f.py':
        'def connect():\n    from psycopg2.pool import ThreadedConnectionPool\n    return ThreadedConnectionPool(2, 8, DSN)\n',
    },
    'abcdefg'.split('').map(() => ({ ...usual, minconn: [2, 'literal'], maxconn: [8, 'literal'], peak: 8 })),
  );
});

test('psycopg2.pool: keywords, environment, constants, a configuration that is unpacked', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from psycopg2.pool import SimpleConnectionPool, ThreadedConnectionPool

SMALLEST, LARGEST = 1, 12
CONFIG = {"host": "db.internal", "port": 6432, "dbname": "orders", "user": "shop"}

a = ThreadedConnectionPool(minconn=SMALLEST, maxconn=LARGEST, **CONFIG)
b = ThreadedConnectionPool(1, int(os.environ.get("PG_MAX", "6")), os.environ["DATABASE_URL"])
c = ThreadedConnectionPool(1, os.getenv("PG_MAX", "6"), host=os.getenv("PG_HOST"), password="hunter22")
d = SimpleConnectionPool(1, int(os.environ["PG_MAX"]), "host=db.internal dbname=orders")
e = SimpleConnectionPool(*sizes(), DSN)
`,
    },
    [
      { ...usual, name: 'a', minconn: [1, 'constant'], maxconn: [12, 'constant'], peak: 12, host: 'db.internal' },
      { ...usual, name: 'b', maxconn: [6, 'environment'], peak: 6, variable: 'DATABASE_URL' },
      { ...usual, name: 'c', maxconn: [6, 'environment'], peak: 6, variable: 'PG_HOST', credentials: true },
      { ...usual, name: 'd', peak: null, host: 'db.internal', source: 'literal' },
      { ...usual, name: 'e', peak: null, unread: true },
    ],
  );
});

test('psycopg2.pool: class attribute, singleton, memoised factory, wrapper', async () => {
  await expectPools(
    {
      'app/a.py': `from psycopg2 import pool


class Store:
    pool = pool.ThreadedConnectionPool(3, 9, DSN)
`,
      'app/b.py': `from psycopg2.pool import ThreadedConnectionPool

_pool = None


def get_pool():
    global _pool
    if _pool is None:
        _pool = ThreadedConnectionPool(4, 7, DSN)
    return _pool
`,
      'app/c.py': `from psycopg2.pool import ThreadedConnectionPool


class Vectors:
    def __init__(self, dsn, minconn=1, maxconn=5):
        self.connection_pool = ThreadedConnectionPool(minconn, maxconn, dsn)
`,
      'app/d.py': 'from app.c import Vectors\n\nvectors = Vectors(DSN, maxconn=3)\n',
      'app/e.py': `from functools import cache
from psycopg2.pool import SimpleConnectionPool


@cache
def pool_for(name):
    return SimpleConnectionPool(1, 2, dbname=name)
`,
    },
    [
      { name: 'pool', peak: 9, idle: 'forever' },
      { name: '_pool', peak: 7 },
      { name: 'self.connection_pool', minconn: [1, 'constant'], maxconn: [3, 'literal'], peak: 3 },
      { name: '', peak: 2 },
    ],
  );
});

test('psycopg2.pool: sizes without a limit, and none at all', async () => {
  await expectPools(
    {
      'app/a.py': `from psycopg2.pool import ThreadedConnectionPool

a = ThreadedConnectionPool(5, 2, DSN)
b = ThreadedConnectionPool(1, -1, DSN)
c = ThreadedConnectionPool(0, 0, DSN)
d = ThreadedConnectionPool(0, 4, DSN)
`,
    },
    [{ peak: 'unbounded' }, { peak: 'unbounded' }, { peak: 0 }, { peak: 4, idle: 'keeps-none' }],
  );
});

test('one name for the pools of two libraries: the arguments tell which is meant', async () => {
  await expectPools(
    {
      'app/a.py': `try:
    from psycopg_pool import ConnectionPool
    NEW = True
except ImportError:
    from psycopg2.pool import ThreadedConnectionPool as ConnectionPool
    NEW = False


def build(dsn, smallest=1, largest=6):
    if NEW:
        return ConnectionPool(conninfo=dsn, min_size=smallest, max_size=largest, open=False)
    return ConnectionPool(minconn=smallest, maxconn=largest, dsn=dsn)
`,
    },
    [
      { system: 'psycopg-pool', callable: 'ConnectionPool', peak: 6, unrecognised: [] },
      { system: 'psycopg2-pool', callable: 'ThreadedConnectionPool', peak: 6 },
    ],
  );
});

test('psycopg2.pool: versions by either package', async () => {
  const source = 'from psycopg2 import pool\np = pool.ThreadedConnectionPool(1, 8, DSN)\n';
  await expectPools({ 'app/a.py': source, 'requirements.txt': 'psycopg2-binary==2.9.9\n' }, [{ version: '2.9.9' }]);
  await expectPools({ 'app/a.py': source, 'requirements.txt': 'psycopg2==2.8.6\n' }, [{ version: '2.8.6' }]);
});

test('psycopg2.pool: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import psycopg2\nfrom .pools import ThreadedConnectionPool\np = ThreadedConnectionPool(1, 2)\n',
      'app/b.py': 'import psycopg2\nfrom sqlalchemy import pool\np = pool.manage(psycopg2)\n',
      'app/c.py': 'import psycopg2\nc = psycopg2.connect(DSN)\n',
      'app/d.py': 'import psycopg2\n\n\nclass SimpleConnectionPool:\n    pass\n\n\np = SimpleConnectionPool(1, 2)\n',
    },
    [],
  );
});
