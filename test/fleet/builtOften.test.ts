/**
 * Declarations that build a pool for each of several keys, whose number is unknown, never one; and pools that a condition
 * builds instead of one another, which are never added up.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles } from '../support/workspace.ts';

const head = 'import os\nfrom sqlalchemy import create_engine\nengines = {}\n';
const call = (url: string) => `create_engine(${url}, pool_size=5, max_overflow=0)`;
const topology = `databases:
  main: { max_connections: 100 }
services:
  api: { server: uvicorn, workers: 2 }
`;

const scriptHead = "import { Pool } from 'pg';\nconst pools = new Map();\nconst url = process.env.DATABASE_URL;\n";
const script = (max: number) => `new Pool({ connectionString: url, max: ${max} })`;

async function totalOf(code: string, path: 'app/db.py' | 'app/db.ts' = 'app/db.py'): Promise<string> {
  const text = `${path.endsWith('.py') ? head : scriptHead}${code}`;
  const { fleets } = await analyseFiles({ [path]: text, 'poolproof.yaml': topology });
  const { total } = fleets[0]!.databases[0]!;
  return total.value === null ? `at least ${total.atLeast}` : String(total.value);
}

test('a pool per element of a loop, per parameter, per tenant', async () => {
  const many = [
    `shards = [${call('url')} for url in os.environ["URLS"].split(",")]`,
    `shards = {name: ${call('url')} for name, url in read().items()}`,
    `for name in names():\n    engines[name] = ${call('os.environ["URL_" + name]')}`,
    `def get(tenant):\n    engine = engines[tenant] = ${call('BASE + tenant')}\n    return engine`,
    `def get(tenant):\n    engine = ${call('BASE + tenant')}\n    engines[tenant] = engine\n    return engine`,
    `def get(tenant):\n    return engines.setdefault(tenant, ${call('BASE + tenant')})`,
    `def get(tenant):\n    engine = ${call('BASE + tenant')}\n    return engines.setdefault(tenant, engine)`,
    `class Pools:\n    def get(self, tenant):\n        self.all[tenant.name] = ${call('BASE + tenant.name')}`,
    `def make(tenant):\n    return ${call('BASE + tenant')}\ndef get(tenant):\n    engines[tenant] = make(tenant)\n    return engines[tenant]`,
  ];
  for (const code of many) assert.equal(await totalOf(code), 'at least 10', code);
});

test('one pool where the key is always the same, or known from the caller', async () => {
  const one = [
    `engines["main"] = ${call('os.environ["URL"]')}`,
    `def get():\n    engines[os.getpid()] = ${call('os.environ["URL"]')}\n    return engines[os.getpid()]`,
    `for attempt in range(3):\n    try:\n        engine = ${call('os.environ["URL"]')}\n        break\n    except OSError:\n        pass`,
    `for attempt in range(3):\n    engines["main"] = ${call('os.environ["URL"]')}`,
    `def get(name):\n    if name not in engines:\n        engines[name] = ${call('BASE + name')}\n    return engines[name]\nmain = get("main")`,
  ];
  for (const code of one) assert.equal(await totalOf(code), '10', code);
});

test('the same in JavaScript', async () => {
  const many = [
    `for (const name of names()) pools.set(name, ${script(5)});`,
    `export const all = names().map((name) => ${script(5)});`,
    `export function get(tenant) {\n  let pool = pools.get(tenant);\n  if (!pool) {\n    pool = ${script(5)};\n    pools.set(tenant, pool);\n  }\n  return pool;\n}`,
    `export const get = (tenant: string) => (cache[tenant] ??= ${script(5)});`,
    `const make = (tenant) => ${script(5).replace(': url', ': url + tenant')};\nexport function get(tenant) {\n  pools.set(tenant, make(tenant));\n}`,
  ];
  for (const code of many) assert.equal(await totalOf(code, 'app/db.ts'), 'at least 10', code);
  const one = [
    `pools.set('main', ${script(5)});`,
    `export function get() {\n  cache.main ??= ${script(5)};\n  return cache.main;\n}`,
    `export function get(logger) {\n  const pool = ${script(5)};\n  logger.info('opened', pool);\n  return pool;\n}`,
  ];
  for (const code of one) assert.equal(await totalOf(code, 'app/db.ts'), '10', code);
});

test('of the arms of a condition the largest counts', async () => {
  const python = (size: number) => call('os.environ["URL"]').replace('pool_size=5', `pool_size=${size}`);
  const exclusive: [string, 'app/db.py' | 'app/db.ts'][] = [
    [`engine = ${python(5)} if os.environ.get("BIG") else ${python(3)}`, 'app/db.py'],
    [
      `def make():\n    if TESTING:\n        return ${python(3)}\n    return ${python(5)}\nengine = make()`,
      'app/db.py',
    ],
    [
      `match os.environ["SIZE"]:\n    case "big":\n        engine = ${python(5)}\n    case _:\n        engine = ${python(3)}`,
      'app/db.py',
    ],
    [
      `class Db:\n    def open(self):\n        if PRODUCTION:\n            self.engine = ${python(5)}\n        else:\n            self.engine = ${python(3)}`,
      'app/db.py',
    ],
    [`export const pool = process.env.BIG ? ${script(5)} : ${script(3)};`, 'app/db.ts'],
    [
      `let pool;\nif (process.env.NODE_ENV === 'production') {\n  pool = ${script(5)};\n} else {\n  if (!globalThis.pool) globalThis.pool = ${script(3)};\n  pool = globalThis.pool;\n}`,
      'app/db.ts',
    ],
    [
      `export function make() {\n  if (isTest) return ${script(3)};\n  if (isSmall) {\n    return ${script(2)};\n  }\n  return ${script(5)};\n}`,
      'app/db.ts',
    ],
    [
      `let pool;\nswitch (process.env.SIZE) {\n  case 'big':\n    pool = ${script(5)};\n    break;\n  default:\n    pool = ${script(3)};\n}`,
      'app/db.ts',
    ],
    [
      `class Db {\n  open() {\n    if (isBig) this.pool = ${script(5)};\n    else this.pool = ${script(3)};\n  }\n}`,
      'app/db.ts',
    ],
  ];
  for (const [code, path] of exclusive) assert.equal(await totalOf(code, path), '10', code);
  const both: [string, 'app/db.py' | 'app/db.ts'][] = [
    [`if os.environ.get("BIG"):\n    main = ${python(5)}\nother = ${python(3)}`, 'app/db.py'],
    [
      `class Db:\n    def open(self):\n        if self.big:\n            self.engine = ${python(5)}\n        else:\n            self.engine = ${python(3)}`,
      'app/db.py',
    ],
    [
      `let pool;\nlet other;\nswitch (process.env.SIZE) {\n  case 'big':\n    pool = ${script(5)};\n  default:\n    other = ${script(3)};\n}`,
      'app/db.ts',
    ],
    [`export function make(isBig) {\n  if (isBig) return ${script(5)};\n  return ${script(3)};\n}`, 'app/db.ts'],
    [
      `class Db {\n  open() {\n    if (this.isBig) this.pool = ${script(5)};\n    else this.pool = ${script(3)};\n  }\n}`,
      'app/db.ts',
    ],
    [`export let a, b;\nif (process.env.BIG) a = ${script(5)};\nif (process.env.SMALL) b = ${script(3)};`, 'app/db.ts'],
  ];
  for (const [code, path] of both) assert.equal(await totalOf(code, path), '16', code);
});
