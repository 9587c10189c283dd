/** Settings classes of real applications: which variable decides a field, and what holds without it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

const imports = 'from sqlalchemy import create_engine\nfrom app.config import settings\n';
const v2 = 'from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n';

async function poolOf(files: Files): Promise<Pool> {
  const { pools } = await analyseFiles(files);
  assert.equal(pools.length, 1);
  return pools[0]!.pool;
}

/** A parameter as `value (source)`, or `? reason`. */
function shown(pool: Pool, name: string): string {
  const { value } = pool.parameters.get(name)!;
  return value.known ? `${value.value} (${value.source})` : `? ${value.reason}`;
}

/** What `pool_size` of an engine is that takes `expression` for it. */
async function size(config: string, expression = 'settings.POOL_SIZE', more: Files = {}): Promise<string> {
  const code = `${imports}e = create_engine("postgresql://db/shop", pool_size=${expression})\n`;
  return shown(
    await poolOf({ 'app/__init__.py': '', 'app/config.py': config, 'app/db.py': code, ...more }),
    'pool_size',
  );
}

async function address(config: string, expression: string, more: Files = {}) {
  const code = `${imports}e = create_engine(${expression})\n`;
  const { dialect, driver, host, port, variable, source } = (
    await poolOf({ 'app/__init__.py': '', 'app/config.py': config, 'app/db.py': code, ...more })
  ).address;
  return { dialect, driver, host, port, variable, source };
}

const settings = (body: string) => `${v2}class Settings(BaseSettings):\n${body}\nsettings = Settings()\n`;

test('a field is the default, or what the variable of its name says in the type of the field', async () => {
  assert.equal(await size(settings('    POOL_SIZE: int = 7')), '7 (settings)');
  assert.equal(
    await size(settings('    pool_size: int = 7'), 'settings.pool_size', { '.env': 'POOL_SIZE=9\n' }),
    '9 (environment)',
  );
  assert.equal(await size(settings('    POOL_SIZE: int'), 'settings.POOL_SIZE'), '? POOL_SIZE has no default');
  assert.equal(await size(settings('    POOL_SIZE: int | None = None')), '? POOL_SIZE has no default');
  assert.equal(await size(settings('    POOL_SIZE: "int" = 4 * 2')), '8 (settings)');
  assert.equal(
    await size(settings('    POOL_SIZE: conint(gt=0) = 4'), 'settings.POOL_SIZE', { '.env': 'POOL_SIZE=9\n' }),
    '9 (environment)',
  );
});

test('a variable in the wrong type, or of a type that reads it in its own way, is unknown', async () => {
  const set = { '.env': 'POOL_SIZE=many\n' };
  assert.match(await size(settings('    POOL_SIZE: int = 7'), 'settings.POOL_SIZE', set), /^\? POOL_SIZE is read/);
  const own = settings('    POOL_SIZE: Budget = 7');
  assert.match(await size(own, 'settings.POOL_SIZE', { '.env': 'POOL_SIZE=9\n' }), /^\? POOL_SIZE is read/);
});

test('flags are words', async () => {
  const code = `${imports}e = create_engine("postgresql://db/shop", pool_pre_ping=settings.PING)\n`;
  const ping = async (text: string) =>
    shown(
      await poolOf({ 'app/config.py': settings('    PING: bool = True'), 'app/db.py': code, '.env': text }),
      'pool_pre_ping',
    );
  assert.equal(await ping(''), 'true (settings)');
  assert.equal(await ping('PING=off\n'), 'false (environment)');
  assert.match(await ping('PING=perhaps\n'), /^\?/);
});

test('Field: defaults, factories, aliases', async () => {
  assert.equal(await size(settings('    POOL_SIZE: int = Field(6, gt=0)')), '6 (settings)');
  assert.equal(await size(settings('    POOL_SIZE: int = Field(default=6)')), '6 (settings)');
  assert.equal(await size(settings('    POOL_SIZE: int = Field(default_factory=lambda: 6)')), '6 (settings)');
  assert.equal(await size(settings('    POOL_SIZE: Annotated[int, Field(gt=0)] = 6')), '6 (settings)');
  assert.equal(await size(settings('    POOL_SIZE: int = Field(...)')), '? POOL_SIZE has no default');
  const alias = settings('    size: int = Field(6, validation_alias="DB_POOL")');
  assert.equal(await size(alias, 'settings.size', { '.env': 'DB_POOL=8\nSIZE=9\n' }), '8 (environment)');
  const choices = settings('    size: int = Field(6, validation_alias=AliasChoices("A_POOL", "B_POOL"))').replace(
    'import Field',
    'import AliasChoices, Field',
  );
  assert.equal(await size(choices, 'settings.size', { '.env': 'B_POOL=8\n' }), '8 (environment)');
});

