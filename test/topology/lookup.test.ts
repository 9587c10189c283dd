import assert from 'node:assert/strict';
import { test } from 'node:test';
import { governingTopology, isExcluded, pathInFolder, servicesFor } from '../../server/src/topology/lookup.ts';
import { parseTopology } from '../../server/src/topology/parse.ts';
import { good, parse } from './support.ts';

const at = (uri: string) => parse('', uri).topology!;

test('the nearest folder governs, by whole segments', () => {
  const root = at('file:///srv/poolproof.yaml');
  const app = at('file:///srv/app/poolproof.yaml');
  const all = [root, app];
  const folderFor = (uri: string) => governingTopology(all, uri)?.folder;
  assert.equal(folderFor('file:///srv/app/src/db.py'), 'file:///srv/app');
  assert.equal(folderFor('file:///srv/app/db.py'), 'file:///srv/app');
  assert.equal(folderFor('file:///srv/app2/db.py'), 'file:///srv');
  assert.equal(folderFor('file:///srv/db.py'), 'file:///srv');
  assert.equal(folderFor('file:///workshop/db.py'), undefined);
  assert.equal(folderFor('vscode-vfs://github/srv/db.py'), undefined);
  assert.equal(governingTopology([app, root], 'file:///srv/app/db.py'), app);
});

test('encodings and the case of drive letters do not matter', () => {
  const topology = at('file:///c%3A/My%20Work/poolproof.yaml');
  assert.equal(governingTopology([topology], 'file:///C:/My Work/db.py'), topology);
  assert.equal(pathInFolder(topology, 'file:///c:/My%20Work/a/b.py'), 'a/b.py');
  assert.equal(pathInFolder(topology, 'file:///c:/My%20Work/100%.py'), '100%.py');
});

test('a file at the root of a scheme, and a folder that the setting names', () => {
  assert.equal(governingTopology([at('untitled:poolproof.yaml')], 'untitled:db.py'), undefined);
  const { topology } = parseTopology('file:///srv/deploy/poolproof.yaml', '', {
    knownRules: [],
    folder: 'file:///srv/',
  });
  assert.equal(topology!.folder, 'file:///srv');
  assert.equal(governingTopology([topology!], 'file:///srv/app/db.py'), topology);
});

function servicesOf(paths: string, file: string): string[] {
  const { topology } = good(`databases: {main: {}}\nservices:\n  api: {database: main, paths: ${paths}}\n`);
  return servicesFor(topology, `file:///srv/${file}`).map((service) => service.name);
}

test('paths are globs relative to the folder', () => {
  const cases: [string, string, boolean][] = [
    ['[services/api/**]', 'services/api/db.py', true],
    ['[services/api/**]', 'services/api/deep/er/db.py', true],
    ['[services/api/**]', 'services/api2/db.py', false],
    ['[services/api/**]', 'other/services/api/db.py', false],
    ['[services/api]', 'services/api/db.py', true],
    ['[services/api/]', 'services/api/db.py', true],
    ['services/api', 'services/apiary/db.py', false],
    ['[./services/api/**]', 'services/api/db.py', true],
    ['["**/*.py"]', 'db.py', true],
    ['["*.py"]', 'a/db.py', false],
    ['["services/{api,web}/**"]', 'services/web/db.py', true],
    ['[app/**]', 'app/.hidden/db.py', true],
    ['[app/**, "!app/tests/**"]', 'app/tests/db.py', false],
    ['[app/**, "!app/tests/**"]', 'app/db.py', true],
    ['["!app/tests/**"]', 'other/db.py', true],
    ['[.]', 'anything/db.py', true],
    ['[app/db.py]', 'app/db.py', true],
    ['[]', 'app/db.py', false],
  ];
  for (const [paths, file, expected] of cases) {
    assert.equal(servicesOf(paths, file).length === 1, expected, `${paths} ${file}`);
  }
});

test('a file may belong to several services, and a service without paths has every file inside the folder', () => {
  const { topology } = good(
    'databases: {main: {}}\nservices:\n  api: {database: main, paths: [shared/**]}\n  all: {database: main}\n',
  );
  const names = (uri: string) => servicesFor(topology, uri).map((service) => service.name);
  assert.deepEqual(names('file:///srv/shared/db.py'), ['api', 'all']);
  assert.deepEqual(names('file:///srv/x.py'), ['all']);
  assert.deepEqual(names('file:///elsewhere/x.py'), []);
});

test('exclude', () => {
  const { topology } = good(
    'databases: {main: {}}\nservices: {api: {database: main, paths: [app/**, gone/**, "!app/old/**"]}}\nexclude: [vendor]\n',
  );
  assert.equal(isExcluded(topology, 'file:///srv/vendor/x.py'), true);
  assert.equal(isExcluded(topology, 'file:///srv/app/x.py'), false);
});

test('the costliest globs that are accepted match quickly enough to finish', () => {
  const file = `${'a'.repeat(200)}/${'b/'.repeat(60)}c`;
  assert.deepEqual(servicesOf('["*a*a*x/**/**b/**/z"]', file), []);
});
