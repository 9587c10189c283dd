// biome-ignore-all lint/suspicious/noTemplateCurlyInString: passwords and sources with holes
/** Every way to write a password, with every kind of password: whatever a presenter could show of the file hides all of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pico from 'picocolors';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { checkFormats, fleetFormats, poolsFormats } from '../../server/src/present/formats.ts';
import { Report } from '../../server/src/present/report.ts';
import { DiskWorkspace } from '../support/diskWorkspace.ts';
import { LspClient, pushCapabilities } from '../support/lspClient.ts';
import { createProject, uriOf } from '../support/workspace.ts';

// What stands between the two could end a pattern too early; a half is a leak as well.
const head = 'Kq7wZx';
const tail = 'Vr2Yp9';
const middles = [
  '',
  ' ',
  '@',
  ':',
  '/',
  '#',
  '?',
  '%40',
  '$',
  '&',
  ';',
  ',',
  "'",
  '"',
  '\\',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '=',
  '!',
  '^',
  '|',
  '`',
  '<',
  '>',
  'é',
  '\u{1F511}',
  '://',
  ' or ',
  ' if ',
  '+',
  '%s',
  '*',
  '  #',
  '{x}',
  '${x}',
  '\t',
  '-',
  '.',
  '~',
  "''",
  '""',
  '://u:',
  '@h/',
];

type Escape = (password: string) => string;
const dq: Escape = (p) => p.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\t', '\\t');
const sq: Escape = (p) => p.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\t', '\\t');
const bt: Escape = (p) =>
  p.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${').replaceAll('\t', '\\t');
const url: Escape = (p) => encodeURIComponent(p).replaceAll("'", '%27');
const raw: Escape = (p) => p;
const libpq: Escape = (p) => p.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
const ini: Escape = (p) => p.replaceAll("'", "''");
/** A pool beside the file in question, so that it is analysed among others. */
const neighbour = 'import os\nfrom sqlalchemy import create_engine\ne = create_engine(os.environ["DATABASE_URL"])\n';
const fence = 'from sqlalchemy import create_engine\n';