test('a prefix, in any case of letters or in one only', async () => {
  const prefixed = settings(
    '    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env")\n    pool_size: int = 5',
  );
  assert.equal(
    await size(prefixed, 'settings.pool_size', { '.env': 'POOL_SIZE=8\nSHOP_POOL_SIZE=9\n' }),
    '9 (environment)',
  );
  const exact = settings('    model_config = {"env_prefix": "shop_", "case_sensitive": True}\n    size: int = 5');
  assert.equal(await size(exact, 'settings.size', { '.env': 'SHOP_SIZE=9\n' }), '5 (settings)');
  assert.equal(await size(exact, 'settings.size', { '.env': 'shop_size=9\n' }), '9 (environment)');
  const header = `${v2}class Settings(BaseSettings, env_prefix="SHOP_"):\n    size: int = 5\nsettings = Settings()\n`;
  assert.equal(await size(header, 'settings.size', { '.env': 'SHOP_SIZE=9\n' }), '9 (environment)');
  const argument = settings('    size: int = 5').replace('Settings()', 'Settings(_env_prefix="SHOP_")');
  assert.equal(await size(argument, 'settings.size', { '.env': 'SHOP_SIZE=9\n' }), '9 (environment)');
  const unreadable = settings('    model_config = SettingsConfigDict(env_prefix=name())\n    size: int = 5');
  assert.equal(await size(unreadable, 'settings.size'), '? the variable of size of Settings is not known');
});

test('pydantic 1: Config, env in Field, fields without a type', async () => {
  const v1 =
    'from pydantic import BaseSettings, Field\nclass Settings(BaseSettings):\n    size: int = Field(5, env="DB_SIZE")\n' +
    '    overflow = 3\n    class Config:\n        env_prefix = "SHOP_"\n        case_sensitive = False\nsettings = Settings()\n';
  assert.equal(await size(v1, 'settings.size', { '.env': 'DB_SIZE=8\nSHOP_SIZE=7\n' }), '8 (environment)');
  assert.equal(await size(v1, 'settings.overflow'), '3 (settings)');
  assert.equal(await size(v1, 'settings.overflow', { '.env': 'SHOP_OVERFLOW=x\n' }), 'x (environment)');
});

test('classes that inherit, over files; the nearest class decides, in the order Python looks', async () => {
  const files = {
    'app/base.py':
      `${v2}class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="SHOP_")\n    POOL_SIZE: int = 5\n    OVERFLOW: int = 1\n` +
      'class Small(Base):\n    pass\nclass Large(Base):\n    POOL_SIZE: int = 50\nclass Both(Small, Large):\n    pass\n',
  };
  const config = (name: string) =>
    `from .base import ${name}\nclass Settings(${name}):\n    OVERFLOW: int = 2\nsettings = Settings()\n`;
  assert.equal(await size(config('Base'), 'settings.POOL_SIZE', files), '5 (settings)');
  assert.equal(await size(config('Large'), 'settings.POOL_SIZE', files), '50 (settings)');
  assert.equal(await size(config('Both'), 'settings.POOL_SIZE', files), '50 (settings)');
  assert.equal(await size(config('Base'), 'settings.OVERFLOW', files), '2 (settings)');
  assert.equal(
    await size(config('Base'), 'settings.POOL_SIZE', { ...files, '.env': 'SHOP_POOL_SIZE=6\n' }),
    '6 (environment)',
  );
});

test('a base from elsewhere may read anything', async () => {
  const config =
    'from platform_settings import PlatformSettings\nclass Settings(PlatformSettings):\n    POOL_SIZE: int = 5\nsettings = Settings()\n';
  assert.equal(await size(config), '? POOL_SIZE of Settings may differ per instance');
});

