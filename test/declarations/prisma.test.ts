/** Prisma schemas as people write them, each with the pool it must come out as. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

const schema = (body: string) => `datasource db {\n  provider = "postgresql"\n${body}\n}\n`;

async function poolsIn(files: Files) {
  const { pools } = await analyseFiles(files);
  return pools.map(({ pool }) => {
    const limit = pool.parameters.get('connection_limit')?.value;
    return {
      at: pool.uri.split('/').slice(-2).join('/'),
      peak: typeof pool.peakPerProcess === 'object' ? pool.peakPerProcess.unknown : pool.peakPerProcess,
      limit: limit?.known ? [limit.value, limit.source] : undefined,
      source: pool.address.source,
      variable: pool.address.variable,
      host: pool.address.host,
    };
  });
}

test('a literal URL, and one from the environment that nobody sets', async () => {
  assert.deepEqual(
    await poolsIn({
      'prisma/schema.prisma': schema(
        '  url = "postgresql://shop@db.example.com:5432/shop?connection_limit=7&schema=public"',
      ),
    }),
    [
      {
        at: 'prisma/schema.prisma',
        peak: 7,
        limit: [7, 'literal'],
        source: 'literal',
        variable: undefined,
        host: 'db.example.com',
      },
    ],
  );
  assert.deepEqual(await poolsIn({ 'prisma/schema.prisma': schema('  url = env("DATABASE_URL")') }), [
    {
      at: 'prisma/schema.prisma',
      peak: 'DATABASE_URL is not known',
      limit: undefined,
      source: 'environment',
      variable: 'DATABASE_URL',
      host: undefined,
    },
  ]);
});

test('the environment file beside the schema wins over the one in the root', async () => {
  const files = {
    'prisma/schema.prisma': schema('  url = env("DATABASE_URL")'),
    '.env': 'DATABASE_URL=postgresql://shop@outer/shop?connection_limit=3\n',
  };
  const [outer] = await poolsIn(files);
  assert.deepEqual([outer!.peak, outer!.host, outer!.limit], [3, 'outer', [3, 'environment']]);
  const [inner] = await poolsIn({
    ...files,
    'prisma/.env': "DATABASE_URL='postgresql://shop@inner/shop?connection_limit=4'\n",
  });
  assert.deepEqual([inner!.peak, inner!.host], [4, 'inner']);
});

test("an example is nobody's setting", async () => {
  const [pool] = await poolsIn({
    'prisma/schema.prisma': schema('  url = env("DATABASE_URL")'),
    '.env.example': 'DATABASE_URL=postgresql://shop@db/shop?connection_limit=3\n',
  });
  assert.equal(pool!.peak, 'DATABASE_URL is not known');
});

test('everything around the datasource: generators, models with braces in texts, comments, several files', async () => {
  const text = `// datasource ghost { provider = "postgresql" url = "postgresql://x/y" }
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["multiSchema", "views"]
  output          = env("OUT")
}

/// The one database.
${schema('  url               = "postgresql://shop@db/shop?connection_limit=2"\n  directUrl = env("DIRECT_URL") // for migrations\n  extensions = [pgcrypto, postgis(version: "3.1")]\n  relationMode = "prisma"')}
model User {
  id    Int    @id @default(autoincrement())
  meta  Json   @default("{ \\"a\\": { } }") // }
  posts Post[]
  @@map("users")
}

enum Role { ADMIN USER }

type Photo {
  height Int
}
`;
  const pools = await poolsIn({ 'prisma/schema.prisma': text, 'prisma/more.prisma': 'model Post { id Int @id }\n' });
  assert.deepEqual(
    pools.map((pool) => pool.peak),
    [2],
  );
});

test('half-typed schemas lose nothing that is complete', async () => {
  const complete = schema('  url = "postgresql://shop@db/shop?connection_limit=2"');
  for (const tail of [
    'model',
    'model X {',
    'model X { a Int @default("',
    'datasource',
    'generator g {\n  provider =',
    '"',
    '@@',
  ])
    assert.deepEqual(
      (await poolsIn({ 'prisma/schema.prisma': `${complete}${tail}` })).map((pool) => pool.peak),
      [2],
      tail,
    );
});

test('from version 7 on a driver adapter pools, not the schema', async () => {
  const files = { 'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n}\n' };
  assert.deepEqual(await poolsIn(files), []);
});

test('other providers: MySQL pools, SQLite and MongoDB take no slot of a server', async () => {
  const { pools } = await analyseFiles({
    'a/schema.prisma': 'datasource db {\n  provider = "mysql"\n  url = "mysql://shop@db/shop?connection_limit=6"\n}\n',
    'b/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}\n',
    'c/schema.prisma':
      'datasource db {\n  provider = "cockroachdb"\n  url = "postgresql://root@db:26257/shop?connection_limit=5"\n}\n',
  });
  assert.deepEqual(
    pools
      .filter(({ pool }) => pool.address.isNetworkDatabase)
      .map(({ pool }) => [pool.address.dialect, pool.peakPerProcess]),
    [
      ['mysql', 6],
      ['cockroachdb', 5],
    ],
  );
});

test('a number that is none is unknown, not the default', async () => {
  const [pool] = await poolsIn({
    'prisma/schema.prisma': schema('  url = "postgresql://shop@db/shop?connection_limit=ten"'),
  });
  assert.equal(pool!.peak, 'connection_limit in the URL is no whole number');
});

const client = 'import { PrismaClient } from "@prisma/client";\n';
const withLimit = schema('  url = "postgresql://shop@db/shop?connection_limit=4"');
const two = `databases:\n  main: { max_connections: 100 }\nservices:\n  api: { database: main, paths: [api/**], server: node }\n  jobs: { database: main, paths: [jobs/**], server: node, replicas: 2 }\n`;

test('each client is a pool of the service that builds it; in tests and seeds none counts', async () => {
  const { fleets } = await analyseFiles({
    'prisma/schema.prisma': withLimit,
    'prisma/seed.ts': `${client}const prisma = new PrismaClient();\n`,
    'api/db.ts': `${client}export const prisma = new PrismaClient();\nexport const reader = new PrismaClient({ log: ["query"] });\n`,
    'jobs/db.ts': `${client}export const prisma = new PrismaClient();\n`,
    'jobs/db.test.ts': `${client}const prisma = new PrismaClient();\n`,
    'poolproof.yaml': two,
  });
  const [main] = fleets[0]!.databases;
  assert.deepEqual(
    main!.services.map(({ service, total }) => [service.name, total.value]),
    [
      ['api', 8],
      ['jobs', 8],
    ],
  );
});

test('a client that brings its own URL has its own size, and one with a driver adapter none of the schema', async () => {
  const pools = await poolsIn({
    'prisma/schema.prisma': withLimit,
    'api/db.ts': `${client}export const prisma = new PrismaClient({ datasources: { db: { url: "postgresql://shop@other/shop?connection_limit=9" } } });\n`,
    'jobs/db.ts': `${client}export const prisma = new PrismaClient({ datasourceUrl: "postgresql://shop@third/shop?connection_limit=2" });\n`,
    'edge/db.ts': `${client}export const prisma = new PrismaClient({ adapter: make() });\n`,
  });
  assert.deepEqual(
    pools.map(({ host, peak }) => [host, peak]),
    [
      ['other', 9],
      ['third', 2],
    ],
  );
});

test('in a repository of several applications a client belongs to the schema nearest to it', async () => {
  const { pools } = await analyseFiles({
    'apps/a/prisma/schema.prisma': withLimit,
    'apps/b/prisma/schema.prisma': schema('  url = "postgresql://shop@db/shop?connection_limit=6"'),
    'apps/b/src/db.ts': `${client}export const prisma = new PrismaClient();\n`,
  });
  assert.deepEqual(
    pools.map(({ pool }) => [pool.uri.split('/').slice(-3)[0], pool.peakPerProcess]),
    [
      ['a', 4],
      ['b', 6],
    ],
  );
});

test('parameters that code adds to a URL which is not known', async () => {
  const sizeOf = async (url: string) => {
    const code = `${client}export const prisma = new PrismaClient({ datasourceUrl: ${url} });\n`;
    const files = { 'prisma/schema.prisma': schema('  url = env("DATABASE_URL")'), 'src/db.ts': code };
    const { pools, findings } = await analyseFiles(files);
    assert.deepEqual(
      findings.map((each) => each.rule),
      [],
      url,
    );
    const { peakPerProcess: peak, address } = pools[0]!.pool;
    return [typeof peak === 'object' ? peak.unknown : peak, address.variable];
  };
  assert.deepEqual(await sizeOf("process.env.URL + '?connection_limit=1&pool_timeout=5'"), [1, 'URL']);
  assert.deepEqual(await sizeOf(`\`\${process.env.URL}&connection_limit=3\``), [3, 'URL']);
  assert.deepEqual(await sizeOf("process.env.URL + '?schema=shop'"), ['a part of the URL is not known', 'URL']);
  assert.deepEqual(await sizeOf('withLimit(process.env.URL)'), ['the URL is not known', undefined]);
});
