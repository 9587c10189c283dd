/** Pools of SQLAlchemy that are built without an engine, by class or from a URL. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

test('SQLAlchemy: pool classes called directly, under their own names of settings', async () => {
  await expectPools(
    {
      'app/a.py': `import psycopg2
from sqlalchemy import pool
from sqlalchemy.pool import QueuePool, NullPool, StaticPool
import sqlalchemy.pool as pools
from sqlalchemy import QueuePool as Queue


def connect():
    return psycopg2.connect(DSN)


a = QueuePool(connect, pool_size=3, max_overflow=2, timeout=5, recycle=600, pre_ping=True)
b = pool.QueuePool(connect, 4, 1, 7)
c = pools.AsyncAdaptedQueuePool(connect)
d = Queue(connect, max_overflow=-1)
e = NullPool(connect)
f = StaticPool(connect)
g = pools.QueuePool(connect, **options())
`,
    },
    [
      {
        system: 'sqlalchemy',
        name: 'a',
        callable: 'QueuePool',
        poolClass: 'QueuePool',
        pool_size: [3, 'literal'],
        max_overflow: [2, 'literal'],
        pre_ping: [true, 'literal'],
        peak: 5,
        wait: '5 s by timeout',
        idle: '600 s by recycle',
        network: true,
      },
      { name: 'b', peak: 5, wait: '7 s by timeout', idle: 'forever by recycle' },
      { name: 'c', system: 'sqlalchemy-async', peak: 15, timeout: [30, 'default'] },
      { name: 'd', peak: 'unbounded' },
      { name: 'e', peak: null, idle: 'keeps-none' },
      { name: 'f', peak: 1 },
      { name: 'g', peak: null, unread: true },
    ],
  );
});

test('SQLAlchemy: a pool that is handed to an engine counts once', async () => {
  await expectPools(
    {
      'app/a.py': `from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool

shared = QueuePool(connect, pool_size=6, max_overflow=0)
engine = create_engine("postgresql://", pool=shared)
other = create_engine("postgresql://", pool=QueuePool(connect, pool_size=2, max_overflow=0))
third = create_engine("postgresql://db.internal/x", poolclass=QueuePool, pool_size=1, max_overflow=0)
`,
    },
    [
      { name: 'shared', peak: 6 },
      { callable: 'QueuePool', peak: 2 },
      { name: 'third', callable: 'create_engine', peak: 1 },
    ],
  );
});

test('SQLAlchemy: pools from a URL take the names of engines and of classes', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from sqlalchemy import create_pool_from_url
from sqlalchemy.ext.asyncio import create_async_pool_from_url

a = create_pool_from_url("postgresql://shop@db.internal/orders", pool_size=4, pool_timeout=3)
b = create_pool_from_url(os.environ["DATABASE_URL"], max_overflow=0, timeout=5, recycle=60, pre_ping=True)
c = create_async_pool_from_url("postgresql+asyncpg://db.internal/orders", pool_size=2)
`,
    },
    [
      { name: 'a', callable: 'create_pool_from_url', host: 'db.internal', peak: 14, wait: '3 s by pool_timeout' },
      {
        name: 'b',
        variable: 'DATABASE_URL',
        peak: 5,
        wait: '5 s by pool_timeout',
        idle: '60 s by pool_recycle',
        pool_pre_ping: [true, 'literal'],
        unrecognised: [],
      },
      { name: 'c', system: 'sqlalchemy-async', poolClass: 'AsyncAdaptedQueuePool', peak: 12 },
    ],
  );
});

test('SQLAlchemy: pool classes that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import sqlalchemy\nfrom .queues import QueuePool\n\np = QueuePool(connect)\n',
      'app/b.py': 'import sqlalchemy\n\n\nclass NullPool:\n    pass\n\n\np = NullPool()\n',
      'app/c.py': 'from sqlalchemy.pool import Pool\n\n\ndef on_connect(pool: Pool):\n    pass\n',
    },
    [],
  );
});
