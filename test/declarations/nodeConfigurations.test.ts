/** Configurations of Node applications: the environment handed on by modules, blocks for each mode, files that are required by path. */
import { shapes } from '../support/shapes.ts';

const pool = (value: string, from: string) =>
  `import { Pool } from 'pg';\nimport ${from} from './environment';\nexport const pool = new Pool({ max: Number(${value} ?? 4), connectionString: ${value.replace(/POOL$/, 'URL')} });\n`;

shapes('node-postgres', [
  [
    { 'src/environment.ts': 'export default process.env;\n', 'src/db.ts': pool('environment.POOL', 'environment') },
    { peak: 4, variable: 'URL' },
  ],
  [
    { 'src/environment.ts': 'export const env = process.env;\n', 'src/db.ts': pool('env.POOL', '{ env }') },
    { peak: 4, variable: 'URL' },
  ],
  [
    { 'src/environment.ts': 'export const { env } = process;\n', 'src/db.ts': pool('env.POOL', '{ env }') },
    { peak: 4, variable: 'URL' },
  ],
  [
    {
      'src/environment.ts': 'const variables = process.env;\nexport { variables as env };\n',
      'src/db.ts': pool('env.POOL', '{ env }'),
      '.env': 'POOL=9\n',
    },
    { peak: 9, variable: 'URL' },
  ],
  [
    {
      'src/environment.js': 'module.exports = process.env;\n',
      'src/db.js':
        "const { Pool } = require('pg');\nconst env = require('./environment');\nmodule.exports = new Pool({ max: +env.POOL || 3, connectionString: env.URL });\n",
    },
    { peak: 3, variable: 'URL' },
  ],
]);

const knexfile =
  "module.exports = {\n  development: { client: 'pg', connection: {}, pool: { min: 0, max: 2 } },\n  production: { client: 'pg', connection: process.env.URL, pool: { min: 0, max: 8 } },\n};\n";
const withMode = (key: string) => ({
  'knexfile.js': knexfile,
  'src/db.js': `const config = require('../knexfile');\nconst mode = process.env.NODE_ENV || 'development';\nmodule.exports = require('knex')(config[${key}]);\n`,
});

shapes('knex', [
  [withMode('process.env.NODE_ENV'), { peak: 8, variable: 'URL' }],
  [withMode("process.env.NODE_ENV || 'development'"), { peak: 8, variable: 'URL' }],
  [withMode("process.env.NODE_ENV ?? 'production'"), { peak: 8, variable: 'URL' }],
  [withMode('mode'), { peak: 8, variable: 'URL' }],
  [
    { ...withMode('mode'), '.env': 'NODE_ENV=development\n' },
    { peak: 2, variable: undefined },
  ],
  // Another variable says nothing of which block is meant.
  [withMode("process.env.TENANT || 'development'"), { peak: 'unknown' }],
]);

const blocks =
  "module.exports = {\n  development: { dialect: 'sqlite', storage: ':memory:' },\n  production: { use_env_variable: 'SHOP_URL', dialect: 'postgres', pool: { max: 12 } },\n};\n";
const models = (required: string) => ({
  'config/config.js': blocks,
  'models/index.js': `const path = require('path');\nconst Sequelize = require('sequelize');\nconst env = process.env.NODE_ENV || 'development';\nconst config = require(${required})[env];\nmodule.exports = new Sequelize(process.env[config.use_env_variable], config);\n`,
});

shapes('sequelize', [
  [models("'../config/config'"), { peak: 12, variable: 'SHOP_URL' }],
  [models("__dirname + '/../config/config.js'"), { peak: 12, variable: 'SHOP_URL' }],
  [models(`\`\${__dirname}/../config/config.js\``), { peak: 12, variable: 'SHOP_URL' }],
  [models("path.join(__dirname, '..', 'config', 'config.js')"), { peak: 12, variable: 'SHOP_URL' }],
  [models("path.resolve(__dirname, '../config/config')"), { peak: 12, variable: 'SHOP_URL' }],
]);

const service = "import { ConfigService } from '@nestjs/config';\nimport { Pool } from 'pg';\n";
const using = (options: string) =>
  `${service}export class Db {\n  constructor(private readonly config: ConfigService) {}\n  open() {\n    return new Pool(${options});\n  }\n}\n`;
const registered = (name: string, body: string) =>
  `import { registerAs } from '@nestjs/config';\nexport default registerAs('${name}', () => ${body});\n`;

