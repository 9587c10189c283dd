/** Declarations that build a pool for each of several keys: their number is unknown, never one. */
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

async function totalOf(code: string): Promise<string> {
  const { fleets } = await analyseFiles({ 'app/db.py': `${head}${code}`, 'poolproof.yaml': topology });
  const { total } = fleets[0]!.databases[0]!;
  return total.value === null ? `at least ${total.atLeast}` : String(total.value);
}

test('a pool per element of a loop, per parameter, per tenant', async () => {
  const many = [
    `shards = [${call('url')} for url in os.environ["URLS"].split(",")]`,
    `shards = {name: ${call('url')} for name, url in read().items()}`,
    `for name in names():\n    engines[name] = ${call('os.environ["URL_" + name]')}`,
    `def get(tenant):\n    engine = engines[tenant] = ${call('BASE + tenant')}\n    return engine`,
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
