/** Settings that packages read out of the environment, and helpers of one's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

/** What `pool_size` is that `expression` gives, after some statements: `value (source)`, or `? reason`. */
async function size(before: string, expression: string, environment = '', more: Files = {}): Promise<string> {
  const code = `import os\nfrom sqlalchemy import create_engine\n${before}\ne = create_engine("postgresql://db/shop", pool_size=${expression})\n`;
  const { pools } = await analyseFiles({ 'app/db.py': code, '.env': environment, ...more });
  assert.equal(pools.length, 1);
  const { value } = pools[0]!.pool.parameters.get('pool_size')!;
  return value.known ? `${value.value} (${value.source})` : `? ${value.reason}`;
}

test('django-environ', async () => {
  const env = 'import environ\nenv = environ.Env(POOL=(int, 6), LIMIT=int)';
  assert.equal(await size(env, 'env.int("SIZE", default=5)'), '5 (environment)');
  assert.equal(await size(env, 'env.int("SIZE", 5)'), '5 (environment)');
  assert.equal(await size(env, 'env.int("SIZE", default=5)', 'SIZE=8\n'), '8 (environment)');
  assert.equal(await size(env, 'env("SIZE", int, 5)', 'SIZE=8\n'), '8 (environment)');
  assert.equal(await size(env, 'env("SIZE", default=5, cast=int)'), '5 (environment)');
  assert.equal(await size(env, 'env("POOL")'), '6 (environment)');
  assert.equal(await size(env, 'env("LIMIT")'), '? LIMIT has no default');
  assert.equal(await size(env, 'env("LIMIT")', 'LIMIT=3\n'), '3 (environment)');
  assert.equal(await size(env, 'env.int("SIZE")'), '? SIZE has no default');
  assert.equal(
    await size(env, 'env.json("SIZE", default=5)'),
    '? it is the result of a call that is not followed here',
  );
  assert.equal(await size('from environ import Env\nenv = Env()', 'env.get_value("SIZE", int, 5)'), '5 (environment)');
});

test('environs, with a prefix that a with statement sets', async () => {
  const env = 'from environs import Env\nenv = Env()\nenv.read_env()';
  assert.equal(await size(env, 'env.int("SIZE", 5)', 'SIZE=8\n'), '8 (environment)');
  assert.equal(await size(env, 'env.int("SIZE", default=5)'), '5 (environment)');
  const prefixed = `${env}\nwith env.prefixed("DB_"):\n    SIZE = env.int("SIZE", 5)`;
  assert.equal(await size(prefixed, 'SIZE', 'SIZE=8\nDB_SIZE=9\n'), '9 (environment)');
  const twice = `${env}\nwith env.prefixed("APP_"):\n    with env.prefixed("DB_"):\n        SIZE = env.int("SIZE", 5)`;
  assert.equal(await size(twice, 'SIZE', 'APP_DB_SIZE=9\n'), '9 (environment)');
  assert.match(await size(`${env}\nwith env.prefixed(prefix()):\n    SIZE = env.int("SIZE", 5)`, 'SIZE'), /^\?/);
});

test('python-decouple converts the default as well', async () => {
  const decouple = 'from decouple import config';
  assert.equal(await size(decouple, 'config("SIZE", default=5, cast=int)'), '5 (environment)');
  assert.equal(await size(decouple, 'config("SIZE", default="5", cast=int)'), '5 (environment)');
  assert.equal(await size(decouple, 'config("SIZE", 5, int)', 'SIZE=8\n'), '8 (environment)');
  assert.equal(await size(decouple, 'config("SIZE", cast=int)'), '? SIZE has no default');
  assert.equal(await size(decouple, 'config("SIZE", default=5, cast=budget)'), '? it cannot be converted to other');
  const own = 'from decouple import Config, RepositoryEnv\nconfig = Config(RepositoryEnv(".env"))';
  assert.equal(await size(own, 'config("SIZE", default=5, cast=int)'), '5 (environment)');
});

