/** `databases.Database` as applications build it, and modules that are only called like the library. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'databases', callable: 'Database', network: true };

test('databases: imports, and the driver by the scheme of the URL', async () => {
  await expectPools(
    {
      'app/a.py': `import databases
from databases import Database, DatabaseURL
from databases import Database as Db

a = databases.Database("postgresql://shop@db.internal/orders")
b = Database("postgres://shop@db.internal/orders", min_size=2, max_size=8)
c = Db("postgresql+aiopg://shop@db.internal/orders")
d = Database("mysql://shop@db.internal/orders", max_size=4)
e = Database("mysql+asyncmy://shop@db.internal/orders")
f = Database(DatabaseURL("postgresql+asyncpg://shop@db.internal/orders"))
g = Database("sqlite:///orders.db")
`,
    },
    [
      { ...usual, name: 'a', driver: 'asyncpg', peak: 10, min_size: [10, 'default'], wait: 'forever' },
      { ...usual, name: 'b', driver: 'asyncpg', peak: 8, min_size: [2, 'literal'] },
      { ...usual, name: 'c', driver: 'aiopg', peak: 10, min_size: [1, 'default'], wait: '60 s by timeout' },
      { ...usual, name: 'd', driver: 'aiomysql', dialect: 'mysql', peak: 4, idle: 'forever by pool_recycle' },
      { ...usual, name: 'e', driver: 'asyncmy', peak: 10, idle: '3600 s by pool_recycle' },
      { ...usual, name: 'f', driver: 'asyncpg', peak: 10, host: 'db.internal' },
      { ...usual, name: 'g', network: false },
    ],
  );
});

test('databases: sizes in the URL, arguments that win over it, and a URL that cannot be read', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from databases import Database

URL = "postgresql://shop@db.internal/orders?min_size=3&max_size=7"

a = Database(URL)
b = Database(URL, max_size=9)
c = Database(os.environ["DATABASE_URL"], min_size=1, max_size=5)
d = Database(os.environ["DATABASE_URL"])
e = Database(os.getenv("DATABASE_URL", "postgresql://localhost/orders?max_size=12"))
f = Database(f"postgresql://{USER}:{PASSWORD}@{HOST}/{NAME}", max_size=6, min_size=6)
`,
    },
    [
      { name: 'a', min_size: [3, 'literal'], max_size: [7, 'literal'], peak: 7 },
      { name: 'b', min_size: [3, 'literal'], max_size: [9, 'literal'], peak: 9 },
      { name: 'c', max_size: [5, 'literal'], peak: 5, variable: 'DATABASE_URL', unread: true },
      { name: 'd', peak: null, max_size: ['?', 'the URL is not known, and it may set it'] },
      { name: 'e', peak: 12, variable: 'DATABASE_URL' },
      { name: 'f', peak: 6 },
    ],
  );
});

test('databases: class attribute, factory, constants, dictionary, wrapper, context manager', async () => {
  await expectPools(
    {
      'app/config.py': 'POOL = {"min_size": 1, "max_size": 3}\nDATABASE_URL = "postgresql://shop@db.internal/orders"\n',
      'app/a.py': `from functools import lru_cache
from databases import Database
from app import config


class Repository:
    database = Database(config.DATABASE_URL, **config.POOL)


@lru_cache
def get_database():
    return Database(config.DATABASE_URL, min_size=1, max_size=4)


async def main():
    async with Database(config.DATABASE_URL, min_size=1, max_size=5) as database:
        await database.execute("select 1")


def build(url, largest):
    return Database(url, min_size=1, max_size=largest)


def loose(options):
    return Database(config.DATABASE_URL, **options)
`,
      'app/b.py': 'from app.a import build\n\nreports = build("postgresql://db.internal/reports", 2)\n',
    },
    [
      { name: 'database', peak: 3, unread: false },
      { name: '', peak: 4 },
      { name: 'database', peak: 5 },
      { name: 'reports', peak: 2, host: 'db.internal' },
      { name: '', peak: null, unread: true },
    ],
  );
});

test('databases: a module of the workspace with that name is what is imported', async () => {
  await expectPools(
    {
      'databases/__init__.py': 'class Database:\n    pass\n',
      'main.py': 'from databases import Database\n\ndb = Database("orders")\n',
    },
    [],
  );
  await expectPools(
    {
      'app/databases/__init__.py': 'from .session import get_session\n',
      'app/databases/session.py': 'def get_session():\n    pass\n',
      'app/db.py': 'from databases import Database\n\ndb = Database("postgresql://db.internal/orders", min_size=1)\n',
    },
    [{ name: 'db', peak: 10 }],
  );
});

test('databases: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import databases\nfrom pony.orm import Database\n\ndb = Database("postgres")\n',
      'app/b.py': '# for all databases\nfrom .models import Database\n\ndb = Database("x")\n',
      'app/c.py': 'from peewee import Database\n\ndb = Database(None)\n',
    },
    [],
  );
});
