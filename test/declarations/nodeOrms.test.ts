/** Pools of ORMs and query builders for Node, in the shapes in which applications write them. */
import { shapes } from '../support/shapes.ts';

const url = 'process.env.DATABASE_URL';
const nest =
  "import { ConfigModule, ConfigService } from '@nestjs/config';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n";

shapes('typeorm', [
  [
    "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'postgres', host: 'db' });",
    { peak: 10, host: 'db' },
  ],
  [
    `import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'postgres', url: ${url}, poolSize: 4 });`,
    { peak: 4, variable: 'DATABASE_URL', name: 'source' },
  ],
  [
    "import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'mysql', host: 'db', extra: { connectionLimit: 4 } });",
    { peak: 4 },
  ],
  [
    "import { DataSource, type DataSourceOptions } from 'typeorm';\nconst options: DataSourceOptions = { type: 'postgres', poolSize: 3, extra: { max: 7 } };\nexport const source = new DataSource(options);",
    { peak: 7 },
  ],
  [
    "import { createConnection } from 'typeorm';\nexport const ready = createConnection({ type: 'postgres', extra: { max: 6 } });",
    { peak: 6 },
  ],
  [
    "const { DataSource } = require('typeorm');\nmodule.exports = { source: new DataSource({ type: 'mariadb', poolSize: 2 }) };",
    { peak: 2 },
  ],
  [
    "import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'mssql', host: 'db', pool: { max: 8, min: 1 } });",
    { peak: 8, host: 'db' },
  ],
  [
    "import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'postgres', poolSize: 5, replication: { master: { host: 'a' }, slaves: [{ host: 'b' }, { host: 'c' }] } });",
    { peak: 5, host: 'a' },
    { peak: 5 },
    { peak: 5 },
  ],
  [
    `${nest}export const root = TypeOrmModule.forRoot({ type: 'postgres', host: 'db', poolSize: 4, autoLoadEntities: true });`,
    { peak: 4, host: 'db' },
  ],
  [
    `${nest}export const root = TypeOrmModule.forRootAsync({\n  imports: [ConfigModule],\n  inject: [ConfigService],\n  useFactory: (config: ConfigService) => ({ type: 'postgres', url: config.getOrThrow('DATABASE_URL'), poolSize: config.get<number>('POOL', 6) }),\n});`,
    { peak: 6, variable: 'DATABASE_URL' },
  ],
  [
    `${nest}export const root = TypeOrmModule.forRootAsync({\n  useFactory: async () => {\n    return { type: 'mysql', host: 'db', extra: { connectionLimit: 3 } };\n  },\n});`,
    { peak: 3 },
  ],
  [
    `${nest}export const root = TypeOrmModule.forRootAsync({\n  async useFactory(config) {\n    return { type: 'postgres', poolSize: config.get('POOL', 2) };\n  },\n  inject: [ConfigService],\n});`,
    { peak: 2 },
  ],
  [
    {
      'src/app.module.ts': `${nest}import { options } from './options';\nexport const root = TypeOrmModule.forRootAsync({ inject: [ConfigService], useFactory: options });\n`,
      'src/options.ts':
        "import { ConfigService } from '@nestjs/config';\nexport const options = (config: ConfigService) => ({ type: 'postgres', extra: { max: config.get('POOL', 9) } });\n",
    },
    { peak: 9 },
  ],
  [
    {
      'src/app.module.ts': `${nest}import { Options } from './options';\nexport const root = TypeOrmModule.forRootAsync({ useClass: Options });\n`,
      'src/options.ts':
        "export class Options {\n  createTypeOrmOptions() {\n    return { type: 'postgres', extra: { max: 4 } };\n  }\n}\n",
    },
    { peak: 4 },
  ],
  [
    {
      'src/app.module.ts': `${nest}import { options } from './data-source';\nexport const root = TypeOrmModule.forRoot({ ...options, autoLoadEntities: true });\n`,
      'src/data-source.ts':
        "import { DataSource } from 'typeorm';\nexport const options = { type: 'postgres', poolSize: 4 } as const;\nexport default new DataSource(options);\n",
    },
    { peak: 4 },
  ],
  [
    `${nest}export const root = TypeOrmModule.forRootAsync({ useFactory: (config: ConfigService) => config.get('database') });`,
  ],
  [
    "import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'sqlite', database: 'dev.db' });",
  ],
  ["import type { DataSource } from 'typeorm';\nexport const use = (source: DataSource) => source.query('select 1');"],
]);