test("Starlette's Config", async () => {
  const config = 'from starlette.config import Config\nconfig = Config(".env")';
  assert.equal(await size(config, 'config("SIZE", cast=int, default=5)'), '5 (environment)');
  assert.equal(await size(config, 'config("SIZE", int, 5)', 'SIZE=8\n'), '8 (environment)');
  assert.equal(await size(config, 'config.get("SIZE", cast=int, default="5")'), '5 (environment)');
  const prefixed = 'from starlette.config import Config\nconfig = Config(env_prefix="SHOP_")';
  assert.equal(await size(prefixed, 'config("SIZE", cast=int, default=5)', 'SHOP_SIZE=9\n'), '9 (environment)');
  const modules = { 'app/settings.py': `${config}\nSIZE = config("SIZE", cast=int, default=5)\n` };
  assert.equal(await size('from app import settings', 'settings.SIZE', '', modules), '5 (environment)');
});

test("helpers of one's own, one and two calls deep, in other modules", async () => {
  const helper = 'def env_int(name, default):\n    return int(os.getenv(name, default))';
  assert.equal(await size(helper, 'env_int("SIZE", 5)'), '5 (environment)');
  assert.equal(await size(helper, 'env_int("SIZE", default="5")', 'SIZE=8\n'), '8 (environment)');
  const index = 'def env_int(name, default):\n    return int(os.environ[name]) if name in os.environ else default';
  assert.equal(await size(index, 'env_int("SIZE", 5)', 'SIZE=8\n'), '? it depends on a condition');
  const rescued =
    'def env_int(name, default):\n    try:\n        return int(os.environ[name])\n    except (KeyError, ValueError):\n        return default';
  assert.equal(await size(rescued, 'env_int("SIZE", 5)'), '5 (environment)');
  assert.equal(await size(rescued, 'env_int("SIZE", 5)', 'SIZE=8\n'), '8 (environment)');
  const checked =
    'def env_int(name, default):\n    value = os.environ.get(name)\n    if value is None:\n        return default\n    return int(value)';
  assert.equal(await size(checked, 'env_int("SIZE", 5)'), '5 (environment)');
  assert.equal(await size(checked, 'env_int("SIZE", 5)', 'SIZE=8\n'), '8 (environment)');
  const modules = {
    'app/env.py': `import os\n${helper}\n`,
    'app/helpers.py':
      'from .env import env_int\ndef pool_setting(name, fallback=5):\n    return env_int(f"POOL_{name.upper()}", fallback)\n',
  };
  assert.equal(
    await size('from app.helpers import pool_setting', 'pool_setting("size")', 'POOL_SIZE=8\n', modules),
    '8 (environment)',
  );
  assert.equal(
    await size('from app.helpers import pool_setting', 'pool_setting("size")', '', modules),
    '5 (environment)',
  );
});

test('os.environ as a mapping, and what dotenv reads', async () => {
  assert.equal(await size('', 'int(os.environ.get("SIZE", "5"))'), '5 (environment)');
  assert.equal(await size('name = "SIZE"', 'int(os.environ[name])', 'SIZE=8\n'), '8 (environment)');
  assert.equal(await size('from os import environ as e', 'int(e.get("SIZE", 5))', 'SIZE=8\n'), '8 (environment)');
});

test('configuration files are not read', async () => {
  const unread = '? it is the result of a call that is not followed here';
  assert.equal(
    await size(
      'from configparser import ConfigParser\nc = ConfigParser()\nc.read("app.ini")',
      'c.getint("db", "size")',
    ),
    unread,
  );
  assert.match(await size('import yaml\nc = yaml.safe_load(open("app.yaml"))', 'c["db"]["size"]'), /^\?/);
  assert.match(await size('import json\nc = json.load(open("app.json"))', 'c.get("size", 5)'), /^\?/);
  assert.match(
    await size('from dynaconf import Dynaconf\nsettings = Dynaconf(settings_files=["a.toml"])', 'settings.POOL_SIZE'),
    /^\?/,
  );
  assert.match(await size('from dynaconf import settings', 'settings.get("POOL_SIZE", 5)'), /^\?/);
});

test('names that only look like readers are none', async () => {
  assert.equal(
    await size('from vendor import env', 'env.int("SIZE", default=5)'),
    '? it is the result of a call that is not followed here',
  );
  assert.match(await size('def env(name, default):\n    return vault.read(name) or default', 'env("SIZE", 5)'), /^\?/);
});
