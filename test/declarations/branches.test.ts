/** Values that statements build up: branches merged, loops and strangers unknown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, type Files } from '../support/workspace.ts';

const head = 'import os\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool, StaticPool\n';

async function poolOf(code: string, more: Files = {}): Promise<Pool> {
  const { pools } = await analyseFiles({ 'app/db.py': head + code, ...more });
  assert.equal(pools.length, 1);
  return pools[0]!.pool;
}

/** The settings named, as they come out; `-` where a setting is not passed, `unread` where one may be that is not seen. */
async function passed(code: string, names: string, more: Files = {}): Promise<string> {
  const pool = await poolOf(code, more);
  const words = names.split(' ').map((name) => {
    const parameter = pool.parameters.get(name);
    if (parameter?.written === undefined) return parameter?.value.known === false ? '?' : '-';
    return parameter.value.known ? String(parameter.value.value) : `? ${parameter.value.reason}`;
  });
  return [...words, ...(pool.hasUnreadArguments ? ['unread'] : [])].join(', ');
}

const url = 'url = os.environ["DATABASE_URL"]\n';
const engine = 'e = create_engine(url, **options)\n';

test('a branch under an undecided condition', async () => {
  const base = `${url}options = {"pool_size": 5, "pool_recycle": 60}\n`;
  const after = (statements: string, names = 'pool_size max_overflow') =>
    passed(`${base}${statements}\n${engine}`, names);
  assert.equal(await after('if BIG:\n    options["pool_size"] = 50'), '? it depends on a condition, -');
  assert.equal(await after('if BIG:\n    options["pool_size"] = 5'), '5, -');
  assert.equal(await after('if BIG:\n    options["max_overflow"] = 1'), '5, ? it is set under a condition');
  assert.equal(
    await after('if BIG:\n    options["max_overflow"] = 1\nelse:\n    options["max_overflow"] = 2'),
    '5, ? it depends on a condition',
  );
  assert.equal(
    await after(
      'if BIG:\n    options["max_overflow"] = 1\nelif SMALL:\n    options["max_overflow"] = 1\nelse:\n    options["max_overflow"] = 1',
    ),
    '5, 1',
  );
  assert.equal(
    await after('if BIG:\n    options.update(max_overflow=1)\nelse:\n    options |= {"max_overflow": 1}'),
    '5, 1',
  );
  assert.equal(await after('if BIG:\n    options.pop("pool_size")'), '? it is set under a condition, -');
  assert.equal(await after('options.setdefault("pool_size", 9)\noptions.setdefault("max_overflow", 2)'), '5, 2');
  assert.equal(
    await after('if BIG:\n    options["max_overflow"] = 1\noptions.setdefault("max_overflow", 2)'),
    '5, ? it is set under a condition',
  );
  assert.equal(
    await after('if BIG:\n    options = {"pool_size": 7}', 'pool_size pool_recycle'),
    '? it depends on a condition, ? it is set under a condition',
  );
  assert.equal(
    await after('match BIG:\n    case 1:\n        options["pool_size"] = 6\n    case _:\n        pass'),
    '? it depends on a condition, -',
  );
});

test('a branch that returns or raises leaves nothing behind', async () => {
  const code = (guard: string) =>
    `def build(url, big):\n    options = {"pool_size": 5}\n    if big:\n        options["pool_size"] = 50\n        ${guard}\n    return create_engine(url, **options)\n`;
  assert.equal(await passed(code('raise ValueError'), 'pool_size'), '5');
  assert.equal(await passed(code('return None'), 'pool_size'), '5');
  assert.equal(await passed(code('log(big)'), 'pool_size'), '? it depends on a condition');
});

test('inside a branch what the branch says holds', async () => {
  const code = `${url}options = {"pool_size": 5}\nif BIG:\n    options["pool_size"] = 50\n    options["max_overflow"] = 2\n    e = create_engine(url, **options)\n`;
  assert.equal(await passed(code, 'pool_size max_overflow'), '50, 2');
});

