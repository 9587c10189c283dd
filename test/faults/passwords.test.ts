/** Secrets stand in every place that is read; none of them leaves the server, save in the edit that moves one to .env. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, CodeLens, CompletionItem } from 'vscode-languageserver-protocol/node';
import { rules } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { DiskWorkspace } from '../support/diskWorkspace.ts';
import { fullCapabilities, LspClient, pushCapabilities } from '../support/lspClient.ts';
import { createProject } from '../support/workspace.ts';

let counter = 0;
const planted: string[] = [];

/** A new secret; each is different, so that a leak tells where it came from. */
function secret(place: string): string {
  counter += 1;
  const value = `S3cr3t${counter}x${place}Zq9`;
  planted.push(value);
  return value;
}

const files: Readonly<Record<string, string>> = {
  'app/__init__.py': '',
  'app/url.py': `from sqlalchemy import create_engine
engine = create_engine("postgresql://shop:${secret('url')}@db.example.com/shop", pool_size=20, pool_timeout=60)
replica = create_engine('postgresql+psycopg2://shop:${secret('replica')}@[::1]:5432/shop?sslmode=require&password=${secret('query')}')
triple = create_engine("""mysql+pymysql://shop:${secret('triple')}@db/shop""")
joined = create_engine("postgresql://shop:" "${secret('joined')}" "@db.example.com/shop")
added = create_engine("postgresql://shop:" + "${secret('added')}" + "@db.example.com/shop", max_overflow=50)
raw = create_engine(r"oracle+oracledb://shop:${secret('raw')}@db.example.com:1521/?service_name=x")
odd = create_engine("postgresql://shop:${secret('odd')}/with?odd#${secret('odder')}@db.example.com/shop")
# postgresql://shop:${secret('comment')}@db.example.com/shop
`,
  'app/fstring.py': `import os
from sqlalchemy import create_engine
host = os.environ["DB_HOST"]
password = "${secret('variable')}"
first = create_engine(f"postgresql://shop:${secret('fstring')}@{host}/shop")
second = create_engine(f"postgresql://shop:{password}@{host}/shop", pool_size=-1)
third = create_engine("postgresql://%s:%s@%s/shop" % ("shop", "${secret('percent')}", host))
fourth = create_engine("postgresql://{}:{}@{}/shop".format("shop", "${secret('format')}", host))
`,
  'app/parts.py': `from sqlalchemy import URL, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
PASSWORD = "${secret('constant')}"
url = URL.create("postgresql+psycopg2", username="shop", password="${secret('create')}", host="db.example.com")
engine = create_engine(url, connect_args={"password": "${secret('connectargs')}", "options": "-c x=${secret('options')}"})
other = create_engine(URL.create("postgresql", "shop", "${secret('positional')}", "db.example.com"), poolclass=NullPool, pool_size=3)
made = create_engine(make_url("postgresql://shop:${secret('makeurl')}@db.example.com/shop"), pool_size="${secret('size')}")
named = create_engine(URL.create("postgresql", username="shop", password=PASSWORD, host="db.example.com"), pool_recycle=0)
misspelt = create_engine(url, pool_sise=3, passwordd="${secret('misspelt')}")
`,
  'app/environment.py': `import os
from sqlalchemy import create_engine
engine = create_engine(os.getenv("DATABASE_URL", "postgresql://shop:${secret('fallback')}@db.example.com/shop"))
other = create_engine(os.environ.get("OTHER_URL") or "postgresql://shop:${secret('or')}@db.example.com/shop")
third = create_engine("postgresql://shop:" + os.getenv("DB_PASSWORD", "${secret('passwordfallback')}") + "@db/shop")
size = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["POOL_SIZE"]), pool_timeout=os.environ["SECRET_SIZE"])
`,
  'app/wrapper.py': `from sqlalchemy import create_engine
def build(url="postgresql://shop:${secret('default')}@db.example.com/shop", password="${secret('defaultpassword')}", size=5):
    return create_engine(url, pool_size=size, connect_args={"password": password})
first = build()
second = build("postgresql://shop:${secret('argument')}@db.example.com/shop", size=90)
third = build(password="${secret('keyword')}")
OPTIONS = {"url": "postgresql://shop:${secret('options')}@db.example.com/shop", "pool_pre_ping": False}
fourth = create_engine(**OPTIONS)
from sqlalchemy import engine_from_config
fifth = engine_from_config({"sqlalchemy.url": "postgresql://shop:${secret('config')}@db.example.com/shop", "sqlalchemy.pool_size": "7"})
`,
  'app/drivers.py': `import asyncpg, psycopg2, psycopg, pymysql
from sqlalchemy import create_engine
a = psycopg2.connect("host=db.example.com dbname=shop user=shop password=${secret('dsn')}")
b = psycopg2.connect(host="db.example.com", user="shop", password='${secret('connect')}')
c = psycopg.connect("host=db.example.com user=shop password='${secret('quoteddsn')}'")
d = pymysql.connect(host="db.example.com", user="shop", passwd="${secret('passwd')}")
engine = create_engine("postgresql://", creator=lambda: psycopg2.connect("dbname=shop host=db.example.com password=${secret('creator')}"))
`,
  'app/settings.py': `DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example.com", "USER": "shop", "PASSWORD": "${secret('django')}"}}
SQLALCHEMY_DATABASE_URI = "postgresql://shop:${secret('flask')}@db.example.com/shop"
`,
  'site/settings/production.py': `import os
import dj_database_url, environ
env = environ.Env()
DATABASES = {
    "default": dj_database_url.config(default="postgres://shop:${secret('djconfig')}@db.example.com/shop", conn_max_age=600),
    "parsed": dj_database_url.parse("postgres://shop:${secret('djparse')}@db.example.com/shop?conn_max_age=5"),
    "environ": env.db("ENV_URL", default="postgres://shop:${secret('envdb')}@db.example.com/shop"),
    "fallback": {
        "ENGINE": "django.db.backends.postgresql",
        "PASSWORD": os.environ.get("DB_PASSWORD", "${secret('djangofallback')}"),
        "CONN_MAX_AGE": "${secret('age')}",
        "OPTIONS": {"pool": {"max_size": "${secret('poolsize')}", "colour": "${secret('colour')}"}, "passfile": "${secret('passfile')}"},
    },
}
DATABASES["default"]["PASSWORD"] = "${secret('assigned')}"
DATABASES["parsed"].update(PASSWORD="${secret('updated')}", CONN_HEALTH_CHECKS="${secret('checks')}")
`,
  'flask_app.py': `from flask_sqlalchemy import SQLAlchemy
def create_app(app):
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:${secret('flaskuri')}@db.example.com/shop"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": "${secret('flasksize')}", "connect_args": {"password": "${secret('flaskargs')}"}}
    app.config.update(SQLALCHEMY_BINDS={"audit": "mysql://shop:${secret('bind')}@db.example.com/audit"})
db = SQLAlchemy()
`,
  'app/imported.py': `from sqlalchemy import create_engine
from app.settings import SQLALCHEMY_DATABASE_URI
engine = create_engine(SQLALCHEMY_DATABASE_URI, pool_size=6)
`,
  'node/db.ts': `import { Pool } from 'pg';
import postgres from 'postgres';
import mysql from 'mysql2/promise';
export const a = new Pool({ connectionString: 'postgres://shop:${secret('nodeurl')}@db.example.com/shop', max: 20 });
export const b = postgres(process.env.NODE_URL ?? "postgres://shop:${secret('nodefallback')}@db.example.com/shop");
export const c = postgres(\`postgres://shop:${secret('nodetemplate')}@\${host}/shop\`, { max: '${secret('nodemax')}' });
export const d = mysql.createPool({ host: 'db.example.com', user: 'shop', password: '${secret('nodekey')}', queueLimit: 5 });
export const e = new Pool({ host: 'db.example.com', ${secret('nodeoption')}: true, password: process.env.DB_PASSWORD || '${secret('nodebeside')}' });
const PASSWORD_OF_SHOP = '${secret('nodeconstant')}';
export const f = new Pool({ password: PASSWORD_OF_SHOP, application_name: '${secret('nodename')}' });
// poolproof: ignore[no-acquire-timeout] ${secret('nodereason')}
export const g = build('postgres://shop:${secret('nodeargument')}@db.example.com/shop');
function build(url: string, password = '${secret('nodedefault')}') {
  return new Pool({ connectionString: url, password });
}
`,
  'node/env.ts': `import { z } from 'zod';
export const env = z.object({ NODE_URL: z.string().default('postgres://shop:${secret('zod')}@db.example.com/shop'), DB_PASSWORD: z.string().default('${secret('zodpassword')}') }).parse(process.env);
`,
  'node/broken.js': `const { Pool } = require('pg');
const a = new Pool({ connectionString: 'postgres://shop:${secret('nodebroken')}@db.example.com/shop
const b = new Pool({ password: '${secret('nodehalf')}', max:
const sql = require('mssql'); sql.connect('Server=db.example.com;User Id=shop;Password=${secret('mssql')}
sql.connect('Server=db.example.com;User Id=shop;Password=${secret('mssqlwhole')};Encrypt=true')
`,
  'package.json': `{"dependencies": {"pg": "^8.11.0", "postgres": "3.4.5", "mysql2": "3.9.0", "private": "https://shop:${secret('npm')}@packages.example.com/x.tgz"}}`,
  'app/broken.py': `from sqlalchemy import create_engine
engine = create_engine("postgresql://shop:${secret('unterminated')}@db.example.com/shop
other = create_engine("postgresql://shop:${secret('halftyped')}@db.example.com/shop", pool_size=
# poolproof: ignore[missing-pre-ping] ${secret('reason')}
`,
  'tests/db.py': `from sqlalchemy import create_engine
engine = create_engine("postgresql://shop:${secret('test')}@db.example.com/shop")
`,
  '.env': `DATABASE_URL=postgresql://shop:${secret('env')}@db.example.com/shop
POOL_SIZE=200
SECRET_SIZE="${secret('envsize')}"
DB_HOST=${secret('host')}.example.com
export DB_PASSWORD='${secret('envpassword')}'
`,
  'poolproof.yaml': `databases:
  main:
    max_connections: 40
    connect: [DATABASE_URL, OTHER_URL]
  "postgresql://shop:${secret('databasename')}@db/shop":
    max_connections: 20
services:
  "postgresql://shop:${secret('servicename')}@db/shop":
    database: "postgresql://shop:${secret('nearname')}@db/shop"
    server: gunicorn
    workers: 3
  api:
    database: main
    server: gunicorn
    workers: 2
    replicas: 3
    env:
      DATABASE_URL: postgresql://shop:${secret('topologyenv')}@db.example.com/shop
      DB_PASSWORD: ${secret('topologypassword')}
  worker:
    database: postgresql://shop:${secret('reference')}@db.example.com/shop
    server: celery
    concurrency: ${secret('concurrency')}
    env: {POOL_SIZE: "${secret('topologysize')}"}
`,
  'docker-compose.yml': `services:
  api:
    image: registry.example.com/shop:${secret('tag')}
    command: gunicorn app:app --workers 4 --env DATABASE_URL=postgresql://shop:${secret('command')}@db/shop
    environment:
      DATABASE_URL: postgresql://shop:${secret('compose')}@db/shop
      POSTGRES_PASSWORD: ${secret('composepassword')}
    deploy: {replicas: 7}
  db:
    image: postgres:16
    command: postgres -c max_connections=300
    environment: [POSTGRES_PASSWORD=${secret('composelist')}]
`,
  Procfile: `web: DATABASE_URL=postgresql://shop:${secret('procfile')}@db/shop gunicorn app:app --workers 3\n`,
  Dockerfile: `ENV DATABASE_URL=postgresql://shop:${secret('dockerfile')}@db/shop\nCMD ["gunicorn", "--workers", "5", "app:app"]\n`,
  'deploy/pgbouncer.ini': `; once the password was ${secret('inicomment')}
[databases]
shop = host=db.example.com port=5432 password=${secret('entry')} user=shop pool_size=5
audit = host=db.example.com password='${secret('quoted')}''${secret('doubled')}' user=shop
colour = host=db.example.com passwrd=${secret('misspeltkey')} PASSWORD=${secret('upperkey')}
space = host=db.example.com password=half ${secret('secondhalf')} user=shop ; or ${secret('behindentry')}
note = host=db.example.com password=${secret('before')} ; this machine, ${secret('behind')}
address = postgres://shop:${secret('iniurl')}@db.example.com/shop
parts = host=db.example.com connect_query='SET my.token = ''${secret('query')}''' password=
tab = host=db.example.com\tpassword=${secret('tab')}
halves = host=db.example.com password='${secret('firsthalf')}' ${secret('otherhalf')} pool_size=5
padded = host=db.example.com password=${secret('padded')} ${secret('padding')}=
bare = password ${secret('bare')}
open = host=db.example.com password='${secret('opened')}
[users]
shop = password=${secret('userentry')} pool_mode=sesion
[pgbouncer] ; ${secret('behindheader')}
audit = host=db.example.com password=${secret('elsewhere')} dbname=audit
db_password = ${secret('unknownsetting')}
auth_ldap_options = host=ldap.example.com ldapbindpasswd=${secret('ldap')}
pool_mode = transaction ; ${secret('behindvalue')}
default_pool_size = 20 # ${secret('behindnumber')}
listen_addr = 0.0.0.0
auth_type = trust
auth_file = userlist.txt ; ${secret('behindpath')}
%include more.ini ; ${secret('behindinclude')}
password ${secret('nosign')}
"shop" "${secret('listed')}"
`,
  'deploy/userlist.txt': `; ${secret('listcomment')}
"shop" "${secret('plain')}" ; ${secret('behinduser')}
"audit" "md5${secret('md5')}"
"open" "${secret('openuser')}
`,
  'requirements.txt': `--index-url https://shop:${secret('index')}@packages.example.com/simple
sqlalchemy==2.0.43  # token ${secret('requirement')}
psycopg2==2.9.10
private @ https://shop:${secret('direct')}@packages.example.com/private.whl
`,
};

