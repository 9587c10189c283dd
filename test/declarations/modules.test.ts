/** Where names come from: alternatives, stars, packages, modules that are loaded at run time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

/** What `pool_size` of the one engine in `app/db.py` is. */
async function size(imports: string, expression: string, files: Files = {}): Promise<string> {
  const code = `from sqlalchemy import create_engine\n${imports}\ne = create_engine("postgresql://db/shop", pool_size=${expression})\n`;
  const { pools } = await analyseFiles({ 'app/__init__.py': '', 'app/db.py': code, ...files });
  assert.equal(pools.length, 1);
  const { value } = pools[0]!.pool.parameters.get('pool_size')!;
  return value.known ? String(value.value) : `? ${value.reason}`;
}

test('star imports: the last module that has the name, over files', async () => {
  const files = {
    'app/base.py': 'SIZE = 5\nLIMIT = 1\n',
    'app/local.py': 'SIZE = 7\n',
    'app/settings.py': 'from .base import *\nfrom .local import *\n',
    'app/late.py': 'from .settings import *\nLIMIT = 9\n',
  };
  assert.equal(await size('from app.settings import *', 'SIZE', files), '7');
  assert.equal(await size('from app.settings import SIZE', 'SIZE', files), '7');
  assert.equal(await size('from app import late', 'late.LIMIT', files), '9');
  assert.equal(await size('from app import late', 'late.SIZE', files), '7');
  assert.match(await size('from app import late', 'late.OTHER', files), /^\?/);
  assert.equal(await size('from app.settings import *', 'int("6")', files), '6');
});

test('imports under conditions and with a substitute', async () => {
  const files = { 'app/fast.py': 'SIZE = 5\n', 'app/slow.py': 'SIZE = 5\nLIMIT = 3\n' };
  const either = 'try:\n    from app.fast import SIZE\nexcept ImportError:\n    from app.slow import SIZE';
  assert.equal(await size(either, 'SIZE', files), '5');
  assert.equal(await size(either, 'SIZE', { ...files, 'app/slow.py': 'SIZE = 6\n' }), '? it depends on a condition');
  const checked =
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.slow import LIMIT\nelse:\n    LIMIT = 4';
  assert.equal(await size(checked, 'LIMIT', files), '4');
  const none = 'try:\n    from app import settings_local as s\nexcept ImportError:\n    s = None';
  assert.match(await size(none, 's.SIZE', { 'app/settings_local.py': 'SIZE = 8\n' }), /^8$|^\?/);
});

test('modules that are loaded at run time are unknown', async () => {
  const files = { 'app/settings.py': 'SIZE = 5\n' };
  assert.match(await size('import importlib\ns = importlib.import_module("app.settings")', 's.SIZE', files), /^\?/);
  assert.match(await size('s = __import__("app.settings")', 's.SIZE', files), /^\?/);
});

test('a package that binds the name of one of its modules means what it binds', async () => {
  const files = {
    'app/config/__init__.py': 'from .settings import settings\n',
    'app/config/settings.py': 'class Settings:\n    SIZE = 6\nsettings = Settings()\n',
  };
  assert.equal(await size('from app.config import settings', 'settings.SIZE', files), '6');
  const module = { 'app/config/__init__.py': '', 'app/config/settings.py': 'SIZE = 4\n' };
  assert.equal(await size('from app.config import settings', 'settings.SIZE', module), '4');
});

test('what another file sets on a module or its object is not known', async () => {
  const config = {
    'app/config.py':
      'POOL = 5\nOTHER_POOL = 3\n\nclass Settings:\n    POOL = 6\n    OTHER_POOL = 4\n\nsettings = Settings()\n',
  };
  const setting = (text: string) => ({ ...config, 'app/main.py': text });
  const module = setting('from app import config, db\n\nconfig.POOL = 50\n');
  const object = setting('from app.config import settings\n\ndef start():\n    settings.POOL = 50\n');
  assert.equal(await size('from app import config', 'config.POOL', config), '5');
  assert.equal(await size('from app import config', 'config.POOL', module), '? another file sets POOL');
  assert.equal(await size('from app.config import POOL', 'POOL', module), '? another file sets POOL');
  assert.equal(await size('from app import config', 'config.OTHER_POOL', module), '3');
  assert.equal(await size('from app.config import settings', 'settings.POOL', object), '? another file sets POOL');
  assert.equal(await size('from app.config import settings', 'settings.OTHER_POOL', object), '4');
  // What the file itself sets comes after what it imports.
  assert.equal(await size('from app import config\nconfig.POOL = 9', 'config.POOL', config), '9');
  // Tests set for themselves.
  const tested = { ...config, 'tests/conftest.py': 'from app import config\n\nconfig.POOL = 1\n' };
  assert.equal(await size('from app import config', 'config.POOL', tested), '5');
});

test('circles end', async () => {
  const files = { 'app/a.py': 'from .b import SIZE\n', 'app/b.py': 'from .a import SIZE\n' };
  assert.match(await size('from app.a import SIZE', 'SIZE', files), /^\?/);
  assert.match(await size('SIZE = LIMIT\nLIMIT = SIZE', 'SIZE'), /^\?/);
  assert.match(await size('def a():\n    return b()\ndef b():\n    return a()', 'a()'), /^\?/);
  assert.match(await size('def a(n):\n    return a(n + 1)', 'a(1)'), /^\?/);
  assert.match(await size('class A:\n    @property\n    def size(self):\n        return self.size', 'A().size'), /^\?/);
  assert.match(await size('class A(B):\n    pass\nclass B(A):\n    pass', 'A().size'), /^\?/);
  const star = { 'app/a.py': 'from .b import *\n', 'app/b.py': 'from .a import *\n' };
  assert.match(await size('from app.a import *', 'SIZE', star), /^\?/);
});
