/** Settings of real Django projects, each with the pools they must come out as. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';
import type { Files } from '../support/workspace.ts';

const postgresql = '"ENGINE": "django.db.backends.postgresql"';
const requirements = (text: string) => ({ 'requirements.txt': text });

test('one alias, written out: a connection per thread', async () => {
  await expectPools(
    {
      'shop/settings.py': `import os\n\nDATABASES = {\n    "default": {\n        ${postgresql},\n        "HOST": os.environ.get("DB_HOST", "localhost"),\n        "PORT": "5433",\n        "CONN_MAX_AGE": 60,\n        "CONN_HEALTH_CHECKS": True,\n    },\n}\n`,
      ...requirements('django==5.2.1\npsycopg2-binary\n'),
    },
    [
      {
        system: 'django',
        name: 'default',
        key: 'default',
        callable: 'DATABASES',
        peak: null,
        dialect: 'postgresql',
        driver: 'psycopg2',
        host: 'localhost',
        variable: 'DB_HOST',
        version: '5.2.1',
        CONN_MAX_AGE: [60, 'literal'],
        CONN_HEALTH_CHECKS: [true, 'literal'],
        wait: 'never-waits',
        idle: '60 s by CONN_MAX_AGE',
      },
    ],
  );
});

test('several aliases are several pools; SQLite is none on a server', async () => {
  await expectPools(
    {
      'shop/settings.py': `DATABASES = {\n    "default": {${postgresql}, "HOST": "db", "CONN_MAX_AGE": None},\n    "replica": {${postgresql}, "HOST": "replica"},\n    "reports": {"ENGINE": "django.db.backends.mysql", "CONN_MAX_AGE": -1},\n    "cache": {"ENGINE": "django.db.backends.sqlite3", "NAME": "cache.db"},\n}\n`,
    },
    [
      { key: 'default', host: 'db', idle: 'forever by CONN_MAX_AGE', network: true },
      { key: 'replica', host: 'replica', idle: 'keeps-none', network: true },
      { key: 'reports', dialect: 'mysql', idle: 'keeps-none', network: true },
      { key: 'cache', dialect: 'sqlite', network: false },
    ],
  );
});

test("Django's own pool, switched on, with sizes, and as Oracle has it", async () => {
  const alias = (name: string, options: string, engine = 'postgresql') =>
    `    "${name}": {"ENGINE": "django.db.backends.${engine}", "OPTIONS": ${options}},\n`;
  await expectPools(
    {
      'shop/settings.py': `SIZES = {"min_size": 1, "max_size": 3}\nDATABASES = {\n${alias('default', '{"pool": True}')}${alias('sized', '{"pool": {"max_size": 10, "timeout": 5}}')}${alias('fixed', '{"pool": {"min_size": 2}}')}${alias('named', '{"pool": SIZES}')}${alias('off', '{"pool": False}')}${alias('empty', '{"pool": {}}')}${alias('unread', '{"pool": load()}')}${alias('oracle', '{"pool": True}', 'oracle')}${alias('oracle_sized', '{"pool": {"min": 2, "max": 8}}', 'oracle')}}\n`,
    },
    [
      { key: 'default', peak: 4, poolClass: 'ConnectionPool', wait: '30 s by timeout', idle: '3600 s by max_lifetime' },
      { key: 'sized', peak: 10, min_size: [4, 'default'], max_size: [10, 'literal'], wait: '5 s by timeout' },
      { key: 'fixed', peak: 2, min_size: [2, 'literal'], max_size: [2, 'literal'] },
      { key: 'named', peak: 3 },
      { key: 'off', peak: null, poolClass: '', wait: 'never-waits' },
      { key: 'empty', peak: null, poolClass: '', wait: 'never-waits' },
      { key: 'unread', peak: null, poolClass: '', wait: 'unknown' },
      { key: 'oracle', peak: 2, wait: 'forever' },
      { key: 'oracle_sized', peak: 8 },
    ],
  );
});

test('dj-database-url, with what it sets and what is set afterwards', async () => {
  await expectPools(
    {
      'a/settings.py':
        'import dj_database_url\n\nDATABASES = {"default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)}\n',
      'b/settings.py':
        'import dj_database_url\n\nDATABASES = {"default": dj_database_url.parse("postgres://u@db.internal:6432/shop?sslmode=require")}\n',
      'c/settings.py':
        'from dj_database_url import config as database\n\nDATABASES = {"default": database("REPORTS_URL")}\nDATABASES["default"]["CONN_MAX_AGE"] = 300\n',
      'd/settings.py':
        'import os\nimport dj_database_url\n\nDATABASES = {"default": dj_database_url.config(default="mysql://u@db/shop")}\nDATABASES["default"].update(CONN_MAX_AGE=int(os.getenv("AGE", "5")))\n',
      'e/settings.py':
        'import dj_database_url\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\nDATABASES["default"] = dj_database_url.config(conn_max_age=30)\n',
      'f/settings.py':
        'import dj_database_url\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 5}}\nlive = dj_database_url.config(conn_max_age=500)\nDATABASES["default"].update(live)\n',
      'g/settings.py':
        'import dj_database_url\n\nDATABASES = {"default": dj_database_url.parse("postgres://u@db/shop?pool=true")}\n',
    },
    [
      {
        variable: 'DATABASE_URL',
        CONN_MAX_AGE: [600, 'literal'],
        CONN_HEALTH_CHECKS: [true, 'literal'],
        network: true,
      },
      { dialect: 'postgresql', host: 'db.internal', CONN_MAX_AGE: [0, 'default'], source: 'literal' },
      { variable: 'REPORTS_URL', CONN_MAX_AGE: [300, 'literal'] },
      { dialect: 'mysql', CONN_MAX_AGE: [5, 'environment'] },
      { variable: 'DATABASE_URL', CONN_MAX_AGE: [30, 'literal'] },
      { dialect: 'postgresql', CONN_MAX_AGE: [500, 'literal'] },
      { dialect: 'postgresql', peak: 4, poolClass: 'ConnectionPool' },
    ],
  );
});

test('conditions: SQLite on one side is no reason to be silent about the other; what differs is not known', async () => {
  await expectPools(
    {
      'a/settings.py': `import os\n\nif os.environ.get("CI"):\n    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\nelse:\n    DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": 60}}\n`,
      'b/settings.py': `import os\n\nif os.environ.get("FAST"):\n    DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": 60}}\nelse:\n    DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": 5}}\n`,
    },
    [
      { CONN_MAX_AGE: [60, 'literal'], network: true },
      { CONN_MAX_AGE: ['?', 'it depends on a condition'], idle: 'unknown' },
    ],
  );
});

test('engines by what they wrap', async () => {
  const engines = {
    a: ['django.contrib.gis.db.backends.postgis', 'postgresql', true],
    b: ['django_prometheus.db.backends.postgresql', 'postgresql', true],
    c: ['django_tenants.postgresql_backend', 'postgresql', true],
    d: ['psqlextra.backend', 'postgresql', true],
    e: ['mysql.connector.django', 'mysql', true],
    f: ['mssql', 'mssql', true],
    g: ['django_cockroachdb', 'cockroachdb', true],
    h: ['django.contrib.gis.db.backends.spatialite', 'sqlite', false],
    i: ['django_mongodb_backend', undefined, false],
    j: ['django_snowflake', undefined, false],
    k: ['common.db.retrying', undefined, true],
  } as const;
  await expectPools(
    Object.fromEntries(
      Object.entries(engines).map(([name, [path]]) => [
        `${name}/settings.py`,
        `DATABASES = {"default": {"ENGINE": "${path}"}}\n`,
      ]),
    ),
    Object.values(engines).map(([, dialect, network]) => ({ dialect, network })),
  );
});

test('django-db-connection-pool is a QueuePool with defaults of its own', async () => {
  const engine = '"ENGINE": "dj_db_conn_pool.backends.postgresql"';
  await expectPools(
    {
      'a/settings.py': `DATABASES = {"default": {${engine}}}\n`,
      'b/settings.py': `DATABASES = {"default": {${engine}, "POOL_OPTIONS": {"POOL_SIZE": 3, "MAX_OVERFLOW": 2, "RECYCLE": -1}}}\n`,
      'c/settings.py': `DATABASES = {"default": {${engine}, "POOL_OPTIONS": {"pool_size": 3}}}\n`,
      'd/settings.py': `DATABASES = {"default": {${engine}, "POOL_OPTIONS": load()}}\n`,
      'e/settings.py': `DATABASES = {"default": {${engine}, "POOL_OPTIONS": {"MAX_OVERFLOW": -1}}}\n`,
    },
    [
      { peak: 20, wait: '30 s by TIMEOUT', idle: '900 s by RECYCLE', PRE_PING: [true, 'default'] },
      { peak: 5, idle: 'forever by RECYCLE' },
      { peak: 20, unrecognised: ['pool_size'] },
      { peak: null },
      { peak: 'unbounded' },
    ],
  );
});

test('django_db_geventpool has its limit among the options of the driver', async () => {
  const engine = '"ENGINE": "django_db_geventpool.backends.postgresql_psycopg3"';
  await expectPools(
    {
      'a/settings.py': `DATABASES = {"default": {${engine}, "CONN_MAX_AGE": 0}}\n`,
      'b/settings.py': `DATABASES = {"default": {${engine}, "OPTIONS": {"MAX_CONNS": 20, "REUSE_CONNS": 10, "sslmode": "require"}}}\n`,
      'c/settings.py': `DATABASES = {"default": {${engine}, "OPTIONS": load()}}\n`,
      'd/settings.py': `import os\n\nDATABASES = {"default": {${engine}, "CONN_MAX_AGE": 600, "OPTIONS": {"MAX_CONNS": int(os.environ.get("DB_CONNS", "8"))}}}\n`,
    },
    [
      { peak: 4, wait: 'forever', idle: 'forever', poolClass: 'DatabaseConnectionPool', MAX_CONNS: [4, 'default'] },
      { peak: 20, unrecognised: [], dialect: 'postgresql' },
      { peak: null },
      { peak: 8, idle: 'forever' },
    ],
  );
});

test('of several settings modules production counts; those for development and tests are told apart', async () => {
  const databases = (age: number) => `DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": ${age}}}\n`;
  await expectPools(
    {
      'config/settings/base.py': databases(1),
      'config/settings/local.py': databases(2),
      'config/settings/production.py': databases(3),
      'config/settings/test.py': databases(4),
      'other/settings.py': databases(5),
      'other/settings_dev.py': databases(6),
      'third/settings/__init__.py': databases(7),
      'third/settings/staging.py': databases(8),
    },
    [
      { context: 'example', CONN_MAX_AGE: [2, 'literal'] },
      { context: 'app', CONN_MAX_AGE: [3, 'literal'] },
      { context: 'test', CONN_MAX_AGE: [4, 'literal'] },
      { context: 'app', CONN_MAX_AGE: [5, 'literal'] },
      { context: 'example', CONN_MAX_AGE: [6, 'literal'] },
      { context: 'app', CONN_MAX_AGE: [7, 'literal'] },
      { context: 'example', CONN_MAX_AGE: [8, 'literal'] },
    ],
  );
});

test('a module that is named where the application starts is the one', async () => {
  const databases = (age: number) => `DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": ${age}}}\n`;
  await expectPools(
    {
      'site/settings/cloud.py': databases(1),
      'site/settings/onsite.py': databases(2),
      'site/wsgi.py': 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings.onsite")\n',
    },
    [{ CONN_MAX_AGE: [2, 'literal'] }],
  );
});

test('manifests name the settings of what they deploy, in any notation; those for development do not', async () => {
  const databases = (age: number) => `DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": ${age}}}\n`;
  const modules = { 'site/settings/cloud.py': databases(1), 'site/settings/onsite.py': databases(2) };
  const second = [{ CONN_MAX_AGE: [2, 'literal'] }];
  const manifests: readonly Files[] = [
    { Dockerfile: 'FROM python:3.12\nENV DJANGO_SETTINGS_MODULE=site.settings.onsite\n' },
    { Procfile: 'web: gunicorn site.wsgi --env DJANGO_SETTINGS_MODULE=site.settings.onsite\n' },
    { Procfile: 'web: python manage.py runserver --settings=site.settings.onsite\n' },
    { 'compose.yaml': 'services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: site.settings.onsite\n' },
    {
      'k8s/web.yaml':
        'kind: Deployment\nspec:\n  env:\n    - name: DJANGO_SETTINGS_MODULE\n      value: site.settings.onsite\n',
    },
  ];
  for (const manifest of manifests) await expectPools({ ...modules, ...manifest }, second);
  await expectPools(
    {
      ...modules,
      'compose.dev.yaml': 'services:\n  web:\n    environment: ["DJANGO_SETTINGS_MODULE=site.settings.onsite"]\n',
    },
    [{ CONN_MAX_AGE: [1, 'literal'] }],
  );
});

test('a class of django-configurations', async () => {
  await expectPools(
    {
      'shop/settings.py': `from configurations import Configuration, values\n\n\nclass Base(Configuration):\n    DEBUG = False\n\n\nclass Dev(Base):\n    DATABASES = {"default": {${postgresql}}}\n\n\nclass Prod(Base):\n    DATABASES = values.DatabaseURLValue("postgres://u@db/shop")\n`,
    },
    [
      { context: 'example', dialect: 'postgresql' },
      { context: 'app', dialect: 'postgresql', host: 'db' },
    ],
  );
});

test('dictionaries that are no settings of Django', async () => {
  await expectPools(
    {
      'app/a.py': 'DATABASES = ["orders", "users"]\n',
      'app/b.py': 'DATABASES = {"orders": "postgres", "users": "mysql"}\n',
      'app/c.py': 'class Registry:\n    DATABASES = {}\n',
      'app/d.py':
        'def build():\n    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n    return DATABASES\n',
    },
    [],
  );
});

test('the version is that of the requirements', async () => {
  const settings = { 'shop/settings.py': `DATABASES = {"default": {${postgresql}}}\n` };
  await expectPools({ ...settings, ...requirements('Django~=4.2.0\n') }, [{ version: '4.2' }]);
  await expectPools({ ...settings, ...requirements('django<5.2\n') }, [{ version: '5.1' }]);
  await expectPools(settings, [{ version: '6.1' }]);
});

test('django-environ, environs and python-decouple', async () => {
  await expectPools(
    {
      'a/settings.py':
        'import environ\n\nenv = environ.Env()\nDATABASES = {"default": env.db("DATABASE_URL", default="postgres:///shop")}\nDATABASES["default"]["ATOMIC_REQUESTS"] = True\nDATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)\n',
      'b/settings.py':
        'from environ import Env\n\nDATABASES = {"default": Env().db_url("REPORTS_URL"), "replica": Env().db()}\n',
      'c/settings.py':
        'from environs import Env\n\nenv = Env()\nenv.read_env()\nDATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600)}\n',
      'd/settings.py':
        'from decouple import config\nimport dj_database_url\n\nDATABASES = {"default": config("DB_URL", default="postgres://u@db/shop", cast=dj_database_url.parse)}\n',
      'e/settings.py':
        'from decouple import config\n\nDATABASES = {\n    "default": {\n        "ENGINE": config("DB_ENGINE", default="django.db.backends.postgresql"),\n        "HOST": config("DB_HOST", default="localhost"),\n        "CONN_MAX_AGE": config("AGE", default=30, cast=int),\n    }\n}\n',
      'f/env.py': 'import environ\n\nenv = environ.FileAwareEnv(DEBUG=(bool, False))\n',
      'f/settings.py': 'from f.env import env\n\nDATABASES = {"default": env.db("F_URL")}\n',
    },
    [
      { variable: 'DATABASE_URL', dialect: 'postgresql', CONN_MAX_AGE: [60, 'environment'] },
      { variable: 'REPORTS_URL', CONN_MAX_AGE: [0, 'default'] },
      { key: 'replica', variable: 'DATABASE_URL' },
      { variable: 'DATABASE_URL', CONN_MAX_AGE: [600, 'literal'] },
      { variable: 'DB_URL', dialect: 'postgresql', host: 'db' },
      { dialect: 'postgresql', variable: 'DB_HOST', CONN_MAX_AGE: [30, 'environment'] },
      { variable: 'F_URL' },
    ],
  );
});

test('settings split over modules: a star import, and what production changes', async () => {
  const base = `import os\n\nDATABASES = {\n    "default": {${postgresql}, "HOST": os.environ["DB_HOST"]},\n    "replica": {${postgresql}, "HOST": "replica"},\n}\n`;
  await expectPools(
    {
      'config/settings/base.py': base,
      'config/settings/local.py':
        'from .base import *\n\nDATABASES["default"]["HOST"] = "localhost"\nDATABASES["default"]["CONN_MAX_AGE"] = 5\n',
      'config/settings/production.py':
        'from .base import *  # noqa\nfrom .base import DEBUG\n\nDATABASES["default"]["CONN_MAX_AGE"] = 600\nDATABASES["default"].update({"CONN_HEALTH_CHECKS": True})\n',
      'other/settings/base.py': base,
      'other/settings/production.py':
        'from other.settings.base import *\n\nDATABASES["default"]["OPTIONS"] = {"pool": {"max_size": 8}}\ndel DATABASES["replica"]\n',
    },
    [
      { key: 'default', variable: 'DB_HOST', CONN_MAX_AGE: [600, 'literal'], CONN_HEALTH_CHECKS: [true, 'literal'] },
      { key: 'replica', host: 'replica', CONN_MAX_AGE: [0, 'default'] },
      { key: 'default', peak: 8 },
    ],
  );
});

test('one block per environment: production is the one that counts', async () => {
  const block = (age: number) => `{"default": {${postgresql}, "CONN_MAX_AGE": ${age}}}`;
  await expectPools(
    {
      'a/settings.py': `import os\n\nENVIRONMENT = os.getenv("ENVIRONMENT", "development")\nif ENVIRONMENT == "production":\n    DATABASES = ${block(1)}\nelse:\n    DATABASES = ${block(2)}\n`,
      'b/settings.py': `DEBUG = True\n\nif DEBUG:\n    DATABASES = ${block(1)}\nelse:\n    DATABASES = ${block(2)}\n`,
      'c/settings.py': `from decouple import config\n\nDEBUG = config("DEBUG", cast=bool, default=True)\nDATABASES = ${block(1)} if DEBUG else ${block(2)}\n`,
      'd/settings.py': `import os\n\nDATABASES = ${block(1)}\nif not os.environ.get("DJANGO_DEBUG"):\n    DATABASES["default"]["CONN_MAX_AGE"] = 2\n`,
      'e/settings.py': `import sys\n\nDATABASES = ${block(1)}\nif "test" in sys.argv:\n    DATABASES["default"] = {"ENGINE": "django.db.backends.sqlite3"}\n`,
      'f/settings.py': `import os\n\nif os.environ.get("ENV") in ("prod", "staging"):\n    DATABASES = ${block(1)}\nelif os.environ.get("ENV") == "dev":\n    DATABASES = ${block(2)}\nelse:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n`,
    },
    [
      { CONN_MAX_AGE: [1, 'literal'] },
      { CONN_MAX_AGE: [2, 'literal'] },
      { CONN_MAX_AGE: [2, 'literal'] },
      { CONN_MAX_AGE: [2, 'literal'] },
      { CONN_MAX_AGE: [1, 'literal'], network: true },
      { CONN_MAX_AGE: [1, 'literal'], network: true },
    ],
  );
});

test('helpers and shared dictionaries', async () => {
  await expectPools(
    {
      'a/settings.py': `def postgres(host, age=0):\n    return {${postgresql}, "HOST": host, "CONN_MAX_AGE": age}\n\n\nDATABASES = {"default": postgres("db", age=60), "replica": postgres("replica")}\n`,
      'b/settings.py': `COMMON = {${postgresql}, "CONN_MAX_AGE": 30}\nDATABASES = {"default": {**COMMON, "HOST": "db"}, "replica": dict(COMMON, HOST="replica")}\n`,
      'c/settings.py': `DATABASES = {"default": {${postgresql}, "HOST": "db"}}\nDATABASES["replica"] = DATABASES["default"].copy()\nDATABASES["replica"]["HOST"] = "replica"\n`,
      'd/database.py': `DATABASE = {${postgresql}, "CONN_MAX_AGE": 9}\n`,
      'd/settings.py': 'from .database import DATABASE\n\nDATABASES = {"default": DATABASE}\n',
      'e/settings.py': `DATABASES = {}\nDATABASES["default"] = {}\nDATABASES["default"]["ENGINE"] = "django.db.backends.mysql"\nDATABASES["default"]["CONN_MAX_AGE"] = 4\n`,
      'f/settings.py': `import os\n\nDATABASES = {"default": {${postgresql}}}\nfor name in os.environ["TENANTS"].split(","):\n    DATABASES[name] = {${postgresql}, "HOST": name}\n`,
    },
    [
      { host: 'db', CONN_MAX_AGE: [60, 'literal'] },
      { host: 'replica', CONN_MAX_AGE: [0, 'constant'] },
      { host: 'db', CONN_MAX_AGE: [30, 'literal'] },
      { host: 'replica', CONN_MAX_AGE: [30, 'literal'] },
      { host: 'db' },
      { host: 'replica' },
      { CONN_MAX_AGE: [9, 'literal'] },
      { dialect: 'mysql', CONN_MAX_AGE: [4, 'literal'] },
      { key: 'default' },
    ],
  );
});

test('what public projects write', async () => {
  await expectPools(
    {
      // Three engines by a variable of its own: what they agree on is known.
      'a/settings.py': `import os\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\nif os.getenv("DB") == "postgres":\n    DATABASES = {"default": {${postgresql}, "HOST": os.getenv("DB_HOST", ""), "CONN_MAX_AGE": 9}}\nif os.getenv("DB") in ["mysql", "mariadb"]:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "HOST": os.getenv("DB_HOST", ""), "CONN_MAX_AGE": 9}}\n`,
      // Aliases by constants, and the helper's own name for the variable.
      'b/settings.py':
        'import dj_database_url\n\nWRITER = "default"\nREADER = "replica"\nDATABASES = {\n    WRITER: dj_database_url.config(env=dj_database_url.DEFAULT_ENV, default="postgres://u@db/shop"),\n    READER: dj_database_url.config("READER_URL", test_options={"MIRROR": WRITER}),\n}\n',
      // Settings that are properties of a class.
      'c/settings.py': `class Settings(Base):\n    @property\n    def DATABASES(self):\n        return {"default": {${postgresql}, "HOST": "db"}, "telemetry": {${postgresql}, "HOST": "db2"}}\n`,
      // Production leaves it to files that only exist there.
      'd/settings/defaults.py': `DATABASES = {"default": {${postgresql}, "CONN_MAX_AGE": 4}}\n`,
      'd/settings/production.py': 'DATABASES = {}\n',
      // A template whose database comes from a URL or from its parts.
      'e/settings.py': `import os\nimport environ\n\nenv = environ.Env()\nif os.getenv("DATABASE_URL", default=None):\n    DATABASES = {"default": env.db("DATABASE_URL")}\nelse:\n    DATABASES = {"default": {${postgresql}, "HOST": env.str("POSTGRES_HOST", default="postgres")}}\nDATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)\n`,
      // A pool under a condition that asks the database for its engine.
      'f/settings.py': `import dj_database_url\nfrom decouple import config\n\nDATABASES = {"default": config("DATABASE_URL", cast=dj_database_url.parse)}\nif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":\n    DATABASES["default"]["CONN_MAX_AGE"] = 0\n    DATABASES["default"]["OPTIONS"] = {"pool": {"max_size": 2}}\n`,
      // SQLite until a variable says otherwise.
      'g/settings.py':
        'import dj_database_url\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}\nDATABASES["default"].update(dj_database_url.config(conn_max_age=500))\n',
    },
    [
      { dialect: undefined, variable: 'DB_HOST', CONN_MAX_AGE: [9, 'literal'], network: true },
      { key: 'default', variable: 'DATABASE_URL', dialect: 'postgresql', host: 'db' },
      { key: 'replica', variable: 'READER_URL' },
      { key: 'default', host: 'db' },
      { key: 'telemetry', host: 'db2' },
      { CONN_MAX_AGE: [4, 'literal'], context: 'app' },
      { dialect: 'postgresql', variable: 'DATABASE_URL', CONN_MAX_AGE: [60, 'environment'] },
      { variable: 'DATABASE_URL', poolClass: '', peak: null, wait: 'unknown' },
      { network: false },
    ],
  );
});
