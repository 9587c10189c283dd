/** Shapes that large code bases have: shared factories, lazy imports, settings objects, unusual folders. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, createProject, type Files, uriOf } from '../support/workspace.ts';

async function poolsOf(files: Files): Promise<Pool[]> {
  return (await analyseFiles(files)).pools.map(({ pool }) => pool);
}

/** A parameter's value, or `? reason`. */
function setting(pool: Pool | undefined, name: string): unknown {
  const parameter = pool?.parameters.get(name) ?? pool?.otherArguments.get(name);
  if (parameter === undefined) return 'absent';
  return parameter.value.known ? parameter.value.value : `? ${parameter.value.reason}`;
}

const factory =
  'from sqlalchemy import create_engine\ndef make_engine(url, size=5):\n    return create_engine(url, pool_size=size)\n';

test('a factory that carries the name of a library callable hides no direct call', async () => {
  const pools = await poolsOf({
    'core/engines.py':
      'from sqlalchemy.ext.asyncio import create_async_engine as build\n' +
      'def create_async_engine(url, size):\n    return build(url, pool_size=size)\n',
    'api/a.py': 'from core.engines import create_async_engine\ne = create_async_engine(A, 7)\n',
    'api/b.py': 'from sqlalchemy.ext.asyncio import create_async_engine\ne = create_async_engine(B, pool_size=3)\n',
    'api/c.py': 'from core.engines import create_async_engine as start\ne = start(C, 9)\n',
  });
  assert.deepEqual(
    pools.map((pool) => setting(pool, 'pool_size')),
    [3, 7, 9],
  );
});

test('callers that say the same count once; different arguments are different pools', async () => {
  const pools = await poolsOf({
    'core/db.py': factory,
    'api/a.py': 'from core.db import make_engine\ndef one():\n    return make_engine(settings.url)\n',
    'api/b.py': 'from core.db import make_engine\ndef two():\n    return make_engine(settings.url)\n',
    'api/c.py': 'from core.db import make_engine\ne = make_engine(settings.url, size=2)\n',
  });
  assert.deepEqual(
    pools.map((pool) => setting(pool, 'pool_size')),
    [5, 2],
  );
});

test('tests and scripts that call an application factory add nothing to the application', async () => {
  const caller = (size: number) => `from core.db import make_engine\ne = make_engine(URL, size=${size})\n`;
  const sizes = async (files: Files) =>
    (await poolsOf({ 'core/db.py': factory, ...files })).map((pool) => setting(pool, 'pool_size'));
  const everywhere = { 'tests/test_a.py': caller(1), 'scripts/fill.py': caller(2), 'api/a.py': caller(3) };
  assert.deepEqual(await sizes(everywhere), [3]);
  assert.deepEqual(await sizes({ 'tests/test_a.py': caller(1), 'scripts/fill.py': caller(2) }), [2]);
  assert.deepEqual(await sizes({ 'tests/test_a.py': caller(1) }), [5]);
});

test('a parameter whose default is None is unknown where no caller is in sight', async () => {
  const [pool] = await poolsOf({
    'core/db.py':
      'from sqlalchemy import create_engine\ndef make_engine(url, size=None):\n    return create_engine(url, pool_size=size)\n',
  });
  assert.equal(setting(pool, 'pool_size'), '? parameter size of make_engine depends on the caller');
});

test('an import for type checkers only tells what a lazily loaded module means', async () => {
  const pools = await poolsOf({
    'app/store.py':
      'from typing import TYPE_CHECKING\nfrom lazy import Module\n' +
      'if TYPE_CHECKING:\n    import sqlalchemy\nelse:\n    sqlalchemy = Module("sqlalchemy")\n' +
      'e = sqlalchemy.engine.create_engine(URL, pool_size=4)\n',
  });
  assert.deepEqual(
    pools.map((pool) => setting(pool, 'pool_size')),
    [4],
  );
});

test('a folder of the workspace that is called like the library does not stand in for it', async () => {
  const [pool] = await poolsOf({
    'shop/sqlalchemy/__init__.py': '',
    'shop/sqlalchemy/tool.py':
      'import sqlalchemy\nfrom sqlalchemy import pool\ne = sqlalchemy.create_engine(URL, poolclass=pool.NullPool)\n',
  });
  assert.equal(pool?.poolClass, 'NullPool');
});

test('what a call or another library returns is unknown, also behind `or`', async () => {
  const [pool] = await poolsOf({
    'app/db.py':
      'from sqlalchemy import create_engine\nfrom vendor import config, options, tuned\n' +
      'e = create_engine(URL, pool_size=config("SIZE", cast=int), max_overflow=options.OVERFLOW,\n' +
      '    pool_recycle=tuned or 300, connect_args=options() or {})\n',
  });
  assert.equal(setting(pool, 'pool_size'), '? it is the result of a call that is not followed here');
  assert.equal(setting(pool, 'max_overflow'), '? vendor.options.OVERFLOW is not followed here');
  assert.equal(setting(pool, 'pool_recycle'), '? it depends on a condition');
  assert.equal(setting(pool, 'connect_args'), '? it depends on a condition');
});

test('fields of models and attributes set at run time are unknown, constants of the class are not', async () => {
  const [pool] = await poolsOf({
    'app/db.py':
      'from sqlalchemy import create_engine\n' +
      'class Store(Model):\n    size: int = 5\n    limit = 3\n    recycle = 60\n' +
      '    @classmethod\n    def tune(cls, value):\n        cls.recycle = value\n' +
      '    def start(self):\n' +
      '        return create_engine(URL, pool_size=self.size, max_overflow=self.limit, pool_recycle=self.recycle)\n',
  });
  assert.equal(setting(pool, 'pool_size'), '? size of Store may differ per instance');
  assert.equal(setting(pool, 'max_overflow'), 3);
  assert.equal(setting(pool, 'pool_recycle'), '? recycle of Store is set while the program runs');
});