const shapes: readonly (readonly [string, string, Escape])[] = [
  ['a.py', fence + 'e = create_engine("postgresql://shop:§@db.example.com/shop")\n', dq],
  ['a.py', fence + "e = create_engine('postgresql://shop:§@db.example.com/shop')\n", sq],
  ['a.py', fence + 'e = create_engine("""postgresql://shop:§@db.example.com/shop""")\n', dq],
  ['a.py', fence + 'e = create_engine(\n  "postgresql://shop:§"\n  "@db.example.com/shop"\n)\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://shop:§@h1:5432,h2:5432/shop")\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://:§@h1/shop")\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://h1/shop?user=a&password=§&sslmode=require")\n', (p) => dq(url(p))],
  ['a.py', fence + 'e = create_engine("postgresql://h1/shop?sslpassword=§")\n', (p) => dq(url(p))],
  [
    'a.py',
    fence + 'e = create_engine(f"postgresql://shop:§@{host}/shop")\n',
    (p) => dq(p).replaceAll('{', '{{').replaceAll('}', '}}'),
  ],
  ['a.py', fence + 'e = create_engine("postgresql://shop:" + "§" + "@db.example.com/shop")\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://%s:%s@%s/x" % ("shop", "§", "host"))\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://{u}:{p}@{h}/x".format(u="shop", p="§", h="host"))\n', dq],
  [
    'a.py',
    fence + 'e = create_engine("postgresql+psycopg2://", connect_args=dict(host="h.example.com", password="§"))\n',
    dq,
  ],
  [
    'a.py',
    fence + 'from sqlalchemy import URL\ne = create_engine(URL.create("postgresql", "shop", "§", "h.example.com"))\n',
    dq,
  ],
  [
    'a.py',
    fence +
      'from sqlalchemy import URL\ne = create_engine(URL.create("postgresql", username="shop", password="""§""", host="h.example.com"))\n',
    dq,
  ],
  ['a.py', fence + 'PW = "§"\ne = create_engine(f"postgresql://shop:{PW}@db.example.com/shop")\n', dq],
  ['a.py', fence + 'pw = (\n  "§"\n)\ne = create_engine(f"postgresql://shop:{pw}@db.example.com/shop")\n', dq],
  [
    'a.py',
    fence + 'import os\ne = create_engine(os.environ.get("DATABASE_URL", "postgresql://shop:§@db.example.com/shop"))\n',
    dq,
  ],
  [
    'a.py',
    fence +
      'import os\ne = create_engine("postgresql://shop:" + os.environ.get("DB_PW", "§") + "@db.example.com/shop")\n',
    dq,
  ],
  ['a.py', fence + 'import os\npw = os.getenv("DB_PASSWORD") or "§"\n', dq],
  [
    'a.py',
    fence +
      'import urllib.parse\nparams = urllib.parse.quote_plus("DRIVER={ODBC Driver 17};SERVER=h.example.com;DATABASE=x;UID=u;PWD=§;Trusted=no")\ne = create_engine("mssql+pyodbc:///?odbc_connect=" + params)\n',
    dq,
  ],
  [
    'a.py',
    fence +
      'e = create_engine("mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC%7D%3BSERVER%3Dh%3BUID%3Du%3BPWD%3D§%3BX%3D1")\n',
    (p) => dq(url(p)),
  ],
  [
    'a.py',
    'import pyodbc\nc = pyodbc.connect("DRIVER={ODBC};SERVER=h;UID=u;PWD={§};X=1")\n',
    (p) => dq(p).replaceAll('}', '}}'),
  ],
  [
    'a.py',
    'import psycopg2\nc = psycopg2.connect("host=h.example.com dbname=x user=u password=\'§\' port=5432")\n',
    (p) => dq(libpq(p)),
  ],
  [
    'a.py',
    'import psycopg2\nc = psycopg2.connect("host=h.example.com dbname=x user=u password=§")\n',
    (p) => dq(p.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll(' ', '\\ ')),
  ],
  ['a.py', "import psycopg2\nc = psycopg2.connect('host=h.example.com password=\\'§\\'')\n", (p) => sq(libpq(p))],
  [
    'a.py',
    "import psycopg2\nc = psycopg2.connect('''\n host=h.example.com\n password=§\n port=1''')\n",
    (p) => sq(p.replaceAll(' ', '\\ ')),
  ],
  [
    'a.py',
    'from psycopg_pool import ConnectionPool\np = ConnectionPool("host=h.example.com user=u", kwargs={"password": "§"})\n',
    dq,
  ],
  [
    'a.py',
    'from psycopg_pool import ConnectionPool\np = ConnectionPool(conninfo="postgresql://u:§@h.example.com/x", max_size=3)\n',
    dq,
  ],
  [
    'a.py',
    'import asyncpg\nasync def f():\n  return await asyncpg.create_pool(user="u", password="§", host="h.example.com")\n',
    dq,
  ],
  ['a.py', 'import oracledb\np = oracledb.create_pool("u", "§", "h.example.com/x", min=2, max=1)\n', dq],
  ['a.py', 'import pymysql\nc = pymysql.connect("h.example.com", "u", "§", "d")\n', dq],
  [
    'a.py',
    'import aiomysql\nasync def f():\n  return await aiomysql.create_pool(host="h.example.com", user="u", password="§", db="d")\n',
    dq,
  ],
  [
    'a.py',
    'from peewee import PostgresqlDatabase\ndb = PostgresqlDatabase("x", user="u", password="§", host="h.example.com")\n',
    dq,
  ],
  [
    'a.py',
    'TORTOISE = {"connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": {"host": "h.example.com", "password": "§"}}}}\n',
    dq,
  ],
  [
    'a.py',
    'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "h.example.com", "PASSWORD": "§"}}\n',
    dq,
  ],
  [
    'a.py',
    'DATABASES = {\n"default": {\n"ENGINE": "django.db.backends.postgresql",\n"HOST": "h.example.com",\n"PASSWORD":\n "§"}}\n',
    dq,
  ],
  [
    'a.py',
    fence +
      'class S(BaseSettings):\n  db_password: str = Field("§", env="X")\n  url: str = "postgresql://u:§@h.example.com/x"\n',
    dq,
  ],
  ['a.py', fence + '# postgresql://u:§@h/x\ne = create_engine("sqlite://")\n', raw],
  ['a.py', fence + '"""\nRun with DB_PASSWORD="§" python a.py\n"""\n', dq],
  [
    'a.py',
    fence +
      'AWS_SECRET_ACCESS_KEY = "§"\ne = create_engine("postgresql://u:x9y8z7@h.example.com/x")\nSTRIPE_API_KEY = "§"\n',
    dq,
  ],
  [
    'a.py',
    fence +
      'headers = {"Authorization": "Bearer §"}\ne = create_engine("postgresql://u:x9y8z7@h.example.com/x")\nr.auth = ("u", "§")\n',
    dq,
  ],
  ['a.py', fence + 'e = create_engine("postgresql://u:x9y8z7@h.example.com/x")\nSIGNING_KEY = "§"\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://u:x9y8z7@h.example.com/x")\nENCRYPTION_KEY = b"§"\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://u:x9y8z7@h.example.com/x")\nlogin("u", pw="§")\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://u:x9y8z7@h.example.com/x")\nsalt = "§"\n', dq],
  ['a.py', fence + 'e = create_engine("postgresql://u:§@h.example.com/x", pool_size=-1', dq],
  ['a.py', fence + 'e = create_engine("postgresql://u:§@h.example.com/x\n', dq],
  ['a.py', fence + "engines = [create_engine(u) for u in ('postgresql://u:§@h1/x', 'postgresql://u:§@h2/x')]\n", sq],
  [
    'a.ts',
    "import { Pool } from 'pg';\nexport const p = new Pool({ connectionString: 'postgres://u:§@h.example.com/x' });\n",
    sq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ host: "h.example.com", password: "§", max: 3 });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ host: "h.example.com", password: () => "§", max: 3 });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ host: "h.example.com", "password": `§`, max: 3 });\n',
    bt,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ connectionString: `postgres://u:§@${host}/x` });\n',
    bt,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ connectionString: `postgres://u:§@h.example.com/x` });\n',
    bt,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ connectionString: "postgres://" + user + ":" + "§" + "@h.example.com/x" });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nexport const p = new Pool({ connectionString: ["postgres://u:", "§", "@h.example.com/x"].join("") });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nconst pw = "§";\nexport const p = new Pool({ connectionString: `postgres://u:${pw}@h.example.com/x` });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nconst pw: string | undefined = process.env.PW ?? "§";\nexport const p = new Pool({ password: pw });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Pool } from "pg";\nconst url = process.env.DATABASE_URL || "postgres://u:§@h.example.com/x";\nexport const p = new Pool({ connectionString: url });\n',
    dq,
  ],
  [
    'a.ts',
    'import sql from "mssql";\nsql.connect("Server=h.example.com,1433;Database=d;User Id=u;Password=§;Encrypt=true");\n',
    dq,
  ],
  [
    'a.ts',
    'import sql from "mssql";\nsql.connect("Server=h.example.com,1433;Database=d;User Id=u;Pwd=\'§\';Encrypt=true");\n',
    (p) => dq(p.replaceAll("'", "''")),
  ],
  [
    'a.ts',
    'import sql from "mssql";\nsql.connect({ server: "h.example.com", user: "u", password: "§", pool: { max: 5 } });\n',
    dq,
  ],
  [
    'a.ts',
    'import mysql from "mysql2/promise";\nexport const p = mysql.createPool("mysql://u:§@h.example.com/x");\n',
    dq,
  ],
  [
    'a.ts',
    'import mysql from "mysql2/promise";\nexport const p = mysql.createPool({ uri: "mysql://u:§@h.example.com/x", connectionLimit: 3 });\n',
    dq,
  ],
  [
    'a.ts',
    'import { Sequelize } from "sequelize";\nexport const s = new Sequelize("d", "u", "§", { host: "h.example.com", dialect: "postgres" });\n',
    dq,
  ],
  [
    'a.ts',
    'import { DataSource } from "typeorm";\nexport const s = new DataSource({ type: "postgres", host: "h.example.com", password: "§" });\n',
    dq,
  ],
  [
    'a.ts',
    'import knex from "knex";\nexport const s = knex({ client: "pg", connection: { host: "h.example.com", password: "§" } });\n',
    dq,
  ],
  [
    'a.ts',
    'import knex from "knex";\nexport const s = knex({ client: "pg", connection: "postgres://u:§@h.example.com/x" });\n',
    dq,
  ],
  [
    'a.ts',
    'import { PrismaClient } from "@prisma/client";\nexport const s = new PrismaClient({ datasources: { db: { url: "postgres://u:§@h.example.com/x?connection_limit=5" } } });\n',
    (p) => dq(url(p)),
  ],
  [
    'a.ts',
    'const jdbc = "jdbc:postgresql://h.example.com/x?user=u&password=§";\nimport { Pool } from "pg";\nexport const p = new Pool();\n',
    (p) => dq(url(p)),
  ],
  [
    'a.ts',
    'const jdbc = "jdbc:sqlserver://h.example.com:1433;user=u;password=§;encrypt=true";\nimport { Pool } from "pg";\nexport const p = new Pool();\n',
    dq,
  ],
  [
    'a.ts',
    'const jdbc = "jdbc:oracle:thin:u/§@//h.example.com:1521/x";\nimport { Pool } from "pg";\nexport const p = new Pool();\n',
    dq,
  ],
  [
    'schema.prisma',
    'datasource db {\n provider = "postgresql"\n url = "postgresql://u:§@h.example.com/x?connection_limit=5"\n}\n',
    (p) => dq(url(p)),
  ],
  [
    'schema.prisma',
    'datasource db {\n provider = "postgresql"\n url = "postgresql://u:§@h.example.com/x?connection_limit=many"\n directUrl = "postgresql://u:§@h.example.com/x"\n}\n',
    dq,
  ],
  [
    'schema.prisma',
    'datasource db {\n provider = "sqlserver"\n url = "sqlserver://h.example.com:1433;database=d;user=u;password=§;encrypt=true"\n}\n',
    dq,
  ],
  [
    'schema.prisma',
    'datasource db {\n provider = "sqlserver"\n url = "sqlserver://h.example.com:1433;database=d;user=u;password={§};encrypt=true"\n}\n',
    dq,
  ],
  [
    'schema.prisma',
    'datasource db {\n provider = "postgresql"\n url = "postgresql://h.example.com/x?user=u&password=§&sslpassword=§"\n}\n',
    (p) => dq(url(p)),
  ],
  ['.env', 'DATABASE_URL=postgresql://u:§@h.example.com/x\n', raw],
  ['.env', 'DATABASE_URL="postgresql://u:§@h.example.com/x"\n', dq],
  ['.env', "DATABASE_URL='postgresql://u:§@h.example.com/x'\n", raw],
  ['.env', 'DB_PASSWORD="§"\n', dq],
  ['.env', 'PGPASSWORD=§\n', raw],
  ['.env', 'DSN="host=h.example.com user=u password=\'§\'"\n', (p) => dq(libpq(p))],
  ['.env', 'CONN=Server=h.example.com;User Id=u;Password=§;Encrypt=true\n', raw],
  ['.env', 'MYSQL_PWD: §\n', raw],
  ['.env', '#OLD=postgresql://u:§@h.example.com/x\n', raw],
  ['alembic.ini', '[alembic]\nsqlalchemy.url = postgresql://u:§@h.example.com/x\n', raw],
  ['alembic.ini', '[alembic]\nsqlalchemy.url =\n  postgresql://u:§@h.example.com/x\n', raw],
  [
    'pgbouncer.ini',
    "[databases]\nx = host=h.example.com password='§' user=u pool_size=-5\n[pgbouncer]\npool_mode=wrong\n",
    ini,
  ],
  ['pgbouncer.ini', '[databases]\nx = host=h.example.com password=§\n[pgbouncer]\npool_mode=wrong\n', raw],
  ['pgbouncer.ini', "[databases]\nx = host=h.example.com password = '§' nope=1\n[pgbouncer]\npool_mode=wrong\n", ini],
  ['pgbouncer.ini', '[databases]\nx = postgres://u:§@h.example.com/x\n[pgbouncer]\npool_mode=wrong\n', raw],
  ['pgbouncer.ini', '[databases]\nx = host=h.example.com passwort=§ user=u\n[pgbouncer]\npool_mode=wrong\n', raw],
  ['pgbouncer.ini', '[databases\nx = host=h.example.com password=§ user=u\n[pgbouncer]\npool_mode=wrong\n', raw],
  [
    'pgbouncer.ini',
    "[databases]\nx = host=h.example.com user=u connect_query='SET x.password=''§'''\n[pgbouncer]\npool_mode=wrong\n",
    (p) => p.replaceAll("'", "''''"),
  ],
  ['userlist.txt', '"u" "§"\n', (p) => p.replaceAll('"', '""')],
  [
    'docker-compose.yml',
    'services:\n  api:\n    image: x\n    environment:\n      DATABASE_URL: "postgresql://u:§@h.example.com/x"\n      DB_PASSWORD: "§"\n',
    dq,
  ],
  [
    'docker-compose.yml',
    "services:\n  api:\n    image: x\n    environment:\n      - DATABASE_URL=postgresql://u:§@h.example.com/x\n      - 'POSTGRES_PASSWORD=§'\n",
    (p) => p.replaceAll("'", "''"),
  ],
  [
    'docker-compose.yml',
    'services:\n  api:\n    image: x\n    environment:\n      DB_PASSWORD: |-\n        first\n        §\n',
    raw,
  ],
  ['docker-compose.yml', 'services:\n  api:\n    image: x\n    environment:\n      DB_PASSWORD: >\n        §\n', raw],
  [
    'poolproof.yaml',
    'databases:\n  m: {connect: ["postgresql://u:§@h.example.com/x"]}\nservices:\n  api:\n    env: {DB_PASSWORD: "§"}\n',
    dq,
  ],
  ['poolproof.yaml', 'databases:\n  m: {connect: ["postgresql://u:§@h.example.com/x"}\nservices: [\n', dq],
  [
    'k8s/secret.yaml',
    'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  DATABASE_URL: "postgresql://u:§@h.example.com/x"\n  password: "§"\n',
    dq,
  ],
];

