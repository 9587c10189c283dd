/** Regular expressions take time in proportion to the text, whatever the text: twice as much text, not four times the time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineIndex } from '../../server/src/core/text.ts';
import {
  hostKind,
  isPlaceholderWord,
  isTemplate,
  readConnectionString,
  readDsnPassword,
  readUrl,
} from '../../server/src/declarations/credentials.ts';
import { readBounds, readDependencies } from '../../server/src/declarations/dependencies.ts';
import { readEnvironmentFile } from '../../server/src/declarations/environmentFile.ts';
import {
  readNodeLock,
  readPackageManifest,
  readScriptConfiguration,
} from '../../server/src/declarations/nodePackages.ts';
import { scriptTakes } from '../../server/src/facts/lifecycle/scriptConnections.ts';
import { moveToEnvironmentFile } from '../../server/src/present/environmentMove.ts';
import { secretSpans } from '../../server/src/present/mask.ts';
import { bindingsInModule } from '../../server/src/syntax/python/bindings.ts';
import { readCredentials } from '../../server/src/syntax/python/credentials.ts';
import { globalsOf, isChangedElsewhere } from '../../server/src/syntax/python/elsewhere.ts';
import { PythonFile } from '../../server/src/syntax/python/file.ts';
import { headOf, importIn, readImportStatement, starImports } from '../../server/src/syntax/python/imports.ts';
import { readSuppressions } from '../../server/src/syntax/suppressions.ts';
import { credentialHits } from '../../server/src/syntax/typescript/credentialHits.ts';
import { exportedValue, isDefaultExport, localNamesOf } from '../../server/src/syntax/typescript/exports.ts';
import { ScriptFile } from '../../server/src/syntax/typescript/file.ts';
import {
  headOf as headOfScript,
  isChangedInFunctions,
  segmentsBinding,
} from '../../server/src/syntax/typescript/heads.ts';
import { exportedNames } from '../../server/src/syntax/typescript/lifecycle/exportedNames.ts';
import { importedModules } from '../../server/src/syntax/typescript/search.ts';
import { readManifest } from '../../server/src/topology/manifests/read.ts';
import { callersOf, interestingText } from '../../server/src/workspace/words.ts';

/** No tree: only the work on text is measured. The parser's own time is bounded where it is called. */
const withoutParser = {
  parse(): never {
    throw new Error('no tree is needed here');
  },
};

const moveFiles = { environmentFile: { uri: '', text: 'A=1' }, ignoreFile: { uri: '', text: '' } };
const calls = callersOf([{ callName: 'build', kind: 'builder', modules: ['factory', 'app'] }]);

const subjects: Readonly<Record<string, (text: string) => unknown>> = {
  readUrl,
  readDsnPassword,
  isTemplate,
  isPlaceholderWord: (text) => isPlaceholderWord(text, 'shop'),
  hostKind,
  readBounds,
  'requirements.txt': (text) => readDependencies('file:///requirements.txt', text),
  'pyproject.toml': (text) => readDependencies('file:///pyproject.toml', text),
  'poetry.lock': (text) => readDependencies('file:///poetry.lock', text),
  'Pipfile.lock': (text) => readDependencies('file:///Pipfile.lock', text),
  '.env': (text) => readEnvironmentFile('file:///.env', text),
  Procfile: (text) => readManifest('file:///Procfile', text),
  Dockerfile: (text) => readManifest('file:///Dockerfile', text),
  'postgresql.conf': (text) => readManifest('file:///postgresql.conf', text),
  suppressions: (text) => readSuppressions('', text, LineIndex.of(text), () => true),
  interestingPython: (text) => interestingText('python').test(text),
  callersOf: (text) => calls.test(text),
  readImportStatement,
  'names of statements': (text) => {
    const file = new PythonFile('', text, withoutParser);
    for (const segment of file.segments) headOf(file, segment);
  },
  'names that are bound': (text) => {
    const file = new PythonFile('', text, withoutParser);
    isChangedElsewhere(file, 'a');
    try {
      for (const segment of file.segments) importIn(file, segment, 'a');
      bindingsInModule(file, { name: 'a' });
      globalsOf(file);
      starImports(file);
    } catch {
      // A tree was wanted after all; by then the text has been searched.
    }
  },
  credentials: (text) => {
    try {
      readCredentials(new PythonFile('', text, withoutParser), new Set());
    } catch {
      // As above.
    }
  },
  moveToEnvironmentFile: (text) => moveToEnvironmentFile('URL', text, moveFiles),
  'secrets in code': (text) => secretSpans(text, 'code'),
  'secrets in settings': (text) => secretSpans(text, 'settings'),
};

const scriptSubjects: typeof subjects = {
  interestingScripts: (text) => interestingText('typescript').test(text),
  'statements of scripts': (text) => {
    for (const uri of ['file:///a.ts', 'file:///a.jsx']) {
      const file = new ScriptFile(uri, text, withoutParser);
      for (const segment of file.segments) headOfScript(file, segment);
    }
  },
  'modules of scripts': (text) => {
    const file = new ScriptFile('file:///a.ts', text, withoutParser);
    importedModules(file);
    localNamesOf(file, 'a');
    segmentsBinding(file, 'a');
    isChangedInFunctions(file, 'a', true);
  },
  'exports of scripts': (text) => {
    const file = new ScriptFile('file:///a.ts', text, withoutParser);
    exportedNames(file);
    Array.from(text.matchAll(scriptTakes));
    try {
      exportedValue(file, 'a');
    } catch {
      // As above.
    }
    try {
      isDefaultExport(file, 'a');
    } catch {
      // As above.
    }
  },
  'credentials in scripts': credentialHits,
  readConnectionString,
  'package.json': (text) => readPackageManifest('file:///package.json', text),
  'package-lock.json': (text) => readNodeLock('file:///package-lock.json', text),
  'yarn.lock': (text) => readNodeLock('file:///yarn.lock', text),
  'pnpm-lock.yaml': (text) => readNodeLock('file:///pnpm-lock.yaml', text),
  'tsconfig.json': (text) => readScriptConfiguration(text),
};

