/** JavaScript of every brokenness, generated and minified: nothing throws, nothing hangs, nothing else is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, createProject, uriOf } from '../support/workspace.ts';

const good = `import { Pool } from 'pg';

export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 5 });
`;
const manifest = '{"dependencies": {"pg": "8.16.3"}}';

async function expectGoodFileFound(files: Record<string, string>) {
  const analysis = await analyseFiles({ 'package.json': manifest, ...files, 'src/good.ts': good });
  const found = analysis.findings.filter((finding) => finding.at.uri === uriOf('src/good.ts'));
  assert.ok(
    found.some((finding) => finding.rule === 'no-acquire-timeout'),
    'the file beside keeps its finding',
  );
  return analysis;
}

const depth = 10_000;
for (const [name, text] of Object.entries({
  'ten thousand brackets': `${good}x = ${'('.repeat(depth)}${')'.repeat(depth)};\n`,
  'ten thousand open brackets': `${good}x = ${'['.repeat(depth)}\n`,
  'ten thousand open braces': `${good}x = ${'{a:'.repeat(depth)}\n`,
  'brackets inside the call': good.replace('max: 5', `max: ${'('.repeat(depth)}5${')'.repeat(depth)}`),
  'ten thousand nested objects': good.replace('max: 5', `x: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`),
  'ten thousand nested calls': good.replace('max: 5', `max: ${'f('.repeat(depth)}1${')'.repeat(depth)}`),
  'ten thousand nested templates': good.replace('max: 5', `x: ${'`${'.repeat(depth)}1${'}`'.repeat(depth)}`),
  'ten thousand nested functions': good.replace('max: 5', `x: ${'() => '.repeat(depth)}1`),
  'ten thousand nested elements': `${good}x = ${'<a>'.repeat(depth)}${'</a>'.repeat(depth)};\n`,
  'ten thousand elements that stay open': `${good}x = ${'<a>'.repeat(depth)}\n`,
  'a sum of ten thousand': good.replace('max: 5', `max: ${Array(depth).fill('1').join(' + ')}`),
  'ten thousand texts in a sum': good.replace('process.env.DATABASE_URL', Array(depth).fill("'a'").join(' + ')),
  'a long chain of properties': good.replace('process.env.DATABASE_URL', `a${'.b'.repeat(depth)}`),
  'a long chain of calls': good.replace('process.env.DATABASE_URL', `z${'.b()'.repeat(depth)}`),
  'ten thousand conditions': good.replace('max: 5', `max: ${'a ? 1 : '.repeat(depth)}2`),
  'ten thousand fallbacks': good.replace('max: 5', `max: ${'a ?? '.repeat(depth)}2`),
  'ten thousand variables of the environment': good.replace('max: 5', `max: ${'process.env.A ?? '.repeat(depth)}2`),
  'ten thousand elements of one name': `${good}let b = 1;\nx = ${'process.env[b] ?? '.repeat(depth)}2;\n`,
  'ten thousand spreads': good.replace('max: 5', '...a, '.repeat(depth)),
  'ten thousand assignments': `${good}const o = {};\n${'o.max = 1;\n'.repeat(depth)}new Pool(o);\n`,
  'forty settings that read one another': `${good}function f(o) {\n${Array.from({ length: 40 }, (_, n) => `o.a${n} = o.a${n} || o.a${n - 1} || 1;\n`).join('')}new Pool(o);\n}\nf({});\n`,
  'a text of a megabyte with an address in it': `${good}x = 'postgres://a:b@c/d ${'\\n'.repeat(500_000)}';\n`,
  'a text that two thousand statements add to': `${good}let u = 'postgres://';\n${Array.from({ length: 2000 }, (_, n) => `u += process.env.X${n};\n`).join('')}new Pool({ connectionString: u });\n`,
  'sums and texts that double forty times': `${good}const n0 = 1;\nconst t0 = 'a';\n${Array.from({ length: 40 }, (_, n) => `const n${n + 1} = n${n} + n${n};\nconst t${n + 1} = t${n} + t${n};\nconst s${n + 1} = \`\${t${n}}\${t${n}}\`;\n`).join('')}new Pool({ max: n40, connectionString: t40, host: s40 });\n`,
  'aliases in a circle': "import { Pool as a } from 'pg';\nlet b = a;\na = b;\nvar c = b;\nb = c;\nnew a();\n",
  'a constant that is itself': `const SIZE = SIZE;\n${good.replace('max: 5', 'max: SIZE')}`,
  'a class that extends itself': `class A extends A { pool = new Pool({ max: this.size }); }\n${good}`,
  'a function that calls itself': `const f = (n) => f(n + 1);\n${good.replace('max: 5', 'max: f(1)')}`,
  'a thousand constants in a row': `${Array.from({ length: 1000 }, (_, n) => `const C${n + 1} = C${n};`).join('\n')}\n${good.replace('max: 5', 'max: C1000')}`,
  'null characters': good.replaceAll(' ', '\0'),
  'half of a surrogate pair': good.replace('pool', '"\ud83d"; let pool'),
  'a lone carriage return': good.replaceAll('\n', '\r'),
  'a byte order mark and a line for the shell': `\uFEFF#!/usr/bin/env node\n${good}`,
  'nothing but quotes': `new Pool(${'"'.repeat(depth)}`,
  'nothing but backticks': `new Pool(${'`'.repeat(depth + 1)}`,
  'nothing but slashes': `${good}${'/ '.repeat(depth)}`,
  'a comment that never ends': `${good}/* ${'* '.repeat(depth)}`,
  'one long line': `${good}new Pool({${'max: 1,'.repeat(depth)}});`,
  minified: `!function(){var e=require("pg"),t=new e.Pool({max:5});${'n(function(e,t){return e?t(e):t({a:/[/"]/g})});'.repeat(depth / 2)}}();`,
  'every line a decorator': `${good}${'@Injectable()\n'.repeat(depth)}`,
  'generics without end': `${good}type T = ${'A<'.repeat(depth)}\n`,
})) {
  for (const path of ['src/bad.ts', 'src/bad.jsx']) {
    test(`${name}, ${path}`, async () => {
      await expectGoodFileFound({ [path]: text });
    });
  }
}

test('imports in a circle, chains without end, modules that hand on one another', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `src/m${n}.ts`,
      `export * from './m${(n + 1) % 40}';\nexport { SIZE as LIMIT, default } from './m${(n + 1) % 40}';\n`,
    ]),
  );
  await expectGoodFileFound({
    ...chain,
    'src/use.ts': `import make, { LIMIT } from './m0';\n${good.replace('max: 5', 'max: LIMIT')}make(3);\n`,
  });
});

const realistic = `import { Pool, type PoolConfig } from 'pg';
import { z } from 'zod';

const env = z.object({ POOL_SIZE: z.coerce.number().default(5) }).parse(process.env);
const defaults = { max: env.POOL_SIZE, idleTimeoutMillis: 10_000 } satisfies PoolConfig;

export function build(size = 5, { timeout = 60_000, ...more }: Options = {}) {
  return new Pool({
    connectionString: \`postgres://shop:\${process.env.PW}@\${host ?? 'db'}:5432/shop\`,
    ...defaults,
    max: size, // as many as it takes
    connectionTimeoutMillis: timeout,
    ...more,
  });
}

export const pool = (globalThis.pool ??= build(3));
export const page = (rows: Row[]) => rows.filter((row) => /['"\`]/.test(row.name) && row.size < 3 / 2);
pool.on('error', (error) => {
  console.error(\`the pool: \${error.message}\`);
});
`;

test('typing a whole file: no state throws, and each has the findings of a fresh start', async () => {
  const files = { 'package.json': manifest, 'src/good.ts': good, 'src/db.ts': '' };
  const { project, log } = await createProject(files);
  const uri = uriOf('src/db.ts');
  project.open(uri, '');
  for (let length = 0; length < realistic.length; length++) {
    project.edit(uri, [{ start: length, end: length, newText: realistic[length]! }]);
    const analysis = await project.analyse();
    assert.ok(
      analysis.findings.some((finding) => finding.at.uri === uriOf('src/good.ts')),
      `after ${length + 1} characters`,
    );
    assert.deepEqual(log, [], `after ${length + 1} characters`);
    assert.deepEqual(analysis.errors, []);
    if (length % 40 !== 0) continue;
    const fresh = await analyseFiles({ ...files, 'src/db.ts': realistic.slice(0, length + 1) });
    assert.deepEqual(analysis.findings, fresh.findings, `after ${length + 1} characters`);
  }
  const pools = (await project.analyse()).pools.filter(({ pool }) => pool.uri === uri);
  assert.equal(pools.length, 1);
  project.dispose();
});