/** The one place no pattern finds: an `@` of the password itself before the literals part. */
function isBeyondPatterns(shape: string, middle: string): boolean {
  return middle === '@h/' && shape.includes('§"\n  "@');
}

interface Case {
  readonly path: string;
  readonly text: string;
  readonly what: string;
}

function cases(): Case[] {
  return shapes.flatMap(([path, shape, written]) =>
    middles
      .filter((middle) => !isBeyondPatterns(shape, middle))
      .map((middle) => ({
        path,
        text: shape.replaceAll('§', () => written(head + middle + tail)),
        what: `${JSON.stringify(middle)} in ${path} ${JSON.stringify(shape)}`,
      })),
  );
}

function leaksIn(output: string): string[] {
  return [head, tail].flatMap((part) => {
    const at = output.indexOf(part);
    return at === -1 ? [] : [output.slice(Math.max(0, at - 80), at + 30)];
  });
}

test('every line of every shape is masked, and no presenter shows a part of its password', async () => {
  const leaks: string[] = [];
  const presenters = await Promise.all(
    [checkFormats, poolsFormats, fleetFormats].flatMap((formats) =>
      Object.entries(formats).map(async ([name, load]) => [name, await load()] as const),
    ),
  );
  let reported = 0;
  for (const [index, { path, text, what }] of cases().entries()) {
    assert.ok(text.includes(head) && text.includes(tail), what);
    const files: Record<string, string> = { 'b.py': neighbour, [path]: text };
    const { project, log } = await createProject(files);
    const analysis = await project.analyse();
    const { findings } = analysis;
    const own = (uri: string) => uri.slice(uriOf('').length);
    const report = new Report({ analysis, findings, path: own, text: (uri) => files[own(uri)] });
    const masked = report.source(uriOf(path))!.slice(0, text.length);
    assert.ok(masked.includes('***'), what);
    if (findings.some((finding) => own(finding.at.uri) === path)) reported += 1;
    const outputs: [string, string][] = [
      ['the masked file', masked],
      [
        'a message',
        JSON.stringify(
          findings.map(({ message, help, related, fixes }) => [
            message,
            help,
            related.map((each) => each.message),
            fixes.map((each) => each.title),
          ]),
        ),
      ],
      ['the log', log.join('\n') + JSON.stringify(analysis.errors)],
    ];
    // Masks and messages are what the presenters are made of: each case goes through some of them.
    if (index % 11 === 0) {
      for (const [name, present] of presenters) {
        outputs.push([name, present(report, { colors: pico.createColors(false), version: '1', part: '' })]);
      }
    }
    for (const [name, output] of outputs) leaks.push(...leaksIn(output).map((leak) => `${name}, ${what}: ${leak}`));
  }
  assert.deepEqual(leaks.slice(0, 20), []);
  assert.ok(reported >= 2000, `only ${reported} of the files were reported at all`);
});

