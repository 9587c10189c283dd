/** Constructs of real applications, each with the pool it must come out as. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

const url = 'os.environ["DATABASE_URL"]';
const head = 'import os\nfrom sqlalchemy import create_engine\n';

test('imports and aliases, however they are written', async () => {
  await expectPools(
    {
      'app/a.py': 'from sqlalchemy import create_engine\ne = create_engine(URL)\n',
      'app/b.py': 'from sqlalchemy import create_engine as make\ne = make(URL)\n',
      'app/c.py': 'import sqlalchemy\ne = sqlalchemy.create_engine(URL)\n',
      'app/d.py': 'import sqlalchemy as sa\ne = sa.create_engine(URL)\n',
      'app/e.py': 'from sqlalchemy.engine import create_engine\ne = create_engine(URL)\n',
      'app/f.py': 'import sqlalchemy.ext.asyncio as aio\ne = aio.create_async_engine(URL)\n',
      'app/g.py': 'from sqlmodel import create_engine\ne = create_engine(URL)\n',
      'app/h.py': 'from sqlalchemy import (\n    text,  # noqa\n    create_engine as ce,\n)\ne = ce(URL)\n',
      'app/i.py': 'def build():\n    from sqlalchemy import create_engine\n    return create_engine(URL)\n',
      'app/j.py':
        'try:\n    from sqlalchemy import create_engine\nexcept ImportError:\n    create_engine = None\ne = create_engine(URL)\n',
      'app/k.py': 'from sqlalchemy.ext import asyncio as sa_async\ne = sa_async.create_async_engine(URL)\n',
      'app/l.py': 'from sqlalchemy import create_engine\nmake = create_engine\ne = make(URL)\n',
    },
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'].map((file) => ({
      system: file === 'f' || file === 'k' ? 'sqlalchemy-async' : 'sqlalchemy',
      peak: 15,
    })),
  );
});

test('keys inside keys of a dictionary are set one by one', async () => {
  const options = 'options = {"url": URL, "pool": {"pool_size": 5}}\n';
  await expectPools(
    {
      'app/a.py': `${head}${options}options["pool"]["pool_size"] = 7\ne = create_engine(URL, **options["pool"])\n`,
      'app/b.py': `${head}${options}options["pool"]["max_overflow"] = 1\ne = create_engine(URL, **options["pool"])\n`,
      'app/c.py': `${head}${options}options["pool"].update(pool_size=8, max_overflow=0)\ne = create_engine(URL, **options["pool"])\n`,
      'app/d.py': `${head}${options}if DEBUG:\n    options["pool"]["pool_size"] = 1\ne = create_engine(URL, **options["pool"])\n`,
      'app/e.py': `${head}${options}options["pool"].pop("pool_size")\ne = create_engine(URL, **options["pool"])\n`,
      'app/f.py': `${head}options = load()\noptions["pool"]["pool_size"] = 7\ne = create_engine(URL, **options["pool"])\n`,
    },
    [{ peak: 17 }, { peak: 6 }, { peak: 8 }, { peak: null }, { peak: 15 }, { peak: null }],
  );
});

test('names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'from mylib import create_engine\ne = create_engine(URL)\n',
      'app/b.py': 'def create_engine(url):\n    return Game(url)\ne = create_engine("x")\n',
      'app/c.py': 'class Car:\n    def create_engine(self):\n        pass\nCar().create_engine()\n',
      'app/d.py': '"""\nfrom sqlalchemy import create_engine\ncreate_engine(url)\n"""\n# create_engine(url)\n',
      'app/e.py': 'from game.sqlalchemy import create_engine\ne = create_engine()\n',
      'app/f.py': 'self.create_engine(url)\nfactory["x"].create_engine(url)\n',
    },
    [],
  );
});

test('re-exports of the workspace are followed to the library', async () => {
  await expectPools(
    {
      'app/__init__.py': '',
      'app/compat.py': 'from sqlalchemy import create_engine as create_engine\n',
      'app/db.py':
        'from .compat import create_engine\nfrom app import compat\na = create_engine(URL)\nb = compat.create_engine(URL)\n',
    },
    [
      { name: 'a', peak: 15 },
      { name: 'b', peak: 15 },
    ],
  );
});

test('literals, arithmetic and constants of the module', async () => {
  await expectPools(
    {
      'app/db.py': `${head}SIZE = 4
LIMIT: int = 2 * (SIZE + 1)
e = create_engine(${url}, pool_size=SIZE, max_overflow=LIMIT - 4, pool_timeout=2.5, pool_recycle=30 * 60, pool_pre_ping=not False)
`,
    },
    [
      {
        pool_size: [4, 'constant'],
        max_overflow: [6, 'constant'],
        pool_timeout: [2.5, 'literal'],
        pool_recycle: [1800, 'literal'],
        pool_pre_ping: [true, 'literal'],
        peak: 10,
      },
    ],
  );
});

test('constants imported from other modules, their classes and the packages around them', async () => {
  await expectPools(
    {
      'app/__init__.py': 'FROM_PACKAGE = 3\n',
      'app/config.py':
        'from .base import BASE\nPOOL_SIZE = BASE + 1\nclass Settings:\n    OVERFLOW = 2\nURL = "postgresql+asyncpg://db/x"\n',
      'app/base.py': 'BASE = 6\n',
      'app/db.py':
        'from sqlalchemy.ext.asyncio import create_async_engine\nfrom app.config import POOL_SIZE, Settings, URL as ADDRESS\nimport app.config as cfg\nfrom app import FROM_PACKAGE, config\n' +
        'a = create_async_engine(ADDRESS, pool_size=POOL_SIZE, max_overflow=Settings.OVERFLOW)\n' +
        'b = create_async_engine(cfg.URL, pool_size=config.POOL_SIZE, max_overflow=FROM_PACKAGE)\n',
    },
    [
      { name: 'a', pool_size: [7, 'constant'], max_overflow: [2, 'constant'], peak: 9, driver: 'asyncpg', host: 'db' },
      { name: 'b', pool_size: [7, 'constant'], max_overflow: [3, 'constant'], peak: 10, driver: 'asyncpg', host: 'db' },
    ],
  );
});

test('environment variables with and without default, converted and not', async () => {
  await expectPools(
    {
      'app/db.py': `${head}from os import environ, getenv
a = create_engine(${url}, pool_size=int(os.getenv("POOL_SIZE", "7")), max_overflow=int(os.environ.get("OVER", 3)))
b = create_engine(getenv("DATABASE_URL"), pool_size=int(environ["POOL_SIZE"]))
c = create_engine(os.getenv("DATABASE_URL") or "postgresql://localhost/x", pool_size=int(os.getenv("N") or 9), max_overflow=0)
`,
    },
    [
      {
        name: 'a',
        pool_size: [7, 'environment'],
        max_overflow: [3, 'environment'],
        peak: 10,
        variable: 'DATABASE_URL',
        source: 'environment',
      },
      { name: 'b', pool_size: ['?', 'POOL_SIZE has no default'], peak: null, variable: 'DATABASE_URL' },
      { name: 'c', pool_size: [9, 'environment'], peak: 9, dialect: 'postgresql', variable: 'DATABASE_URL' },
    ],
  );
});

test('.env files set what the code reads, the topology wins over them, examples are never real', async () => {
  const code = `${head}e = create_engine(${url}, pool_size=int(os.environ["POOL_SIZE"]), max_overflow=int(os.environ["OVERFLOW"]))\n`;
  await expectPools({ 'app/db.py': code, '.env': 'POOL_SIZE=8\nexport OVERFLOW="2" # two\n' }, [
    { pool_size: [8, 'environment'], max_overflow: [2, 'environment'], peak: 10 },
  ]);
  await expectPools({ 'app/db.py': code, '.env.example': 'POOL_SIZE=8\nOVERFLOW=2\n' }, [{ peak: null }]);
  await expectPools(
    {
      'app/db.py': code,
      '.env': 'POOL_SIZE=8\nOVERFLOW=2\n',
      'poolproof.yaml':
        'databases:\n  main: {max_connections: 100}\nservices:\n  api: {database: main, server: gunicorn, env: {POOL_SIZE: "11"}}\n',
    },
    [{ pool_size: [11, 'environment'], max_overflow: [2, 'environment'], peak: 13 }],
  );
});

test('dictionaries, splats and dictionaries built in steps', async () => {
  await expectPools(
    {
      'app/db.py': `${head}COMMON = {"pool_size": 3, "pool_pre_ping": True}
MORE = dict(COMMON, max_overflow=1)
STEPS = {}
STEPS["pool_size"] = 6
STEPS.update(max_overflow=0, pool_timeout=4)
a = create_engine(${url}, **COMMON)
b = create_engine(${url}, **{**MORE, "pool_size": 4})
c = create_engine(${url}, **STEPS)
d = create_engine(${url}, **(COMMON | {"max_overflow": 2}))
e = create_engine(${url}, **load())
`,
    },
    [
      { name: 'a', pool_size: [3, 'literal'], pool_pre_ping: [true, 'literal'], peak: 13 },
      { name: 'b', pool_size: [4, 'literal'], max_overflow: [1, 'literal'], peak: 5 },
      { name: 'c', pool_size: [6, 'literal'], max_overflow: [0, 'literal'], pool_timeout: [4, 'literal'], peak: 6 },
      { name: 'd', peak: 5 },
      { name: 'e', pool_size: ['?', 'arguments are passed on that cannot be read here'], peak: null },
    ],
  );
});

test('what depends on a condition or is changed out of sight is unknown', async () => {
  await expectPools(
    {
      'app/db.py': `${head}SIZE = 5
if os.getenv("BIG"):
    SIZE = 50
OPTIONS = {"pool_size": 5}
def tune():
    OPTIONS["pool_size"] = 99
a = create_engine(${url}, pool_size=SIZE)
b = create_engine(${url}, pool_size=3 if DEBUG else 3, max_overflow=0 if DEBUG else 5)
def later():
    return create_engine(${url}, **OPTIONS)
`,
    },
    [
      { name: 'a', pool_size: ['?', 'it depends on a condition'], peak: null },
      { name: 'b', pool_size: [3, 'literal'], max_overflow: ['?', 'it depends on a condition'], peak: null },
      { max_overflow: ['?', 'arguments are passed on that cannot be read here'], peak: null },
    ],
  );
});

test('URL.create, make_url, f-strings, replacements and concatenations', async () => {
  await expectPools(
    {
      'app/db.py': `import os
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.engine.url import URL as OldUrl
HOST = "db.internal"
a = create_engine(URL.create("postgresql+psycopg", username="app", password=os.environ["PW"], host=HOST, port=5433, database="x"))
b = create_engine(make_url("mysql+pymysql://app@db2/x"))
c = create_engine(f"postgresql+asyncpg://{os.environ['U']}:{os.environ['P']}@{HOST}:5432/x")
d = create_engine("postgresql://" + HOST + "/x")
e = create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
f = create_engine(url="postgresql://app:" + os.environ["PW"] + "@db3/x")
g = create_engine("postgres://app:Xk29fkq1@db4/x".replace("postgres://", "postgresql+psycopg2://"))
h = create_engine("postgresql://%s:%s@db/x" % (u, p))
`,
    },
    [
      { name: 'a', dialect: 'postgresql', driver: 'psycopg', host: 'db.internal', credentials: false },
      { name: 'b', dialect: 'mysql', driver: 'pymysql', host: 'db2' },
      { name: 'c', dialect: 'postgresql', driver: 'asyncpg', host: 'db.internal', credentials: false },
      { name: 'd', dialect: 'postgresql', driver: 'psycopg', host: 'db.internal', source: 'literal' },
      { name: 'e', source: 'environment', variable: 'DATABASE_URL', network: true },
      { name: 'f', dialect: 'postgresql', host: 'db3', credentials: false },
      { name: 'g', dialect: 'postgresql', driver: 'psycopg2', host: 'db4', credentials: true },
      { name: 'h', dialect: 'postgresql', credentials: false },
    ],
  );
});

test('partial, wrappers one and two calls deep, classes, other modules', async () => {
  await expectPools(
    {
      'app/db.py': `from functools import partial
from sqlalchemy import create_engine
pinged = partial(create_engine, pool_pre_ping=True, pool_size=2)
a = pinged(URL, max_overflow=0)
def make(url, size=5, **options):
    return create_engine(url, pool_size=size, **options)
b = make("postgresql://one/x", 9, max_overflow=1)
def make_small(url):
    return make(url, size=3, max_overflow=0)
c = make_small("mysql://two/x")
class Database:
    def __init__(self, url, size):
        self.engine = create_engine(url, pool_size=size, max_overflow=0)
d = Database("postgresql://three/x", size=8)
`,
      'app/reports.py': 'from app.db import make\nreports = make("postgresql://four/x", size=30, max_overflow=0)\n',
    },
    [
      { name: 'a', pool_size: [2, 'literal'], max_overflow: [0, 'literal'], pool_pre_ping: [true, 'literal'], peak: 2 },
      { name: 'b', host: 'one', peak: 10 },
      { name: 'c', host: 'two', peak: 3 },
      { name: 'reports', host: 'four', peak: 30 },
      { name: 'self.engine', host: 'three', peak: 8 },
    ],
  );
});

test('engine_from_config reads the dictionary with its prefix', async () => {
  await expectPools(
    {
      'app/db.py': `from sqlalchemy import engine_from_config
from sqlalchemy.ext.asyncio import async_engine_from_config
CONFIG = {"sqlalchemy.url": "postgresql://db/x", "sqlalchemy.pool_size": 4, "other": 1}
a = engine_from_config(CONFIG, max_overflow=1)
b = async_engine_from_config({"db.url": "postgresql+asyncpg://db/x", "db.pool_size": 2}, prefix="db.")
c = engine_from_config(config.get_section("main"), prefix="sqlalchemy.")
`,
    },
    [
      { name: 'a', callable: 'engine_from_config', pool_size: [4, 'literal'], max_overflow: [1, 'literal'], peak: 5 },
      { name: 'b', system: 'sqlalchemy-async', pool_size: [2, 'literal'], peak: 12 },
      { name: 'c', peak: null },
    ],
  );
});

test('limits by pool class, special values and version', async () => {
  const code = `${head}from sqlalchemy.pool import NullPool, StaticPool
a = create_engine(${url}, poolclass=NullPool)
b = create_engine(${url}, poolclass=StaticPool)
c = create_engine(${url}, pool_size=0)
d = create_engine(${url}, max_overflow=-1)
e = create_engine(${url}, poolclass=MyPool)
`;
  const sizes = (zero: unknown) => [{ peak: null }, { peak: 1 }, { peak: zero }, { peak: 'unbounded' }, { peak: null }];
  await expectPools({ 'app/db.py': code }, sizes('unbounded'));
  await expectPools({ 'app/db.py': code, 'requirements.txt': 'SQLAlchemy<2\npsycopg2\n' }, sizes(10));
});

test('the version comes from requirements, pyproject or lock file, nearest first', async () => {
  const code = `${head}e = create_engine(${url})\n`;
  const version = async (files: Files) =>
    (await analyseFiles({ 'app/db.py': code, ...files })).pools[0]!.pool.libraryVersion;
  assert.equal(await version({}), '2.1');
  assert.equal(
    await version({
      'requirements.txt': '# pins\nSQLAlchemy[asyncio]==2.0.25 ; python_version > "3.8"\npsycopg2-binary\n',
    }),
    '2.0.25',
  );
  assert.equal(
    await version({ 'pyproject.toml': '[project]\ndependencies = [\n  "sqlalchemy>=1.4,<2.0",\n  "asyncpg",\n]\n' }),
    '1.4',
  );
  assert.equal(
    await version({
      'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\nsqlalchemy = "^1.4"\npsycopg2 = "*"\n',
    }),
    '1.4',
  );
  assert.equal(
    await version({ 'pyproject.toml': '[project]\ndependencies = ["sqlalchemy>=2.0", "asyncpg"]\n' }),
    '2.1',
  );
  assert.equal(
    await version({
      'poetry.lock':
        '[[package]]\nname = "sqlalchemy"\nversion = "2.0.31"\n\n[[package]]\nname = "psycopg2"\nversion = "2.9.9"\n',
    }),
    '2.0.31',
  );
  assert.equal(
    await version({
      'uv.lock':
        '[[package]]\nname = "sqlalchemy"\nversion = "2.0.40"\n\n[[package]]\nname = "asyncpg"\nversion = "0.30.0"\n',
      'pyproject.toml': '[project]\ndependencies = ["sqlalchemy>=2"]\n',
    }),
    '2.0.40',
  );
  assert.equal(
    await version({
      'requirements.txt': 'sqlalchemy==1.4.54\npsycopg2\n',
      'app/requirements.txt': 'sqlalchemy==2.0.1\npsycopg2\n',
    }),
    '2.0.1',
  );
});

test('SQLite and its kin are no network databases; an unknown URL is one unless nothing could connect to a server', async () => {
  const code = `${head}a = create_engine("sqlite:///x.db")
b = create_engine("duckdb:///x")
c = create_engine(os.getenv("DATABASE_URL", "sqlite:///x.db"))
d = create_engine(${url})
e = create_engine("bigquery://project")
`;
  const network = (d: boolean) => [false, false, false, d, false].map((each) => ({ network: each }));
  await expectPools({ 'app/db.py': code }, network(true));
  await expectPools({ 'app/db.py': code, 'requirements.txt': 'sqlalchemy==2.0.30\nfastapi\n' }, network(false));
  await expectPools({ 'app/db.py': code, 'requirements.txt': 'sqlalchemy==2.0.30\nasyncpg\n' }, network(true));
});

test('contexts by place', async () => {
  const code = `${head}e = create_engine(${url})\n`;
  await expectPools(
    {
      'alembic/env.py': code,
      'app/db.py': code,
      'examples/a.py': code,
      'scripts/seed.py': code,
      'tests/test_db.py': code,
    },
    [{ context: 'migration' }, { context: 'app' }, { context: 'example' }, { context: 'script' }, { context: 'test' }],
  );
});