shapes('sequelize', [
  [
    "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('postgres://shop@db/shop');",
    { peak: 5, host: 'db' },
  ],
  [
    `import { Sequelize } from 'sequelize';\nexport const db = new Sequelize(${url}!, { pool: { max: 4 } });`,
    { peak: 4, variable: 'DATABASE_URL' },
  ],
  [
    "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('shop', 'shop', process.env.PASS, { host: 'db', dialect: 'mysql', pool: { max: 4 } });",
    { peak: 4, host: 'db' },
  ],
  [
    "import { Sequelize } from 'sequelize-typescript';\nexport const db = new Sequelize({ dialect: 'postgres', host: 'db', models: [], pool: { max: 3, min: 0 } });",
    { peak: 3 },
  ],
  [
    "const { Sequelize } = require('sequelize');\nmodule.exports = new Sequelize('mysql://db/shop', { pool: { max: 2 } });",
    { peak: 2 },
  ],
  [
    "const Sequelize = require('sequelize');\nconst config = { dialect: 'mariadb', pool: { max: 6 } };\nmodule.exports.db = new Sequelize(config);",
    { peak: 6 },
  ],
  [
    "import Sequelize from 'sequelize';\nexport const db = new Sequelize.Sequelize({ dialect: 'mssql', host: 'db' });",
    { peak: 5 },
  ],
  [
    "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize({ dialect: 'postgres', pool: { max: Number(process.env.POOL) || 8 } });",
    { peak: 8 },
  ],
  [
    "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize({ dialect: 'postgres', pool: { max: 4 }, replication: { write: { host: 'a' }, read: [{ host: 'b' }, { host: 'c' }] } });",
    { peak: 4 },
    { peak: 4 },
  ],
  [
    "import { SequelizeModule } from '@nestjs/sequelize';\nexport const root = SequelizeModule.forRoot({ dialect: 'postgres', host: 'db', pool: { max: 12 } });",
    { peak: 12, host: 'db' },
  ],
  [
    "import { SequelizeModule } from '@nestjs/sequelize';\nexport const root = SequelizeModule.forRootAsync({ useFactory: () => ({ dialect: 'postgres', uri: process.env.DATABASE_URL, pool: { max: 3 } }) });",
    { peak: 3, variable: 'DATABASE_URL' },
  ],
  ["import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('sqlite::memory:');"],
]);

shapes('knex', [
  [
    `import knex from 'knex';\nexport const db = knex({ client: 'pg', connection: ${url} });`,
    { peak: 10, variable: 'DATABASE_URL' },
  ],
  [
    "import { knex } from 'knex';\nexport default knex({ client: 'mysql2', connection: { host: 'db' }, pool: { min: 0, max: 4 } });",
    { peak: 4, host: 'db' },
  ],
  [
    "const knex = require('knex')({ client: 'pg', connection: 'postgres://shop@db/shop', pool: { min: 0, max: 4 } });",
    { peak: 4, host: 'db' },
  ],
  [
    "import Knex from 'knex';\nconst config: Knex.Config = { client: 'postgresql', connection: {}, pool: { min: 1, max: 7 } };\nexport const db = Knex(config);",
    { peak: 7 },
  ],
  [
    "import knex from 'knex';\nimport { Model } from 'objection';\nconst db = knex({ client: 'pg', connection: {}, pool: { min: 0, max: 3 } });\nModel.knex(db);",
    { peak: 3, name: 'db' },
  ],
  [
    "import knex, { Knex } from 'knex';\nlet instance: Knex;\nexport const get = () => (instance ??= knex({ client: 'pg', connection: {}, pool: { min: 0, max: 6 } }));",
    { peak: 6 },
  ],
  [
    {
      'src/db.ts':
        "import knex from 'knex';\nimport config from '../knexfile';\nexport const db = knex(config.production);\n",
      'knexfile.ts':
        "export default { development: { client: 'pg', connection: {}, pool: { max: 2 } }, production: { client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 9 } } };\n",
    },
    { peak: 9, variable: 'DATABASE_URL' },
  ],
  [
    "import knex from 'knex';\nexport const db = knex({ client: 'mssql', connection: { server: 'db' }, pool: { min: 0, max: 5 } });",
    { peak: 5 },
  ],
  [
    "import knex from 'knex';\nexport const db = knex({ client: 'pg', connection: {}, pool: { max: parseInt(process.env.POOL ?? '12', 10) } });",
    { peak: 12 },
  ],
  [
    "import knex from 'knex';\nexport const db = knex({ client: 'cockroachdb', connection: { host: 'db' } });",
    { peak: 10 },
  ],
  [
    "import knex from 'knex';\nexport const db = knex({ client: 'better-sqlite3', connection: { filename: 'dev.db' } });",
  ],
  // Without a connection Knex only builds SQL.
  ["import knex from 'knex';\nexport const sql = knex({ client: 'pg' });"],
  [
    "import knex from 'knex';\nimport { MockClient } from 'knex-mock-client';\nexport const db = knex({ client: MockClient, dialect: 'pg' });",
  ],
  ["import type { Knex } from 'knex';\nexport const use = (db: Knex) => db('users');"],
]);

