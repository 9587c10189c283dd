/** Tortoise as applications initialise it: a pool per connection of the configuration. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'tortoise', network: true };

test('Tortoise: URLs, by any way to pass them', async () => {
  await expectPools(
    {
      'app/a.py': `from tortoise import Tortoise


async def f():
    await Tortoise.init(db_url="postgres://shop@db.internal:5433/orders?minsize=2&maxsize=20", modules=MODELS)
`,
      'app/b.py': `from tortoise.contrib.fastapi import register_tortoise

register_tortoise(app, db_url="asyncpg://shop@db.internal/orders", modules=MODELS, generate_schemas=True)
`,
      'app/c.py': `from tortoise.contrib.fastapi import RegisterTortoise


async def lifespan(app):
    async with RegisterTortoise(app, db_url="psycopg://shop@db.internal/orders?max_size=9", modules=MODELS) as orm:
        yield
`,
      'app/d.py': `import tortoise


async def f():
    await tortoise.Tortoise.init(None, None, False, "mysql://shop@db.internal/orders?maxsize=8&pool_recycle=300")
`,
      'app/e.py':
        'from tortoise.contrib.sanic import register_tortoise\n\nregister_tortoise(app, db_url="mssql://sa@db.internal/orders?driver=x", modules=M)\n',
      'app/f.py':
        'from tortoise import Tortoise\n\nasync def f():\n    await Tortoise.init(db_url="sqlite://:memory:", modules=M)\n',
    },
    [
      {
        ...usual,
        callable: 'Tortoise.init',
        driver: 'asyncpg',
        dialect: 'postgresql',
        minsize: [2, 'literal'],
        maxsize: [20, 'literal'],
        peak: 20,
        host: 'db.internal',
      },
      { ...usual, callable: 'register_tortoise', peak: 5, maxsize: [5, 'default'], wait: 'forever' },
      { ...usual, callable: 'RegisterTortoise', driver: 'psycopg', peak: 9, wait: '30 s by timeout' },
      { ...usual, dialect: 'mysql', peak: 8, idle: '300 s by pool_recycle' },
      { ...usual, dialect: 'mssql', peak: 10 },
    ],
  );
});

test('Tortoise: a configuration has a pool per connection', async () => {
  await expectPools(
    {
      'app/settings.py': `import os

TORTOISE_ORM = {
    "connections": {
        "default": {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": os.environ["DB_HOST"],
                "port": "5432",
                "user": "shop",
                "password": os.environ["DB_PASSWORD"],
                "database": "orders",
                "minsize": 2,
                "maxsize": int(os.getenv("DB_POOL", "12")),
            },
        },
        "replica": "postgres://shop@replica.internal/orders?maxsize=3",
        "reports": {"engine": "tortoise.backends.mysql", "credentials": {"host": "mysql.internal", "database": "r"}},
        "cache": "sqlite://cache.db",
    },
    "apps": {"models": {"models": ["app.models"], "default_connection": "default"}},
}
`,
      'app/main.py': `from tortoise.contrib.fastapi import register_tortoise
from app.settings import TORTOISE_ORM

register_tortoise(app, config=TORTOISE_ORM)
`,
    },
    [
      { ...usual, key: 'default', name: 'default', maxsize: [12, 'environment'], peak: 12, variable: 'DB_HOST' },
      { ...usual, key: 'replica', maxsize: [3, 'literal'], peak: 3, host: 'replica.internal' },
      { ...usual, key: 'reports', dialect: 'mysql', peak: 5, host: 'mysql.internal' },
    ],
  );
});

test('Tortoise: names of the driver, credentials in steps, expand_db_url', async () => {
  await expectPools(
    {
      'app/a.py': `from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url

CREDENTIALS = {"host": "db.internal", "database": "orders", "password": "hunter22"}
CREDENTIALS["max_size"] = 7

CONFIG = {
    "connections": {
        "default": {"engine": "tortoise.backends.psycopg", "credentials": CREDENTIALS},
        "other": expand_db_url("postgres://shop@db.internal/orders?maxsize=4"),
    }
}


async def f():
    await Tortoise.init(config=CONFIG)
`,
    },
    [
      { key: 'default', driver: 'psycopg', maxsize: [7, 'literal'], peak: 7, credentials: true },
      { key: 'other', peak: 4 },
    ],
  );
});

test('Tortoise: what cannot be read is a pool of unknown size', async () => {
  await expectPools(
    {
      'app/a.py': `import os
from tortoise import Tortoise


async def f():
    await Tortoise.init(db_url=os.environ["DATABASE_URL"], modules=MODELS)


async def g():
    await Tortoise.init(config=load_config())


async def h():
    await Tortoise.init(config_file="orm.json")


async def i():
    await Tortoise.init(db_url=os.getenv("DATABASE_URL", "postgres://localhost/orders?maxsize=6"), modules=MODELS)


async def j(name):
    await Tortoise.init(db_url=f"postgres://shop@{HOST}/{name}?maxsize=2", modules=MODELS)
`,
    },
    [
      { peak: null, variable: 'DATABASE_URL', unread: true },
      { peak: null },
      { peak: null },
      { peak: 6, variable: 'DATABASE_URL' },
      { peak: 2 },
    ],
  );
});

test('Tortoise: a wrapper, a class, a local import', async () => {
  await expectPools(
    {
      'app/a.py': `async def start(url):
    from tortoise import Tortoise

    await Tortoise.init(db_url=url, modules={"models": ["app.models"]})


class Application:
    async def open(self):
        await start("asyncpg://db.internal/orders?maxsize=11")
`,
    },
    [{ peak: 11 }],
  );
});

test('Tortoise: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import tortoise\nfrom .turtles import Tortoise\n\nTortoise.init(db_url="postgres://x/y")\n',
      'app/b.py': 'from tortoise import fields\n\nimport pygame\npygame.init()\n',
      'app/c.py': 'import sentry_sdk\nfrom tortoise.models import Model\n\nsentry_sdk.init("https://x")\n',
    },
    [],
  );
});