/** Repeated; between them they hold every character class the expressions use. */
const pumps = [
  ...[
    'a',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\\',
    '\\\n',
    '"',
    "'",
    '"""',
    '#',
    '=',
    ':',
    ',',
    '.',
    '(',
    ')',
    '[',
    '{',
    '-',
    '0',
    '*',
    'é',
    '@',
  ],
  ...[
    'a ',
    'a=',
    'a\n',
    'a, ',
    'a.',
    ' a',
    '"a"',
    "'a'\n",
    '\\"',
    '= ',
    '==1,',
    '1.',
    'a:',
    '://',
    '://a:',
    'a://b:c',
    ':/',
    'a@',
    '#\n',
    '# ',
  ],
  ...[
    'password=',
    'password ',
    "password='",
    'PASSWORD: ',
    'postgresql://',
    'postgresql+a',
    'host=',
    ' host = ',
    '&a=',
    '${',
    '{{',
    '}}',
    '<a',
  ],
  ...[
    'import a, ',
    'from a import ',
    'from .',
    ' as ',
    'a as b, ',
    'import\n',
    'def a',
    'class a\n',
    'if a:\n',
    '@a\n',
    ')\n',
    'a[0] ',
    'a, b',
  ],
  ...[
    'name = "',
    'name = "a"\n',
    'version = ',
    '"a": {\n',
    '    "a": {',
    '"version": "',
    'export ',
    'A=',
    "A='",
    'A="\\',
    '[a',
    'a[b]',
    'a (',
    '~=',
  ],
  ...[
    'poolproof:',
    '# poolproof: ignore',
    '# poolproof: ignore[',
    '[a,',
    '#poolproof: ignore-file[a] # ',
    'web: ',
    'CMD ',
    'CMD ["a",',
    'build',
    'import app build',
  ],
];

const scriptPumps = [
  ...['`', '`${', '}', '/', '//', '/*', '*/', '/a/', '<', '<a>', '</a>', '?', '??', '=>', ';', '!', '$'],
  ...[
    "import a from 'b'\n",
    'import {a, ',
    'import\n',
    "require('a')",
    'require(',
    'export {a, ',
    'export * from ',
    'from ',
  ],
  ...[
    'const a = ',
    'const {a, ',
    'let a\n',
    'exports.a = ',
    'module.exports = ',
    'a.b = ',
    'Object.assign(a, ',
    'delete a.',
    'a.connect()\n',
    '= await a.connect(',
    '@a("',
    'export default a(',
  ],
  ...[
    "password: '",
    'password:',
    'password?:a',
    'password: process.env.A',
    "PASSWORD', ",
    'password\n',
    'pwd || ',
    'pass default',
  ],
  ...[
    'Password=a;',
    'a=b;',
    ';a b',
    'Server=',
    '"a": {"b": ',
    '"version": "1",\n',
    'a@1:\n  version "',
    '  /a@1:\n',
    '["a", ',
  ],
];

const prefixes = [
  '',
  'a',
  '"',
  'a = ',
  '# poolproof: ignore[',
  'from a import (',
  'import ',
  'postgresql://',
  'host=a password=',
  '["',
  'x = {',
];

const sizes = [1_000, 10_000];
/** Milliseconds below which nothing can be quadratic at the largest size. */
const fast = 15;

function milliseconds(run: (text: string) => unknown, text: string): number {
  const start = performance.now();
  run(text);
  return performance.now() - start;
}

function best(run: (text: string) => unknown, text: string): number {
  return Math.min(...[1, 2, 3].map(() => milliseconds(run, text)));
}

const scriptPrefixes = [
  'import {',
  'export {',
  'const {',
  '`',
  '`${',
  "password: '",
  'module.exports = {',
  'export default ',
  'export default a(',
  '@a(',
  '{"packages": {',
];

const runs = [
  ...Object.entries(subjects).map(([name, run]) => ({ name, run, pumps, prefixes })),
  ...Object.entries(scriptSubjects).map(([name, run]) => ({
    name,
    run,
    pumps: [...pumps, ...scriptPumps],
    prefixes: ['', 'a', '"', 'a = ', ...scriptPrefixes],
  })),
];

for (const { name, run, pumps, prefixes } of runs) {
  test(`${name}: linear`, () => {
    const slow: string[] = [];
    for (const prefix of prefixes) {
      for (const pump of pumps) {
        for (const suffix of ['', '\n!']) {
          const build = (length: number) => prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;
          const size = sizes.find((each) => milliseconds(run, build(each)) >= fast);
          if (size === undefined) continue;
          const once = best(run, build(size));
          const twice = once < fast ? 0 : best(run, build(2 * size));
          if (twice > 3 * once)
            slow.push(`${JSON.stringify(prefix + pump)}… ${once.toFixed(0)} ms, twice as long ${twice.toFixed(0)} ms`);
        }
      }
    }
    assert.deepEqual(slow, []);
  });
}
