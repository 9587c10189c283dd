/** Environment and configuration files: which values count, which passwords are reported, and what git has to do with it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Grammars } from '../../server/src/syntax/parser.ts';
import { trackedPaths } from '../../server/src/workspace/gitIndex.ts';
import { nodeFileAccess } from '../../server/src/workspace/nodeFileAccess.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { defaultSettings } from '../../server/src/workspace/settings.ts';
import { DiskWorkspace } from '../support/diskWorkspace.ts';
import { grammarSource } from '../support/python.ts';

function git(workspace: DiskWorkspace, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: workspace.root, stdio: 'ignore' });
}

/** Findings about passwords as "path:line severity", and whether any of them shows the password. */
async function sightings(context: TestContext, files: Record<string, string>, tracked: readonly string[]) {
  const workspace = new DiskWorkspace(context, files);
  git(workspace, 'init');
  if (tracked.length > 0) git(workspace, 'add', '-f', ...tracked);
  const host = { access: nodeFileAccess, grammars: new Grammars(grammarSource), log: (text: string) => assert.fail(text) };
  const project = new Project(workspace.uri, host, defaultSettings);
  await project.scan({ isCancelled: () => false });
  const analysis = await project.analyse();
  return analysis.findings
    .filter((finding) => finding.rule === 'hardcoded-credentials')
    .map(({ at, severity, message }) => {
      assert.doesNotMatch(message, /t0p-s3cr3t/);
      const line = analysis.lines(at.uri)!.lineAt(at.start) + 1;
      const text = workspace.read(analysis.displayPath(at.uri)).slice(at.start, at.end);
      return `${analysis.displayPath(at.uri)}:${line} ${severity} ${text}`;
    });
}

const remote = 'postgresql://shop:t0p-s3cr3t@db.example.com/shop';

test('a password in an environment file is reported where git tracks the file, and only there', async (context) => {
  const files = { '.env': `DEBUG=1\nDATABASE_URL="${remote}"\n` };
  assert.deepEqual(await sightings(context, files, ['.env']), ['.env:2 error t0p-s3cr3t']);
  assert.deepEqual(await sightings(context, files, []), []);
});

test('an environment file of an example or a test is one by its folder, too', async (context) => {
  const text = 'POSTGRES_HOST=db\nPOSTGRES_PASSWORD=t0p-s3cr3t\n';
  const files = { 'docker/examples/cluster/.env': text, 'e2e/.env': text, 'docker/.env': text };
  assert.deepEqual(await sightings(context, files, ['.']), [
    'docker/.env:2 error t0p-s3cr3t',
    'docker/examples/cluster/.env:2 hint t0p-s3cr3t',
    'e2e/.env:2 hint t0p-s3cr3t',
  ]);
});

test('passwords on their own take their host from the variables beside them', async (context) => {
  const found = await sightings(
    context,
    {
      '.env': 'DB_HOST=db.example.com\nDB_PASSWORD=t0p-s3cr3t\n',
      'local/.env': 'DB_HOST=localhost\nDB_PASSWORD=t0p-s3cr3t\n',
      'other/.env': 'POSTGRES_PASSWORD=postgres\nSMTP_PASSWORD=t0p-s3cr3t\nDB_PASSWORD=${SECRET}\nPGPASSWORD=\n',
      'open/.env.production': 'PGPASSWORD=t0p-s3cr3t\n',
    },
    ['.'],
  );
  assert.deepEqual(found, [
    '.env:2 error t0p-s3cr3t',
    'local/.env:2 hint t0p-s3cr3t',
    'open/.env.production:1 warning t0p-s3cr3t',
    'other/.env:1 hint postgres',
  ]);
});

test('examples are made of placeholders; only what opens a server is no example', async (context) => {
  const found = await sightings(
    context,
    {
      '.env.example': 'DATABASE_URL=postgres://user:password@localhost/db\nDB_PASSWORD=changeme\n',
      '.env.sample': `DATABASE_URL=${remote}\n`,
    },
    ['.'],
  );
  assert.deepEqual(found, ['.env.sample:1 hint t0p-s3cr3t']);
});

test('alembic.ini and compose files', async (context) => {
  const found = await sightings(
    context,
    {
      'alembic.ini': `[alembic]\n# sqlalchemy.url = ${remote}\nsqlalchemy.url = ${remote}\n`,
      'template/alembic.ini': '[alembic]\nsqlalchemy.url = driver://user:pass@localhost/dbname\n',
      'compose.yaml': `services:\n  api:\n    environment:\n      DATABASE_URL: ${remote}\n      OTHER: postgres://a:\${DB_PASSWORD}@db/x\n`,
    },
    ['.'],
  );
  assert.deepEqual(found, ['alembic.ini:3 error t0p-s3cr3t', 'compose.yaml:4 hint t0p-s3cr3t']);
});

test('a comment on a line of its own silences the next line; one after a value does not', async (context) => {
  const found = await sightings(
    context,
    {
      '.env': `# poolproof: ignore[hardcoded-credentials] a throw-away server\nDATABASE_URL=${remote}\n`,
      'b/.env': `DATABASE_URL=${remote} # poolproof: ignore[hardcoded-credentials]\n`,
    },
    ['.'],
  );
  assert.deepEqual(found, ['b/.env:1 error t0p-s3cr3t']);
});

test('paths of an index in every version that git writes', (context) => {
  for (const version of ['2', '3', '4']) {
    const workspace = new DiskWorkspace(context, { 'a.txt': 'a', 'folder/b.txt': 'b', 'folder/bc.txt': 'c', 'é.txt': 'd' });
    git(workspace, 'init');
    git(workspace, 'config', 'index.version', version);
    git(workspace, 'add', 'a.txt', 'folder/b.txt', 'é.txt');
    // An intended addition needs the flags that only versions 3 and 4 have.
    if (version !== '2') git(workspace, 'add', '--intent-to-add', 'folder/bc.txt');
    else git(workspace, 'add', 'folder/bc.txt');
    const paths = trackedPaths(readFileSync(workspace.path('.git/index')));
    assert.deepEqual([...paths!].sort(), ['a.txt', 'folder/b.txt', 'folder/bc.txt', 'é.txt'], `version ${version}`);
  }
});

test('bytes that are no index are no index', () => {
  for (const bytes of [[], [...'DIRC'].map((each) => each.charCodeAt(0)), [68, 73, 82, 67, 0, 0, 0, 2, 0, 0, 0, 9, 1, 2]])
    assert.equal(trackedPaths(Uint8Array.from(bytes)), undefined);
});