test('settings that a function hands out, once or each time', async () => {
  const lazily = (decorator: string) =>
    `${v2}from functools import cache, lru_cache\nclass Settings(BaseSettings):\n    POOL_SIZE: int = 7\n${decorator}\ndef get_settings() -> Settings:\n    return Settings()\nsettings = get_settings()\n`;
  for (const decorator of ['@lru_cache', '@lru_cache(maxsize=1)', '@cache', ''])
    assert.equal(await size(lazily(decorator)), '7 (settings)');
  const direct = lazily('@lru_cache').replace('settings = get_settings()\n', '');
  const code =
    'from sqlalchemy import create_engine\nfrom app.config import get_settings\ne = create_engine("postgresql://db/shop", pool_size=get_settings().POOL_SIZE)\n';
  assert.equal(await size(direct, '', { 'app/db.py': code }), '7 (settings)');
  const wrapped = direct.replace('@lru_cache', '@retrying');
  assert.match(await size(wrapped, '', { 'app/db.py': code }), /^\? get_settings is decorated/);
});

test('arguments of the constructor win', async () => {
  const given = (list: string) => settings('    POOL_SIZE: int = 7').replace('Settings()', `Settings(${list})`);
  assert.equal(await size(given('POOL_SIZE=3'), 'settings.POOL_SIZE', { '.env': 'POOL_SIZE=9\n' }), '3 (literal)');
  assert.equal(await size(given('**{"POOL_SIZE": 4}')), '4 (literal)');
  assert.match(await size(given('**load("settings.yaml")')), /^\? POOL_SIZE of Settings is passed/);
});

test('nested settings with a delimiter, without one, and settings of their own', async () => {
  const nested = (config: string, field: string) =>
    `${v2}from pydantic import BaseModel\nclass Database(BaseModel):\n    pool_size: int = 5\n    overflow: int = 1\n` +
    `class Settings(BaseSettings):\n    model_config = SettingsConfigDict(${config})\n    db: Database${field}\nsettings = Settings()\n`;
  const delimited = nested('env_prefix="SHOP_", env_nested_delimiter="__"', ' = Database()');
  assert.equal(await size(delimited, 'settings.db.pool_size'), '5 (settings)');
  assert.equal(await size(delimited, 'settings.db.pool_size', { '.env': 'SHOP_DB__POOL_SIZE=6\n' }), '6 (environment)');
  assert.equal(await size(nested('env_nested_delimiter="__"', ''), 'settings.db.pool_size'), '5 (settings)');
  assert.equal(await size(nested('', ' = Field(default_factory=Database)'), 'settings.db.pool_size'), '5 (settings)');
  assert.equal(await size(nested('', ' = Database(pool_size=8)'), 'settings.db.pool_size'), '8 (settings)');
  const own =
    `${v2}class Database(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="DB_")\n    pool_size: int = 5\n` +
    'class Settings(BaseSettings):\n    db: Database = Field(default_factory=Database)\nsettings = Settings()\n';
  assert.equal(await size(own, 'settings.db.pool_size', { '.env': 'DB_POOL_SIZE=6\n' }), '6 (environment)');
});

test('addresses that properties put together', async () => {
  const parts =
    '    DB_HOST: str = "db.internal"\n    DB_PORT: int = 5433\n    DB_USER: str = "shop"\n    DB_PASSWORD: SecretStr\n';
  const known = {
    dialect: 'postgresql',
    driver: 'asyncpg',
    host: 'db.internal',
    port: 5433,
    variable: 'DB_HOST',
    source: 'environment',
  };
  const text = `${parts}    @property\n    def url(self) -> str:\n        return f"postgresql+asyncpg://{self.DB_USER}:{self.DB_PASSWORD.get_secret_value()}@{self.DB_HOST}:{self.DB_PORT}/shop"`;
  assert.deepEqual(await address(settings(text), 'settings.url'), known);
  assert.deepEqual(await address(settings(text), 'str(settings.url)'), known);
  const computed = text.replace('    @property', '    @computed_field\n    @property');
  assert.deepEqual(await address(settings(computed), 'settings.url'), known);
  const built =
    `${parts}    @property\n    def url(self) -> PostgresDsn:\n        return PostgresDsn.build(scheme="postgresql+asyncpg", username=self.DB_USER,\n` +
    '            password=self.DB_PASSWORD, host=self.DB_HOST, port=self.DB_PORT, path="shop")';
  const withDsn = settings(built).replace('import Field', 'import Field, PostgresDsn, SecretStr');
  assert.deepEqual(await address(withDsn, 'settings.url.unicode_string()'), known);
  const create = `${parts}    def url(self, driver: str):\n        return URL.create(f"postgresql+{driver}", username=self.DB_USER, host=self.DB_HOST, port=self.DB_PORT)`;
  const withUrl = settings(create).replace('from pydantic ', 'from sqlalchemy import URL\nfrom pydantic ');
  assert.deepEqual(await address(withUrl, 'settings.url("asyncpg")'), known);
});

