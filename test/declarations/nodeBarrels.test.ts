/** Functions that build pools, reached through modules that only hand names on: the service that calls them pays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

const topology = `databases:
  main: { max_connections: 100 }
services:
  api: { database: main, server: node, paths: ["apps/api/**"] }
  jobs: { database: main, server: node, paths: ["apps/jobs/**"] }
`;
const maker =
  "import { Pool } from 'pg';\nexport function makePool(max: number) {\n  return new Pool({ max, connectionTimeoutMillis: 1000 });\n}\n";
const used = (names: string, module: string, call: string) =>
  `import ${names} from '${module}';\nexport const pool = ${call}(5);\n`;
const elsewhere = 'packages/storage/src/pg/client.ts';
const storage = (entry: string): Files => ({
  'packages/storage/package.json': `{ "name": "@acme/persistence", ${entry} }`,
  [elsewhere]: maker,
  'packages/storage/src/pg/index.ts': "export { makePool } from './client';\n",
  'packages/storage/src/index.ts': "export * from './pg';\n",
});

const cases: readonly (readonly [name: string, files: Files])[] = [
  [
    'a folder that hands everything on',
    {
      'packages/db/client.ts': maker,
      'packages/db/index.ts': "export * from './client';\n",
      'apps/api/a.ts': used('{ makePool }', '../../packages/db', 'makePool'),
    },
  ],
  [
    'a package of the workspace with exports, called otherwise than its folder',
    {
      ...storage('"exports": { ".": "./src/index.ts" }'),
      'apps/api/a.ts': used('{ makePool }', '@acme/persistence', 'makePool'),
    },
  ],
  [
    'a package whose entry is build output',
    {
      ...storage('"main": "./dist/index.js", "types": "./dist/index.d.ts"'),
      'apps/api/a.ts': used('{ makePool }', '@acme/persistence', 'makePool'),
    },
  ],
  [
    'exports by condition and subpath',
    {
      ...storage('"exports": { "./pg": { "types": "./dist/pg/index.d.ts", "import": "./dist/pg/index.js" } }'),
      'apps/api/a.ts': used('{ makePool }', '@acme/persistence/pg', 'makePool'),
    },
  ],
  [
    'an alias of the TypeScript configuration',
    {
      'tsconfig.base.json':
        '{ "compilerOptions": { "baseUrl": ".", "paths": { "@acme/data-store": ["libs/persistence/src/index.ts"] } } }',
      'apps/api/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
      'libs/persistence/src/lib/pool.ts': maker,
      'libs/persistence/src/index.ts': "export * from './lib/pool';\n",
      'apps/api/a.ts': used('{ makePool }', '@acme/data-store', 'makePool'),
    },
  ],
  [
    'an alias for a folder',
    {
      'apps/api/tsconfig.json': '{ "compilerOptions": { "paths": { "@store/*": ["./src/persistence/*"] } } }',
      'apps/api/src/persistence/pg/index.ts': "export * from './pool';\n",
      'apps/api/src/persistence/pg/pool.ts': maker,
      'apps/api/src/a.ts': used('{ makePool }', '@store/pg', 'makePool'),
    },
  ],
  [
    'a module with a hyphen in its name',
    { 'shared/db-client.ts': maker, 'apps/api/a.ts': used('{ makePool }', '../../shared/db-client', 'makePool') },
  ],
  [
    'another name on the way',
    {
      'packages/db/client.ts': maker,
      'packages/db/index.ts': "export {\n  makePool as open,\n} from './client';\n",
      'apps/api/a.ts': used('{ open }', '../../packages/db', 'open'),
    },
  ],
  [
    'a default under a name',
    {
      'packages/db/client.ts': maker.replace('export function', 'export default function'),
      'packages/db/index.ts': "export { default as open } from './client';\n",
      'apps/api/a.ts': used('{ open }', '../../packages/db', 'open'),
    },
  ],
  [
    'a name as the default',
    {
      'packages/db/client.ts': maker,
      'packages/db/index.ts': "import { makePool } from './client';\nexport { makePool as default };\n",
      'apps/api/a.ts': used('open', '../../packages/db', 'open'),
    },
  ],
  [
    'a module as a name',
    {
      'packages/db/client.ts': maker,
      'packages/db/index.ts': "export * as pg from './client';\n",
      'apps/api/a.ts': used('{ pg }', '../../packages/db', 'pg.makePool'),
    },
  ],
  [
    'CommonJS',
    {
      'packages/db/client.js':
        "const { Pool } = require('pg');\nfunction makePool(max) {\n  return new Pool({ max });\n}\nmodule.exports = { makePool };\n",
      'packages/db/index.js': "module.exports = { ...require('./client') };\n",
      'apps/api/a.js': "const { makePool } = require('../../packages/db');\nexports.pool = makePool(5);\n",
    },
  ],
  [
    'CommonJS, a function without a name of its own',
    {
      'packages/db/client.js':
        "const { Pool } = require('pg');\nexports.makePool = function (max) {\n  return new Pool({ max });\n};\n",
      'packages/db/index.js': "module.exports = require('./client');\n",
      'apps/api/a.js': "const db = require('../../packages/db');\nexports.pool = db.makePool(5);\n",
    },
  ],
];

for (const [name, files] of cases) {
  test(name, async () => {
    const { fleets } = await analyseFiles({ 'poolproof.yaml': topology, ...files });
    const { services } = fleets[0]!.databases[0]!;
    assert.deepEqual(
      services.map(({ service, total }) => [service.name, total.unknown.length > 0 ? 'unknown' : total.value]),
      [
        ['api', 5],
        ['jobs', 0],
      ],
    );
  });
}

test('each service pays for what it calls', async () => {
  const { fleets } = await analyseFiles({
    'poolproof.yaml': topology,
    ...storage('"exports": { ".": "./src/index.ts" }'),
    'apps/api/a.ts': used('{ makePool }', '@acme/persistence', 'makePool'),
    'apps/jobs/a.ts': used('{ makePool as open }', '@acme/persistence', 'open').replace('5', '7'),
  });
  const totals = fleets[0]!.databases[0]!.services.map(({ service, total }) => [service.name, total.value]);
  assert.deepEqual(Object.fromEntries(totals), { api: 5, jobs: 7 });
});

test('a pool for each request, built by a function of a package called otherwise than its folder', async () => {
  const { findings } = await analyseFiles({
    ...storage('"exports": { ".": "./src/index.ts" }'),
    [elsewhere]: maker.replace('max: number', '').replace('max, ', ''),
    'apps/api/a.ts':
      "import express from 'express';\nimport { makePool } from '@acme/persistence';\nconst app = express();\napp.get('/', async (request, response) => {\n  const pool = makePool();\n  response.json(await pool.query('SELECT 1'));\n});\n",
  });
  assert.ok(findings.some((each) => each.rule === 'pool-created-per-request'));
});
