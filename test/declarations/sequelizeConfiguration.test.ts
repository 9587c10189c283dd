/** Sequelize's command line keeps its configuration in JSON, and its models read it from there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles, createProject, type Files, uriOf } from '../support/workspace.ts';

const configuration = (production: object) =>
  JSON.stringify(
    {
      development: { username: 'root', password: null, database: 'shop_dev', host: '127.0.0.1', dialect: 'mysql' },
      test: { username: 'root', password: null, database: 'shop_test', host: '127.0.0.1', dialect: 'mysql' },
      production: { database: 'shop', host: 'db', dialect: 'postgres', ...production },
    },
    null,
    2,
  );

/** As `sequelize init` writes it. */
const models = (required: string) => `'use strict';
const path = require('path');
const Sequelize = require('sequelize');
const env = process.env.NODE_ENV || 'development';
const config = require(${required})[env];
let sequelize;
if (config.use_env_variable) {
  sequelize = new Sequelize(process.env[config.use_env_variable], config);
} else {
  sequelize = new Sequelize(config.database, config.username, config.password, config);
}
module.exports = { sequelize };
`;
const topology =
  'databases:\n  main: { engine: postgresql, max_connections: 100 }\nservices:\n  api: { database: main, server: node }\n';
const six = '{ "dependencies": { "sequelize": "6.37.8", "pg": "8.23.1" } }';

async function totalOf(files: Files): Promise<unknown> {
  const { fleets } = await analyseFiles({ 'package.json': six, 'poolproof.yaml': topology, ...files });
  const { unknown, value } = fleets[0]!.databases[0]!.services[0]!.total;
  return unknown.length > 0 ? 'unknown' : value;
}

const pool = { max: 12, min: 0, acquire: 30_000, idle: 10_000 };

test('the block of production, wherever the file is required from', async () => {
  for (const required of [
    "__dirname + '/../config/config.json'",
    "path.join(__dirname, '..', 'config', 'config.json')",
    "'../config/config.json'",
    "'../config/config'",
  ])
    assert.equal(
      await totalOf({ 'config/config.json': configuration({ pool }), 'models/index.js': models(required) }),
      12,
      required,
    );
});

test('without a pool, from the environment, for another service, imported', async () => {
  const index = { 'models/index.js': models("'../config/config.json'") };
  assert.equal(await totalOf({ 'config/config.json': configuration({}), ...index }), 5);
  assert.equal(
    await totalOf({ 'config/config.json': configuration({ use_env_variable: 'DATABASE_URL', pool }), ...index }),
    12,
  );
  assert.equal(
    await totalOf({
      'src/config/config.json': configuration({ pool }),
      'src/db.ts':
        "import { Sequelize } from 'sequelize';\nimport config from './config/config.json';\nexport const db = new Sequelize(config.production);\n",
    }),
    12,
  );
  assert.equal(
    await totalOf({
      'src/database/config.json': configuration({ pool }),
      'src/db.ts':
        "import { Sequelize } from 'sequelize';\nimport { production } from './database/config.json';\nexport const db = new Sequelize({ ...production, pool: { max: 3 } });\n",
    }),
    3,
  );
});

test('what is no JSON, and what is not there, is not known', async () => {
  const index = { 'models/index.js': models("'../config/config.json'") };
  for (const text of ['{ "production": { "pool": { "max": 12 } }', '{ production: {} }', ''])
    assert.equal(await totalOf({ 'config/config.json': text, ...index }), 'unknown', text);
  assert.equal(await totalOf(index), 'unknown');
});

test('findings stand in the file, and edits of values are made there', async () => {
  const text = configuration({ pool: { max: '12', acquire: 60_000 } });
  const index = { 'package.json': six, 'models/index.js': models("'../config/config.json'") };
  const { findings } = await analyseFiles({ ...index, 'config/config.json': text });
  const places = findings.map(({ rule, at }) => [rule, at.uri, text.slice(at.start, at.end)]);
  const uri = uriOf('config/config.json');
  assert.deepEqual(places.sort(), [
    ['invalid-pool-arguments', uri, '"12"'],
    ['pool-timeout-too-long', uri, '60000'],
  ]);
  const [fix] = findings.find((each) => each.rule === 'pool-timeout-too-long')!.fixes;
  assert.equal(applyEdits(text, fix!.edits), configuration({ pool: { max: '12', acquire: 10_000 } }));
});

test('a setting that is missing is added as JSON', async () => {
  const text = configuration({ pool: { max: 12 } });
  const index = { 'package.json': six, 'models/index.js': models("'../config/config.json'") };
  const { findings } = await analyseFiles({ ...index, 'config/config.json': text });
  const fix = findings.find((each) => each.rule === 'pool-timeout-too-long')?.fixes[0];
  const edited = fix && applyEdits(text, fix.edits);
  assert.equal(edited, configuration({ pool: { max: 12, acquire: 10_000 } }));
});

test('passwords, by where they lead; never those of other files', async () => {
  const found = async (path: string, text: string) => {
    const { findings } = await analyseFiles({ 'package.json': six, [path]: text });
    return findings.map(({ rule, severity, at }) => `${rule} ${severity} ${text.slice(at.start, at.end)}`);
  };
  const password = 's3kDq91xv';
  const remote = configuration({ username: 'shop', password, host: 'db.example.com' });
  assert.deepEqual(await found('config/config.json', remote), [`hardcoded-credentials error ${password}`]);
  const near = configuration({ username: 'shop', password, host: 'localhost' });
  assert.deepEqual(await found('config/config.json', near), [`hardcoded-credentials hint ${password}`]);
  const url = configuration({ url: `postgres://shop:${password}@db.example.com/shop` });
  assert.deepEqual(await found('config/config.json', url), [`hardcoded-credentials error ${password}`]);
  assert.deepEqual(await found('config/config.json', configuration({ password: '' })), []);
  assert.deepEqual(await found('config/config.json', configuration({ password: '<password>' })), []);
  assert.deepEqual(
    await found('config/config.json', `{ "smtp": { "host": "mail.example.com", "password": "${password}" } }`),
    [],
  );
  assert.deepEqual(await found('config/settings.json', remote), []);
});

test('a change of the file counts at once', async () => {
  const { project } = await createProject({
    'package.json': six,
    'config/config.json': configuration({ pool }),
    'models/index.js': models("'../config/config.json'"),
  });
  const peaks = async () => (await project.analyse()).pools.map((each) => each.pool.peakPerProcess);
  assert.deepEqual(await peaks(), [12, 12]);
  project.open(uriOf('config/config.json'), configuration({ pool: { max: 4 } }));
  assert.deepEqual(await peaks(), [4, 4]);
});
