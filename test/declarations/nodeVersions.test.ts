/** Which version of a Node package a file gets: lock files, package.json, catalogs, through workspaces and hoisting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

test('the version comes from the lock file, through workspaces and hoisting, else from package.json', async () => {
  const code = "import { Pool } from 'pg';\nexport const pool = new Pool();\n";
  const path = 'packages/api/src/db.ts';
  const root = '{"workspaces":["packages/*"]}';
  const manifest = '{"name":"api","dependencies":{"pg":"^8.1.0"}}';
  const locks: readonly (readonly [version: string, files: Files])[] = [
    ['8.11.3', { 'package-lock.json': '{"packages":{"node_modules/pg": {\n      "version": "8.11.3"}}}' }],
    [
      '7.18.2',
      {
        'package-lock.json':
          '{"packages":{"node_modules/pg": {"version": "9.1.0"},"packages/api/node_modules/pg": {"version": "7.18.2"}}}',
      },
    ],
    ['8.11.3', { 'yarn.lock': 'pg@^8.0.0, pg@^8.1.0:\n  version "8.11.3"\n\npg@^7.0.0:\n  version "7.18.2"\n' }],
    ['8.11.3', { 'yarn.lock': '"pg@npm:^8.1.0":\n  version: 8.11.3\n  resolution: "pg@npm:8.11.3"\n' }],
    [
      '8.11.3',
      {
        'pnpm-lock.yaml':
          'importers:\n\n  .: {}\n\n  packages/api:\n    dependencies:\n      pg:\n        specifier: ^8.1.0\n        version: 8.11.3(pg-native@3.0.0)\n\npackages:\n\n  pg@8.11.3:\n    resolution: {}\n',
      },
    ],
    ['8.11.3', { 'bun.lock': '{\n  "packages": {\n    "pg": ["pg@8.11.3", "", {}],\n  },\n}\n' }],
    // It locks something else than what the package asks for.
    ['8.23', { 'package-lock.json': '{"packages":{"node_modules/pg": {"version": "9.1.0"}}}' }],
    ['8.23', {}],
  ];
  for (const [version, lock] of locks) {
    const { pools } = await analyseFiles({
      'package.json': root,
      'packages/api/package.json': manifest,
      ...lock,
      [path]: code,
    });
    assert.equal(pools[0]!.pool.libraryVersion, version, Object.keys(lock)[0]);
  }
});

/** The version in force for a file of the package `packages/api`, and where it is said. */
async function versionOf(files: Files): Promise<readonly [version: string, evidence: string | undefined]> {
  const code = "import { Pool } from 'pg';\nexport const pool = new Pool();\n";
  const analysis = await analyseFiles({ ...files, 'packages/api/src/db.ts': code });
  const { libraryVersion, versionEvidence: evidence } = analysis.pools[0]!.pool;
  const line = evidence && analysis.lines(evidence.at.uri)?.lineAt(evidence.at.start);
  return [libraryVersion, evidence && `${analysis.displayPath(evidence.at.uri)}:${line! + 1}`];
}

const using = (range: string) => `{"name":"api","dependencies":{"pg":"${range}"}}`;

