/** What public applications do with their settings, retold: constructs that were once read wrongly or not at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

async function poolOf(files: Files): Promise<Pool> {
  const { pools } = await analyseFiles({ 'app/__init__.py': '', ...files });
  assert.equal(pools.length, 1);
  return pools[0]!.pool;
}

/** The settings named, as value and source; `-` where a setting is not passed. */
function shown(pool: Pool, names: string): string {
  const words = names.split(' ').map((name) => {
    const { value, written } = pool.parameters.get(name)!;
    if (written === undefined && value.known) return '-';
    return value.known ? `${value.value} (${value.source})` : '?';
  });
  return words.join(', ');
}

const settingsHead =
  'from pydantic import Field, PostgresDsn, model_validator\nfrom pydantic_settings import BaseSettings\n';
const useOf = (call: string) =>
  `from sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool\nfrom app.config import settings\ne = create_engine(${call})\n`;

test('a validator that lists the fields it sets leaves the others alone', async () => {
  const config = `${settingsHead}class Settings(BaseSettings):
    POOL_SIZE: int = 5
    MAX_OVERFLOW: int = 2
    HOST: str = "127.0.0.1"
    REGION: str = "eu"

    @model_validator(mode="after")
    def apply_profile(self):
        overrides = {"HOST": "db.internal", "REGION": "us"}
        for field, value in overrides.items():
            setattr(self, field, value)
        return self

settings = Settings()
`;
  const app = useOf(
    'f"postgresql://{settings.HOST}/shop", pool_size=settings.POOL_SIZE, max_overflow=settings.MAX_OVERFLOW',
  );
  const pool = await poolOf({ 'app/config.py': config, 'app/db.py': app });
  assert.equal(shown(pool, 'pool_size max_overflow'), '5 (settings), 2 (settings)');
  assert.deepEqual([pool.address.dialect, pool.address.host], ['postgresql', undefined]);
  const unlisted = config.replace('overrides = {"HOST": "db.internal", "REGION": "us"}', 'overrides = profile()');
  const open = await poolOf({ 'app/config.py': unlisted, 'app/db.py': app });
  assert.equal(shown(open, 'pool_size max_overflow'), '?, ?');
});

test('an address that may be None is the other one where an engine needs it', async () => {
  const config = `${settingsHead}class Settings(BaseSettings):
    READ_HOST: str | None = None
    HOST: str = "db.internal"
    def dsn(self, read: bool = False):
        if read and self.READ_HOST is None:
            return None
        return str(PostgresDsn.build(scheme="postgresql+asyncpg", host=self.HOST, port=5433, path="shop"))
settings = Settings()
`;
  const pool = await poolOf({ 'app/config.py': config, 'app/db.py': useOf('settings.dsn(flags.read)') });
  const { dialect, driver, port } = pool.address;
  assert.deepEqual([dialect, driver, port], ['postgresql', 'asyncpg', 5433]);
});

test('the text of an address that was put together in parts', async () => {
  const code = `import os
from sqlalchemy import URL, create_engine
url = URL.create("postgresql+psycopg", username="shop", password=os.environ["PASSWORD"], host="db.internal", port=6432)
e = create_engine(url.render_as_string(hide_password=False), pool_size=3)
`;
  const { dialect, driver, host, port } = (await poolOf({ 'app/db.py': code })).address;
  assert.deepEqual([dialect, driver, host, port], ['postgresql', 'psycopg', 'db.internal', 6432]);
});

test('a constructor function sets an attribute that a property reads', async () => {
  const config = `import os
from pydantic_settings import BaseSettings
class Provider(BaseSettings):
    HOST: str = "db.internal"
    @property
    def db_url(self) -> str:
        return f"postgresql://{self.HOST}:5433/shop"
class AppSettings(BaseSettings):
    POOL_SIZE: int = 5
    DB_PROVIDER: Provider | None = None
    @property
    def DB_URL(self) -> str | None:
        return self.DB_PROVIDER.db_url if self.DB_PROVIDER else None
def build_settings():
    built = AppSettings()
    built.DB_PROVIDER = Provider()
    built.POOL_SIZE = 8
    return built
settings = build_settings()
`;
  const pool = await poolOf({
    'app/config.py': config,
    'app/db.py': useOf('settings.DB_URL, pool_size=settings.POOL_SIZE'),
  });
  assert.equal(shown(pool, 'pool_size'), '8 (settings)');
  assert.deepEqual([pool.address.host, pool.address.port], ['db.internal', 5433]);
  const sometimes = config.replace('    built.POOL_SIZE = 8\n', '    if LARGE:\n        built.POOL_SIZE = 8\n');
  const unsure = await poolOf({
    'app/config.py': sometimes,
    'app/db.py': useOf('settings.DB_URL, pool_size=settings.POOL_SIZE'),
  });
  assert.equal(shown(unsure, 'pool_size'), '?');
});

