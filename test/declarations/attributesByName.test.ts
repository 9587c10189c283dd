/** Attributes that a program sets by their names, or once the constructor has run: what the class says need not hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles } from '../support/workspace.ts';

async function sizeOf(code: string, size: string): Promise<unknown> {
  const text = `import os\nfrom dataclasses import dataclass\nfrom sqlalchemy import create_engine\n${code}
e = create_engine("postgresql://db/shop", pool_size=${size})\n`;
  const { pools } = await analyseFiles({ 'app/db.py': text });
  assert.equal(pools.length, 1);
  const { value } = pools[0]!.pool.parameters.get('pool_size')!;
  return value.known ? value.value : 'unknown';
}

const plain = (body: string) => `class C:\n    n = 500\n    m = 7\n${body.replace(/^/gm, '    ')}`;

test('a constructor that sets attributes by name', async () => {
  const any = [
    'def __init__(self, **kw):\n    for k, v in kw.items():\n        setattr(self, k, v)',
    'def __init__(self, **kw):\n    self.__dict__.update(kw)',
    'def __init__(self, **kw):\n    vars(self).update(kw)',
    'def __init__(self):\n    self.__dict__["n"] = 5',
    'def __getattribute__(self, name):\n    return os.environ[name]',
    'def __init__(self):\n    setattr(self, "n", 5)',
    'def __init__(self):\n    for k in ("n", "x"):\n        setattr(self, k, os.environ.get(k))',
  ];
  for (const body of any) assert.equal(await sizeOf(plain(body), 'C().n'), 'unknown', body);
  const derived = `${plain(any[0]!)}\nclass D(C):\n    n = 400`;
  assert.equal(await sizeOf(derived, 'D().n'), 'unknown');
  const onClass = plain(
    '@classmethod\ndef load(cls, values):\n    for k, v in values.items():\n        setattr(cls, k, v)',
  );
  assert.equal(await sizeOf(onClass, 'C.n'), 'unknown');
});

test('other attributes keep what the class says', async () => {
  const named = 'def __init__(self):\n    for k in ("n", "x"):\n        setattr(self, k, os.environ.get(k))';
  assert.equal(await sizeOf(plain(named), 'C().m'), 7);
  assert.equal(await sizeOf(plain('def dump(self):\n    return dict(self.__dict__)'), 'C().n'), 500);
  assert.equal(await sizeOf(plain('def dump(self):\n    return {k: vars(self)[k] for k in vars(self)}'), 'C().n'), 500);
});

test('a data class that changes its fields once they are there', async () => {
  const code = `@dataclass
class C:
    n: int = 500
    m: int = 7
    def __post_init__(self):
        self.n = min(self.n, 10)
c = C()`;
  assert.equal(await sizeOf(code, 'c.n'), 'unknown');
  assert.equal(await sizeOf(code, 'c.m'), 7);
});

test('an object whose attributes the module sets by name', async () => {
  const class_ = 'class C:\n    n = 500\nc = C()\nd = C()\n';
  for (const line of ['setattr(c, "n", 5)', 'c.__dict__.update(os.environ)', 'vars(c)["n"] = 3']) {
    assert.equal(await sizeOf(class_ + line, 'c.n'), 'unknown', line);
    assert.equal(await sizeOf(class_ + line, 'd.n'), 500, line);
  }
});