shapes('drizzle', [
  [
    `import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(${url}!);`,
    { peak: 10, variable: 'DATABASE_URL', name: 'db' },
  ],
  [
    `import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle({ connection: { connectionString: ${url}, max: 4 } });`,
    { peak: 4 },
  ],
  [
    "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle('postgres://shop@db/shop', { schema: {} });",
    { peak: 10, host: 'db' },
  ],
  [
    "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle({ connection: 'postgres://shop@db/shop' });",
    { peak: 10, host: 'db' },
  ],
  [
    `import { drizzle } from 'drizzle-orm/postgres-js';\nexport const db = drizzle(${url}!);`,
    { peak: 10, variable: 'DATABASE_URL' },
  ],
  [
    `import { drizzle } from 'drizzle-orm/postgres-js';\nexport const db = drizzle({ connection: { url: ${url}, max: 3 } });`,
    { peak: 3, variable: 'DATABASE_URL' },
  ],
  [
    "import { drizzle } from 'drizzle-orm/postgres-js';\nexport const db = drizzle('postgres://shop@db/shop?max=5');",
    { peak: 1, host: 'db' },
  ],
  [
    "import { drizzle } from 'drizzle-orm/mysql2';\nexport const db = drizzle('mysql://shop@db/shop?connectionLimit=6');",
    { peak: 6, host: 'db' },
  ],
  [
    `import { drizzle } from 'drizzle-orm/mysql2';\nexport const db = drizzle({ connection: { uri: ${url}, connectionLimit: 4 } });`,
    { peak: 4, variable: 'DATABASE_URL' },
  ],
  [
    `import { drizzle } from 'drizzle-orm/mysql2';\nexport const db = drizzle(${url}!);`,
    { peak: 'unknown', variable: 'DATABASE_URL' },
  ],
  [
    `import { drizzle } from 'drizzle-orm/neon-serverless';\nimport ws from 'ws';\nexport const db = drizzle({ connection: ${url}!, ws });`,
    { peak: 10, variable: 'DATABASE_URL' },
  ],
  ["import { drizzle } from 'drizzle-orm/neon-http';\nexport const db = drizzle(process.env.DATABASE_URL!);"],
  ["import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle.mock();"],
  ["import { drizzle } from 'drizzle-orm/pglite';\nexport const db = drizzle('./data');"],
  ["import { drizzle } from 'drizzle-orm/better-sqlite3';\nexport const db = drizzle('dev.db');"],
]);

shapes('node-postgres', [
  [
    "import { drizzle } from 'drizzle-orm/node-postgres';\nimport { Pool } from 'pg';\nexport const db = drizzle(new Pool({ max: 4 }));",
    { peak: 4 },
  ],
  [
    "import { drizzle } from 'drizzle-orm/node-postgres';\nimport { Pool } from 'pg';\nconst pool = new Pool({ max: 4 });\nexport const db = drizzle({ client: pool });",
    { peak: 4 },
  ],
  [
    "import { Kysely, PostgresDialect } from 'kysely';\nimport { Pool } from 'pg';\nexport const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ max: 4 }) }) });",
    { peak: 4 },
  ],
  [
    "import { Kysely, PostgresDialect } from 'kysely';\nimport pg from 'pg';\nconst dialect = new PostgresDialect({ pool: async () => new pg.Pool({ max: 5 }) });\nexport const db = new Kysely({ dialect });",
    { peak: 5 },
  ],
  [
    "import knex from 'knex';\nimport { Pool } from 'pg';\nexport const db = knex({ client: 'pg', connectionPool: new Pool({ max: 3 }), pool: { max: 9 } });",
    { peak: 3 },
  ],
]);

