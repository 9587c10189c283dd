/** Configuration by classes, and applications whose configuration is filled in steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

const head = 'from flask import Flask\nfrom sqlalchemy import create_engine\n';

/** `pool_size` and host of the one engine. */
async function engine(files: Files): Promise<string> {
  const { pools } = await analyseFiles({ 'app/__init__.py': '', ...files });
  assert.equal(pools.length, 1);
  const { pool } = pools[0]!;
  const { value } = pool.parameters.get('pool_size')!;
  return `${value.known ? value.value : `? ${value.reason}`} at ${pool.address.host ?? '?'}`;
}

const classes = {
  'app/base.py':
    'class Base:\n    DATABASE_URI = "postgresql://base/shop"\n    ENGINE_OPTIONS = {"pool_size": 5, "pool_pre_ping": True}\n',
  'app/config.py':
    'import os\nfrom .base import Base\nclass Production(Base):\n    DATABASE_URI = os.getenv("DATABASE_URI", "postgresql://production/shop")\n' +
    '    ENGINE_OPTIONS = {**Base.ENGINE_OPTIONS, "pool_size": 20}\nclass Testing(Base):\n    pass\n',
};

test('classes that inherit from imported ones, attributes overridden', async () => {
  const code = (name: string) =>
    `${head}from app.config import ${name} as Config\ne = create_engine(Config.DATABASE_URI, **Config.ENGINE_OPTIONS)\n`;
  assert.equal(await engine({ ...classes, 'app/db.py': code('Production') }), '20 at production');
  assert.equal(await engine({ ...classes, 'app/db.py': code('Testing') }), '5 at base');
  const instance = code('Production').replaceAll('Config.', 'Config().');
  assert.equal(await engine({ ...classes, 'app/db.py': instance }), '20 at production');
});

test('a class picked by name is one of several', async () => {
  const code =
    `${head}import os\nfrom app.config import Production, Testing\nby_name = {"production": Production, "testing": Testing}\nConfig = by_name[os.getenv("STAGE", "testing")]\n` +
    'e = create_engine(Config.DATABASE_URI, pool_size=Config.ENGINE_OPTIONS["pool_size"])\n';
  assert.equal(await engine({ ...classes, 'app/db.py': code }), '? it depends on a condition at ?');
  assert.equal(await engine({ ...classes, 'app/db.py': code, '.env': 'STAGE=production\n' }), '20 at production');
});

test('the configuration of an application, filled in steps', async () => {
  const use = 'e = create_engine(app.config["DATABASE_URI"], **app.config["ENGINE_OPTIONS"])\n';
  const app = (steps: string) => ({
    ...classes,
    'app/db.py': `${head}from app.config import Production\napp = Flask(__name__)\n${steps}\n${use}`,
  });
  assert.equal(await engine(app('app.config.from_object(Production)')), '20 at production');
  assert.equal(await engine(app('app.config.from_object("app.config.Production")')), '20 at production');
  assert.equal(
    await engine(app('app.config.from_object(Production)\napp.config["ENGINE_OPTIONS"] = {"pool_size": 7}')),
    '7 at production',
  );
  assert.equal(
    await engine(app('app.config.from_object(Production)\napp.config["ENGINE_OPTIONS"]["pool_size"] = 8')),
    '8 at production',
  );
  assert.equal(
    await engine(
      app('app.config.from_mapping(DATABASE_URI="postgresql://mapping/shop", ENGINE_OPTIONS={"pool_size": 6})'),
    ),
    '6 at mapping',
  );
  assert.equal(
    await engine(app('app.config.from_object(Production)\napp.config.update(ENGINE_OPTIONS=dict(pool_size=4))')),
    '4 at production',
  );
  assert.match(
    await engine(app('app.config.from_object(Production)\napp.config.from_envvar("SETTINGS")')),
    /^\? .* at \?$/,
  );
  assert.match(await engine(app('app.config.from_object(load())')), /^\? .* at \?$/);
});

test('inside the function that makes the application', async () => {
  const code =
    `${head}from app.config import Production\ndef create_app(testing=False):\n    app = Flask(__name__)\n    app.config.from_object(Production)\n    if testing:\n` +
    '        app.config["DATABASE_URI"] = "sqlite://"\n    app.config.setdefault("ENGINE_OPTIONS", {})\n    e = create_engine(app.config["DATABASE_URI"], **app.config.get("ENGINE_OPTIONS"))\n    return app\n';
  assert.match(await engine({ ...classes, 'app/db.py': code }), /^20 at/);
});

test('modules as configuration', async () => {
  const files = {
    'app/settings.py': 'DATABASE_URI = "postgresql://module/shop"\nPOOL_SIZE = 9\nlower = 1\n',
    'app/db.py': `${head}app = Flask(__name__)\napp.config.from_object("app.settings")\ne = create_engine(app.config["DATABASE_URI"], pool_size=app.config["POOL_SIZE"])\n`,
  };
  assert.equal(await engine(files), '9 at module');
});
