/** Names that many libraries share make a file worth reading only beside an import of their package. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { libraries, searchedNames } from '../../server/src/libraries/registry.ts';
import { callersOf, interestingText } from '../../server/src/workspace/words.ts';

const python = interestingText('python');
const { callables, importedCallables } = searchedNames('python');

test('every callable makes a file that imports it interesting, however it is imported', () => {
  const missed: string[] = [];
  for (const library of libraries.filter((each) => each.language === 'python')) {
    for (const path of library.callables) {
      const parts = path.split('.');
      const name = parts.pop()!;
      const module = parts.join('.');
      const ways = [
        `import ${module}\n\npool = ${path}()\n`,
        `from ${module} import ${name}\n\npool = ${name}()\n`,
        `def build():\n    from ${module} import (\n        ${name} as make,\n    )\n    return make()\n`,
      ];
      for (const text of ways) if (!python.test(text)) missed.push(text);
    }
  }
  assert.deepEqual(missed, []);
});

test('the names alone do not, nor does the package alone', () => {
  assert.ok(importedCallables.size > 10);
  // aiopg's `create_engine` is looked for everywhere, because it is SQLAlchemy's.
  const sayMuch = (name: string) => [...callables].some((each) => name.includes(each));
  for (const [packageName, all] of importedCallables) {
    const names = [...all].filter((name) => !sayMuch(name));
    assert.equal(python.test(`import ${packageName}\n`), false, packageName);
    assert.equal(python.test(`# all of ${packageName}\nx = ${names.join('() + ')}()\n`), false, packageName);
    for (const name of names) assert.equal(python.test(`from elsewhere import ${name}\n\n${name}()\n`), false, name);
  }
});

test('modules of two letters and with hyphens are found, and keep no search off the bytes', () => {
  const named = (callName: string, ...modules: string[]) => callersOf([{ callName, kind: 'builder', modules }]);
  const cases: readonly (readonly [module: string, text: string, isFound: boolean])[] = [
    ['db', "import { makePool } from '../db';\nmakePool(5);", true],
    ['db', "import { makePool } from '@acme/db';\nmakePool(5);", true],
    ['db', "import { makePool } from './database';\nmakePool(5);", false],
    ['db-client', "import { makePool } from './db-client';\nmakePool(5);", true],
    ['db-client', "import { makePool } from './dbclient';\nmakePool(5);", false],
    ['pool.server', "const { makePool } = require('./pool.server');\nmakePool(5);", true],
  ];
  for (const [module, text, isFound] of cases) {
    const search = named('makePool', module);
    assert.equal(search.test(text), isFound, text);
    const { buffer } = search;
    assert.ok(buffer, module);
    const { written } = new TextEncoder().encodeInto(text, buffer);
    assert.equal(search.testBuffer(written), isFound, text);
  }
  assert.equal(named('go', 'db').test("import { go } from './db';\ngo();"), true);
});