test('loops, comprehensions, and keys that are not known', async () => {
  const base = `${url}options = {"pool_size": 5}\n`;
  const after = (statements: string, names = 'pool_size max_overflow') =>
    passed(`${base}${statements}\n${engine}`, names);
  assert.equal(await after('for name in NAMES:\n    options["max_overflow"] = 1'), '5, ? it is set under a condition');
  assert.equal(await after('for name in NAMES:\n    options[name] = 1'), '? it may be changed, ?, unread');
  assert.equal(await after('options[name()] = 1'), '? it may be changed, ?, unread');
  assert.equal(await after('options.update(load())'), '? it may be changed, ?, unread');
  assert.equal(await after('options.update(load(), pool_size=7)'), '7, ?, unread');
  assert.equal(await after('options.update({k: v for k, v in PAIRS})'), '? it may be changed, ?, unread');
  assert.equal(await after('options = {**load(), **options}'), '5, ?, unread');
  assert.equal(await after('options = {k: v for k, v in options.items() if v}'), '?, ?, unread');
  assert.equal(await after('while waiting():\n    options = {"pool_size": 6}'), '? it depends on a condition, -');
});

test('conditional splats', async () => {
  const call = (splat: string, names = 'pool_size max_overflow') =>
    passed(`${url}e = create_engine(url, pool_size=5, ${splat})\n`, names);
  assert.equal(await call('**({"max_overflow": 1} if BIG else {})'), '5, ? it is set under a condition');
  assert.equal(await call('**({"max_overflow": 1} if BIG else {"max_overflow": 1})'), '5, 1');
  assert.equal(await call('**dict({"max_overflow": 1}, pool_timeout=3)', 'max_overflow pool_timeout'), '1, 3');
  assert.equal(await call('**(load() or {})'), '5, ?, unread');
  assert.equal(
    await call('**{"max_overflow": 1, **({"max_overflow": 2} if BIG else {})}'),
    '5, ? it depends on a condition',
  );
});

test('tests of a dialect that is known take the branch that applies', async () => {
  const code = (address: string, condition: string) =>
    `url = ${address}\noptions = {}\nif ${condition}:\n    options["connect_args"] = {"check_same_thread": False}\n    options["poolclass"] = StaticPool\nelse:\n    options["pool_size"] = 8\n${engine}`;
  const server = '"postgresql://db/shop"';
  for (const condition of [
    'url.startswith("sqlite")',
    '"sqlite" in url',
    'make_url(url).get_backend_name() == "sqlite"',
    'urlparse(url).scheme == "sqlite"',
  ])
    assert.equal(
      await passed(
        `from sqlalchemy import make_url\nfrom urllib.parse import urlparse\n${code(server, condition)}`,
        'pool_size poolclass',
      ),
      '8, -',
      condition,
    );
  assert.equal(await passed(code(server, 'not url.startswith(("sqlite", "duckdb"))'), 'pool_size'), '-');
  // The default of the variable is for a server: the branch for SQLite is not what it is for.
  assert.equal(
    await passed(
      code('os.getenv("DATABASE_URL", "postgresql://localhost/shop")', 'url.startswith("sqlite")'),
      'pool_size poolclass',
    ),
    '8, -',
  );
  assert.equal(
    await passed(code('f"postgresql://{os.environ[\'USER\']}@{HOST}/shop"', '"sqlite" in url'), 'pool_size poolclass'),
    '8, -',
  );
  assert.equal(
    await passed(code('os.environ["DATABASE_URL"]', 'url.startswith("sqlite")'), 'pool_size'),
    '? it is set under a condition',
  );
  assert.equal(
    await passed(code('os.environ["DATABASE_URL"]', 'url.startswith("sqlite")'), 'pool_size', {
      '.env': 'DATABASE_URL=mysql://db/shop\n',
    }),
    '8',
  );
});

test('what a deployment may set decides no branch', async () => {
  const code = (condition: string) => `${url}e = create_engine(url, pool_size=50 if ${condition} else 5)\n`;
  const undecided = '? it depends on a condition';
  assert.equal(await passed(code('os.getenv("BIG")'), 'pool_size'), undecided);
  assert.equal(await passed(code('os.getenv("STAGE", "dev") == "prod"'), 'pool_size'), undecided);
  assert.equal(
    await passed(code('os.getenv("STAGE", "dev") == "prod"'), 'pool_size', { '.env': 'STAGE=prod\n' }),
    '50',
  );
  const settings =
    'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    DEBUG: bool = False\nsettings = Settings()\n';
  assert.equal(await passed(settings + code('settings.DEBUG'), 'pool_size'), undecided);
  assert.equal(await passed(settings + code('settings.DEBUG'), 'pool_size', { '.env': 'DEBUG=1\n' }), '50');
  assert.equal(await passed(`BIG = False\n${code('BIG')}`, 'pool_size'), '5');
});