test('the server shows no part of a password, whatever its shape', async (t) => {
  const extensionCommands = { extensionCommands: true };
  const all = cases().filter((_, index) => index % 41 === 0);
  const files = Object.fromEntries(all.map(({ path, text }, index) => [`s${index}/${path}`, text]));
  const workspace = new DiskWorkspace(t, { 'b.py': neighbour, ...files });
  const client = await LspClient.start(t, {
    folders: [workspace.uri],
    capabilities: pushCapabilities,
    initializationOptions: extensionCommands,
  });
  const check = (what: string, answer: unknown) => {
    assert.deepEqual(leaksIn(JSON.stringify(answer) ?? ''), [], what);
  };
  let answers = 0;
  for (const [index, { path, text, what }] of all.entries()) {
    const textDocument = { uri: workspace.uriOf(`s${index}/${path}`) };
    client.open(textDocument.uri, text);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    for (const method of ['codeLens', 'inlayHint', 'documentSymbol', 'foldingRange']) {
      check(`${method}: ${what}`, await client.request(`textDocument/${method}`, { textDocument, range }));
    }
    for (const [line, content] of text.split('\n').entries()) {
      for (const match of content.matchAll(/[\w.]+/g)) {
        const at = { textDocument, position: { line, character: match.index + 1 } };
        const hover = await client.request('textDocument/hover', at);
        if (hover !== null) answers += 1;
        check(`hover: ${what}`, hover);
        if (!/(?:ya?ml|ini|prisma)$/.test(path)) continue;
        check(`completion: ${what}`, await client.request('textDocument/completion', at));
      }
    }
    const context = { diagnostics: [] };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', { textDocument, range, context });
    check(`actions: ${what}`, actions);
    for (const action of actions) {
      const resolved = await client.request<CodeAction>('codeAction/resolve', action);
      // Only moving it to .env may write it down.
      check(`${action.title}: ${what}`, action.title.endsWith('to .env') ? { ...resolved, edit: undefined } : resolved);
    }
    answers += actions.length;
  }
  check('the draft', await client.request('poolproof/draftTopology', { folder: workspace.uri }));
  check('the report', await client.request('poolproof/fleetReport', {}));
  check('the context', await client.request('poolproof/assistantContext', {}));
  check('what was pushed', client.outsideAnswers);
  assert.ok(answers >= 100, `only ${answers} hovers and actions`);
});
