/** What a pgbouncer.ini includes is read in its place, as PgBouncer does, where the workspace holds it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { includeCandidates } from '../../server/src/declarations/pgbouncerIncludes.ts';
import { entriesOf } from '../../server/src/present/pgbouncer/entries.ts';
import { analyseFiles, createProject, type Files, root, uriOf } from '../support/workspace.ts';

const topology = `databases:
  main:
    engine: postgresql
    max_connections: 100
    pooler: {kind: pgbouncer, config: deploy/pgbouncer.ini}
services: {}
extra_connections:
  - {name: clients, database: main, connections: 95, via: pooler}
`;

async function analysed(files: Files) {
  const analysis = await analyseFiles({ 'poolproof.yaml': topology, ...files });
  const [budget] = analysis.fleets[0]!.databases;
  return {
    total: budget!.total.value,
    unknown: budget!.total.unknown,
    pooler: budget!.database.pooler!,
    entries: entriesOf(analysis).map(({ name, at, serverConnections, hasPassword }) => [
      name,
      analysis.displayPath(at.uri),
      serverConnections,
      hasPassword,
    ]),
    findings: analysis.findings.map(({ rule, at }) => `${rule} ${analysis.displayPath(at.uri)}`),
  };
}

test('entries without a header belong to the section of the include', async () => {
  const { total, entries, findings } = await analysed({
    'deploy/pgbouncer.ini': '[databases]\nshop = host=db\n%include databases.ini\n\n[pgbouncer]\ndefault_pool_size = 20\n',
    'deploy/databases.ini': '; ours\nreports = host=db pool_size=5\nold = host=db password=s3kDq91xv\n',
  });
  assert.equal(total, 45);
  assert.deepEqual(entries, [
    ['shop', 'deploy/pgbouncer.ini', 20, false],
    ['reports', 'deploy/databases.ini', 5, false],
    ['old', 'deploy/databases.ini', 20, true],
  ]);
  assert.deepEqual(findings, ['hardcoded-credentials deploy/databases.ini']);
});

test('settings in an include count, and a header in one sets all back', async () => {
  const files = {
    'deploy/pgbouncer.ini': '[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 77\n%include sizes.ini\n[databases]\nshop = host=db\n',
  };
  const plain = await analysed({ ...files, 'deploy/sizes.ini': 'default_pool_size = 7\nmax_client_conn = 900\n' });
  assert.equal(plain.total, 7);
  assert.equal(plain.pooler.mode?.value, 'transaction');
  const { value, at } = plain.pooler.settings.get('max_client_conn')!;
  assert.deepEqual([value, at.uri], [900, uriOf('deploy/sizes.ini')]);
  const again = await analysed({ ...files, 'deploy/sizes.ini': '[pgbouncer]\nreserve_pool_size = 2\n' });
  assert.equal(again.total, 22, 'the default and the reserve');
  assert.equal(again.pooler.mode?.value, 'session');
});

test('a header in an include is in force behind it: values there were read for another section', async () => {
  const { unknown } = await analysed({
    'deploy/pgbouncer.ini': '[pgbouncer]\npool_mode = session\n%include databases.ini\nreports = host=db\n',
    'deploy/databases.ini': '[databases]\nshop = host=db\n',
  });
  assert.match(unknown[0]!, /databases\.ini may hold more/);
});

test('includes inside includes, from the folder of the main file or of the workspace', async () => {
  const nested = {
    'deploy/pgbouncer.ini': '[databases]\n%include parts/one.ini\n[pgbouncer]\ndefault_pool_size = 3\n',
    'deploy/parts/one.ini': 'a = host=db\n%include parts/two.ini\n',
  };
  assert.equal((await analysed({ ...nested, 'deploy/parts/two.ini': 'b = host=db\n' })).total, 6);
  assert.equal((await analysed({ ...nested, 'parts/two.ini': 'b = host=db\nc = host=db\n' })).total, 9);
  const both = await analysed({ ...nested, 'deploy/parts/two.ini': 'b = host=db\n', 'parts/two.ini': 'c = host=db\n' });
  assert.equal(both.total, null, 'which of the two cannot be told');
});

test('what the workspace does not hold is not known, nor is a file that includes itself', async () => {
  for (const include of ['/srv/databases.ini', 'missing.ini', '*.ini', 'pgbouncer.ini', 'loop.ini']) {
    const { total } = await analysed({
      'deploy/pgbouncer.ini': `[databases]\nshop = host=db\n%include ${include}\n[pgbouncer]\n`,
      'deploy/loop.ini': '%include loop.ini\n',
    });
    assert.equal(total, null, include);
  }
});

test('a file beside it in the usual folder, and changes of it', async () => {
  const files = {
    'poolproof.yaml': topology,
    'deploy/pgbouncer.ini': '[databases]\n%include /etc/pgbouncer/conf.d/databases.conf\n[pgbouncer]\ndefault_pool_size = 3\n',
    'deploy/conf.d/databases.conf': 'a = host=db\n',
  };
  const { project, files: disk } = await createProject(files);
  const total = async () => (await project.analyse()).fleets[0]!.databases[0]!.total.value;
  assert.equal(await total(), 3);
  const uri = uriOf('deploy/conf.d/databases.conf');
  disk.set(uri, 'a = host=db\nb = host=db\n');
  assert.equal(await total(), 3, 'read once');
  await project.filesChanged([uri]);
  assert.equal(await total(), 6);
  project.open(uri, 'a = host=db pool_size=50\n');
  assert.equal(await total(), 50);
  disk.delete(uri);
  await project.close(uri);
  assert.equal(await total(), null);
});

test('a path leads out of neither folder', () => {
  const main = `${root}/deploy/pgbouncer.ini`;
  assert.deepEqual(includeCandidates('../../x.ini', main, root), []);
  assert.deepEqual(includeCandidates('../x.ini', main, root), [`${root}/x.ini`]);
  assert.deepEqual(includeCandidates('a b.ini', main, root), [`${root}/deploy/a%20b.ini`, `${root}/a%20b.ini`]);
  assert.deepEqual(includeCandidates('/etc/pgbouncer/../x.ini', main, root), [`${root}/x.ini`]);
});

test('a header in an include is a second one, told where the include stands', async () => {
  const said = async (main: string, part: string) => {
    const analysis = await analyseFiles({ 'pgbouncer.ini': main, 'part.ini': part });
    return analysis.findings
      .filter(({ rule }) => rule === 'pgbouncer-section-repeated')
      .map(({ at, message }) => [analysis.displayPath(at.uri), main.slice(at.start, at.end), message]);
  };
  const [[path, at, message] = []] = await said(
    '[pgbouncer]\npool_mode = transaction\n%include part.ini\n',
    '[pgbouncer]\nmax_client_conn = 500\n',
  );
  assert.deepEqual([path, at], ['pgbouncer.ini', '%include part.ini']);
  assert.match(message!, /^part\.ini has a \[pgbouncer\] header of its own: .* under the first one back/);
  const reversed = await said('%include part.ini\n[pgbouncer]\npool_mode = transaction\n', '[pgbouncer]\nmax_client_conn = 500\n');
  assert.match(reversed[0]![2]!, /^A second \[pgbouncer\] header: .* under the one in part\.ini back/);
  assert.deepEqual(await said('[pgbouncer]\npool_mode = transaction\n%include part.ini\n', 'max_client_conn = 500\n'), []);
});