test('an attribute that functions set on an object of the module is unknown', async () => {
  const config = `${settingsHead}class Settings(BaseSettings):
    POOL_SIZE: int = 5
    MAX_OVERFLOW: int = 2
settings = Settings()
def tune():
    settings.POOL_SIZE = 50
`;
  const app = useOf('"postgresql://db/shop", pool_size=settings.POOL_SIZE, max_overflow=settings.MAX_OVERFLOW');
  const pool = await poolOf({ 'app/config.py': config, 'app/db.py': app });
  assert.equal(shown(pool, 'pool_size max_overflow'), '?, 2 (settings)');
});

test('what was set on an object is not set on the one that takes its name', async () => {
  const config = `class Small:
    POOL_SIZE = 5
class Large:
    POOL_SIZE = 8
settings = Small()
settings.POOL_SIZE = 1
settings = Large()
`;
  const size = 'size = settings.POOL_SIZE';
  const use = `from sqlalchemy import create_engine\ne = create_engine("postgresql://db/shop", pool_size=settings.POOL_SIZE)\n`;
  assert.equal(shown(await poolOf({ 'app/db.py': `${config}${use}` }), 'pool_size'), '8 (settings)');
  const imported = useOf('"postgresql://db/shop", pool_size=settings.POOL_SIZE');
  const elsewhere = await poolOf({ 'app/config.py': config, 'app/db.py': imported });
  assert.equal(shown(elsewhere, 'pool_size'), '8 (settings)');
  const between = config.replace('settings = Large()', `${size}\nsettings = Large()`);
  const earlier = await poolOf({ 'app/db.py': `${between}${use.replace('settings.POOL_SIZE', 'size')}` });
  assert.equal(shown(earlier, 'pool_size'), '1 (constant)');
  const sometimes = config.replace('settings = Large()', 'if LARGE:\n    settings = Large()');
  assert.equal(shown(await poolOf({ 'app/db.py': `${sometimes}${use}` }), 'pool_size'), '?');
  const again = await poolOf({ 'app/db.py': `${config}settings.POOL_SIZE = 3\n${use}` });
  assert.equal(shown(again, 'pool_size'), '3 (constant)');
  const within = `${config.split('settings = ')[0]}def build():
    settings = Small()
    settings.POOL_SIZE = 1
    settings = Large()
    return create_engine("postgresql://db/shop", pool_size=settings.POOL_SIZE)
`;
  const local = await poolOf({ 'app/db.py': `from sqlalchemy import create_engine\n${within}` });
  assert.equal(shown(local, 'pool_size'), '8 (settings)');
});

test('the beginning that both ways of an address have', async () => {
  const code = `import os
from sqlalchemy import create_engine
def build(app_name=None, is_async=False):
    url = f"postgresql+{'asyncpg' if ASYNC else 'psycopg'}://shop@db.internal/shop"
    if app_name:
        url = f"{url}?application_name={app_name}"
    return url
def engine(name):
    return create_engine(build(name), pool_size=4)
`;
  const { dialect } = (await poolOf({ 'app/db.py': code })).address;
  assert.equal(dialect, 'postgresql');
});

test('a variable that chooses between pooling and none leaves the sizes unknown', async () => {
  const code = `import os
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
USE_NULL_POOL = os.environ.get("USE_NULL_POOL", "").lower() == "true"
options = {}
if USE_NULL_POOL:
    options["poolclass"] = NullPool
else:
    options["pool_size"] = 20
    options["max_overflow"] = 5
e = create_engine("postgresql://db/shop", **options)
`;
  const { pools, findings } = await analyseFiles({ 'app/db.py': code });
  assert.equal(shown(pools[0]!.pool, 'pool_size max_overflow'), '?, ?');
  assert.deepEqual(
    findings.filter((each) => each.rule.includes('invalid')),
    [],
  );
});

