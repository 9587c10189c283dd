/** What builds a pool where nobody calls the library by its name: wrappers, objects, containers, threads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

async function poolsOf(files: Files): Promise<Pool[]> {
  return (await analyseFiles(files)).pools.map(({ pool }) => pool);
}

/** `name: size + overflow at host`, one line a pool. */
async function lines(files: Files): Promise<string[]> {
  return (await poolsOf(files)).map((pool) => {
    const shown = (name: string) => {
      const value = pool.parameters.get(name)?.value;
      return value?.known ? String(value.value) : '?';
    };
    return `${pool.name}: ${shown('pool_size')} + ${shown('max_overflow')} at ${pool.address.host ?? '?'}`;
  });
}

const head = 'import os\nfrom sqlalchemy import create_engine\n';
const url = '"postgresql://db/shop"';

test('singletons: a module variable, a class attribute, a cached function, a cached property', async () => {
  const variable = `${head}_engine = None\ndef get_engine():\n    global _engine\n    if _engine is None:\n        _engine = create_engine(${url}, pool_size=3)\n    return _engine\n`;
  assert.deepEqual(await lines({ 'app/db.py': variable }), ['_engine: 3 + 10 at db']);
  const instance = `${head}class Database:\n    _instance = None\n    def __new__(cls):\n        if cls._instance is None:\n            cls._instance = super().__new__(cls)\n            cls._instance.engine = create_engine(${url}, pool_size=4)\n        return cls._instance\n`;
  assert.deepEqual(await lines({ 'app/db.py': instance }), ['cls._instance.engine: 4 + 10 at db']);
  const cached = `${head}from functools import lru_cache, cached_property\n@lru_cache\ndef engine_for(size):\n    return create_engine(${url}, pool_size=size)\na = engine_for(2)\nb = engine_for(2)\nc = engine_for(6)\n`;
  assert.deepEqual(await lines({ 'app/db.py': cached }), ['a: 2 + 10 at db', 'c: 6 + 10 at db']);
  const kept = `${head}from functools import lru_cache\nmake = lru_cache(create_engine)\ne = make(${url}, pool_size=7)\n`;
  assert.deepEqual(await lines({ 'app/db.py': kept }), ['e: 7 + 10 at db']);
  const property = `${head}from functools import cached_property\nclass Database:\n    @cached_property\n    def engine(self):\n        return create_engine(self.url, pool_size=self.size)\n    def __init__(self, url, size=5):\n        self.url = url\n        self.size = size\nd = Database(${url}, size=8)\n`;
  assert.deepEqual(await lines({ 'app/db.py': property }), ['d: 8 + 10 at db']);
});

test('objects whose attributes their constructor sets, followed to where they are built', async () => {
  const database =
    `${head}class Database:\n    def __init__(self, url, **options):\n        self.url = url\n        self.options = options\n        self.engine = None\n` +
    '    def connect(self):\n        self.engine = create_engine(self.url, **self.options)\n';
  assert.deepEqual(
    await lines({
      'app/__init__.py': '',
      'app/db.py': database,
      'app/main.py': `from app.db import Database\nreader = Database("postgresql://reader/shop", pool_size=3, max_overflow=0)\nwriter = Database("postgresql://writer/shop", pool_size=9)\n`,
    }),
    ['self.engine: 3 + 0 at reader', 'self.engine: 9 + 10 at writer'],
  );
  const settings =
    `${head}from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    url: str = ${url}\n    size: int = 6\n` +
    'class Database:\n    def __init__(self, settings: Settings):\n        self._settings = settings\n    def start(self):\n' +
    '        self.engine = create_engine(self._settings.url, pool_size=self._settings.size)\nDatabase(Settings())\n';
  assert.deepEqual(await lines({ 'app/db.py': settings }), ['self.engine: 6 + 10 at db']);
  const nobody = `${head}class Database:\n    def __init__(self, url, size=5):\n        self.url = url\n        self.size = size\n    def connect(self):\n        return create_engine(self.url, pool_size=self.size)\n`;
  assert.deepEqual(await lines({ 'app/db.py': nobody }), [': ? + 10 at ?']);
  const tuned = `${nobody}    def tune(self, size):\n        self.size = size\nd = Database(${url})\n`;
  assert.deepEqual(await lines({ 'app/db.py': tuned }), ['d: ? + 10 at db']);
});

