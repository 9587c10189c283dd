/** Completion and hover inside URLs that Prisma reads, by provider, version and driver; `|` marks the place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completePrismaUrl, hoverPrismaUrl } from '../../server/src/present/prismaUrl.ts';
import { analyseFiles, type Files, uriOf } from '../support/workspace.ts';

const options = { commandLinks: false, folder: 'file:///workspace' };

async function place(files: Files) {
  const [path, marked] = Object.entries(files).find(([, text]) => text.includes('|'))!;
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const analysis = await analyseFiles({ ...files, [path]: text });
  return { analysis, uri: uriOf(path), text, offset };
}

/** What is offered, and the file after the first of them, or the one that is named, is taken. */
async function complete(files: Files, taken?: string) {
  const { analysis, uri, text, offset } = await place(files);
  const items = completePrismaUrl(analysis, uri, text, offset);
  const item = items.find((each) => each.label === taken) ?? items[0];
  const after = item && text.slice(0, item.replace.start) + item.insertText + text.slice(item.replace.end);
  return { labels: items.map((each) => each.label), after, items };
}

async function hover(files: Files): Promise<string | undefined> {
  const { analysis, uri, text, offset } = await place(files);
  return hoverPrismaUrl(analysis, uri, text, offset, options)?.markdown;
}

const schema = (url: string, provider = 'postgresql') => ({
  'prisma/schema.prisma': `datasource db {\n  provider = "${provider}"\n  url      = ${url}\n}\n`,
});
const fromEnvironment = (value: string, file = '.env', provider = 'postgresql') => ({
  ...schema('env("DATABASE_URL")', provider),
  [file]: `OTHER=1\nDATABASE_URL=${value}\n`,
});
const engineOfPostgres = [
  ...['connection_limit', 'pool_timeout', 'max_idle_connection_lifetime', 'max_connection_lifetime', 'connect_timeout'],
  ...[
    'socket_timeout',
    'pgbouncer',
    'statement_cache_size',
    'schema',
    'sslmode',
    'sslaccept',
    'sslcert',
    'sslidentity',
  ],
  ...['sslpassword', 'channel_binding', 'host', 'application_name', 'options'],
];

test('every parameter of the engine, by provider', async () => {
  const names = async (provider: string) => (await complete(schema('"x://shop@db/shop?|"', provider))).labels;
  assert.deepEqual(await names('postgresql'), engineOfPostgres);
  assert.deepEqual(
    await names('cockroachdb'),
    engineOfPostgres.filter((name) => name !== 'pgbouncer'),
  );
  assert.deepEqual(await names('mysql'), [
    ...engineOfPostgres.slice(0, 8).filter((name) => name !== 'pgbouncer'),
    ...['sslaccept', 'sslcert', 'sslidentity', 'sslpassword', 'socket'],
  ]);
  assert.deepEqual(await names('sqlite'), []);
  assert.deepEqual(await names('mongodb'), []);
  const server = await complete(schema('"sqlserver://db:1433;|"', 'sqlserver'), 'connectionLimit');
  assert.equal(server.labels[0], 'connectionLimit');
  assert.match(server.after!, /"sqlserver:\/\/db:1433;connectionLimit="/);
});

test('names: what is written already is not offered again, what is begun is replaced', async () => {
  const cases: readonly (readonly [before: string, after: string])[] = [
    ['"postgresql://shop@db/shop?|"', '"postgresql://shop@db/shop?connection_limit="'],
    ['"postgresql://shop@db/shop?conn|"', '"postgresql://shop@db/shop?connection_limit="'],
    ['"postgresql://shop@db/shop?conn|_timeout=3"', '"postgresql://shop@db/shop?connection_limit=3"'],
    [
      '"postgresql://shop@db/shop?schema=a&|&sslmode=require"',
      '"postgresql://shop@db/shop?schema=a&connection_limit=&sslmode=require"',
    ],
    ['"postgresql://shop@db/shop|"', '"postgresql://shop@db/shop?connection_limit="'],
    ['"postgresql://shop@db|"', '"postgresql://shop@db?connection_limit="'],
  ];
  for (const [before, after] of cases) {
    const found = await complete(schema(before), 'connection_limit');
    assert.ok(found.after?.includes(`url      = ${after}`), `${before}: ${found.after}`);
  }
  const rest = await complete(schema('"postgresql://shop@db/shop?connection_limit=5&pool_timeout=3&|"'));
  assert.deepEqual(rest.labels, engineOfPostgres.slice(2));
});