test('what a condition adds is not certainly passed', async () => {
  const code = `from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
options = {"poolclass": NullPool}
if LARGE:
    options["pool_size"] = 5
e = create_engine("postgresql://db/shop", **options)
`;
  const codes = async (text: string) => {
    const { findings } = await analyseFiles({ 'app/db.py': text });
    return findings.map((each) => each.rule).filter((each) => each === 'invalid-pool-arguments');
  };
  assert.deepEqual(await codes(code), []);
  assert.equal((await codes(code.replace('if LARGE:\n    ', ''))).length, 1);
});

test('a validator that rewrites the scheme leaves the dialect and the variable, but no driver', async () => {
  const config = `${settingsHead}from pydantic import field_validator
class Settings(BaseSettings):
    DATABASE_URL: str = "postgres://db/shop"
    @field_validator("DATABASE_URL", mode="before")
    @classmethod
    def modernise(cls, value):
        for old in ("postgres://", "postgresql://"):
            if value.startswith(old):
                value = "postgresql+psycopg://" + value[len(old):]
        return value
settings = Settings()
`;
  const pool = await poolOf({ 'app/config.py': config, 'app/db.py': useOf('settings.DATABASE_URL') });
  const { dialect, driver, variable } = pool.address;
  assert.deepEqual([dialect, driver, variable], ['postgresql', undefined, 'DATABASE_URL']);
});

test('hosts in a list, with one that stands alone where the list is not set', async () => {
  const config = `from urllib import parse
from starlette.config import Config
config = Config(".env")
POOL_SIZE = config("DATABASE_ENGINE_POOL_SIZE", cast=int, default=20)
MAX_OVERFLOW = config("DATABASE_ENGINE_MAX_OVERFLOW", cast=int, default=0)
HOST = config("DATABASE_HOSTNAME")
CREDENTIALS = config("DATABASE_CREDENTIALS")
user, password = str(CREDENTIALS).split(":")
PORT = config("DATABASE_PORT", default="5432")
URI = f"postgresql+psycopg2://{user}:{parse.quote(str(password))}@{HOST}:{PORT}/shop"
`;
  const code = `from sqlalchemy import create_engine
from app import config
def make():
    return create_engine(config.URI, pool_size=config.POOL_SIZE, max_overflow=config.MAX_OVERFLOW)
e = make()
`;
  const pool = await poolOf({ 'app/config.py': config, 'app/db.py': code, '.env': 'DATABASE_ENGINE_POOL_SIZE=12\n' });
  assert.equal(shown(pool, 'pool_size max_overflow'), '12 (environment), 0 (environment)');
  assert.deepEqual([pool.address.dialect, pool.address.driver], ['postgresql', 'psycopg2']);
});

test('a driver that is not known is not taken for the default one', async () => {
  const code = (url: string) => `import os
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
DRIVER = os.environ["DRIVER"]
e = create_async_engine(${url})
`;
  for (const url of ['f"postgresql+{DRIVER}://db/shop"', 'URL.create(f"postgresql+{DRIVER}", host="db")']) {
    const { pools, findings } = await analyseFiles({ 'app/db.py': code(url) });
    const { dialect, driver, host } = pools[0]!.pool.address;
    assert.deepEqual([dialect, driver, host], ['postgresql', undefined, 'db'], url);
    assert.ok(!findings.some((each) => each.rule === 'invalid-pool-arguments'));
  }
});

test('hosts that begin alike are not one host', async () => {
  const code = `from sqlalchemy import create_engine
def address():
    if PRIMARY:
        return "postgresql+psycopg://db/shop"
    return "postgresql+psycopg://db-replica/shop"
e = create_engine(f"{address()}?connect_timeout=3")
`;
  const { dialect, driver, host } = (await poolOf({ 'app/db.py': code })).address;
  assert.deepEqual([dialect, driver, host], ['postgresql', 'psycopg', undefined]);
});