shapes('mysql2', [
  [
    "import { Kysely, MysqlDialect } from 'kysely';\nimport { createPool } from 'mysql2';\nexport const db = new Kysely({ dialect: new MysqlDialect({ pool: createPool({ connectionLimit: 6 }) }) });",
    { peak: 6 },
  ],
  [
    "import { drizzle } from 'drizzle-orm/mysql2';\nimport mysql from 'mysql2/promise';\nexport const db = drizzle({ client: mysql.createPool({ connectionLimit: 6 }) });",
    { peak: 6 },
  ],
]);

shapes('postgres-js', [
  [
    "import { Kysely } from 'kysely';\nimport { PostgresJSDialect } from 'kysely-postgres-js';\nimport postgres from 'postgres';\nexport const db = new Kysely({ dialect: new PostgresJSDialect({ postgres: postgres({ max: 4 }) }) });",
    { peak: 4 },
  ],
  [
    `import { drizzle } from 'drizzle-orm/postgres-js';\nimport postgres from 'postgres';\nconst client = postgres(${url}!, { max: 2 });\nexport const db = drizzle(client);`,
    { peak: 2, variable: 'DATABASE_URL' },
  ],
]);

const six = { 'package.json': '{ "dependencies": { "@mikro-orm/core": "6.6.16" } }' };

shapes('mikro-orm', [
  [
    `import { MikroORM } from '@mikro-orm/postgresql';\nexport const orm = await MikroORM.init({ clientUrl: ${url} });`,
    { peak: 10, variable: 'DATABASE_URL', name: 'orm' },
  ],
  [
    "import { defineConfig } from '@mikro-orm/postgresql';\nexport default defineConfig({ host: 'db', dbName: 'shop', pool: { min: 0, max: 4 } });",
    { peak: 4, host: 'db' },
  ],
  [
    "import { MikroORM } from '@mikro-orm/postgresql';\nexport const orm = new MikroORM({ dbName: 'shop', pool: { max: 6 } });",
    { peak: 6 },
  ],
  [
    "import { MikroORM } from '@mikro-orm/mysql';\nexport const orm = MikroORM.initSync({ clientUrl: 'mysql://shop@db/shop', pool: { max: 5 } });",
    { peak: 5, host: 'db' },
  ],
  [
    "import { MikroORM } from '@mikro-orm/mysql';\nexport const orm = await MikroORM.init({ dbName: 'shop', pool: { max: 0 } });",
    { peak: 'unbounded' },
  ],
  [
    "import { MikroORM } from '@mikro-orm/mssql';\nexport const orm = await MikroORM.init({ host: 'db', pool: { max: 8 } });",
    { peak: 8 },
  ],
  ["import { defineConfig } from '@mikro-orm/mariadb';\nexport default defineConfig({ host: 'db' });", { peak: 10 }],
  [
    "import { MikroORM } from '@mikro-orm/core';\nimport { PostgreSqlDriver } from '@mikro-orm/postgresql';\nexport const orm = await MikroORM.init({ driver: PostgreSqlDriver, dbName: 'shop', pool: { max: 7 } });",
    { peak: 7 },
  ],
  [
    "import { MikroOrmModule } from '@mikro-orm/nestjs';\nimport { PostgreSqlDriver } from '@mikro-orm/postgresql';\nexport const root = MikroOrmModule.forRoot({ driver: PostgreSqlDriver, dbName: 'shop', pool: { max: 3 } });",
    { peak: 3 },
  ],
  [
    "import { MikroOrmModule } from '@mikro-orm/nestjs';\nimport { MySqlDriver } from '@mikro-orm/mysql';\nexport const root = MikroOrmModule.forRootAsync({ useFactory: () => ({ driver: MySqlDriver, dbName: 'shop', pool: { max: 2 } }) });",
    { peak: 2 },
  ],
  [
    "import { MikroORM } from '@mikro-orm/postgresql';\nexport const orm = await MikroORM.init({ dbName: 'shop', driverOptions: { max: 9 }, pool: { max: 3 } });",
    { peak: 9 },
  ],
  [
    "import { MikroORM } from '@mikro-orm/postgresql';\nexport const orm = await MikroORM.init({ dbName: 'shop', pool: { max: 4 }, replicas: [{ host: 'b' }, { host: 'c' }] });",
    { peak: 4 },
    { peak: 4 },
    { peak: 4 },
  ],
  [
    {
      'src/mikro-orm.config.ts':
        "import { defineConfig } from '@mikro-orm/postgresql';\nexport default defineConfig({ dbName: 'shop', pool: { max: 4 } });\n",
      'src/main.ts':
        "import { MikroORM } from '@mikro-orm/postgresql';\nimport config from './mikro-orm.config';\nexport const orm = await MikroORM.init(config);\nexport const more = await MikroORM.init({ ...config, debug: true });\n",
    },
    { peak: 4 },
  ],
  [
    {
      ...six,
      'src/db.ts':
        "import { MikroORM } from '@mikro-orm/postgresql';\nexport const orm = await MikroORM.init({ dbName: 'shop' });\n",
    },
    { peak: 10 },
  ],
  [
    {
      ...six,
      'src/db.ts':
        "import { MikroORM } from '@mikro-orm/mysql';\nexport const orm = await MikroORM.init({ dbName: 'shop', pool: { min: 0, max: 3 } });\n",
    },
    { peak: 3 },
  ],
  ["import { MikroORM } from '@mikro-orm/sqlite';\nexport const orm = await MikroORM.init({ dbName: 'dev.db' });"],
  [
    "import { MikroORM } from '@mikro-orm/mongodb';\nexport const orm = await MikroORM.init({ clientUrl: 'mongodb://db' });",
  ],
  ["import { MikroORM } from '@mikro-orm/postgresql';\nexport const orm = await MikroORM.init();"],
]);