shapes('node-postgres', [
  [
    {
      'src/config/database.ts': registered(
        'database',
        '({ url: process.env.URL, pool: { max: Number(process.env.POOL ?? 6) } })',
      ),
      'src/db.ts': using(
        "{ connectionString: this.config.get('database.url'), max: this.config.get<number>('database.pool.max') }",
      ),
    },
    { peak: 6, variable: 'URL' },
  ],
  [
    {
      'src/config/database.ts': registered('database', '{\n  const max = 7;\n  return { max };\n}'),
      'src/db.ts': using("{ max: this.config.getOrThrow('database.max') }"),
    },
    { peak: 7 },
  ],
  [
    {
      'src/config.ts': 'export default () => ({ database: { max: parseInt(process.env.POOL, 10) || 5 } });\n',
      'src/app.ts':
        "import { ConfigModule } from '@nestjs/config';\nimport configuration from './config';\nexport const root = ConfigModule.forRoot({ isGlobal: true, load: [configuration] });\n",
      'src/db.ts': using("{ max: this.config.get('database.max') }"),
    },
    { peak: 5 },
  ],
  [
    {
      'src/config/database.ts': registered('database', '({ host: "db" })'),
      'src/db.ts': using("{ host: this.config.get('database.host'), max: this.config.get('database.max', 3) }"),
    },
    { peak: 3, host: 'db' },
  ],
  [
    {
      'apps/a/src/config.ts': registered('database', '({ max: 2 })'),
      'apps/a/src/db.ts': using("{ max: this.config.get('database.max') }"),
      'apps/b/src/config.ts': registered('database', '({ max: 9 })'),
      'apps/b/src/db.ts': using("{ max: this.config.get('database.max') }"),
    },
    { peak: 2 },
    { peak: 9 },
  ],
  // No configuration of the workspace is called so; one that has no such key yields undefined.
  [{ 'src/db.ts': using("{ max: this.config.get('database.max', 3) }") }, { peak: 'unknown' }],
  [
    {
      'src/config.ts': registered('database', '({ host: "db" })'),
      'src/db.ts': using("{ max: this.config.get('database.max') }"),
    },
    { peak: 10 },
  ],
  // Somebody else's functions of these names.
  [
    {
      'src/config.ts': registered('database', '({ max: 2 })').replace('@nestjs/config', './own'),
      'src/db.ts': using("{ max: this.config.get('database.max') }"),
    },
    { peak: 'unknown' },
  ],
]);

shapes('typeorm', [
  [
    {
      'src/config/typeorm.ts': registered(
        'typeorm',
        "({ type: 'postgres', host: process.env.HOST, extra: { max: 8 } })",
      ),
      'src/app.module.ts':
        "import { ConfigModule, ConfigService } from '@nestjs/config';\nimport { TypeOrmModule } from '@nestjs/typeorm';\nimport typeorm from './config/typeorm';\nexport const imports = [\n  ConfigModule.forRoot({ load: [typeorm] }),\n  TypeOrmModule.forRootAsync({ inject: [ConfigService], useFactory: async (config: ConfigService) => config.get('typeorm')! }),\n];\n",
    },
    { peak: 8, variable: 'HOST' },
  ],
]);

const injected = (body: string) =>
  `import { Inject } from '@nestjs/common';\nimport { ConfigType } from '@nestjs/config';\nimport { Pool } from 'pg';\nimport database from './config';\n${body}`;

shapes('node-postgres', [
  [
    {
      'src/config.ts': registered('database', '({ url: process.env.URL, max: Number(process.env.POOL ?? 6) })'),
      'src/db.ts': injected(
        'export class Db {\n  constructor(@Inject(database.KEY) private readonly config: ConfigType<typeof database>) {}\n  open() {\n    return new Pool({ max: this.config.max, connectionString: this.config.url });\n  }\n}\n',
      ),
    },
    { peak: 6, variable: 'URL' },
  ],
  [
    {
      'src/config.ts': registered('database', '({ max: 5 })'),
      'src/db.ts': injected(
        'export const open = {\n  inject: [database.KEY],\n  useFactory: (config: ConfigType<typeof database>) => new Pool({ max: config.max }),\n};\n',
      ),
    },
    { peak: 5 },
  ],
  // Another generic type says nothing.
  [
    {
      'src/config.ts': registered('database', '({ max: 5 })'),
      'src/db.ts': injected(
        'export const open = (config: Partial<typeof database>) => new Pool({ max: config.max });\n',
      ),
    },
    { peak: 'unknown' },
  ],
]);
