// The corpus of the cold run and the workspaces of the others: written once per size into .tools/bench/, the same bytes on every machine.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeTopology } from './peers.mjs';
import { pick, pythonBlock, pythonFunction, pythonHead, seededRandom } from './python-source.mjs';
import { benchFolder, isProgram, say } from './support.mjs';
import { typescriptBlock, typescriptHead } from './typescript-source.mjs';

/** Raise it when the generator changes what it writes. */
const generation = 5;
/** The size of the corpus that the goals of the cold run are set for. */
export const corpusFiles = 4300;

const secret = ['s3cr', 'etR', '9x'].join('');
const literal = '"postgresql+psycopg2://db.internal/orders"';
const fromSqlalchemy = 'from sqlalchemy import create_engine';

/** Every shape: import lines and the lines that declare one pool. */
const poolShapes = [
  [[fromSqlalchemy], [`engine = create_engine(${literal})`]],
  [[fromSqlalchemy], [`engine = create_engine("postgresql://app:${secret}@db.internal:5432/orders", pool_size=10)`]],
  [['import os', fromSqlalchemy], ['engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)']],
  [
    ['import os', fromSqlalchemy],
    [
      'engine = create_engine(',
      '    os.getenv("DATABASE_URL", "postgresql://localhost/orders"),',
      '    pool_size=int(os.getenv("POOL_SIZE", "5")),',
      '    max_overflow=10,  # bursts at the end of the month',
      '    pool_timeout=30,',
      ')',
    ],
  ],
  [
    ['from sqlalchemy.ext.asyncio import create_async_engine'],
    [
      'engine = create_async_engine(',
      '    "postgresql+asyncpg://db.internal/orders", pool_size=20, max_overflow=0',
      ')',
    ],
  ],
  [['from sqlalchemy import engine_from_config'], ['engine = engine_from_config(settings, prefix="sqlalchemy.")']],
  [['import sqlalchemy as sa'], [`engine = sa.create_engine(${literal}, pool_recycle=1800)`]],
  [['from sqlalchemy import create_engine as make_engine'], [`engine = make_engine(${literal}, echo=False)`]],
  [
    [fromSqlalchemy, 'from sqlalchemy.pool import NullPool'],
    [`engine = create_engine(${literal}, poolclass=NullPool)`],
  ],
  [[fromSqlalchemy], ['engine = create_engine(f"postgresql://{USER}:{PASSWORD}@{HOST}/orders", pool_size=POOL_SIZE)']],
  [
    [fromSqlalchemy],
    [
      'OPTIONS = {"pool_size": 8, "max_overflow": 4, "pool_pre_ping": True}',
      `engine = create_engine(${literal}, **OPTIONS)`,
    ],
  ],
  [
    [fromSqlalchemy, 'from sqlalchemy.engine import URL'],
    ['engine = create_engine(URL.create("postgresql", host="db.internal", database="orders"), pool_size=3)'],
  ],
  [
    ['from functools import lru_cache', fromSqlalchemy],
    [
      '@lru_cache',
      'def get_engine():',
      '    """One engine per process."""',
      `    return create_engine(${literal}, pool_size=4)`,
    ],
  ],
  [
    [fromSqlalchemy, 'from .settings import settings'],
    ['engine = create_engine(settings.database_url, pool_timeout=5)'],
  ],
];

/** Files in which the words occur and no pool is declared: what a search finds and an analysis must not report. */
const mentionShapes = [
  [[], ['# The engine comes from create_engine in the service itself, never from here.']],
  [[fromSqlalchemy], ['__all__ = ["create_engine"]']],
  [[], ['def create_engine(kind):', '    """Create a search engine, no database."""', '    return {"kind": kind}']],
  [[], ['def test_patch(monkeypatch):', '    monkeypatch.setattr("app.db.create_engine", lambda *_: None)']],
];

const sqlalchemyImports = [
  'from sqlalchemy import select',
  'from sqlalchemy.orm import Session',
  'from sqlalchemy import Column, Integer, String',
  'import sqlalchemy as sa',
];

const folders =
  'services/api/routes services/api/models services/billing services/catalogue/views services/search jobs/nightly jobs/imports shared/helpers shared/clients tests/unit tests/integration migrations/versions scripts'.split(
    ' ',
  );

