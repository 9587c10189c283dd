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
  "module.exports = {\n  development: { client: 'pg', pool: { min: 0, max: 2 } },\n  production: { client: 'pg', connection: process.env.URL, pool: { min: 0, max: 8 } },\n};\n";
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
