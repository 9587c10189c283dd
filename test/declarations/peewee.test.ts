/** Pools of peewee as applications build them. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'peewee', network: true };

test('peewee: the pooled classes, however they are imported', async () => {
  await expectPools(
    {
      'app/a.py':
        'from playhouse.pool import PooledPostgresqlDatabase\ndb = PooledPostgresqlDatabase("orders", host="db")\n',
      'app/b.py': 'from playhouse import pool\ndb = pool.PooledMySQLDatabase("orders", host="db")\n',
      'app/c.py':
        'import playhouse.pool\ndb = playhouse.pool.PooledPostgresqlExtDatabase("orders", max_connections=8, host="db")\n',
      'app/d.py':
        'from playhouse.postgres_ext import PooledPsycopg3Database as Database\ndb = Database("orders", 6, 300, 5, host="db")\n',
      'app/e.py': 'from playhouse.pool import PooledSqliteDatabase\ndb = PooledSqliteDatabase("orders.db")\n',
      'app/f.py':
        'from playhouse.cockroachdb import PooledCockroachDatabase\ndb = PooledCockroachDatabase("orders", host="db")\n',
      'app/g.py':
        'from playhouse.mysql_ext import PooledMySQLConnectorDatabase\ndb = PooledMySQLConnectorDatabase("orders")\n',
    },
    [
      {
        ...usual,
        name: 'db',
        callable: 'PooledPostgresqlDatabase',
        dialect: 'postgresql',
        driver: 'psycopg2',
        host: 'db',
        max_connections: [20, 'default'],
        peak: 20,
        wait: 'never-waits',
        idle: 'forever by stale_timeout',
      },
      { ...usual, dialect: 'mysql', driver: 'pymysql', peak: 20 },
      { ...usual, max_connections: [8, 'literal'], peak: 8 },
      { ...usual, driver: 'psycopg', peak: 6, idle: '300 s by stale_timeout', wait: '5 s by timeout' },
      { ...usual, dialect: 'cockroachdb', peak: 20 },
      { ...usual, driver: 'mysqlconnector', peak: 20 },
    ],
  );
});

test('peewee: sizes from the environment, dictionaries, constants, and none', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from playhouse.pool import PooledPostgresqlDatabase

LIMIT = 5
OPTIONS = {"max_connections": LIMIT, "stale_timeout": 300, "timeout": 0, "user": "shop"}

a = PooledPostgresqlDatabase("orders", **OPTIONS)
b = PooledPostgresqlDatabase("orders", max_connections=os.getenv("DB_POOL", "9"), host=os.environ["DB_HOST"])
c = PooledPostgresqlDatabase("orders", max_connections=0)
d = PooledPostgresqlDatabase("orders", max_connections=None)
e = PooledPostgresqlDatabase(None)
f = PooledPostgresqlDatabase(None, max_connections=7)
g = PooledPostgresqlDatabase("orders", max_connections=int(os.environ["DB_POOL"]), password="hunter22")
h = PooledPostgresqlDatabase("orders", **load())
`,
    },
    [
      { name: 'a', peak: 5, wait: 'forever by timeout', idle: '300 s by stale_timeout' },
      { name: 'b', peak: 9, variable: 'DB_HOST' },
      { name: 'c', peak: 'unbounded' },
      { name: 'd', peak: 'unbounded' },
      { name: 'e', peak: null, unread: true },
      { name: 'f', peak: 7 },
      { name: 'g', peak: null, credentials: true },
      { name: 'h', peak: null, unread: true },
    ],
  );
});

test('peewee: URLs with +pool', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from playhouse.db_url import connect
from playhouse import db_url

a = connect("postgresql+pool://shop@db.internal/orders?max_connections=15&stale_timeout=300")
b = db_url.connect("mysql+pool://shop@db.internal/orders", max_connections=4)
c = connect("postgresql://shop@db.internal/orders")
d = connect(os.environ["DATABASE_URL"])
e = connect(os.environ.get("DATABASE_URL") or "postgres+pool://localhost/orders?max_connections=6")
f = connect("sqlite+pool:///orders.db")
`,
    },
    [
      {
        ...usual,
        name: 'a',
        callable: 'connect',
        poolClass: 'PooledPostgresqlDatabase',
        max_connections: [15, 'literal'],
        peak: 15,
        idle: '300 s by stale_timeout',
        host: 'db.internal',
      },
      { ...usual, name: 'b', dialect: 'mysql', max_connections: [4, 'literal'], peak: 4 },
      { ...usual, name: 'e', peak: 6, variable: 'DATABASE_URL' },
    ],
  );
});

test('peewee: the async databases', async () => {
  await expectPools(
    {
      'app/a.py': `from playhouse.pwasyncio import AsyncMySQLDatabase, AsyncPostgresqlDatabase, AsyncSqliteDatabase

a = AsyncPostgresqlDatabase("orders", host="db.internal")
b = AsyncMySQLDatabase("orders", pool_size=5, pool_min_size=2, acquire_timeout=3)
c = AsyncSqliteDatabase("orders.db")
`,
    },
    [
      { ...usual, name: 'a', driver: 'asyncpg', peak: 10, wait: '10 s by acquire_timeout' },
      { ...usual, name: 'b', driver: 'aiomysql', peak: 5, wait: '3 s by acquire_timeout' },
    ],
  );
});

test('peewee: class attribute, factory, wrapper', async () => {
  await expectPools(
    {
      'app/a.py': `from functools import cache
from playhouse.pool import PooledPostgresqlExtDatabase


class Base(Model):
    class Meta:
        database = PooledPostgresqlExtDatabase("orders", max_connections=3)


@cache
def database():
    return PooledPostgresqlExtDatabase("orders", max_connections=4)


def build(name, size=16):
    return PooledPostgresqlExtDatabase(name, max_connections=size, stale_timeout=60)
`,
      'app/b.py': 'from app.a import build\n\nreports = build("reports", 2)\n',
    },
    [
      { name: 'database', peak: 3 },
      { name: '', peak: 4 },
      { name: 'reports', peak: 2, max_connections: [2, 'literal'] },
    ],
  );
});

test('peewee: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'from playhouse.db_url import parse\nimport socket\nsocket.connect("postgresql+pool://x/y")\n',
      'app/b.py': 'from peewee import PostgresqlDatabase\ndb = PostgresqlDatabase("orders")\n',
      'app/c.py':
        'import playhouse\nfrom .compat import PooledPostgresqlDatabase\ndb = PooledPostgresqlDatabase("x")\n',
    },
    [],
  );
});
