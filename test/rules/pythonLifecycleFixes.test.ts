/** What the fixes for leaked connections in Python write, to the letter: texts and comments keep their lines, nothing else moves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles } from '../support/workspace.ts';

const heads = {
  sqlalchemy:
    'import os\nfrom sqlalchemy import create_engine, text\nfrom sqlalchemy.orm import Session, sessionmaker\n\nengine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)\nSessionLocal = sessionmaker(engine)\n\n',
  asyncpg:
    'import asyncpg\n\nclass Store:\n    async def start(self, dsn):\n        self.pool = await asyncpg.create_pool(dsn)\n\n',
  asyncSession:
    'import os\nfrom sqlalchemy.ext.asyncio import AsyncSession, create_async_engine\nfrom sqlalchemy.orm import sessionmaker\n\nmake = sessionmaker(create_async_engine(os.environ["DATABASE_URL"]), class_=AsyncSession)\n\n',
  psycopg:
    'import os\nfrom psycopg_pool import ConnectionPool\n\npool = ConnectionPool(os.environ["DATABASE_URL"])\n\n',
  psycopg2:
    'import os\nfrom psycopg2.pool import ThreadedConnectionPool\n\npool = ThreadedConnectionPool(5, 10, os.environ["DATABASE_URL"])\n\n',
  driver: 'import psycopg2\nimport aiomysql\n\n',
};

async function leaksOf(text: string) {
  const { findings } = await analyseFiles({ 'app/db.py': text });
  return findings.filter((each) => each.rule === 'connection-leak');
}

async function fixed(library: keyof typeof heads, body: string): Promise<string> {
  const text = heads[library] + body;
  const [found, ...more] = await leaksOf(text);
  assert.ok(found !== undefined && more.length === 0, body);
  const [fix] = found.fixes;
  assert.ok(fix !== undefined, body);
  assert.equal(fix.safety, 'suggestion');
  const result = applyEdits(text, fix.edits);
  assert.deepEqual(await leaksOf(result), [], result);
  assert.ok(result.startsWith(heads[library]));
  return result.slice(heads[library].length);
}

test('what stands before the release goes into a with, what stands behind it stays', async () => {
  assert.equal(
    await fixed(
      'sqlalchemy',
      'def names(limit):\n    conn = engine.connect()  # one\n\n    # two\n    rows = conn.execute(\n        text("select 1"),\n    ).fetchall()\n' +
        '    conn.close()\n    publish(rows)\n    return rows\n',
    ),
    'def names(limit):\n    with engine.connect() as conn:  # one\n\n        # two\n        rows = conn.execute(\n            text("select 1"),\n        ).fetchall()\n' +
      '    publish(rows)\n    return rows\n',
  );
});

test('a text over several lines keeps them', async () => {
  assert.equal(
    await fixed(
      'sqlalchemy',
      'def names():\n\tsession = SessionLocal()\n\trows = session.execute(text("""\n    select name\n\tfrom shop\n""")).all()\n\tsession.close()\n\treturn rows\n',
    ),
    'def names():\n\twith SessionLocal() as session:\n\t\trows = session.execute(text("""\n    select name\n\tfrom shop\n""")).all()\n\treturn rows\n',
  );
});

test('where nothing gives it back, the block ends with what depends on it', async () => {
  assert.equal(
    await fixed(
      'sqlalchemy',
      'def count():\n    conn = engine.connect()\n    row = conn.execute(text("select 1")).first()\n    total = row[0]\n    print("done")\n',
    ),
    'def count():\n    with engine.connect() as conn:\n        row = conn.execute(text("select 1")).first()\n        total = row[0]\n    print("done")\n',
  );
});

test('a second close does nothing in SQLAlchemy', async () => {
  assert.equal(
    await fixed(
      'sqlalchemy',
      'def one(key):\n    session = SessionLocal()\n    row = session.scalars(select(Shop)).first()\n    if row is None:\n        session.close()\n        return None\n' +
        '    row.count += 1\n    session.commit()\n    session.close()\n    return key\n',
    ),
    'def one(key):\n    with SessionLocal() as session:\n        row = session.scalars(select(Shop)).first()\n        if row is None:\n            session.close()\n            return None\n' +
      '        row.count += 1\n        session.commit()\n    return key\n',
  );
});

test('what is waited for, from a pool and as a session', async () => {
  assert.equal(
    await fixed(
      'asyncpg',
      '    async def names(self):\n        conn = await self.pool.acquire(timeout=5)\n        rows = await conn.fetch("select 1")\n        await self.pool.release(conn)\n        return rows\n',
    ),
    '    async def names(self):\n        async with self.pool.acquire(timeout=5) as conn:\n            rows = await conn.fetch("select 1")\n        return rows\n',
  );
  assert.equal(
    await fixed(
      'asyncSession',
      'async def get_session():\n    session = make()\n    yield session\n    await session.close()\n',
    ),
    'async def get_session():\n    async with make() as session:\n        yield session\n',
  );
});

test('the library has no block that does the same: a finally with the release that is there', async () => {
  assert.equal(
    await fixed(
      'psycopg2',
      'class Shop:\n    def count(self):\n        conn = pool.getconn()\n        cursor = conn.cursor()\n        cursor.execute("select 1")\n        total = cursor.fetchone()\n' +
        '        # back\n        pool.putconn(conn)  # here\n        return total\n',
    ),
    'class Shop:\n    def count(self):\n        conn = pool.getconn()\n        try:\n            cursor = conn.cursor()\n            cursor.execute("select 1")\n            total = cursor.fetchone()\n' +
      '        finally:\n            pool.putconn(conn)\n        # back\n        return total\n',
  );
});

test('the release shares a line', async () => {
  assert.equal(
    await fixed(
      'driver',
      'def count(dsn):\n    conn = psycopg2.connect(dsn)\n    cur = conn.cursor()\n    cur.execute("select 1")\n    total = cur.fetchone()\n    cur.close(); conn.close()\n    return total\n',
    ),
    'def count(dsn):\n    conn = psycopg2.connect(dsn)\n    try:\n        cur = conn.cursor()\n        cur.execute("select 1")\n        total = cur.fetchone()\n        cur.close()\n    finally:\n        conn.close()\n    return total\n',
  );
});

test('a try that is there gets the finally', async () => {
  assert.equal(
    await fixed(
      'psycopg2',
      'def count():\n    conn = pool.getconn()\n    try:\n        conn.cursor().execute("select 1")\n    except ValueError:\n        conn.rollback()\n        raise\n    pool.putconn(conn)\n',
    ),
    'def count():\n    conn = pool.getconn()\n    try:\n        conn.cursor().execute("select 1")\n    except ValueError:\n        conn.rollback()\n        raise\n    finally:\n        pool.putconn(conn)\n',
  );
});

test("psycopg's block commits, and stands where the code commits last", async () => {
  assert.equal(
    await fixed(
      'psycopg',
      'def add(name):\n    conn = pool.getconn(timeout=2)\n    conn.execute("insert into shop values (%s)", [name])\n    conn.commit()\n    pool.putconn(conn)\n',
    ),
    'def add(name):\n    with pool.connection(timeout=2) as conn:\n        conn.execute("insert into shop values (%s)", [name])\n        conn.commit()\n',
  );
  assert.equal(
    await fixed(
      'psycopg',
      'def names():\n    conn = pool.getconn()\n    rows = conn.execute("select 1").fetchall()\n    pool.putconn(conn)\n    return rows\n',
    ),
    'def names():\n    conn = pool.getconn()\n    try:\n        rows = conn.execute("select 1").fetchall()\n    finally:\n        pool.putconn(conn)\n    return rows\n',
  );
});

test('connections without a pool, in branches and in the last line of a file', async () => {
  assert.equal(
    await fixed(
      'driver',
      'def count(dsn):\n    if dsn:\n        conn = psycopg2.connect(dsn)\n        conn.cursor().execute("select 1")\n        conn.close()',
    ),
    'def count(dsn):\n    if dsn:\n        conn = psycopg2.connect(dsn)\n        try:\n            conn.cursor().execute("select 1")\n        finally:\n            conn.close()\n',
  );
  assert.equal(
    await fixed(
      'driver',
      'async def count(host):\n    conn = await aiomysql.connect(host=host)\n    cursor = await conn.cursor()\n    await cursor.execute("select 1")\n    return await cursor.fetchone()\n',
    ),
    'async def count(host):\n    conn = await aiomysql.connect(host=host)\n    try:\n        cursor = await conn.cursor()\n        await cursor.execute("select 1")\n        return await cursor.fetchone()\n    finally:\n        conn.close()\n',
  );
});

test('before SQLAlchemy 1.4 a session is no context manager', async () => {
  const body =
    'def count():\n    session = SessionLocal()\n    total = session.execute(text("select 1")).scalar()\n    session.close()\n    return total\n';
  const { findings } = await analyseFiles({
    'app/db.py': heads.sqlalchemy + body,
    'requirements.txt': 'SQLAlchemy==1.3.24\npsycopg2==2.9.9\n',
  });
  const [fix] = findings.find((each) => each.rule === 'connection-leak')!.fixes;
  assert.equal(fix?.title, 'Give session back in a finally');
});

test('no fix where something else could change', async () => {
  const bodies: [keyof typeof heads, string][] = [
    // Used behind the block, or after the release.
    [
      'psycopg2',
      'def f(x):\n    if x:\n        conn = pool.getconn()\n        conn.cursor().execute("select 1")\n        pool.putconn(conn)\n    print(conn)\n',
    ],
    [
      'sqlalchemy',
      'def f():\n    conn = engine.connect()\n    conn.execute(text("select 1"))\n    conn.close()\n    print(conn.closed)\n',
    ],
    // Two connections under one name.
    [
      'psycopg2',
      'def f():\n    conn = None\n    conn = pool.getconn()\n    conn.cursor().execute("select 1")\n    pool.putconn(conn)\n',
    ],
    // Given back elsewhere as well: twice is an error there.
    [
      'psycopg2',
      'def f(x):\n    conn = pool.getconn()\n    if x:\n        pool.putconn(conn)\n        return\n    conn.cursor().execute("select 1")\n    pool.putconn(conn)\n',
    ],
    // Statements that share a line.
    [
      'psycopg2',
      'def f():\n    conn = pool.getconn(); cursor = conn.cursor()\n    cursor.execute("select 1")\n    pool.putconn(conn)\n',
    ],
    [
      'psycopg2',
      'def f():\n    conn = pool.getconn()\n    conn.cursor().execute("select 1")\n    pool.putconn(conn); print("done")\n',
    ],
    // Objects of a session that nothing closes may be used by those who got them.
    [
      'sqlalchemy',
      'def f(key):\n    session = SessionLocal()\n    row = session.scalars(select(Shop)).first()\n    return row.name\n',
    ],
    // What the block made is read behind it.
    [
      'sqlalchemy',
      'def f(x):\n    if x:\n        conn = engine.connect()\n        rows = conn.execute(text("select 1"))\n    return rows.all()\n',
    ],
  ];
  for (const [library, body] of bodies) {
    const found = await leaksOf(heads[library] + body);
    assert.equal(found.length, 1, body);
    assert.deepEqual(found[0]!.fixes, [], body);
  }
});
