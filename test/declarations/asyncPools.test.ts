/** Pools of aiopg, aiomysql and asyncmy as applications build them: one shape of pool under three names. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const libraries = [
  {
    name: 'aiopg',
    driver: 'psycopg2',
    dialect: 'postgresql',
    wait: '60 s by timeout',
    idle: 'forever by pool_recycle',
  },
  { name: 'aiomysql', driver: 'aiomysql', dialect: 'mysql', wait: 'forever', idle: 'forever by pool_recycle' },
  { name: 'asyncmy', driver: 'asyncmy', dialect: 'mysql', wait: 'forever', idle: '3600 s by pool_recycle' },
];

for (const { name: library, ...expected } of libraries) {
  const usual = { system: library, network: true, ...expected };

  test(`${library}: imports, aliases and places`, async () => {
    await expectPools(
      {
        'app/a.py': `import ${library}\n\nasync def f():\n    p = await ${library}.create_pool(host="db.internal")\n`,
        'app/b.py': `from ${library} import create_pool\n\nasync def f():\n    async with create_pool(host="db.internal") as p:\n        pass\n`,
        'app/c.py': `import ${library} as driver\n\nasync def f():\n    p = await driver.create_pool(host="db.internal")\n`,
        'app/d.py': `from ${library}.pool import create_pool as make\n\nasync def f():\n    p = await make(host="db.internal")\n`,
        'app/e.py': `class Store:\n    async def open(self):\n        import ${library}\n        self.p = await ${library}.create_pool(host="db.internal")\n`,
        'app/f.py': `import ${library}\n\nasync def lifespan(app):\n    app["p"] = await ${library}.create_pool(host="db.internal")\n    yield\n`,
      },
      ['p', 'p', 'p', 'p', 'self.p', 'app["p"]'].map((name) => ({
        ...usual,
        name,
        callable: 'create_pool',
        minsize: [1, 'default'],
        maxsize: [10, 'default'],
        peak: 10,
        host: 'db.internal',
        source: 'literal',
      })),
    );
  });

  test(`${library}: sizes from constants, the environment, dictionaries, wrappers`, async () => {
    await expectPools(
      {
        'app/a.py': `import os
import ${library}

SIZE = 4
OPTIONS = {"minsize": 2, "maxsize": SIZE * 2, "pool_recycle": 300}


async def f(more):
    a = await ${library}.create_pool(host=os.environ["DB_HOST"], maxsize=SIZE)
    b = await ${library}.create_pool(host=HOST, maxsize=int(os.getenv("POOL", "7")))
    c = await ${library}.create_pool(host=HOST, **OPTIONS)
    d = await ${library}.create_pool(host=HOST, maxsize=3, **more)
    e = await ${library}.create_pool(host=HOST, maxsize=int(os.environ["POOL"]))
`,
        'app/b.py': `import ${library}


async def build(host, largest=5):
    return await ${library}.create_pool(host=host, maxsize=largest, password="hunter22")
`,
        'app/c.py': 'from app.b import build\n\nasync def g():\n    jobs = await build("db.internal", 2)\n',
      },
      [
        { ...usual, name: 'a', maxsize: [4, 'constant'], peak: 4, variable: 'DB_HOST', source: 'environment' },
        { name: 'b', maxsize: [7, 'environment'], peak: 7 },
        { name: 'c', minsize: [2, 'literal'], maxsize: [8, 'constant'], peak: 8, idle: '300 s by pool_recycle' },
        { name: 'd', peak: 3, unread: true, idle: 'unknown' },
        { name: 'e', peak: null },
        { name: 'jobs', maxsize: [2, 'literal'], peak: 2, credentials: true },
      ],
    );
  });
}

test('aiopg and aiomysql: the engine of their SQLAlchemy layer is the same pool', async () => {
  await expectPools(
    {
      'app/a.py': 'from aiopg.sa import create_engine\n\nasync def f():\n    e = await create_engine(DSN, maxsize=6)\n',
      'app/b.py':
        'import aiomysql.sa\n\nasync def f():\n    e = await aiomysql.sa.create_engine(host=HOST, maxsize=0)\n',
      'app/c.py': 'import aiopg\n\nasync def f():\n    p = await aiopg.create_pool("host=db.internal", timeout=None)\n',
      'app/d.py': 'import asyncmy\n\nasync def f():\n    p = await asyncmy.create_pool(0, 0, host=HOST)\n',
    },
    [
      { system: 'aiopg', callable: 'create_engine', peak: 6 },
      { system: 'aiomysql', callable: 'create_engine', peak: 'unbounded' },
      { system: 'aiopg', wait: 'forever by timeout', host: 'db.internal' },
      { system: 'asyncmy', peak: 0 },
    ],
  );
});

test('a pool of Redis is none of these', async () => {
  await expectPools(
    {
      'app/a.py':
        'import aiomysql\nfrom arq import create_pool\n\nasync def f():\n    p = await create_pool(RedisSettings())\n',
      'app/b.py':
        'import aiopg\nimport aioredis\n\nasync def f():\n    p = await aioredis.create_pool("redis://cache")\n',
      'app/c.py':
        'import asyncmy\n\nasync def create_pool():\n    pass\n\nasync def f():\n    p = await create_pool()\n',
    },
    [],
  );
});