test('catalogs of pnpm, Bun and Yarn', async () => {
  const cases: readonly (readonly [files: Files, version: string, evidence: string])[] = [
    [
      {
        'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n\ncatalog:\n  pg: 8.11.3 # ours\n  'knex': ^3.0.0\n",
        'packages/api/package.json': using('catalog:'),
      },
      '8.11.3',
      'pnpm-workspace.yaml:5',
    ],
    [
      {
        'pnpm-workspace.yaml': 'catalogs:\n  old:\n    pg: "7.18.2"\n  new:\n    pg: 8.12.0\ncatalog:\n  pg: 8.1.0\n',
        'packages/api/package.json': using('catalog:new'),
      },
      '8.12.0',
      'pnpm-workspace.yaml:5',
    ],
    [
      {
        'package.json':
          '{\n  "workspaces": {\n    "packages": ["packages/*"],\n    "catalog": { "pg": "8.9.0" }\n  }\n}',
        'packages/api/package.json': using('catalog:'),
      },
      '8.9.0',
      'package.json:4',
    ],
    [
      {
        '.yarnrc.yml': 'nodeLinker: node-modules\ncatalog:\n  "pg": "npm:8.10.0"\n',
        'packages/api/package.json': using('catalog:default'),
      },
      '8.10.0',
      '.yarnrc.yml:3',
    ],
    [
      {
        'pnpm-workspace.yaml': 'catalog:\n  pg: ^8.11.0\n',
        'pnpm-lock.yaml':
          "catalogs:\n  default:\n    pg:\n      specifier: ^8.11.0\n      version: 8.12.1\n\nimporters:\n\n  packages/api:\n    dependencies:\n      pg:\n        specifier: 'catalog:'\n        version: 8.12.1\n      '@shop/db':\n        specifier: workspace:*\n        version: link:../db\n",
        'packages/api/package.json': using('catalog:'),
      },
      '8.12.1',
      'pnpm-lock.yaml:13',
    ],
  ];
  for (const [files, ...expected] of cases)
    assert.deepEqual(await versionOf(files), expected, Object.keys(files).join());
});

test('a catalog that is not there says nothing', async () => {
  const files = {
    'packages/api/package.json': using('catalog:none'),
    'pnpm-workspace.yaml': 'catalog:\n  pg: 8.1.0\n',
  };
  assert.deepEqual((await versionOf(files))[0], '8.23');
});

test('aliases, patched packages, and ranges of the workspace itself', async () => {
  const cases: readonly (readonly [range: string, version: string])[] = [
    ['npm:pg@8.5.0', '8.5.0'],
    ['npm:@shop/pg-fork@8.5.0', '8.5.0'],
    ['patch:pg@npm%3A8.6.0#~/.yarn/patches/pg.patch', '8.6.0'],
    ['workspace:*', '8.23'],
    ['github:brianc/node-postgres', '8.23'],
    ['latest', '8.23'],
  ];
  for (const [range, version] of cases)
    assert.equal((await versionOf({ 'packages/api/package.json': using(range) }))[0], version, range);
});

test('hoisting: what the root or another folder above asks for', async () => {
  const lock = '{"packages":{"node_modules/pg": {"version": "8.7.1"}}}';
  assert.deepEqual(
    await versionOf({
      'package.json': '{"dependencies":{"pg":"^8.0.0"}}',
      'package-lock.json': lock,
      'packages/api/package.json': '{"name":"api"}',
    }),
    ['8.7.1', 'package-lock.json:1'],
  );
  assert.deepEqual(
    await versionOf({
      'packages/package.json': '{"dependencies":{"pg":"8.2.0"}}',
      'packages/api/package.json': '{"name":"api"}',
    }),
    ['8.2.0', 'packages/package.json:1'],
  );
});

test("Prisma's version: either package tells it, and which release a range takes", async () => {
  const version = async (dependencies: object, url = '"postgresql://shop@db/shop?connection_limit=4"') => {
    const { pools } = await analyseFiles({
      'package.json': JSON.stringify({ dependencies }),
      'prisma/schema.prisma': `datasource db {\n  provider = "postgresql"\n  url      = ${url}\n}\n`,
    });
    return pools[0]?.pool.libraryVersion;
  };
  assert.equal(await version({ prisma: '5.10.2' }), '5.10.2');
  assert.equal(await version({ prisma: '^5.0.0', '@prisma/client': '5.22.0' }), '5.22.0');
  assert.equal(await version({ '@prisma/client': '^5.0.0' }), '5.22');
  assert.equal(await version({ '@prisma/client': '^6.1.0' }), '6.19');
  assert.equal(await version({ '@prisma/client': '>=5' }), '6.19');
  assert.equal(await version({}), '6.19');
  assert.equal(await version({ prisma: '^7.0.0' }), undefined);
  assert.equal(await version({ prisma: '7.2.0' }), undefined);
});