test('a fallback in the form of a condition is a fallback', async () => {
  const code = (expression: string) =>
    `${url}size = os.getenv("POOL_SIZE")\ne = create_engine(url, pool_size=${expression})\n`;
  assert.equal(await passed(code('int(size) if size else 5'), 'pool_size'), '5');
  assert.equal(await passed(code('5 if size is None else int(size)'), 'pool_size'), '5');
  assert.equal(await passed(code('int(size) if size else 5'), 'pool_size', { '.env': 'POOL_SIZE=9\n' }), '9');
  const steps = `${url}size = 5\nif os.getenv("POOL_SIZE"):\n    size = int(os.environ["POOL_SIZE"])\ne = create_engine(url, pool_size=size)\n`;
  assert.equal(await passed(steps, 'pool_size'), '5');
});

test('settings that are passed on only where they are given', async () => {
  const code =
    'def build(url, size=None, recycle=None):\n    options = {}\n    if size is not None:\n        options["pool_size"] = size\n' +
    '    if recycle is not None:\n        options["pool_recycle"] = recycle\n    return create_engine(url, **options)\n';
  assert.equal(await passed(`${code}e = build("postgresql://db/shop", size=7)\n`, 'pool_size pool_recycle'), '7, -');
  assert.equal(
    await passed(`${code}e = build("postgresql://db/shop", **{"size": 8})\n`, 'pool_size pool_recycle'),
    '8, -',
  );
  assert.match(await passed(`${code}e = build("postgresql://db/shop", **load())\n`, 'pool_size'), /^\?/);
});

test('keys taken away where another setting forbids them', async () => {
  const code = (condition: string) =>
    `${url}options = {"pool_size": 5, "max_overflow": 1}\nif ${condition}:\n    options["poolclass"] = NullPool\n    if "pool_size" in options:\n        del options["pool_size"]\n    options.pop("max_overflow", None)\n${engine}`;
  assert.equal(await passed(code('True'), 'poolclass pool_size max_overflow'), '[object Object], -, -');
  assert.match(
    await passed(code('POOLER'), 'poolclass pool_size'),
    /^\? it is set under a condition, \? it is set under a condition/,
  );
  const { findings } = await analyseFiles({ 'app/db.py': head + code('POOLER') });
  assert.deepEqual(
    findings.filter(({ rule }) => rule === 'invalid-pool-arguments'),
    [],
  );
});

test('names changed by functions while the program runs', async () => {
  const code = (body: string) =>
    `${url}SIZE = 5\nOPTIONS = {"pool_size": 5}\ndef tune():\n${body}\ndef build():\n    return create_engine(url, pool_size=SIZE)\n`;
  assert.equal(
    await passed(code('    global SIZE\n    SIZE = 50'), 'pool_size'),
    '? SIZE is set while the program runs',
  );
  assert.equal(await passed(code('    SIZE = 50'), 'pool_size'), '5');
});

test('many conditions one after the other', async () => {
  const flags = Array.from(
    { length: 40 },
    (_, index) => `if F${index}:\n    options["pool_timeout"] = F${index}\n`,
  ).join('');
  assert.equal(await passed(`${url}options = {"pool_size": 5}\n${flags}${engine}`, 'pool_size max_overflow'), '5, -');
  const nested = Array.from({ length: 30 }, (_, index) => `size = size + 1 if F${index} else size\n`).join('');
  assert.match(await passed(`${url}size = 5\n${nested}e = create_engine(url, pool_size=size)\n`, 'pool_size'), /^\?/);
});

test('a number or an attribute that only a branch or a loop changes', async () => {
  const sized = (lines: string, size = 'n') =>
    passed(
      `${url}class S:\n    n = 8\ns = S()\nn = 8\n${lines}\ne = create_engine(url, pool_size=${size})\n`,
      'pool_size',
    );
  const condition = '? it depends on a condition';
  for (const change of ['n += 1', 'n -= 1', 'n *= 2', 'n //= 2'])
    assert.equal(await sized(`if os.environ.get("X"):\n    ${change}`), condition, change);
  assert.match(await sized('while n > 3:\n    n -= 2'), /^\?/);
  assert.match(await sized('for n in sizes():\n    pass'), /^\?/);
  assert.equal(await sized('n //= 2'), '4');
  assert.match(await sized('n %= 3'), /^\?/);
  assert.equal(await sized('if os.environ.get("X"):\n    s.n = 5', 's.n'), condition);
  assert.equal(await sized('if os.environ.get("X"):\n    print(n <= 5)'), '8');
});
