/** Shapes in which public applications of Node build their pools, each of which was once missed or misread. */
import { shapes } from '../support/shapes.ts';

const manifest = (...packages: string[]) =>
  JSON.stringify({ dependencies: Object.fromEntries(packages.map((name) => [name, '*'])) });
const nest = "import { TypeOrmModule } from '@nestjs/typeorm';\n";

shapes('typeorm', [
  // The type comes from somewhere that is not followed: the only driver the package depends on is meant.
  [
    {
      'package.json': manifest('typeorm', '@nestjs/typeorm', 'pg'),
      'src/app.module.ts': `${nest}import { Settings } from 'settings';\nexport const root = TypeOrmModule.forRootAsync({ useFactory: (settings: Settings) => settings.database });\n`,
    },
    { peak: 'unknown' },
  ],
  [
    {
      'package.json': manifest('typeorm', '@nestjs/typeorm', 'pg', 'mongoose'),
      'src/app.module.ts': `${nest}import { DataSource } from 'typeorm';\nimport { Options } from './options';\nexport const root = TypeOrmModule.forRootAsync({ useClass: Options, dataSourceFactory: async (options) => new DataSource(options).initialize() });\n`,
      'src/options.ts':
        "export class Options {\n  constructor(private readonly config: ConfigService) {}\n  createTypeOrmOptions() {\n    return { type: this.config.get('kind'), host: 'db', poolSize: 6 };\n  }\n}\n",
    },
    { peak: 6, host: 'db' },
  ],
  // Up to TypeORM 0.2 what a call without options builds stands in ormconfig.*.
  [
    {
      'package.json': manifest('typeorm', '@nestjs/typeorm', 'mysql'),
      'src/app.module.ts': `${nest}export const root = TypeOrmModule.forRoot();\n`,
    },
    { peak: 'unknown' },
  ],
  [
    {
      'package.json': manifest('typeorm', 'mysql2'),
      'src/app.ts': "import { createConnections } from 'typeorm';\ncreateConnections().then(() => listen());\n",
    },
    { peak: 'unknown' },
  ],
  [
    {
      'package.json': manifest('typeorm', 'mysql2'),
      'src/app.ts':
        "import { createConnection } from 'typeorm';\nimport * as Config from './config';\nConfig.fromEnvironment();\nawait createConnection(Config.options);\n",
      'src/config.ts':
        "export let options: any = { type: 'mysql', host: 'localhost' };\nexport const fromEnvironment = () => {\n  const given = JSON.parse(process.env.SETTINGS!);\n  if (given.host) options.host = given.host;\n};\n",
    },
    { peak: 'unknown' },
  ],
  // Two drivers, or one without a server: nothing is said.
  [
    {
      'package.json': manifest('typeorm', '@nestjs/typeorm', 'pg', 'better-sqlite3'),
      'src/app.module.ts': `${nest}export const root = TypeOrmModule.forRoot();\n`,
    },
  ],
  [
    {
      'package.json': manifest('typeorm', 'pg'),
      'src/db.ts':
        "import { DataSource } from 'typeorm';\nexport const build = (options) => new DataSource(options);\n",
    },
  ],
]);

shapes('drizzle', [
  [
    {
      'src/settings.ts': 'export const DATABASE_URL = process.env.DATABASE_URL;\n',
      'src/db.ts':
        "import { drizzle } from 'drizzle-orm/node-postgres';\nimport { DATABASE_URL } from './settings';\nexport const db = drizzle(DATABASE_URL!);\n",
    },
    { peak: 10, variable: 'DATABASE_URL' },
  ],
]);

shapes('pg-promise', [
  [
    "const init = require('pg-promise');\nconst pgp = init({ capSQL: true });\nmodule.exports = { db: pgp({ host: 'db', max: 4 }), pgp };",
    { peak: 4, host: 'db' },
  ],
]);

const fields = Array.from({ length: 1000 }, (_, index) => `  FLAG_${index}: z.string().optional(),\n`).join('');

shapes('node-postgres', [
  // A CommonJS package, as ES modules of different loaders see it.
  [
    "import * as pg from 'pg';\nconst PgPool = pg.Pool ?? (pg as any).default?.Pool;\nexport const pool = new PgPool({ max: 3 });",
    { peak: 3 },
  ],
  [
    "import * as pg from 'pg';\nconst { Pool } = (pg as any).default ?? pg;\nexport const pool = new Pool({ max: 4 });",
    { peak: 4 },
  ],
  [
    "import * as pg from 'pg';\nconst driver = (pg as any).default || pg;\nexport const pool = new driver.Pool({ max: 5 });",
    { peak: 5 },
  ],
  // The schema of the environment of a large application.
  [
    `import { Pool } from 'pg';\nimport { z } from 'zod';\nconst schema = z.object({\n  POOL_MAX: z.coerce.number().int().default(12),\n${fields}});\nexport const env = schema.parse(process.env);\nexport const pool = new Pool({ max: env.POOL_MAX });`,
    { peak: 12 },
  ],
]);

const fastify = "import Fastify from 'fastify';\nimport postgres from '@fastify/postgres';\nconst app = Fastify();\n";

// Fastify's plugin makes a pool of node-postgres of the options it is registered with.
shapes('node-postgres', [
  [
    `${fastify}app.register(postgres, { connectionString: process.env.DATABASE_URL, max: 6 });`,
    { peak: 6, variable: 'DATABASE_URL' },
  ],
  [
    `${fastify}await app.register(postgres, { name: 'orders', host: 'a' });\nawait app.register(postgres, { name: 'stock', host: 'b', max: 2 });`,
    { peak: 10, host: 'a' },
    { peak: 2, host: 'b' },
  ],
  [
    "module.exports = async (fastify, options) => {\n  fastify.register(require('@fastify/postgres'), { connectionString: 'postgres://shop@db/shop' });\n};",
    { peak: 10, host: 'db' },
  ],
  [
    "const fp = require('fastify-plugin');\nconst plugin = require('fastify-postgres');\nmodule.exports = fp((fastify) => fastify.register(plugin));",
    { peak: 10 },
  ],
  // Other registrations beside it, and other things that are registered.
  [
    `${fastify}import { Pool } from 'pg';\nimport routes from './routes';\napp.register(routes, { prefix: '/orders' });\ncontainer.register(Pool, { useValue: 3 });`,
  ],
]);
