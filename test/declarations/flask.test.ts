/** Configurations of real Flask applications, each with the engines they must come out as. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const extension = 'from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n';
const url = '"postgresql://u@db/shop"';

test('one file: the application, its configuration, its engine', async () => {
  await expectPools(
    {
      'app.py': `import os\nfrom flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\napp.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]\napp.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 3, "max_overflow": 1, "pool_pre_ping": True}\ndb = SQLAlchemy(app)\n`,
    },
    [
      {
        system: 'flask-sqlalchemy',
        callable: 'SQLAlchemy',
        name: 'db',
        key: '',
        peak: 4,
        variable: 'DATABASE_URL',
        pool_size: [3, 'literal'],
        pool_pre_ping: [true, 'literal'],
        poolClass: 'QueuePool',
      },
    ],
  );
});

test('an extension, a factory, the ways to fill a configuration', async () => {
  const factory = (lines: string) =>
    `import os\nfrom flask import Flask\nfrom .extensions import db\n\n\ndef create_app():\n    app = Flask(__name__)\n${lines}    db.init_app(app)\n    return app\n`;
  await expectPools(
    {
      'a/extensions.py': extension,
      'a/__init__.py': factory(
        `    app.config["SQLALCHEMY_DATABASE_URI"] = ${url}\n    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 1}\n`,
      ),
      'b/extensions.py': extension,
      'b/__init__.py': factory(
        `    app.config.update(\n        SQLALCHEMY_DATABASE_URI=${url},\n        SQLALCHEMY_ENGINE_OPTIONS=dict(pool_size=2),\n    )\n`,
      ),
      'c/extensions.py': extension,
      'c/__init__.py': factory(
        `    app.config.from_mapping({"SQLALCHEMY_DATABASE_URI": ${url}, "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": 3}})\n`,
      ),
      'd/extensions.py': extension,
      'd/__init__.py': factory(
        `    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=${url})\n    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_size": 4})\n`,
      ),
      'e/extensions.py':
        'from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy(engine_options={"pool_size": 5, "max_overflow": 0})\n',
      'e/__init__.py': factory(`    app.config["SQLALCHEMY_DATABASE_URI"] = ${url}\n`),
      'f/extensions.py': extension,
      'f/__init__.py': factory(
        `    app.config["SQLALCHEMY_DATABASE_URI"] = ${url}\n    options = {"pool_size": 6}\n    options["max_overflow"] = 0\n    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options\n`,
      ),
      'g/extensions.py': extension,
      'g/__init__.py': factory(
        `    app.config["SQLALCHEMY_DATABASE_URI"] = ${url}\n    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 1}\n    app.config["SQLALCHEMY_ENGINE_OPTIONS"]["pool_size"] = 7\n`,
      ),
    },
    [11, 12, 13, 14, 5, 6, 17].map((peak) => ({ peak, dialect: 'postgresql', host: 'db' })),
  );
});

test('configuration by class: inheritance, and the class that production uses', async () => {
  await expectPools(
    {
      'app/extensions.py': extension,
      'config.py': `import os\n\n\nclass Config:\n    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 2, "max_overflow": 0}\n\n\nclass DevelopmentConfig(Config):\n    SQLALCHEMY_DATABASE_URI = "sqlite:///dev.db"\n\n\nclass TestingConfig(Config):\n    SQLALCHEMY_DATABASE_URI = "sqlite://"\n    SQLALCHEMY_ENGINE_OPTIONS = {}\n\n\nclass ProductionConfig(Config):\n    SQLALCHEMY_DATABASE_URI = os.environ["PRODUCTION_URL"]\n\n\nconfig = {"development": DevelopmentConfig, "testing": TestingConfig, "production": ProductionConfig}\n`,
    },
    [{ variable: 'PRODUCTION_URL', peak: 2, network: true }],
  );
  await expectPools(
    {
      'app/models.py': extension,
      'app/settings.py': `import os\n\n\nclass BaseConfig(object):\n    SQLALCHEMY_DATABASE_URI = os.getenv("DATABASE_URL", "postgresql://localhost/shop")\n    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": int(os.getenv("POOL_SIZE", "4")), "max_overflow": 0}\n\n\nclass ProdConfig(BaseConfig):\n    DEBUG = False\n`,
    },
    [{ variable: 'DATABASE_URL', peak: 4, pool_size: [4, 'environment'] }],
  );
});

test('configuration by module', async () => {
  await expectPools(
    {
      'app/db.py': extension,
      'app/config/default.py': `SQLALCHEMY_DATABASE_URI = "sqlite:///dev.db"\nSQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 1}\n`,
      'app/config/production.py': `SQLALCHEMY_DATABASE_URI = ${url}\n`,
      'app/config/testing.py': 'SQLALCHEMY_DATABASE_URI = "sqlite://"\n',
    },
    [{ dialect: 'postgresql', peak: 11 }],
  );
});

test('dictionaries that are given to the configuration, and those that are not', async () => {
  await expectPools(
    {
      'a/options.py':
        'DEFAULTS = {\n    "DEBUG": False,\n    "SQLALCHEMY_DATABASE_URI": None,\n    "SQLALCHEMY_POOL_SIZE": 5,\n    "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": 40},\n}\nREQUIRED = dict(SQLALCHEMY_DATABASE_URI=str)\n\n\ndef load(given):\n    return Options(DEFAULTS | given)\n',
      'a/__init__.py': `from .extensions import db\nfrom .options import load\n\n\ndef make_app(given):\n    app = Flask(__name__)\n    app.config["SQLALCHEMY_DATABASE_URI"] = ${url}\n    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 1}\n    db.init_app(app)\n`,
      'a/extensions.py': extension,
      'b/__init__.py': `from .extensions import db\n\ndatabase = {"SQLALCHEMY_DATABASE_URI": ${url}}\noptions = dict(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 2})\n\n\ndef make_app():\n    app = Flask(__name__)\n    app.config.from_mapping(database)\n    app.config.update(**options)\n    db.init_app(app)\n`,
      'b/extensions.py': extension,
    },
    [{ peak: 11 }, { peak: 12 }],
  );
});

test('a base class of its own around the extension, and an alias of it', async () => {
  await expectPools(
    {
      'a.py': `from flask_sqlalchemy import SQLAlchemy as _SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\ndb = _SQLAlchemy(model_class=Base)\n`,
      'b/db.py': `import flask_sqlalchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\ndb = flask_sqlalchemy.SQLAlchemy()\n`,
      'd/db.py': `from flask_sqlalchemy import SQLAlchemy as Base\n\nSQLALCHEMY_DATABASE_URI = ${url}\n\n\nclass SQLAlchemy(Base):\n    def create_scoped_session(self, options=None):\n        return None\n\n\ndb = SQLAlchemy()\n`,
      'e/db.py': `from flask_sqlalchemy import SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\n\n\nclass Database(SQLAlchemy):\n    pass\n\n\ndatabase = Database()\n`,
      'c/db.py': `from flask_appbuilder import SQLA\n\nSQLALCHEMY_DATABASE_URI = ${url}\ndb = SQLA()\n`,
    },
    [{ name: 'db' }, { name: 'db' }, { name: 'db', system: 'flask-sqlalchemy' }, { name: 'db' }, { name: 'database' }],
  );
});

test('classes that set options themselves, and constructors that pass on what nobody sees', async () => {
  await expectPools(
    {
      'a.py': `from flask_sqlalchemy import SQLAlchemy as Base\n\nSQLALCHEMY_DATABASE_URI = ${url}\n\n\nclass SQLAlchemy(Base):\n    def apply_pool_defaults(self, app, options):\n        options = super().apply_pool_defaults(app, options)\n        options["pool_pre_ping"] = True\n        return options\n\n\ndb = SQLAlchemy()\n`,
      'b/db.py': `from flask_sqlalchemy import SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\n\n\nclass Database(SQLAlchemy):\n    def __init__(self):\n        super().__init__(engine_options={"pool_size": 1})\n\n\ndb = Database()\n`,
    },
    [
      { name: 'db', pool_pre_ping: ['?', 'arguments are passed on that cannot be read here'] },
      { name: 'db', peak: null },
    ],
  );
});

test('a SQLite default says that nothing over the network is certain, however it is written', async () => {
  const config = (uri: string) =>
    `import os\nfrom flask_sqlalchemy import SQLAlchemy\n\nBASE = os.path.dirname(__file__)\nSQLALCHEMY_DATABASE_URI = ${uri}\ndb = SQLAlchemy()\n`;
  await expectPools(
    {
      'a/app.py': config('os.getenv("DATABASE_URL", "sqlite:///app.db")'),
      'b/app.py': config('os.environ.get("DATABASE_URL") or "sqlite:///" + os.path.join(BASE, "app.db")'),
      'c/app.py': config(
        'os.environ.get("DATABASE_URL", "").replace("postgres://", "postgresql://") or "sqlite:///" + BASE',
      ),
      'd/app.py': config('os.environ.get("DATABASE_URL") or "postgresql://localhost/shop"'),
      'e/app.py': config('os.environ.get("DATABASE_URL")'),
    },
    [{ network: false }, { network: false }, { network: false }, { network: true }, { network: true }],
  );
});

test('binds are engines of their own: without the options of the default in version 3, with them before', async () => {
  const files = {
    'app.py': `import os\nfrom flask_sqlalchemy import SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\nSQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 3, "max_overflow": 0}\nSQLALCHEMY_BINDS = {\n    "reports": os.environ["REPORTS_URL"],\n    "audit": {"url": "mysql://u@audit/log", "pool_size": 2},\n}\ndb = SQLAlchemy()\n`,
  };
  await expectPools({ ...files, 'requirements.txt': 'Flask-SQLAlchemy==3.1.1\nSQLAlchemy==2.0.30\n' }, [
    { key: '', peak: 3, version: '2.0.30' },
    { key: 'reports', name: 'reports', peak: 15, variable: 'REPORTS_URL' },
    { key: 'audit', peak: 12, dialect: 'mysql', pool_recycle: [7200, 'default'] },
  ]);
  const older = {
    'app.py': files['app.py'].replace('{"url": "mysql://u@audit/log", "pool_size": 2}', '"mysql://u@audit/log"'),
    'requirements.txt': 'Flask-SQLAlchemy==2.5.1\nSQLAlchemy==1.4.50\n',
  };
  await expectPools(older, [
    { key: '', peak: 3, version: '1.4.50' },
    { key: 'reports', peak: 3 },
    { key: 'audit', peak: 3, pool_recycle: [7200, 'default'] },
  ]);
});

test('settings that version 2 still reads, and what it sets for MySQL', async () => {
  const app = `from flask_sqlalchemy import SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = "mysql+pymysql://u@db/shop"\nSQLALCHEMY_MAX_OVERFLOW = 1\nSQLALCHEMY_POOL_TIMEOUT = 5\ndb = SQLAlchemy()\n`;
  await expectPools({ 'app.py': app, 'requirements.txt': 'flask_sqlalchemy==2.5\nsqlalchemy==1.4\n' }, [
    { peak: 11, pool_size: [10, 'default'], pool_timeout: [5, 'literal'], pool_recycle: [7200, 'default'] },
  ]);
  await expectPools({ 'app.py': app, 'requirements.txt': 'flask_sqlalchemy==3.0.5\n' }, [
    { peak: 15, pool_timeout: [30, 'default'], idle: '7200 s by pool_recycle' },
  ]);
  await expectPools({ 'app.py': app.replace('mysql+', 'mariadb+') }, [{ pool_recycle: [-1, 'default'] }]);
});

test('what cannot be seen is not known', async () => {
  await expectPools(
    {
      'a/db.py': extension,
      'b/db.py': `from flask_sqlalchemy import SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\nSQLALCHEMY_ENGINE_OPTIONS = load()\ndb = SQLAlchemy()\n`,
      'c/db.py': `from flask_sqlalchemy import SQLAlchemy\n\nSQLALCHEMY_DATABASE_URI = ${url}\ndb = SQLAlchemy(**options)\n`,
      'd/db.py': `from flask_sqlalchemy import SQLAlchemy\n\n\ndef configure(app, small):\n    app.config["SQLALCHEMY_DATABASE_URI"] = ${url}\n    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 5}\n    if small:\n        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 1}\n\n\ndb = SQLAlchemy()\n`,
    },
    [{ peak: null }, { peak: null }, { peak: null }, { peak: null }],
  );
});

test('a mapping with another name is what that name is changed to', async () => {
  const head = `import os\nfrom flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\napp.config["SQLALCHEMY_DATABASE_URI"] = ${url}\noptions = {"pool_size": 5, "max_overflow": 0}\n`;
  const end = 'db = SQLAlchemy(app)\n';
  const key = 'app.config["SQLALCHEMY_ENGINE_OPTIONS"]';
  await expectPools(
    {
      'a/app.py': `${head}${key} = options\n${end}`,
      'b/app.py': `${head}${key} = options\noptions["pool_size"] = 30\n${end}`,
      'c/app.py': `${head}app.config.update(SQLALCHEMY_ENGINE_OPTIONS=options)\noptions.update(pool_size=30)\n${end}`,
      'd/app.py': `${head}${key} = {"pool_size": 5, "max_overflow": 0}\nmine = ${key}\nmine["pool_size"] = 30\n${end}`,
      'e/app.py': `${head}config = app.config\nconfig["SQLALCHEMY_ENGINE_OPTIONS"] = dict(options)\nconfig["SQLALCHEMY_ENGINE_OPTIONS"]["pool_size"] = 7\n${end}`,
    },
    [{ peak: 5 }, { peak: null }, { peak: null }, { peak: null }, { peak: 7 }],
  );
});

test('several applications in one workspace, each with its own configuration', async () => {
  const config = (size: number) =>
    `SQLALCHEMY_DATABASE_URI = ${url}\nSQLALCHEMY_ENGINE_OPTIONS = {"pool_size": ${size}, "max_overflow": 0}\n`;
  await expectPools(
    {
      'services/orders/app/db.py': extension,
      'services/orders/config.py': config(1),
      'services/users/app/db.py': extension,
      'services/users/config.py': config(2),
      'services/users/tests/config.py': config(3),
    },
    [{ peak: 1 }, { peak: 2 }],
  );
});

test('names that only look alike', async () => {
  await expectPools(
    {
      'a.py': 'class SQLAlchemy:\n    pass\n\n\ndb = SQLAlchemy()\n',
      'b.py': 'from somewhere import SQLAlchemy\n\ndb = SQLAlchemy()\n',
      'c.py': 'SQLALCHEMY_DATABASE_URI = "postgresql://u@db/shop"\n',
    },
    [],
  );
});
