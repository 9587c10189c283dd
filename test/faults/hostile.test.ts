/** Bytes of every kind, code of every brokenness: nothing throws, nothing hangs, nothing else is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineWithoutPing, smallTopology } from '../support/diskWorkspace.ts';
import { analyseFiles, createProject, uriOf } from '../support/workspace.ts';

const beside = { 'app/good.py': engineWithoutPing };

async function expectGoodFileFound(files: Record<string, string>) {
  const analysis = await analyseFiles({ ...files, ...beside });
  const found = analysis.findings
    .filter((finding) => finding.at.uri === uriOf('app/good.py'))
    .map((finding) => finding.rule);
  assert.deepEqual(found, ['missing-pre-ping']);
  return analysis;
}

const depth = 10_000;
for (const [name, text] of Object.entries({
  'ten thousand brackets': `${engineWithoutPing}x = ${'('.repeat(depth)}${')'.repeat(depth)}\n`,
  'ten thousand open brackets': `${engineWithoutPing}x = ${'['.repeat(depth)}\n`,
  'brackets inside the call': engineWithoutPing.replace(
    'pool_size=5',
    `pool_size=${'('.repeat(depth)}5${')'.repeat(depth)}`,
  ),
  'ten thousand nested dictionaries': engineWithoutPing.replace(
    'pool_size=5',
    `connect_args=${'{"a": '.repeat(depth)}1${'}'.repeat(depth)}`,
  ),
  'ten thousand nested calls': engineWithoutPing.replace(
    'os.environ["DATABASE_URL"]',
    `${'f('.repeat(depth)}1${')'.repeat(depth)}`,
  ),
  'a sum of ten thousand': engineWithoutPing.replace('pool_size=5', `pool_size=${Array(depth).fill('1').join(' + ')}`),
  'ten thousand strings side by side': engineWithoutPing.replace('os.environ["DATABASE_URL"]', '"a" '.repeat(depth)),
  'a long chain of attributes': engineWithoutPing.replace('os.environ["DATABASE_URL"]', `a${'.b'.repeat(depth)}`),
  'ten thousand ifs': engineWithoutPing.replace('pool_size=5', `pool_size=${'1 if a else '.repeat(depth)}2`),
  'a text of a megabyte with an address in it': `${engineWithoutPing}x = "postgres://a:b@c/d ${'\\n'.repeat(500_000)}"\n`,
  'aliases in a circle': 'from sqlalchemy import create_engine as a\nb = a\na = b\nc = b\nb = c\na(a)\n',
  'a constant that is itself': `SIZE = SIZE\n${engineWithoutPing.replace('pool_size=5', 'pool_size=SIZE')}`,
  'a thousand constants in a row': `${Array.from({ length: 1000 }, (_, n) => `C${n + 1} = C${n}`).join('\n')}\n${engineWithoutPing.replace('pool_size=5', 'pool_size=C1000')}`,
  'null characters': engineWithoutPing.replaceAll(' ', '\0'),
  'half of a surrogate pair': engineWithoutPing.replace('engine', '"\ud83d" or engine'),
  'a lone carriage return': engineWithoutPing.replaceAll('\n', '\r'),
  'a byte order mark': `\uFEFF${engineWithoutPing}`,
  'nothing but quotes': `create_engine(${'"'.repeat(depth)}`,
  'one long line': `create_engine(${'pool_size=1,'.repeat(depth)})`,
  backslashes: `create_engine(${'\\\n'.repeat(depth / 4)}`,
  'every line a decorator': `${'@create_engine\n'.repeat(depth)}`,
})) {
  test(`${name}`, async () => {
    await expectGoodFileFound({ 'app/bad.py': text });
  });
}

test('hostile special files', async () => {
  await expectGoodFileFound({
    'docker-compose.yml': `${'a: {'.repeat(2000)}`,
    Procfile: `web: ${'gunicorn '.repeat(5000)}`,
    Dockerfile: `CMD ${'['.repeat(5000)}`,
    'requirements.txt': `psycopg2\nsqlalchemy==${'9.'.repeat(5000)}\n${'\0'.repeat(100)}`,
    'pyproject.toml': '[[['.repeat(5000),
    '.env': `A=${'"'.repeat(5000)}\n=\n\0`,
    'postgresql.conf': "max_connections = 'x\n".repeat(1000),
  });
});

test('a statement the parser does not finish is given up and named once; the file beside it is not', async () => {
  const files = { ...beside, 'app/bad.py': `create_engine(${'\\\n'.repeat(100_000)}` };
  const { project, log } = await createProject(files);
  const first = await project.analyse();
  const again = await project.analyse();
  assert.deepEqual(
    first.errors.map((error) => error.uri),
    [uriOf('app/bad.py')],
  );
  assert.deepEqual(
    again.findings.map((finding) => finding.at.uri),
    [uriOf('app/good.py')],
  );
  assert.equal(log.length, 1, 'the parser is not asked again for the same text');
});

test('imports in a circle, and chains without end', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`app/m${n}.py`, `from app.m${(n + 1) % 40} import SIZE, make\n`]),
  );
  await expectGoodFileFound({
    ...chain,
    'app/__init__.py': 'from app import *\n',
    'app/use.py': engineWithoutPing
      .replace('import os\n', 'import os\nfrom app.m0 import SIZE\n')
      .replace('pool_size=5', 'pool_size=SIZE'),
  });
});

const realistic = `"""Engine and session."""
import os

from sqlalchemy import create_engine, URL
from sqlalchemy.orm import sessionmaker

SIZE = int(os.getenv("POOL_SIZE", "5"))
OPTIONS = {"pool_size": SIZE, "max_overflow": 2 * SIZE}
url = URL.create("postgresql+psycopg2", username="shop", password=os.environ["DB_PASSWORD"], host="db")


def build(size: int = 5, **kwargs):
    return create_engine(f"postgresql://shop:{os.environ['PW']}@db:5432/shop", pool_size=size, **kwargs)


engine = create_engine(
    os.environ["DATABASE_URL"],  # the main one
    **OPTIONS,
    pool_timeout=60,
)
Session = sessionmaker(bind=build(3, max_overflow=0))
`;

test('typing a whole file: no state throws, and each has the findings of a fresh start', async () => {
  const { project, log } = await createProject({ ...beside, 'poolproof.yaml': smallTopology, 'app/db.py': '' });
  const uri = uriOf('app/db.py');
  project.open(uri, '');
  for (let length = 0; length < realistic.length; length++) {
    project.edit(uri, [{ start: length, end: length, newText: realistic[length]! }]);
    const analysis = await project.analyse();
    assert.ok(
      analysis.findings.some((finding) => finding.at.uri === uriOf('app/good.py')),
      `after ${length + 1} characters`,
    );
    assert.deepEqual(log, [], `after ${length + 1} characters`);
    assert.deepEqual(analysis.errors, []);
    if (length % 40 !== 0) continue;
    const fresh = await analyseFiles({
      ...beside,
      'poolproof.yaml': smallTopology,
      'app/db.py': realistic.slice(0, length + 1),
    });
    assert.deepEqual(analysis.findings, fresh.findings, `after ${length + 1} characters`);
  }
  const findings = (await project.analyse()).findings.filter((finding) => finding.at.uri === uri);
  assert.ok(findings.length > 0);
  project.dispose();
});