test('lifespan, application state, threads', async () => {
  const code =
    `${head}import asyncio\nfrom contextlib import asynccontextmanager\nfrom sqlalchemy.ext.asyncio import create_async_engine\n` +
    `@asynccontextmanager\nasync def lifespan(app):\n    app.state.engine = create_async_engine("postgresql+asyncpg://db/shop", pool_size=3)\n` +
    `    other = await asyncio.to_thread(create_engine, ${url}, pool_size=4)\n` +
    `    third = await loop.run_in_executor(None, create_engine, ${url})\n    yield\n    await app.state.engine.dispose()\n`;
  assert.deepEqual(await lines({ 'app/main.py': code }), [
    'app.state.engine: 3 + 10 at db',
    'other: 4 + 10 at db',
    'third: 5 + 10 at db',
  ]);
});

test('providers of containers build what they are given', async () => {
  const container =
    `${head}from dependency_injector import containers, providers\nfrom app.config import Settings\nfrom app.db import Database, make_engine\n` +
    `class Container(containers.DeclarativeContainer):\n    config = providers.Configuration()\n    settings = providers.Singleton(Settings)\n` +
    `    engine = providers.Singleton(create_engine, ${url}, pool_size=3)\n` +
    '    reader = providers.Resource(make_engine, url=settings.provided.READER_URL, size=settings.provided.SIZE)\n' +
    '    database = providers.Factory(Database, settings=settings)\n' +
    '    unread = providers.ThreadSafeSingleton(create_engine, config.db.url, pool_size=config.db.size)\n';
  const files = {
    'app/__init__.py': '',
    'app/config.py':
      'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    READER_URL: str = "postgresql://reader/shop"\n    SIZE: int = 6\n',
    'app/container.py': container,
    'app/db.py': `${head}def make_engine(url, size):\n    return create_engine(url, pool_size=size)\nclass Database:\n    def __init__(self, settings):\n        self.engine = create_engine(settings.READER_URL, pool_size=settings.SIZE, max_overflow=1)\n`,
  };
  assert.deepEqual((await lines(files)).sort(), [
    'engine: 3 + 10 at db',
    'reader: 6 + 10 at reader',
    'self.engine: 6 + 1 at reader',
    'unread: ? + 10 at ?',
  ]);
  assert.deepEqual((await poolsOf(files)).map(({ name, site }) => `${name} ${site.builtBy}`).sort(), [
    'engine singleton',
    'reader resource',
    'self.engine factory',
    'unread singleton',
  ]);
});

test('things that are handed over and do not build', async () => {
  const code = `${head}from vendor import register, providers\nregister(create_engine)\nx = providers.Singleton(create_engine, ${url})\nmock.patch("app.create_engine", create_engine)\nlogging.info(create_engine, ${url})\n`;
  assert.deepEqual(await lines({ 'app/db.py': code }), []);
});

test('wrappers in other modules, under other names, through packages', async () => {
  assert.deepEqual(
    await lines({
      'app/__init__.py': '',
      'app/kit/__init__.py': 'from .engines import build as build_engine\n__all__ = ["build_engine"]\n',
      'app/kit/engines.py': `${head}def build(*, dsn, size=None, overflow=10):\n    options = {"max_overflow": overflow}\n    if size is not None:\n        options["pool_size"] = size\n    return create_engine(dsn, **options)\n`,
      'app/orders.py':
        'from app.kit import build_engine\nDEFAULTS = {"overflow": 2}\norders = build_engine(dsn="postgresql://orders/shop", size=4, **DEFAULTS)\n',
      'app/stock.py': 'from app import kit\nstock = kit.build_engine(dsn="postgresql://stock/shop")\n',
    }),
    ['orders: 4 + 2 at orders', 'stock: 5 + 10 at stock'],
  );
});

test('static and class methods that build', async () => {
  const code = `${head}class Engines:\n    SIZE = 4\n    @classmethod\n    def primary(cls, url):\n        return create_engine(url, pool_size=cls.SIZE)\n    @staticmethod\n    def replica(url, size=2):\n        return create_engine(url, pool_size=size)\n`;
  assert.deepEqual(
    await lines({
      'app/__init__.py': '',
      'app/db.py': code,
      'app/main.py': `from app.db import Engines\na = Engines.primary("postgresql://a/shop")\nb = Engines.replica("postgresql://b/shop", 6)\n`,
    }),
    ['a: 4 + 10 at a', 'b: 6 + 10 at b'],
  );
});