/** The text of file number `index`; 8 % of the files import SQLAlchemy, a quarter of those name an engine's constructor. */
function corpusFile(index) {
  const random = seededRandom(index * 7919 + generation);
  const mentionsSqlalchemy = index % 25 === 3 || index % 25 === 14;
  const namesConstructor = index % 50 === 3;
  // 60 of the 86 files that name a constructor declare a pool, spread evenly.
  const occurrence = (index - 3) / 50;
  const declaresPool =
    namesConstructor && Math.floor(((occurrence + 1) * 60) / 86) > Math.floor((occurrence * 60) / 86);
  const [imports, lines] = declaresPool
    ? poolShapes[occurrence % poolShapes.length]
    : namesConstructor
      ? mentionShapes[occurrence % mentionShapes.length]
      : [mentionsSqlalchemy ? [pick(random, sqlalchemyImports)] : [], []];
  const parts = [pythonHead(random, imports).join('\n')];
  let bytes = parts[0].length;
  // Sizes as in real trees: many small files, few large ones.
  const wanted = Math.min(60_000, 900 - 5_400 * Math.log(1 - random()));
  if (lines.length > 0) parts.push(lines.join('\n'));
  while (bytes < wanted) {
    const block = pythonBlock(random).join('\n');
    parts.push(block);
    bytes += block.length + 3;
  }
  const path = join(pick(random, folders), `part_${Math.floor(index / 400)}`, `module_${index}.py`);
  return { path, text: `${parts.join('\n\n\n')}\n`, declaresPool };
}

/**
 * A tree of Python files.
 * @param {string} name folder under .tools/bench/
 * @param {number} files how many
 * @returns {{ folder: string, files: number, bytes: number, pools: number }}
 */
export function generatedTree(name, files) {
  const folder = join(benchFolder, name);
  const stamp = join(benchFolder, `${name}.json`);
  if (existsSync(stamp)) {
    const written = JSON.parse(readFileSync(stamp, 'utf8'));
    if (written.generation === generation && written.files === files && existsSync(folder))
      return { folder, ...written };
  }
  say(`generating ${files.toLocaleString('en')} Python files …`);
  rmSync(folder, { recursive: true, force: true });
  const made = new Set();
  let bytes = 0;
  let pools = 0;
  for (let index = 0; index < files; index++) {
    const { path, text, declaresPool } = corpusFile(index);
    const parent = join(folder, dirname(path));
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(join(folder, path), text);
    bytes += text.length;
    if (declaresPool) pools++;
  }
  // A repository of its own: otherwise the ignore file that hides .tools/ could hide the corpus from the tools.
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeTopology(folder);
  const written = { generation, files, bytes, pools };
  writeFileSync(stamp, `${JSON.stringify(written)}\n`);
  return { folder, ...written };
}

/**
 * What the long file is in each language. The line `toggled` is the one that the benchmarks edit: with its first character there
 * is a finding, without it there is none.
 */
const longFiles = {
  python: {
    name: 'database.py',
    comment: '#',
    blankLines: 2,
    head: (random) => pythonHead(random, ['import os', fromSqlalchemy]),
    block: pythonFunction,
    pool: [
      'engine = create_engine(',
      `    ${literal},`,
      '    pool_size=20,',
      '    max_overflow=0,',
      '    pool_timeout=10,',
      '    #pool_pre_ping=True,',
      ')',
    ],
    toggled: '    #pool_pre_ping=True,',
  },
  typescript: {
    name: 'database.ts',
    comment: '//',
    blankLines: 1,
    head: (random) => typescriptHead(random, ["import { Pool } from 'pg';"]),
    block: typescriptBlock,
    pool: [
      'export const pool = new Pool({',
      "  connectionString: 'postgresql://db.internal/orders',",
      '  max: 20,',
      '  idleTimeoutMillis: 30_000,',
      '  _connectionTimeoutMillis: 5_000,',
      '});',
      "pool.on('error', (error) => logger.error(error));",
    ],
    toggled: '  _connectionTimeoutMillis: 5_000,',
  },
};

/**
 * A file of 5,000 lines of small functions with one pool.
 * @param {'top' | 'middle'} position where the pool stands
 * @param {'python' | 'typescript'} language
 * @returns {{ name: string, text: string, line: number, character: number, offset: number, toggled: string, middle: number }} what it
 *   is called, the place of the character that an edit takes away and puts back, and an empty line in the middle of the file where a
 *   statement can be typed; 0-based
 */
export function longFile(position, language = 'python', lineCount = 5000) {
  const { name, comment, blankLines, head, block, pool, toggled } = longFiles[language];
  const random = seededRandom(position === 'top' ? 11 : 12);
  const lines = head(random);
  const gap = Array.from({ length: blankLines }, () => '');
  let middle;
  const place = () => lines.push(...gap, ...pool);
  if (position === 'top') place();
  for (;;) {
    if (middle === undefined && lines.length >= lineCount / 2) {
      if (position === 'middle') place();
      lines.push('', '', '');
      middle = lines.length - 2;
    }
    const next = block(random);
    if (lines.length + next.length + blankLines > lineCount) break;
    lines.push(...gap, ...next);
  }
  while (lines.length < lineCount) lines.push(`${comment} ${lineCount - lines.length} more`);
  const line = lines.indexOf(toggled);
  const character = /\S/.exec(toggled).index;
  const text = `${lines.join('\n')}\n`;
  return {
    name,
    text,
    line,
    character,
    offset: text.indexOf(toggled) + character,
    toggled: toggled[character],
    middle,
  };
}

if (isProgram(import.meta.url)) {
  const { folder, files, bytes, pools } = generatedTree('corpus', corpusFiles);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, ${pools} pools in ${folder}`);
}