test('an update under a condition leaves the other keys known', async () => {
  const [pool] = await poolsOf({
    'app/db.py':
      'from sqlalchemy import create_engine\nfrom sqlalchemy.pool import StaticPool\noptions = {"pool_recycle": 60}\n' +
      'if LOCAL:\n    options.update({"poolclass": StaticPool}, echo=True)\ne = create_engine(URL, **options)\n',
  });
  assert.equal(setting(pool, 'pool_recycle'), 60);
  assert.equal(setting(pool, 'poolclass'), '? it is set under a condition');
  assert.equal(pool?.hasUnreadArguments, false);
});

test('keys that are set several at once are set', async () => {
  const [pool] = await poolsOf({
    'app/db.py':
      'from sqlalchemy import create_engine\noptions = {"pool_recycle": 60}\n' +
      '(options["pool_size"], options["max_overflow"]) = budget()\ne = create_engine(URL, **options)\n',
  });
  assert.equal(setting(pool, 'pool_size'), '? it is computed in a way that is not followed here');
  assert.equal(setting(pool, 'max_overflow'), '? it is computed in a way that is not followed here');
  assert.equal(setting(pool, 'pool_recycle'), 60);
});

test('a key that is taken away is not passed; one that may be is not known', async () => {
  const size = async (removal: string) => {
    const [pool] = await poolsOf({
      'app/db.py': `from sqlalchemy import create_engine\noptions = {"pool_size": 60}\n${removal}\ne = create_engine(URL, **options)\n`,
    });
    return setting(pool, 'pool_size');
  };
  assert.equal(await size('del options["pool_size"]'), 5);
  assert.equal(await size('options.pop("pool_size", None)'), 5);
  assert.equal(await size('if SMALL:\n    del options["pool_size"]'), '? it is set under a condition');
  assert.equal(await size('options.pop(name)'), '? it may be changed');
});

test('of the variables in a URL the host tells which database it is, never the user', async () => {
  const variable = async (expression: string) =>
    (await poolsOf({ 'app/db.py': `import os\nfrom sqlalchemy import create_engine\n${expression}\n` }))[0]?.address
      .variable;
  const user = 'os.environ["PG_USER"]';
  const host = 'os.environ["PG_HOST"]';
  const name = 'os.environ["PG_DATABASE"]';
  assert.equal(await variable(`e = create_engine(f"postgresql://{${user}}:x@{${host}}/{${name}}")`), 'PG_HOST');
  assert.equal(await variable(`e = create_engine("postgresql://" + ${user} + "@db/" + ${name})`), 'PG_DATABASE');
  assert.equal(await variable(`u = ${user}\ne = create_engine(f"postgresql://{u}:x@db/shop")`), undefined);
  assert.equal(await variable(`e = create_engine(os.environ["USER_DB_URL"] + "?a=b")`), 'USER_DB_URL');
});

test('the pool class of a database without a server is left open', async () => {
  const pools = await poolsOf({
    'app/db.py':
      'from sqlalchemy import create_engine\nfrom sqlalchemy.pool import StaticPool\n' +
      'a = create_engine("sqlite://")\nb = create_engine("sqlite://", poolclass=StaticPool)\n',
  });
  assert.deepEqual(
    pools.map((pool) => pool.poolClass),
    ['', 'StaticPool'],
  );
});

test('contexts by words in folder names and by what only migrations import', async () => {
  const code = 'from sqlalchemy import create_engine\ne = create_engine(URL)\n';
  const pools = await poolsOf({
    'alembic_tenants/env.py': code,
    'example_plugin/db.py': code,
    'latest/db.py': code,
    'load-testing/db.py': code,
    'shop/revisions/env.py': `from alembic import context\n${code}`,
    'shop/upgrade.py': `from alembic import command\n${code}`,
    'unit_tests/helper.py': code,
  });
  assert.deepEqual(
    pools.map((pool) => pool.context),
    ['migration', 'example', 'app', 'test', 'migration', 'app', 'test'],
  );
});

test('requirements with hashes and old upper bounds', async () => {
  const [hashed] = await poolsOf({
    'requirements.txt': 'sqlalchemy==2.0.31 \\\n    --hash=sha256:00ff\n',
    'app.py': 'from sqlalchemy import create_engine\ne = create_engine(URL)\n',
  });
  assert.equal(hashed?.libraryVersion, '2.0.31');
  assert.equal(hashed?.versionEvidence?.text, 'sqlalchemy==2.0.31');
  const [old] = await poolsOf({
    'requirements.txt': 'sqlalchemy>=1.2,<1.4\n',
    'app.py': 'from sqlalchemy import create_engine\ne = create_engine(URL)\n',
  });
  assert.equal(old?.libraryVersion, '1.3');
});

test('a program inside a text is no connection string', async () => {
  const { project } = await createProject({
    'app/remote.py':
      'import psycopg2\nPROGRAM = """\nuser = lookup("user")\npassword = lookup("password", "none")\nconnect(user, password)\n"""\n' +
      'c = psycopg2.connect("host=db.internal user=a password=Kf9x1Lzz options=\'-c geqo=off\'")\n',
  });
  assert.equal(project.sourceModel(uriOf('app/remote.py'))?.credentials.length, 1);
});