test('addresses in a field', async () => {
  const field = settings('    DATABASE_URL: PostgresDsn = "postgresql+psycopg://db.internal/shop"');
  const known = {
    dialect: 'postgresql',
    driver: 'psycopg',
    host: 'db.internal',
    port: undefined,
    variable: 'DATABASE_URL',
    source: 'environment',
  };
  assert.deepEqual(await address(field, 'str(settings.DATABASE_URL)'), known);
  assert.deepEqual(await address(field, 'settings.DATABASE_URL.render_as_string(hide_password=False)'), known);
  const required = settings('    DATABASE_URL: PostgresDsn');
  assert.equal((await address(required, 'str(settings.DATABASE_URL)')).variable, 'DATABASE_URL');
  const set = await address(required, 'settings.DATABASE_URL', {
    '.env': 'DATABASE_URL=mysql+aiomysql://mysql.internal/shop\n',
  });
  assert.deepEqual([set.dialect, set.driver, set.host], ['mysql', 'aiomysql', 'mysql.internal']);
});

test('an override that is not set leaves what is put together', async () => {
  const body =
    '    OVERRIDE: str | None = None\n    HOST: str = "db.internal"\n    @property\n    def url(self):\n        if self.OVERRIDE:\n' +
    '            return self.OVERRIDE\n        return f"postgresql://{self.HOST}/shop"';
  assert.deepEqual(await address(settings(body), 'settings.url'), {
    dialect: 'postgresql',
    driver: 'psycopg',
    host: 'db.internal',
    port: undefined,
    variable: 'HOST',
    source: 'environment',
  });
  const set = await address(settings(body), 'settings.url', { '.env': 'OVERRIDE=mysql://other.internal/shop\n' });
  assert.deepEqual([set.dialect, set.host], ['mysql', 'other.internal']);
});

test('validators are followed as far as they go', async () => {
  const validated = (decorator: string, body: string) =>
    settings(`    POOL_SIZE: int = 7\n    OTHER: int = 3\n    ${decorator}\n    def check(cls, value):\n${body}`);
  const v2Field = '@field_validator("POOL_SIZE")\n    @classmethod';
  assert.equal(
    await size(validated(v2Field, '        if value < 1:\n            raise ValueError()\n        return value')),
    '7 (settings)',
  );
  assert.equal(
    await size(validated(v2Field, '        return measure(value)')),
    '? POOL_SIZE of Settings is changed by a validator',
  );
  assert.equal(await size(validated(v2Field, '        return measure(value)'), 'settings.OTHER'), '3 (settings)');
  const whole = (body: string) =>
    settings(
      `    POOL_SIZE: int = 7\n    OTHER: int = 3\n    @model_validator(mode="after")\n    def check(self):\n${body}\n        return self`,
    );
  assert.equal(await size(whole('        self.OTHER = 5')), '7 (settings)');
  assert.equal(
    await size(whole('        self.POOL_SIZE = 5')),
    '? POOL_SIZE of Settings is set while the program runs',
  );
  assert.equal(
    await size(whole('        for name, value in tuned():\n            setattr(self, name, value)')),
    '? POOL_SIZE of Settings is set while the program runs',
  );
});

test('pydantic 1 puts addresses together in validators', async () => {
  const config =
    'from pydantic import BaseSettings, PostgresDsn, validator\nclass Settings(BaseSettings):\n    POSTGRES_SERVER: str = "db.internal"\n    POSTGRES_USER: str\n' +
    '    URI: Optional[PostgresDsn] = None\n    @validator("URI", pre=True)\n    def assemble(cls, v, values):\n        if isinstance(v, str):\n            return v\n' +
    '        return PostgresDsn.build(scheme="postgresql", user=values.get("POSTGRES_USER"), host=values.get("POSTGRES_SERVER"), path="/shop")\nsettings = Settings()\n';
  const { dialect, variable } = await address(config, 'settings.URI');
  assert.deepEqual([dialect, variable], ['postgresql', 'POSTGRES_SERVER']);
});