test('nothing is offered outside the parameters, nor for what is no database of its own', async () => {
  for (const url of [
    '"postgresql://shop@d|b/shop"',
    '"|"',
    '"postgresql://|"',
    '"prisma://accelerate.example.com/?|"',
    'env("DATA|BASE_URL")',
  ])
    assert.deepEqual((await complete(schema(url))).labels, [], url);
  assert.deepEqual(
    (
      await complete({
        ...schema('"postgresql://db/shop?"'),
        'prisma/other.prisma': 'model A {\n  url String @default("a?|")\n}\n',
      })
    ).labels,
    [],
  );
});

test('values: words, sizes that fit the fleet, defaults', async () => {
  const values = async (pair: string) => (await complete(schema(`"postgresql://shop@db/shop?${pair}|"`))).labels;
  assert.deepEqual(await values('pgbouncer='), ['true', 'false']);
  assert.deepEqual(await values('sslmode='), ['disable', 'prefer', 'require']);
  assert.deepEqual(await values('sslmode=req'), ['disable', 'prefer', 'require']);
  assert.deepEqual(await values('pool_timeout='), ['10']);
  assert.deepEqual(await values('connection_limit='), ['5']);
  assert.deepEqual(await values('application_name='), []);
  assert.deepEqual(await values('unheard_of='), []);
  const fleet = {
    ...schema('"postgresql://shop@db/shop?connection_limit=|99"'),
    'poolproof.yaml':
      'databases:\n  main: { max_connections: 50 }\nservices:\n  web: { database: main, server: node, replicas: 8 }\n',
  };
  const sized = await complete(fleet);
  assert.deepEqual(
    sized.items.map((each) => [each.label, each.detail]),
    [['5', 'the most that fits the database']],
  );
  assert.match(sized.after!, /connection_limit=5"/);
});

test('in environment files, for the variables that Prisma reads', async () => {
  const cases: readonly (readonly [value: string, file: string, after: string])[] = [
    ['postgresql://shop@db/shop?|', '.env', 'DATABASE_URL=postgresql://shop@db/shop?connection_limit=\n'],
    ['"postgresql://shop@db/shop?po|"', '.env', 'DATABASE_URL="postgresql://shop@db/shop?connection_limit="\n'],
    [
      "'postgresql://shop@db/shop|' # ours",
      '.env.local',
      "DATABASE_URL='postgresql://shop@db/shop?connection_limit=' # ours\n",
    ],
    ['postgresql://shop@db/shop?|', '.env.example', 'DATABASE_URL=postgresql://shop@db/shop?connection_limit=\n'],
  ];
  for (const [value, file, after] of cases)
    assert.ok((await complete(fromEnvironment(value, file))).after?.endsWith(after), value);
  const other = { ...schema('env("DATABASE_URL")'), '.env': 'CACHE_URL=redis://cache/?|\n' };
  assert.deepEqual((await complete(other)).labels, []);
  assert.deepEqual((await complete({ '.env': 'DATABASE_URL=postgresql://shop@db/shop?|\n' })).labels, []);
});

test('of two schemas with the same variable the nearer one counts', async () => {
  const files = {
    'apps/a/prisma/schema.prisma': schema('env("DATABASE_URL")', 'mysql')['prisma/schema.prisma'],
    'apps/b/prisma/schema.prisma': schema('env("DATABASE_URL")')['prisma/schema.prisma'],
  };
  assert.ok(
    (await complete({ ...files, 'apps/a/.env': 'DATABASE_URL=mysql://db/shop?|\n' })).labels.includes('socket'),
  );
  assert.ok(
    (await complete({ ...files, 'apps/b/.env': 'DATABASE_URL=postgresql://db/shop?|\n' })).labels.includes('schema'),
  );
});

const adapter = (code: string) => ({
  'package.json': '{ "dependencies": { "@prisma/client": "7.10.0" } }',
  'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
  'src/db.ts': `${code}\n`,
});
const pgAdapter = adapter(
  "import { PrismaPg } from '@prisma/adapter-pg';\nexport const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL });",
);

test('from version 7 on it is what the driver reads', async () => {
  const pg = await complete({ ...pgAdapter, '.env': 'DATABASE_URL=postgresql://shop@db/shop?|\n' });
  assert.equal(pg.labels[0], 'sslmode');
  assert.ok(!pg.labels.includes('connection_limit') && !pg.labels.includes('schema'));
  const mariadb = adapter(
    "import { PrismaMariaDb } from '@prisma/adapter-mariadb';\nexport const adapter = new PrismaMariaDb(process.env.DATABASE_URL!);",
  );
  const names = await complete({ ...mariadb, '.env': 'DATABASE_URL=mysql://shop@db/shop?|\n' });
  assert.deepEqual(names.labels.slice(0, 3), ['connectionLimit', 'minimumIdle', 'acquireTimeout']);
  const mssql = adapter(
    "import { PrismaMssql } from '@prisma/adapter-mssql';\nexport const adapter = new PrismaMssql(process.env.DATABASE_URL!);",
  );
  const settings = await complete({ ...mssql, '.env': 'DATABASE_URL=sqlserver://db:1433;database=shop;|\n' });
  assert.deepEqual(settings.labels.slice(0, 2), ['connectionLimit', 'poolTimeout']);
});

test('hover: what a parameter means and is here, in the schema and in environment files', async () => {
  const url = 'postgresql://shop@db/shop?connection_limit=7&sslmode=require';
  const limit = await hover(fromEnvironment(url.replace('limit=', 'lim|it=')));
  assert.match(limit!, /One process can open \*\*7\*\* connections/);
  assert.match(limit!, /\*\*connection_limit\*\* 7/);
  const mode = await hover(schema(`"${url.replace('require', 'req|uire')}"`));
  assert.match(mode!, /\*\*sslmode\*\*[\s\S]*encrypted[\s\S]*Default of Prisma: prefer[\s\S]*any other/);
  const timeout = await hover(fromEnvironment('"postgresql://shop@db/shop?pool_time|out=0"'));
  assert.match(timeout!, /\*\*pool_timeout\*\* 0 s[\s\S]*P2024[\s\S]*waits for ever/);
  assert.equal(await hover(schema('"postgresql://shop@d|b/shop?connection_limit=7"')), undefined);
  assert.equal(await hover(schema('"postgresql://shop@db/shop?unheard_|of=7"')), undefined);
  assert.equal(
    await hover({ ...schema('env("DATABASE_URL")'), '.env': 'OTHER_URL=postgresql://db/shop?connection_|limit=7\n' }),
    undefined,
  );
});

test('hover under a driver adapter: what nobody reads any more', async () => {
  const unread = await hover({ ...pgAdapter, '.env': 'DATABASE_URL=postgresql://shop@db/shop?connection_li|mit=5\n' });
  assert.match(unread!, /\*\*connection_limit\*\* does nothing here: node-postgres pools/);
});

test('no password leaves the URL', async () => {
  const files = fromEnvironment('postgresql://shop:s3kDq91xv@db/shop?connection_limit=7|');
  assert.ok(!JSON.stringify([await hover(files), (await complete(files)).items]).includes('s3kDq91xv'));
});
