/** Whatever is typed, in whatever order: the findings are those of the same text read afresh. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { smallTopology } from '../support/diskWorkspace.ts';
import { compareWithFreshStarts, shown } from '../support/randomEdits.ts';
import { createProject, uriOf } from '../support/workspace.ts';

const fragments = [
  ...[
    '\n',
    '\r\n',
    ' ',
    '    ',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '"""',
    '#',
    '\\\n',
    ',',
    '=',
    ':',
    '🐘',
    '\t',
    'f"',
    '\0',
  ],
  'engine = create_engine(os.environ["DATABASE_URL"])\n',
  'engine = create_engine(os.environ["DATABASE_URL"], pool_size=20,\n    max_overflow=0)\n',
  'engine = create_engine("postgresql://shop:s3kDq91xv@db.example.com/shop")\n',
  'from sqlalchemy import create_engine\n',
  'import os\n',
  'from app.settings import SIZE\n',
  'pool_size=SIZE, ',
  'pool_pre_ping=True, ',
  'pool_recycle=300, ',
  'poolclass=NullPool, ',
  '**options',
  'options = {"pool_size": 7, "pool_timeout": 60}\n',
  'def build(size):\n    return create_engine(URL, pool_size=size)\n',
  'first = build(3)\n',
  'class Settings:\n    url = "postgresql://localhost/x"\n',
  'if DEBUG:\n    engine = create_engine(URL)\nelse:\n    engine = None\n',
  '# poolproof: ignore[missing-pre-ping]\n',
  '# poolproof: ignore\n',
  'SIZE = 3\n',
  'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": SIZE}}\n',
  'DATABASES["default"]["CONN_MAX_AGE"] = 600\n',
  'DATABASES["default"].update({"OPTIONS": {"pool": True}})\n',
  'from app.settings import *\n',
  'SQLALCHEMY_DATABASE_URI = "postgresql://db/shop"\n',
  'app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": SIZE}\n',
  'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n',
  'class Config(Base):\n    SQLALCHEMY_BINDS = {"audit": URL}\n',
  'else:\n',
  'async def main():\n    await connect(password="hunter22x")\n',
  'URL = f"postgresql://{user}:{password}@db/shop"\n',
] as const;

const edit = fc.record({
  file: fc.constantFrom('app/db.py', 'app/settings.py'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 40 })),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<string>(...fragments) },
    { weight: 1, arbitrary: fc.constant('') },
  ),
});

/** A broken topology file leaves its last good version in force, so each of these is whole. */
const topologies = [
  smallTopology,
  smallTopology.replace(/replicas: \d+/, 'replicas: 9'),
  `${smallTopology}rules: {missing-pre-ping: error, implicit-overflow: off}\n`,
  `${smallTopology}thresholds: {acquire_timeout: 3}\n`,
  'databases: {main: {max_connections: 20}}\n',
];

const wholeTopology = fc
  .constantFrom(...topologies)
  .map((text) => ({ file: 'poolproof.yaml', at: 0, length: Infinity, text }));

const files = {
  'app/__init__.py': '',
  'app/settings.py': 'SIZE = 5\nURL = "postgresql://localhost/shop"\n',
  'app/db.py': `import os
from sqlalchemy import create_engine
from app.settings import SIZE

engine = create_engine(os.environ["DATABASE_URL"], pool_size=SIZE)
`,
  'app/use.py': 'from app.db import build\n\nsecond = build(4)\n',
  'poolproof.yaml': smallTopology,
  'requirements.txt': 'sqlalchemy==2.0.43\npsycopg2==2.9.10\n',
};

test('random edits leave the same findings as a fresh start', async () => {
  const pools = await compareWithFreshStarts(
    files,
    ['app/db.py', 'app/settings.py', 'poolproof.yaml'],
    fc.oneof({ weight: 9, arbitrary: edit }, { weight: 1, arbitrary: wholeTopology }),
  );
  assert.ok(pools > 0, 'some states have pools');
});

test('deleting a file and bringing it back, closing and opening it, change nothing in the end', async () => {
  const { project, files: disk } = await createProject(files);
  const before = shown(await project.analyse());
  const db = uriOf('app/db.py');
  disk.delete(db);
  await project.filesChanged([db]);
  assert.notDeepEqual(shown(await project.analyse()), before);
  disk.set(db, files['app/db.py']);
  await project.filesChanged([db]);
  assert.deepEqual(shown(await project.analyse()), before);
  project.open(db, 'x = 1\n');
  await project.analyse();
  await project.close(db);
  assert.deepEqual(shown(await project.analyse()), before);
  await project.scan({ isCancelled: () => false });
  assert.deepEqual(shown(await project.analyse()), before);
  project.dispose();
});