test('other sources of settings make fields unknown, but not their variables', async () => {
  const body =
    '    POOL_SIZE: int = 7\n    URL: str = "postgresql://db/shop"\n    @classmethod\n    def settings_customise_sources(cls, settings_cls, **sources):\n        return (YamlSource(settings_cls),)';
  assert.equal(await size(settings(body)), '? POOL_SIZE of Settings is set while the program runs');
  assert.equal((await address(settings(body), 'settings.URL')).variable, 'URL');
});

test('models, data classes and attrs take their constructor, else their defaults', async () => {
  const built = (head: string, list: string) =>
    `${head}\nclass Config:\n    size: int = 5\n    overflow: int = 1\nsettings = Config(${list})\n`;
  const dataclass = 'from dataclasses import dataclass\n@dataclass(frozen=True)';
  assert.equal(await size(built(dataclass, ''), 'settings.size'), '5 (settings)');
  assert.equal(await size(built(dataclass, '8'), 'settings.size'), '8 (settings)');
  assert.equal(await size(built(dataclass, 'size=9'), 'settings.size'), '9 (settings)');
  assert.match(await size(built(dataclass, '**load()'), 'settings.size'), /^\?/);
  assert.equal(await size(built('import attrs\n@attrs.define', 'overflow=2'), 'settings.size'), '5 (settings)');
  const model =
    'from pydantic import BaseModel\nclass Config(BaseModel):\n    size: int = 5\nsettings = Config(size="6")\n';
  assert.equal(await size(model, 'settings.size'), '6 (settings)');
  const inDefaults =
    'import os\nfrom dataclasses import dataclass, field\n@dataclass\nclass Config:\n    size: int = field(default_factory=lambda: int(os.getenv("POOL_SIZE", "6")))\nsettings = Config()\n';
  assert.equal(await size(inDefaults, 'settings.size'), '6 (environment)');
});

test('plain classes: attributes of the class, and what the constructor sets', async () => {
  const plain =
    'import os\nclass Config:\n    overflow = 2\n    def __init__(self, size=5):\n        self.size = size\n        self.limit = int(os.getenv("LIMIT", "20"))\nsettings = Config(6)\n';
  assert.equal(await size(plain, 'settings.size'), '6 (settings)');
  assert.equal(await size(plain, 'settings.limit'), '20 (environment)');
  assert.equal(await size(plain, 'settings.overflow'), '2 (settings)');
  assert.equal(await size(plain.replace('Config(6)', 'Config()'), 'settings.size'), '5 (settings)');
  const changed = `${plain}def tune():\n    Config.overflow = 9\n`;
  assert.equal(await size(changed, 'settings.overflow'), '? overflow of Config is set while the program runs');
});

test('enumerations stand for their values', async () => {
  const config = 'from enum import Enum\nclass Size(Enum):\n    SMALL = 3\n    LARGE = 30\nsettings = Size\n';
  assert.equal(await size(config, 'settings.SMALL.value'), '3 (literal)');
});

test('all fields at once', async () => {
  const config = `${v2}from pydantic import BaseModel\nclass Pool(BaseModel):\n    pool_size: int = 4\n    max_overflow: int = 2\nclass Settings(BaseSettings):\n    pool: Pool = Pool()\nsettings = Settings()\n`;
  const code = `${imports}e = create_engine("postgresql://db/shop", **settings.pool.model_dump())\n`;
  const pool = await poolOf({ 'app/config.py': config, 'app/db.py': code });
  assert.deepEqual(
    [shown(pool, 'pool_size'), shown(pool, 'max_overflow'), pool.hasUnreadArguments],
    ['4 (settings)', '2 (settings)', false],
  );
});

test('services that set a variable differently have pools of different sizes', async () => {
  const code = `${imports}e = create_engine("postgresql://db/shop", pool_size=settings.POOL_SIZE, max_overflow=0)\n`;
  const { fleets } = await analyseFiles({
    'app/__init__.py': '',
    'app/config.py': settings('    POOL_SIZE: int = 7'),
    'app/db.py': code,
    'poolproof.yaml':
      'databases:\n  main: {max_connections: 100}\nservices:\n  api: {database: main, server: gunicorn, workers: 1, env: {POOL_SIZE: "11"}}\n  jobs: {database: main, server: gunicorn, workers: 1}\n',
  });
  assert.deepEqual(
    fleets[0]?.databases[0]?.services.map(({ pools }) => pools[0]?.pool.peakPerProcess),
    [11, 7],
  );
});
