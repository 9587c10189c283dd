/** Mappings that are changed under another name, or by a function: none of their entries is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles } from '../support/workspace.ts';

async function sizeOf(code: string): Promise<unknown> {
  const text = `import os\nfrom sqlalchemy import create_engine\nkw = {"pool_size": 5, "connect_args": {}}\n${code}\n`;
  const { pools } = await analyseFiles({ 'app/db.py': text });
  assert.equal(pools.length, 1);
  const { value } = pools[0]!.pool.parameters.get('pool_size')!;
  return value.known ? value.value : 'unknown';
}

const use = 'e = create_engine("postgresql://db/shop", **kw)';

test('changed under another name or by a function', async () => {
  const changed = [
    `other = kw\nother["pool_size"] = 500\n${use}`,
    `def tune(options):\n    options["pool_size"] = 500\ntune(kw)\n${use}`,
    `def tune(options, n=1):\n    options.update(pool_size=n)\ntune(kw, n=9)\n${use}`,
    `def tune():\n    kw["pool_size"] = 500\ndef make():\n    return create_engine("postgresql://db/shop", **kw)`,
  ];
  for (const code of changed) assert.equal(await sizeOf(code), 'unknown', code);
});

test('another name, or a function, that changes nothing', async () => {
  const kept = [
    `other = kw\nprint(other["pool_size"])\n${use}`,
    `other = dict(kw)\nother["pool_size"] = 500\n${use}`,
    `def show(options):\n    print(options["pool_size"])\nshow(kw)\n${use}`,
    `def tune(options):\n    options["pool_size"] = 500\ntune({**kw})\n${use}`,
  ];
  for (const code of kept) assert.equal(await sizeOf(code), 5, code);
});