function assertNothingLeaked(what: string, answer: unknown): void {
  const text = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '');
  const leaked = planted.filter((value) => text.includes(value));
  assert.deepEqual(
    leaked,
    [],
    `${what} shows ${leaked.map((value) => `${value} in ${around(text, value)}`).join('; ')}`,
  );
}

function around(text: string, value: string): string {
  const at = text.indexOf(value);
  return text.slice(Math.max(0, at - 120), at + value.length + 40);
}

const wholeFile = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };

test('no answer of the server holds a password', async (t) => {
  const workspace = new DiskWorkspace(t, files);
  const initializationOptions = { extensionCommands: true };
  const client = await LspClient.start(t, {
    folders: [workspace.uri],
    capabilities: pushCapabilities,
    initializationOptions,
  });
  await client.rule(workspace.uriOf('app/url.py'), 'hardcoded-credentials');
  let answers = 0;
  for (const [path, text] of Object.entries(files)) {
    const uri = workspace.uriOf(path);
    const textDocument = { uri };
    client.open(uri, text);
    assertNothingLeaked(
      `the lenses of ${path}`,
      await client.request<CodeLens[]>('textDocument/codeLens', { textDocument }),
    );
    assertNothingLeaked(
      `the hints of ${path}`,
      await client.request('textDocument/inlayHint', { textDocument, range: wholeFile }),
    );
    assertNothingLeaked(
      `the symbols of ${path}`,
      await client.request('textDocument/documentSymbol', { textDocument }),
    );
    for (const [line, content] of text.split('\n').entries()) {
      for (const match of content.matchAll(/[\w.]+/g)) {
        const params = { textDocument, position: { line, character: match.index + 1 } };
        const hover = await client.request('textDocument/hover', params);
        assertNothingLeaked(`hover in ${path}:${line + 1} over ${match[0].slice(0, 12)}`, hover);
        if (hover !== null) answers += 1;
        if (!/(?:ya?ml|ini)$/.test(path)) continue;
        assertNothingLeaked(
          `completion in ${path}:${line + 1}`,
          await client.request<CompletionItem[]>('textDocument/completion', params),
        );
      }
    }
    const context = { diagnostics: [], only: undefined };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument,
      range: wholeFile,
      context,
    });
    assertNothingLeaked(`the actions of ${path}`, actions);
    answers += actions.length;
    for (const action of actions) {
      const resolved = await client.request<CodeAction>('codeAction/resolve', action);
      // Reading it from the environment replaces the password; only moving it to .env may write it down.
      if (action.title.endsWith('to .env')) assertNothingLeaked('a title', { ...resolved, edit: undefined });
      else assertNothingLeaked(`"${action.title}" in ${path}`, resolved);
    }
  }
  assertNothingLeaked('the fleet report', await client.request('poolproof/fleetReport', {}));
  assertNothingLeaked(
    'the draft of a topology',
    await client.request('poolproof/draftTopology', { folder: workspace.uri }),
  );
  for (const path of Object.keys(files)) {
    assertNothingLeaked(
      'the context for an assistant',
      await client.request('poolproof/assistantContext', { uri: workspace.uriOf(path) }),
    );
  }
  assertNothingLeaked('diagnostics, status or log', client.outsideAnswers);
  assert.ok(client.notifications.some((each) => each.method === 'poolproof/status'));
  const found = [...client.published.values()]
    .flatMap((each) => each.diagnostics)
    .filter((each) => each.code === 'hardcoded-credentials');
  assert.ok(answers >= 200, `${answers} hovers and actions`);
  assert.ok(found.length >= 30, `${found.length} of the passwords were found at all`);
});

test('no answer to an editor that pulls holds a password', async (t) => {
  const workspace = new DiskWorkspace(t, files);
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: fullCapabilities });
  assertNothingLeaked('the workspace report', await client.request('workspace/diagnostic', { previousResultIds: [] }));
  assertNothingLeaked('the log', client.outsideAnswers);
});

test('no log holds a password when rules and extractors throw', async () => {
  const failing = rules.map((rule) => ({
    ...rule,
    check: (input: Parameters<Rule['check']>[0]) => {
      // As a careless rule would: with everything it has seen in the message.
      throw new TypeError(
        JSON.stringify([input.pools, input.credentials], (_, value) => (value instanceof Map ? [...value] : value)) +
          Object.values(files).join('\n'),
      );
    },
  }));
  const kept = [...rules];
  (rules as Rule[]).splice(0, rules.length, ...failing);
  try {
    const { project, log } = await createProject(files);
    const analysis = await project.analyse();
    assert.ok(log.length >= kept.length, 'every rule has thrown');
    assertNothingLeaked('the log', log.join('\n'));
    assertNothingLeaked('an error', analysis.errors);
  } finally {
    (rules as Rule[]).splice(0, rules.length, ...kept);
  }
});
