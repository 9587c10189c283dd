/** SQLAlchemy's asynchronous engines as applications build them. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = { system: 'sqlalchemy-async', network: true, poolClass: 'AsyncAdaptedQueuePool' };
const head = 'import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\n\n';
const url = 'os.environ["DATABASE_URL"]';

test('asynchronous engines: a lifespan, a manager class, a start-up handler, a memoised factory', async () => {
  await expectPools(
    {
      'app/a.py': `from contextlib import asynccontextmanager\n${head}@asynccontextmanager\nasync def lifespan(app):\n    app.state.engine = create_async_engine(${url}, pool_size=3, max_overflow=1)\n    yield\n    await app.state.engine.dispose()\n`,
      'app/b.py': `${head}class SessionManager:\n    def __init__(self, host, options=None):\n        self._engine = create_async_engine(host, **(options or {}))\n\nmanager = SessionManager(${url}, {"pool_size": 4, "max_overflow": 0})\n`,
      'app/c.py': `${head}class Database:\n    def __init__(self, size: int = 6):\n        self.engine = create_async_engine(${url}, pool_size=size, max_overflow=0)\n\ndatabase = Database()\n`,
      'app/d.py': `from functools import lru_cache\n${head}@lru_cache\ndef get_engine():\n    return create_async_engine(${url}, pool_size=2, max_overflow=2)\n`,
      'app/e.py': `${head}engine = None\n\nasync def on_startup():\n    global engine\n    engine = create_async_engine(${url})\n`,
    },
    [
      { ...usual, name: 'app.state.engine', peak: 4 },
      { ...usual, name: 'self._engine', peak: 4 },
      { ...usual, name: 'self.engine', peak: 6 },
      { ...usual, peak: 4 },
      { ...usual, name: 'engine', peak: 15 },
    ],
  );
});

test('asynchronous engines: URLs that are put together, settings classes, a second engine beside a synchronous one', async () => {
  await expectPools(
    {
      'app/a.py': `${head}DSN = ${url}.replace("postgresql://", "postgresql+asyncpg://", 1)\nengine = create_async_engine(DSN, pool_size=5)\n`,
      'app/config.py':
        'from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    db_host: str = "db.internal"\n    pool: int = 7\n\n    @property\n    def url(self):\n        return f"postgresql+asyncpg://shop@{self.db_host}/shop"\n\nsettings = Settings()\n',
      'app/b.py': `${head}from app.config import settings\n\nengine = create_async_engine(settings.url, pool_size=settings.pool, max_overflow=0)\n`,
      'app/c.py': `${head}from sqlalchemy import create_engine\n\nasync_engine = create_async_engine("postgresql+psycopg://db/shop", pool_size=2, max_overflow=0)\nengine = create_engine("postgresql+psycopg://db/shop", pool_size=1, max_overflow=0)\n`,
      'app/d.py': `import os\nfrom sqlmodel import create_engine\nfrom sqlalchemy.ext.asyncio import AsyncEngine\n\nengine = AsyncEngine(create_engine(${url}, pool_size=3, max_overflow=0, future=True))\n`,
    },
    [
      { ...usual, peak: 15, variable: 'DATABASE_URL' },
      { ...usual, peak: 7, host: 'db.internal', driver: 'asyncpg' },
      { ...usual, name: 'async_engine', peak: 2 },
      { system: 'sqlalchemy', name: 'engine', peak: 1 },
      { network: true, peak: 3 },
    ],
  );
});

test('asynchronous engines: no pool, configurations, and SQLite', async () => {
  await expectPools(
    {
      'app/a.py': `${head}from sqlalchemy.pool import NullPool\n\nengine = create_async_engine(${url}, poolclass=NullPool)\n`,
      'app/b.py':
        'import os\nfrom sqlalchemy.ext.asyncio import async_engine_from_config\n\nengine = async_engine_from_config({"sqlalchemy.url": os.environ["DATABASE_URL"], "sqlalchemy.pool_size": "8"}, "sqlalchemy.")\n',
      'app/c.py':
        'from sqlalchemy.ext.asyncio import create_async_engine\n\nengine = create_async_engine("sqlite+aiosqlite:///shop.db")\n',
      'app/d.py': `${head}options = {"pool_pre_ping": True}\nif os.environ.get("ENV") == "test":\n    options["pool_size"] = 1\nengine = create_async_engine(${url}, **options)\n`,
    },
    [
      { system: 'sqlalchemy-async', poolClass: 'NullPool', peak: null },
      { system: 'sqlalchemy-async', peak: 18, pool_size: [8, 'literal'] },
      { network: false },
      { ...usual, peak: null, pool_pre_ping: [true, 'literal'] },
    ],
  );
});
