/** Pools of asyncpg as applications build them, and names that only look alike. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'asyncpg', callable: 'create_pool', dialect: 'postgresql', driver: 'asyncpg', network: true };

test('asyncpg: imports and aliases, however they are written', async () => {
  await expectPools(
    {
      'app/a.py': 'import asyncpg\n\nasync def f():\n    p = await asyncpg.create_pool(DSN)\n',
      'app/b.py': 'from asyncpg import create_pool\n\nasync def f():\n    p = await create_pool(DSN)\n',
      'app/c.py': 'from asyncpg.pool import create_pool as make\n\nasync def f():\n    p = await make(dsn=DSN)\n',
      'app/d.py': 'import asyncpg.pool as pg\n\nasync def f():\n    p = await pg.create_pool()\n',
      'app/e.py': 'async def f():\n    import asyncpg\n    return await asyncpg.create_pool(DSN)\n',
      'app/f.py':
        'try:\n    import asyncpg\nexcept ImportError:\n    asyncpg = None\n\nasync def f():\n    p = await asyncpg.create_pool(DSN)\n',
    },
    'abcdef'
      .split('')
      .map((file) => ({ ...usual, name: file === 'e' ? '' : 'p', peak: 10, min_size: [10, 'default'] })),
  );
});

test('asyncpg: a class of its own keeps the pool', async () => {
  await expectPools(
    {
      'app/database.py': `import os
import asyncpg


class Database:
    def __init__(self):
        self.pool: asyncpg.Pool | None = None

    async def connect(self):
        self.pool = await asyncpg.create_pool(
            host=os.environ["PGHOST"],
            user="shop",
            database="orders",
            password=os.environ["PGPASSWORD"],
            min_size=2,
            max_size=int(os.getenv("PG_POOL_MAX", "8")),
            max_inactive_connection_lifetime=120.5,
            command_timeout=60,
        )
`,
    },
    [
      {
        ...usual,
        name: 'self.pool',
        min_size: [2, 'literal'],
        max_size: [8, 'environment'],
        max_queries: [50000, 'default'],
        peak: 8,
        source: 'environment',
        variable: 'PGHOST',
        credentials: false,
        idle: '120.5 s by max_inactive_connection_lifetime',
        wait: 'forever',
        unrecognised: [],
      },
    ],
  );
});

test('asyncpg: lifespan of an application, with the settings in another module', async () => {
  await expectPools(
    {
      'app/config.py': 'POOL_MIN = 1\nPOOL_MAX = 6\n',
      'app/main.py': `from contextlib import asynccontextmanager
import asyncpg
from fastapi import FastAPI
from app import config


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = await asyncpg.create_pool(
        "postgres://shop@db.internal:5433/orders", min_size=config.POOL_MIN, max_size=config.POOL_MAX
    )
    yield
    await app.state.pool.close()
`,
    },
    [
      {
        ...usual,
        name: 'app.state.pool',
        min_size: [1, 'constant'],
        max_size: [6, 'constant'],
        peak: 6,
        host: 'db.internal',
        source: 'literal',
      },
    ],
  );
});

test('asyncpg: a context manager, and several pools in one statement list', async () => {
  await expectPools(
    {
      'app/worker.py': `import asyncpg


async def run():
    async with asyncpg.create_pool(min_size=1, max_size=2) as jobs, asyncpg.create_pool(DSN) as reports:
        await work(jobs, reports)
`,
    },
    [
      { ...usual, name: 'jobs', peak: 2, source: 'unknown' },
      { ...usual, name: 'reports', peak: 10 },
    ],
  );
});

test('asyncpg: dictionaries that are unpacked, whole and in part', async () => {
  await expectPools(
    {
      'app/a.py': `import asyncpg
LIMITS = {"min_size": 3, "max_size": 9}

async def f():
    return await asyncpg.create_pool(DSN, **LIMITS)
`,
      'app/b.py': `import asyncpg

async def f(**options):
    return await asyncpg.create_pool(DSN, max_size=4, **options)
`,
      'app/c.py': `import asyncpg
from app.secret_settings import pool_options

async def f():
    return await asyncpg.create_pool(DSN, **pool_options())
`,
    },
    [
      { ...usual, min_size: [3, 'literal'], max_size: [9, 'literal'], peak: 9, unread: false },
      { ...usual, max_size: [4, 'literal'], peak: 4, unread: true },
      { ...usual, peak: null, unread: true },
    ],
  );
});

test('asyncpg: a factory that is remembered, and a wrapper with its own defaults', async () => {
  await expectPools(
    {
      'app/pools.py': `import asyncpg


async def open_pool(dsn, *, smallest=1, largest=12):
    return await asyncpg.create_pool(dsn, min_size=smallest, max_size=largest)
`,
      'app/start.py': `from app.pools import open_pool


async def start(app):
    app.db = await open_pool(DSN, largest=7)
`,
    },
    [{ ...usual, name: 'app.db', min_size: [1, 'constant'], max_size: [7, 'literal'], peak: 7 }],
  );
});

test('asyncpg: the class itself has no defaults of its own', async () => {
  await expectPools(
    {
      'app/a.py': `import asyncpg

pool = asyncpg.Pool(
    DSN, min_size=1, max_size=3, max_queries=1000, max_inactive_connection_lifetime=0, loop=None,
    connection_class=asyncpg.Connection, record_class=asyncpg.Record,
)
`,
    },
    [
      {
        ...usual,
        callable: 'Pool',
        name: 'pool',
        peak: 3,
        idle: 'forever by max_inactive_connection_lifetime',
        unrecognised: [],
      },
    ],
  );
});

test('asyncpg: versions, and what idle connections do under each', async () => {
  const source = 'import asyncpg\n\nasync def f():\n    p = await asyncpg.create_pool(DSN)\n';
  await expectPools({ 'app/a.py': source, 'requirements.txt': 'asyncpg==0.31.0\n' }, [
    { version: '0.31.0', idle: '300 s by max_inactive_connection_lifetime' },
  ]);
  await expectPools({ 'app/a.py': source, 'requirements.txt': 'asyncpg==0.32.1\n' }, [
    { version: '0.32.1', idle: 'forever' },
  ]);
  await expectPools({ 'app/a.py': source, 'requirements.txt': 'asyncpg<0.32\n' }, [
    { version: '0.31', idle: '300 s by max_inactive_connection_lifetime' },
  ]);
  await expectPools({ 'app/a.py': source.replace('DSN', 'DSN, min_size=0'), 'requirements.txt': 'asyncpg==0.32.1\n' }, [
    { idle: '300 s by max_inactive_connection_lifetime' },
  ]);
});

test('asyncpg: passwords and addresses', async () => {
  await expectPools(
    {
      'app/a.py': `import asyncpg
import os

async def f():
    a = await asyncpg.create_pool("postgresql://shop:hunter22@db.internal/orders")
    b = await asyncpg.create_pool(host="db.internal", port=5433, password="hunter22")
    c = await asyncpg.create_pool(f"postgresql://shop:{PASSWORD}@{os.environ['DB_HOST']}/orders")
    d = await asyncpg.create_pool(dsn=os.environ.get("DATABASE_URL"))
`,
    },
    [
      { name: 'a', credentials: true, host: 'db.internal', source: 'literal' },
      { name: 'b', credentials: true, host: 'db.internal', source: 'literal' },
      { name: 'c', credentials: false, source: 'environment', variable: 'DB_HOST' },
      { name: 'd', credentials: false, source: 'environment', variable: 'DATABASE_URL' },
    ],
  );
});

test('asyncpg: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py':
        'import asyncpg\nfrom arq import create_pool\n\nasync def f():\n    return await create_pool(RedisSettings())\n',
      'app/b.py': 'import asyncpg\nfrom multiprocessing import Pool\n\nwith Pool(4) as p:\n    p.map(f, [1])\n',
      'app/c.py': 'import asyncpg\nimport multiprocessing\n\np = multiprocessing.Pool(processes=4)\n',
      'app/d.py': '# asyncpg\nfrom .pools import create_pool\n\np = create_pool(5)\n',
      'app/e.py':
        'import asyncpg\n\n\nclass Pool:\n    pass\n\n\nasync def create_pool():\n    return Pool()\n\n\nx = create_pool()\ny = Pool()\n',
      'app/f.py': 'import asyncpg\n\n\ndef annotated(pool: asyncpg.Pool) -> asyncpg.pool.Pool:\n    return pool\n',
      'app/g.py': 'from asyncpg_like import create_pool\n\np = create_pool()\n',
      'app/h.py': 'import asyncpg\nfrom concurrent.futures import ThreadPoolExecutor as Pool\n\np = Pool(4)\n',
    },
    [],
  );
});
