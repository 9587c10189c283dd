/** Pools that classes extend, that providers build, and that query builders are handed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

interface Case {
  readonly name: string;
  readonly files: Files;
  /** `place system peak`; what is not known is `?`. */
  readonly pools: readonly string[];
}

async function poolsOf(files: Files): Promise<string[]> {
  const analysis = await analyseFiles(files);
  return analysis.pools.map(({ pool }) => {
    const line = analysis.lines(pool.uri)!.lineAt(pool.site.span.start) + 1;
    const peak = typeof pool.peakPerProcess === 'object' ? '?' : pool.peakPerProcess;
    return `${analysis.displayPath(pool.uri)}:${line} ${pool.system} ${peak}`;
  });
}

const nest = "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n";

/** Prisma 6 with one datasource of five connections. */
const six: Files = {
  'package.json': '{ "dependencies": { "@prisma/client": "6.2.0", "pg": "8.23.1" } }',
  'prisma/schema.prisma':
    'datasource db {\n  provider = "postgresql"\n  url      = "postgresql://db/shop?connection_limit=5"\n}',
};
const datasource = 'prisma/schema.prisma:1 prisma 5';
const injectable = "import { Injectable, OnModuleInit } from '@nestjs/common';\n";

const cases: readonly Case[] = [
  {
    name: 'a class that passes options to what it extends',
    files: {
      'db.ts':
        "import { Pool } from 'pg';\nexport class Db extends Pool {\n  constructor() {\n    super({ max: 7 });\n  }\n}\nexport const a = new Db();\nexport const b = new Db();",
      'use.ts': "import { Db } from './db';\nexport const c = new Db();",
    },
    pools: ['db.ts:4 node-postgres 7'],
  },
  {
    name: 'a class that nobody is seen to build, as under injection',
    files: {
      'db.ts':
        "import pg from 'pg';\n@Injectable()\nexport class Db extends pg.Pool {\n  constructor() {\n    super({ max: 7 });\n    this.on('error', console.error);\n  }\n}",
    },
    pools: ['db.ts:5 node-postgres 7'],
  },
  {
    name: 'what the constructor is given, here and in other files',
    files: {
      'db.ts':
        "import { Pool } from 'pg';\nexport class Db extends Pool {\n  constructor(max: number) {\n    super({ max });\n  }\n}\nexport const a = new Db(9);",
      'use.ts': "import { Db } from './db';\nexport const b = new Db(3);",
    },
    pools: ['db.ts:4 node-postgres 9', 'db.ts:4 node-postgres 3'],
  },
  {
    name: 'a class without a constructor is built as what it extends',
    files: {
      'db.ts': "import { Pool } from 'pg';\nexport class Db extends Pool {\n  all = () => this.query('select 1');\n}",
      'use.ts': "import { Db } from './db';\nexport const db = new Db({ max: 4 });",
      'types.ts': "import type { Db } from './db';\nexport const take = (db: Db) => db.all();",
    },
    pools: ['use.ts:2 node-postgres 4'],
  },
  {
    name: 'classes of classes',
    files: {
      'db.js':
        "const { Pool } = require('pg');\nclass Db extends Pool {}\nclass Shop extends Db {\n  constructor() {\n    super({ max: 6 });\n  }\n}\nmodule.exports = { Shop };",
    },
    pools: ['db.js:5 node-postgres 6'],
  },
  {
    name: 'other classes of those names',
    files: {
      'a.ts':
        "import { Pool } from 'undici';\nexport class Upstream extends Pool {\n  constructor() {\n    super('https://db.example');\n  }\n}",
      'b.ts':
        "import type { Pool } from 'pg';\nimport { Base } from './base';\nexport class Db extends Base<Pool> {\n  constructor() {\n    super({ max: 4 });\n  }\n}",
      'base.ts': 'export class Base<T> {\n  constructor(readonly options: object) {}\n}',
    },
    pools: [],
  },
  {
    name: "Prisma's adapter inside a service",
    files: {
      'package.json': '{ "dependencies": { "@prisma/client": "7.0.0", "@prisma/adapter-pg": "7.0.0" } }',
      'prisma.service.ts':
        "import { PrismaClient } from '@prisma/client';\nimport { PrismaPg } from '@prisma/adapter-pg';\nexport class PrismaService extends PrismaClient {\n  constructor() {\n    super({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 5 }) });\n  }\n}",
    },
    pools: ['prisma.service.ts:5 prisma 5'],
  },
  {
    name: 'a service that extends the client is the datasource, once',
    files: {
      'package.json': '{ "dependencies": { "@prisma/client": "6.2.0" } }',
      'prisma/schema.prisma':
        'datasource db {\n  provider = "postgresql"\n  url      = "postgresql://db/shop?connection_limit=5"\n}',
      'prisma.service.ts':
        "import { PrismaClient } from '@prisma/client';\nexport class PrismaService extends PrismaClient {\n  constructor() {\n    super({ log: ['error'] });\n  }\n}",
      'a.ts': "import { PrismaService } from './prisma.service';\nexport const a = new PrismaService();",
    },
    pools: ['prisma/schema.prisma:1 prisma 5'],
  },
  {
    name: 'a service without a constructor that a container builds, beside a client',
    files: {
      ...six,
      'prisma.service.ts': `${injectable}import { PrismaClient } from '@prisma/client';
@Injectable()
export class PrismaService extends PrismaClient implements OnModuleInit {
  async onModuleInit() {
    await this.$connect();
  }
}`,
      'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
    },
    pools: [datasource, datasource],
  },
  {
    name: 'a service that a provider of its own builds is one',
    files: {
      ...six,
      'prisma.service.ts': `${injectable}import { PrismaClient } from '@prisma/client';\n@Injectable()\nexport class PrismaService extends PrismaClient {}`,
      'prisma.module.ts':
        "import { PrismaService } from './prisma.service';\nexport const provider = { provide: PrismaService, useFactory: () => new PrismaService({ log: [] }) };\nexport const prisma = { provide: 'B', useValue: 1 };",
      'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
    },
    pools: [datasource, datasource],
  },
  {
    name: 'type arguments, decorators before export and containers of other names',
    files: {
      ...six,
      'a.ts':
        "import { Prisma, PrismaClient } from '@prisma/client';\nimport { Service } from 'typedi';\n@Service()\nexport class Orders extends PrismaClient<Prisma.PrismaClientOptions, 'query'> {\n  readonly name = 'orders';\n}",
      'b.ts':
        "import { PrismaClient } from '@prisma/client';\nimport { singleton } from 'tsyringe';\n@singleton()\nexport default class Reports extends PrismaClient {}",
      'c.ts':
        "import * as prisma from '@prisma/client';\nimport { injectable } from 'inversify';\n@injectable()\nexport class Jobs extends prisma.PrismaClient {}",
    },
    pools: [datasource, datasource, datasource],
  },
  {
    name: 'a class between the service and the client, which nobody builds',
    files: {
      ...six,
      'base.ts':
        "import { PrismaClient } from '@prisma/client';\nexport abstract class Base extends PrismaClient {\n  ping = () => this.$queryRaw`SELECT 1`;\n}",
      'prisma.service.ts': `${injectable}import { Base } from './base';\n@Injectable()\nexport class PrismaService extends Base {}`,
      'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
    },
    pools: [datasource, datasource],
  },
  {
    name: 'a client with extensions that a service is made of',
    files: {
      ...six,
      'prisma.service.ts': `${injectable}import { Prisma, PrismaClient } from '@prisma/client';
class Untyped extends PrismaClient {
  constructor(options?: Prisma.PrismaClientOptions) {
    super(options);
    return this.$extends({}) as this;
  }
}
const Extended = Untyped as unknown as new (options?: Prisma.PrismaClientOptions) => PrismaClient;
@Injectable()
export class PrismaService extends Extended {}`,
      'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
    },
    // What a container gives the constructor that takes options is not seen.
    pools: [datasource, 'prisma/schema.prisma:1 prisma ?'],
  },
  {
    name: 'a service that holds the client instead of being one',
    files: {
      ...six,
      'prisma.service.ts': `${injectable}import { PrismaClient } from '@prisma/client';\n@Injectable()\nexport class PrismaService {\n  readonly client = new PrismaClient();\n}`,
      'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
    },
    pools: [datasource, datasource],
  },
  {
    name: 'a service that extends a client which was built already opens nothing',
    files: {
      ...six,
      'prisma.service.ts': `${injectable}import type { PrismaClient } from '@prisma/client';\n@Injectable()\nexport class PrismaService implements Partial<PrismaClient> {}`,
      'db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
    },
    pools: [datasource],
  },
  {
    name: 'a pool that a container builds',
    files: {
      'db.ts': `${injectable}import { Pool } from 'pg';\n@Injectable()\nexport class Db extends Pool {\n  all = () => this.query('select 1');\n}\nexport class Unused extends Pool {}`,
    },
    pools: ['db.ts:4 node-postgres 10'],
  },
  {
    name: 'a factory that makes the data source counts once',
    files: {
      'app.module.ts': `${nest}import { DataSource } from 'typeorm';
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({ type: 'postgres', poolSize: 6 }),
      dataSourceFactory: async (options) => new DataSource(options!).initialize(),
    }),
  ],
})
export class AppModule {}`,
    },
    pools: ['app.module.ts:6 typeorm 6'],
  },
  {
    name: 'a provider that builds a pool',
    files: {
      'db.module.ts':
        "import { Pool } from 'pg';\nexport const providers = [\n  { provide: 'A', useFactory: async () => new Pool({ max: 15 }) },\n  { provide: 'B', useFactory: () => { const pool = new Pool({ max: 16 }); return pool; } },\n  { provide: 'C', useValue: new Pool({ max: 17 }) },\n];",
    },
    pools: ['db.module.ts:3 node-postgres 15', 'db.module.ts:4 node-postgres 16', 'db.module.ts:5 node-postgres 17'],
  },
  {
    name: 'what Kysely is handed counts once, a factory as well',
    files: {
      'db.ts': `import { Kysely, MysqlDialect, PostgresDialect } from 'kysely';
import { createPool } from 'mysql2';
import { Pool } from 'pg';
const pool = new Pool({ max: 11 });
export const a = new Kysely({ dialect: new PostgresDialect({ pool }) });
export const b = new Kysely({ dialect: new PostgresDialect({ pool }) });
export const c = new Kysely({ dialect: new PostgresDialect({ pool: async () => new Pool({ max: 12 }) }) });
export const d = new Kysely({ dialect: new MysqlDialect({ pool: createPool({ connectionLimit: 13 }) }) });`,
    },
    pools: ['db.ts:4 node-postgres 11', 'db.ts:7 node-postgres 12', 'db.ts:8 mysql2 13'],
  },
  {
    name: 'functions among the options',
    files: {
      'db.ts':
        "import knex from 'knex';\nimport { Pool } from 'pg';\nexport const db = knex({ client: 'pg', connection: {}, pool: { max: 5, afterCreate: (connection, done) => done(null, connection) } });\nexport const pool = new Pool({ max: 6, password: async () => (await secret()).value, ssl: { checkServerIdentity() { return undefined; } } });",
    },
    pools: ['db.ts:3 knex 5', 'db.ts:4 node-postgres 6'],
  },
];

for (const { name, files, pools } of cases) {
  test(name, async () => {
    assert.deepEqual(await poolsOf(files), pools);
  });
}
