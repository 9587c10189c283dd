/** What the fix for engines under several event loops writes: the class, and the import that the file is lacking. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles } from '../support/workspace.ts';

const tasks =
  'import asyncio\nfrom celery import shared_task\nfrom db import engine\n\n@shared_task\ndef count():\n    asyncio.run(read())\n\nasync def read():\n    async with engine.connect() as conn:\n        await conn.execute("select 1")\n';

async function fixesOf(text: string, more: Record<string, string> = {}) {
  const { findings } = await analyseFiles({ 'db.py': text, 'tasks.py': tasks, ...more });
  const found = findings.filter((each) => each.rule === 'engine-across-event-loops');
  assert.equal(found.length, 1, text);
  return found[0]!.fixes;
}

async function fixed(text: string): Promise<string> {
  const [fix] = await fixesOf(text);
  assert.ok(fix !== undefined, text);
  assert.equal(fix.safety, 'suggestion');
  const result = applyEdits(text, fix.edits);
  const { findings } = await analyseFiles({ 'db.py': result, 'tasks.py': tasks });
  const left = findings.filter((each) => /event-loops|invalid|ignored/.test(each.rule));
  assert.deepEqual(left, [], result);
  return result;
}

const engine = 'engine = create_async_engine(os.environ["DATABASE_URL"])\n';
const without = 'engine = create_async_engine(os.environ["DATABASE_URL"], poolclass=NullPool)\n';

test('an import beside the others of SQLAlchemy', async () => {
  assert.equal(
    await fixed(`import os\n\nfrom sqlalchemy.ext.asyncio import create_async_engine\n\n${engine}`),
    `import os\n\nfrom sqlalchemy.ext.asyncio import create_async_engine\nfrom sqlalchemy.pool import NullPool\n\n${without}`,
  );
  assert.equal(
    await fixed(
      `import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\nfrom sqlalchemy.sql import text\n${engine}`,
    ),
    `import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\nfrom sqlalchemy.pool import NullPool\nfrom sqlalchemy.sql import text\n${without}`,
  );
});

test('one name more where the module is imported from already', async () => {
  const rest = `import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\n`;
  assert.equal(
    await fixed(`from sqlalchemy.pool import AsyncAdaptedQueuePool\n${rest}${engine}`),
    `from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool\n${rest}${without}`,
  );
  assert.equal(
    await fixed(`from sqlalchemy.pool import Pool\n${rest}${engine}`),
    `from sqlalchemy.pool import NullPool, Pool\n${rest}${without}`,
  );
  assert.equal(
    await fixed(`from sqlalchemy.pool import (\n    AsyncAdaptedQueuePool,\n    Pool,\n)\n${rest}${engine}`),
    `from sqlalchemy.pool import (\n    AsyncAdaptedQueuePool,\n    NullPool,\n    Pool,\n)\n${rest}${without}`,
  );
});

test('no import where the class is there in some way', async () => {
  const rest = `import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\n`;
  for (const [line, text] of [
    ['from sqlalchemy import NullPool, text', 'NullPool'],
    ['from sqlalchemy.pool import NullPool as NoPool', 'NoPool'],
    ['from sqlalchemy import pool', 'pool.NullPool'],
    ['import sqlalchemy as sa', 'sa.pool.NullPool'],
    ['import sqlalchemy.pool', 'sqlalchemy.pool.NullPool'],
  ] as const)
    assert.equal(await fixed(`${line}\n${rest}${engine}`), `${line}\n${rest}${without.replace('NullPool', text)}`);
});

test('what NullPool refuses or has no use for goes', async () => {
  const rest = `import os\nfrom sqlalchemy import NullPool\nfrom sqlalchemy.ext.asyncio import create_async_engine\n`;
  assert.equal(
    await fixed(
      `${rest}engine = create_async_engine(\n    os.environ["DATABASE_URL"],\n    echo=False,\n    pool_size=5,  # few\n    max_overflow=0,\n    pool_pre_ping=True,\n)\n`,
    ),
    `${rest}engine = create_async_engine(\n    os.environ["DATABASE_URL"],\n    echo=False,\n    poolclass=NullPool,  # few\n)\n`,
  );
  assert.equal(
    await fixed(`${rest}engine = create_async_engine(os.environ["DATABASE_URL"], pool_recycle=60, pool_timeout=5)\n`),
    `${rest}${without}`,
  );
});

test('no fix where something is not seen, or would be wrong', async () => {
  const rest = `import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\n`;
  for (const text of [
    // The name is another's.
    `${rest}class NullPool:\n    pass\n${engine}`,
    // Imported behind the engine.
    `${rest}${engine}from sqlalchemy.pool import NullPool\n`,
    // A dictionary sets more.
    `${rest}options = {"pool_size": 5}\nengine = create_async_engine(os.environ["DATABASE_URL"], **options)\n`,
  ])
    assert.deepEqual(await fixesOf(text), [], text);
});