const slonik = "import { createPool } from 'slonik';\n";

shapes('slonik', [
  [`${slonik}export const pool = await createPool(${url}!);`, { peak: 10, variable: 'DATABASE_URL' }],
  [
    `${slonik}export const pool = await createPool('postgres://shop@db/shop', { maximumPoolSize: 4 });`,
    { peak: 4, host: 'db' },
  ],
  [`${slonik}export const pool = await createPool(${url}!, { maxPoolSize: 4 });`, { peak: 4 }],
  [
    `${slonik}export const pool = createPool(${url}!, { maximumPoolSize: 4, minimumPoolSize: 1, interceptors: [] });`,
    { peak: 4 },
  ],
  [
    "const { createPool } = require('slonik');\nmodule.exports = createPool('postgres://db/shop', { maximumPoolSize: 3 });",
    { peak: 3 },
  ],
  [
    "import * as slonik from 'slonik';\nexport const pool = await slonik.createPool('postgres://db/shop', { maximumPoolSize: 3 });",
    { peak: 3 },
  ],
  [
    `${slonik}const options = { maximumPoolSize: 6, connectionTimeout: 3000 } satisfies object;\nexport const pool = await createPool(${url}!, options);`,
    { peak: 6 },
  ],
  [
    `${slonik}let pool;\nexport const get = async () => (pool ??= await createPool(${url}!, { maximumPoolSize: 2 }));`,
    { peak: 2 },
  ],
  [
    `${slonik}export const pool = await createPool(\`postgres://\${process.env.DB_USER}:\${process.env.DB_PASS}@db.internal/shop\`, { maximumPoolSize: 5 });`,
    { peak: 5, host: 'db.internal' },
  ],
  [
    `${slonik}export const pool = await createPool(${url}!, { maximumPoolSize: Number(process.env.POOL) });`,
    { peak: 'unknown' },
  ],
  [
    {
      'package.json': '{ "dependencies": { "slonik": "47.3.2" } }',
      'src/db.ts': `${slonik}export const pool = await createPool(${url}!, { maxPoolSize: 4 });\n`,
    },
    { peak: 10 },
  ],
  ["import type { DatabasePool } from 'slonik';\nexport const use = (pool: DatabasePool) => pool.any('select 1');"],
]);
