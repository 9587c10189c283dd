/** What JavaScript expressions amount to: one setting of a pool, written in every way people write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseFiles, type Files } from '../support/workspace.ts';

interface Outcome {
  readonly value?: unknown;
  readonly source?: string;
  readonly unknown?: RegExp;
  readonly variable?: string;
}

/** The value of `max` of the one pool in `db.ts`, whose text is the code given with `Pool` imported. */
async function maxOf(code: string, others: Files = {}, path = 'db.ts'): Promise<Outcome> {
  const analysis = await analyseFiles({ ...others, [path]: `import { Pool } from 'pg';\n${code}\n` });
  assert.equal(analysis.pools.length, 1, `${analysis.pools.length} pools in ${code}`);
  const value = analysis.pools[0]!.pool.parameters.get('max')?.value;
  if (value === undefined) return {};
  return value.known
    ? { value: value.value, source: value.source }
    : { unknown: new RegExp(value.reason), variable: value.variable };
}

const known = (value: unknown, source = 'literal') => ({ value, source });

async function assertMax(code: string, expected: Outcome, others: Files = {}, path?: string): Promise<void> {
  const found = await maxOf(code, others, path);
  if (expected.unknown !== undefined) {
    assert.match(found.unknown?.source ?? JSON.stringify(found), expected.unknown, code);
    if (expected.variable !== undefined) assert.equal(found.variable, expected.variable, code);
    return;
  }
  assert.deepEqual(found, expected, code);
}

function rows(name: string, cases: readonly (readonly [code: string, expected: Outcome])[]): void {
  test(name, async () => {
    for (const [code, expected] of cases) await assertMax(code, expected);
  });
}

rows('literals and arithmetic', [
  ['new Pool({ max: 5 });', known(5)],
  ['new Pool({ max: 1_0 });', known(10)],
  ['new Pool({ max: 0x10 });', known(16)],
  ['new Pool({ max: -1 });', known(-1)],
  ['new Pool({ max: 2 * 3 + 1 });', known(7)],
  ['new Pool({ max: 2 ** 3 });', known(8)],
  ['new Pool({ max: -7 % 4 });', known(-3)],
  ["new Pool({ max: '5' });", known(5)],
  ['new Pool({ "max": 5 });', known(5)],
  ["new Pool({ ['max']: 5 });", known(5)],
  ['new Pool({ max: (5 as number)! });', known(5)],
  ['new Pool({ max: 5 satisfies number });', known(5)],
  ['new Pool({ max: <number>5 });', known(5)],
  ['new Pool({ max: undefined });', known(undefined)],
  ['new Pool({ max: null });', known(null)],
  ['new Pool({ max: Number("7") });', known(7)],
  ['new Pool({ max: +"7" });', known(7)],
  ['new Pool({ max: parseInt("7 connections", 10) });', known(7)],
  ['new Pool({ max: Number.parseInt("7") });', known(7)],
  ['new Pool({ max: true && 4 });', known(4)],
  ['new Pool({ max: 0 || 4 });', known(4)],
  ['new Pool({ max: 0 ?? 4 });', known(0)],
  ['new Pool({ max: false ? 3 : 4 });', known(4)],
]);

rows('constants, variables and what changes them', [
  ['const MAX = 5;\nnew Pool({ max: MAX });', known(5, 'constant')],
  ['const max = 5;\nnew Pool({ max });', known(5, 'constant')],
  ['let max = 5;\nmax = 6;\nnew Pool({ max });', known(6, 'constant')],
  ['let max = 5;\nmax += 2;\nnew Pool({ max });', known(7, 'constant')],
  ['let max = 5;\nif (big) max = 20;\nnew Pool({ max });', { unknown: /depends on a condition/ }],
  [
    'let max = 5;\nexport function grow() { max = 50; }\nexport const make = () => new Pool({ max });',
    { unknown: /changed/ },
  ],
  ['const { max } = { max: 8 };\nnew Pool({ max });', known(8, 'constant')],
  ['const { pool: { max: size = 3 } } = { pool: {} };\nnew Pool({ max: size });', known(3, 'constant')],
  ['const [, size] = [1, 9];\nnew Pool({ max: size });', known(9, 'constant')],
  ['const sizes = { api: 4 } as const;\nnew Pool({ max: sizes.api });', known(4)],
  ["const sizes = { api: 4 };\nnew Pool({ max: sizes['api'] });", known(4)],
  ['enum Size { Small = 2, Large }\nnew Pool({ max: Size.Large });', known(3, 'constant')],
  ['class Config { static readonly MAX = 6; }\nnew Pool({ max: Config.MAX });', known(6, 'constant')],
  ['const MAX = 5;\nfunction make() { const MAX = 2; return new Pool({ max: MAX }); }', known(2, 'constant')],
  ['const MAX = 5;\nfunction other() { const MAX = 2; }\nnew Pool({ max: MAX });', known(5, 'constant')],
  ['for (const max of [1, 2]) new Pool({ max });', { unknown: /loop/ }],
  ['const twice = (n: number) => n * 2;\nnew Pool({ max: twice(4) });', known(8)],
  ['function size(n = 6) { return n; }\nnew Pool({ max: size() });', known(6, 'constant')],
]);

rows('options objects that are put together', [
  ['const options = { max: 5 };\nnew Pool(options);', known(5)],
  ['const options: any = {};\noptions.max = 5;\nnew Pool(options);', known(5)],
  ["const options: any = {};\noptions['max'] = 5;\nnew Pool(options);", known(5)],
  ['const options: any = {};\noptions.max = options.max || 5;\nnew Pool(options);', known(5)],
  ['const options: any = { max: 3 };\noptions.max = options.max * 2;\nnew Pool(options);', known(6)],
  ['let max = 3;\nmax = max * 2;\nnew Pool({ max });', known(6, 'constant')],
  ['const make = (o) => { o.max = o.max || 5; return new Pool(o); };\nmake({});', known(5)],
  ['const make = (o) => { o.max = o.max || 5; return new Pool(o); };\nmake({ max: 7 });', known(7)],
  ['const make = (o) => { o[key] = 9; return new Pool(o); };\nmake({ max: 7 });', { unknown: /changed/ }],
  ['const make = (o) => { if (flag) o.max = 9; return new Pool(o); };\nmake({ max: 7 });', { unknown: /condition/ }],
  ['const options: any = { max: 5 };\n_.defaults(options, read());\nnew Pool(options);', { unknown: /changed|set/ }],
  ['const options: any = {};\napplyLimits(options);\nnew Pool(options);', { unknown: /changed|cannot be read/ }],
  ['const options: any = { max: 5 };\nconsole.log(options);\nnew Pool(options);', known(5)],
  [
    'const f = () => { const o: any = {}; setDefaults(o); return new Pool(o); };',
    { unknown: /changed|cannot be read/ },
  ],
  ['const make = (o) => { delete o.max; return new Pool(o); };\nmake({ max: 7 });', known(10, 'default')],
  ['const options = { max: 5 };\ndelete options.max;\nnew Pool(options);', known(10, 'default')],
  ['const options = { max: 5 };\nObject.assign(options, { max: 6 });\nnew Pool(options);', known(6)],
  ['new Pool(Object.assign({}, { max: 5 }, { min: 1 }));', known(5)],
  ['const base = { max: 5 };\nnew Pool({ ...base, min: 1 });', known(5)],
  ['const base = { max: 5 };\nnew Pool({ max: 3, ...base });', known(5)],
  ['const base = { max: 5 };\nnew Pool({ ...base, max: 3 });', known(3)],
  ['new Pool({ max: 4, ...(flag && { max: 5 }) });', { unknown: /depends on a condition/ }],
  ['new Pool({ max: 4, ...(flag ? { min: 1 } : {}) });', known(4)],
  ['new Pool({ max: 4, ...rest });\ndeclare const rest: object;', { unknown: /may be changed/ }],
  ['new Pool({ ...rest, max: 4 });\ndeclare const rest: object;', known(4)],
  ['const all = { pool: { max: 5 } };\nnew Pool(all.pool);', known(5)],
  ['const { pool } = { pool: { max: 5 } };\nnew Pool(pool);', known(5)],
  ['const { min, ...rest } = { min: 1, max: 5 };\nnew Pool(rest);', known(5)],
  ['const options = Object.freeze({ max: 5 });\nnew Pool(options);', known(5)],
  ['const options = { max: 5 };\nif (flag) options.max = 9;\nnew Pool(options);', { unknown: /under a condition/ }],
  [
    'const options = { max: 5 };\nexport function f() { options.max = 9; }\nexport const g = () => new Pool(options);',
    { unknown: /cannot be read|changed/ },
  ],
]);

rows('environment variables', [
  ['new Pool({ max: Number(process.env.POOL_MAX) });', { unknown: /POOL_MAX has no default/, variable: 'POOL_MAX' }],
  ['new Pool({ max: Number(process.env.POOL_MAX ?? 5) });', known(5, 'environment')],
  ["new Pool({ max: Number(process.env['POOL_MAX'] || '5') });", known(5, 'environment')],
  ['new Pool({ max: Number(process.env.POOL_MAX) || 5 });', known(5, 'environment')],
  ["new Pool({ max: parseInt(process.env.POOL_MAX ?? '5', 10) });", known(5, 'environment')],
  ['new Pool({ max: +(process.env.POOL_MAX ?? 5) });', known(5, 'environment')],
  ['new Pool({ max: process.env.POOL_MAX ? Number(process.env.POOL_MAX) : 5 });', known(5, 'environment')],
  ['new Pool({ max: !process.env.POOL_MAX ? 5 : Number(process.env.POOL_MAX) });', known(5, 'environment')],
  ['new Pool({ max: process.env.VERCEL ? 1 : 10 });', { unknown: /depends on a condition/ }],
  ['new Pool({ max: process.env.POOL_MAX !== undefined ? +process.env.POOL_MAX : 5 });', known(5, 'environment')],
  ["const { POOL_MAX = '5' } = process.env;\nnew Pool({ max: Number(POOL_MAX) });", known(5, 'environment')],
  ["const { POOL_MAX } = process.env;\nnew Pool({ max: Number(POOL_MAX ?? '5') });", known(5, 'environment')],
  ['const env = process.env;\nnew Pool({ max: Number(env.POOL_MAX ?? 5) });', known(5, 'environment')],
  ["import { env } from 'node:process';\nnew Pool({ max: Number(env.POOL_MAX ?? 5) });", known(5, 'environment')],
  ['new Pool({ max: Number(import.meta.env.POOL_MAX ?? 5) });', known(5, 'environment')],
  ['new Pool({ max: Number(Bun.env.POOL_MAX ?? 5) });', known(5, 'environment')],
  ["new Pool({ max: Number(Deno.env.get('POOL_MAX') ?? 5) });", known(5, 'environment')],
  ['new Pool({ max: Number(globalThis.process.env.POOL_MAX ?? 5) });', known(5, 'environment')],
  [
    'const env = (key: string, otherwise: string) => process.env[key] ?? otherwise;\nnew Pool({ max: Number(env("POOL_MAX", "5")) });',
    known(5, 'environment'),
  ],
  ["new Pool({ max: process.env.NODE_ENV === 'production' ? 20 : 5 });", { unknown: /NODE_ENV|condition/ }],
  ["new Pool({ max: process.env.NODE_ENV === 'production' ? 5 : 5 });", known(5)],
]);

rows('schemas of the environment', [
  [
    "import { z } from 'zod';\nconst env = z.object({ POOL_MAX: z.coerce.number().default(5) }).parse(process.env);\nnew Pool({ max: env.POOL_MAX });",
    known(5, 'environment'),
  ],
  [
    "import z from 'zod';\nconst schema = z.object({ POOL_MAX: z.string().default('5').transform(Number) });\nconst parsed = schema.safeParse(process.env);\nnew Pool({ max: parsed.data.POOL_MAX });",
    known(5, 'environment'),
  ],
  [
    "import * as z from 'zod';\nconst env = z.object({ POOL_MAX: z.string().optional().transform((v) => parseInt(v, 10)) }).parse(process.env);\nnew Pool({ max: env.POOL_MAX });",
    { unknown: /POOL_MAX has no default/, variable: 'POOL_MAX' },
  ],
  [
    "import { cleanEnv, num } from 'envalid';\nconst env = cleanEnv(process.env, { POOL_MAX: num({ default: 5 }) });\nnew Pool({ max: env.POOL_MAX });",
    known(5, 'environment'),
  ],
  [
    "import { createEnv } from '@t3-oss/env-nextjs';\nimport { z } from 'zod';\nexport const env = createEnv({ server: { POOL_MAX: z.coerce.number().default(5) }, runtimeEnv: process.env });\nnew Pool({ max: env.POOL_MAX });",
    known(5, 'environment'),
  ],
  [
    "import env from 'env-var';\nconst max = env.get('POOL_MAX').default('5').asIntPositive();\nnew Pool({ max });",
    known(5, 'environment'),
  ],
  [
    "import { ConfigService } from '@nestjs/config';\nclass Db { constructor(private readonly config: ConfigService) {}\n  make() { return new Pool({ max: this.config.get<number>('POOL_MAX', 5) }); } }",
    known(5, 'environment'),
  ],
  [
    "import { ConfigService } from '@nestjs/config';\nexport const provider = { useFactory: (config) => new Pool({ max: config.get('POOL_MAX', 5) }), inject: [ConfigService] };",
    known(5, 'environment'),
  ],
  [
    "import { ConfigService } from '@nestjs/config';\nexport const make = (config: ConfigService) => new Pool({ max: Number(config.getOrThrow('POOL_MAX')) });",
    { unknown: /POOL_MAX/, variable: 'POOL_MAX' },
  ],
]);

test('values of other modules', async () => {
  const pool = (specifier: string, names: string, value: string) =>
    `import ${names} from '${specifier}';\nnew Pool({ max: ${value} });`;
  const cases: readonly (readonly [code: string, path: string, text: string])[] = [
    [pool('./config', '{ MAX }', 'MAX'), 'config.ts', 'export const MAX = 5;'],
    [pool('./config.js', '{ MAX }', 'MAX'), 'config.ts', 'export const MAX = 5;'],
    [pool('./config', '{ limit as top }', 'top'), 'config/index.js', 'const MAX = 5;\nexport { MAX as limit };'],
    [pool('./config', 'config', 'config.pool.max'), 'config.ts', 'export default { pool: { max: 5 } };'],
    [pool('./config', '* as config', 'config.MAX'), 'config.mts', 'export const MAX = 5;'],
    [pool('./config', 'config', 'config.max'), 'config.cjs', 'module.exports = { max: 5 };'],
    [pool('./config', '{ max }', 'max'), 'config.js', 'exports.max = 5;'],
    [pool('./config', '{ max }', 'max'), 'config.js', 'module.exports.max = 5;'],
    [pool('./config', '{ Size }', 'Size.Large'), 'config.ts', 'export enum Size { Small = 1, Large = 5 }'],
    [pool('./config', '{ Config }', 'Config.MAX'), 'config.ts', 'export class Config { static MAX = 5; }'],
    ["const { max } = require('./config');\nnew Pool({ max });", 'config.js', 'module.exports = { max: 5 };'],
    [
      "const config = require('./config');\nnew Pool(config.pool);",
      'config.js',
      'module.exports = { pool: { max: 5 } };',
    ],
    ["new Pool(require('./config').pool);", 'config.js', 'module.exports = { pool: { max: 5 } };'],
    ["new Pool(require('./config'));", 'config.js', 'module.exports = { max: 5 };'],
    ["const { MAX } = await import('./config');\nnew Pool({ max: MAX });", 'config.ts', 'export const MAX = 5;'],
  ];
  for (const [code, path, text] of cases) {
    const found = await maxOf(code, { [path]: text });
    assert.equal(found.value, 5, `${code} with ${text}: ${found.unknown}`);
  }
});

test('values that a module hands on from others', async () => {
  const code = "import { MAX } from './lib';\nnew Pool({ max: MAX });";
  const index = "export * from './a';\nexport * from './b';\n";
  await assertMax(code, known(5, 'constant'), {
    'lib/index.ts': index,
    'lib/a.ts': 'export const A = 1;',
    'lib/b.ts': 'export const MAX = 5;',
  });
  await assertMax(code, known(5, 'constant'), {
    'lib/index.ts': "export { LIMIT as MAX } from './a';",
    'lib/a.ts': 'export const LIMIT = 5;',
  });
  await assertMax("import { sizes } from './lib';\nnew Pool({ max: sizes.MAX });", known(5, 'constant'), {
    'lib/index.ts': "export * as sizes from './a';",
    'lib/a.ts': 'export const MAX = 5;',
  });
});

test('modules by alias, by base folder and by the name of a workspace package', async () => {
  const config = { 'src/config.ts': 'export const MAX = 5;' };
  const code = (specifier: string) => `import { MAX } from '${specifier}';\nnew Pool({ max: MAX });`;
  const paths = '{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["./src/*"], } } }';
  await assertMax(code('@app/config'), known(5, 'constant'), { ...config, 'tsconfig.json': paths }, 'src/db.ts');
  await assertMax(
    code('src/config'),
    known(5, 'constant'),
    { ...config, 'tsconfig.json': '{"compilerOptions":{"baseUrl":"."}}' },
    'src/db.ts',
  );
  await assertMax(code('@/config'), known(5, 'constant'), config, 'src/api/db.ts');
  const inherited = { 'tsconfig.base.json': paths, 'app/tsconfig.json': '{"extends":"../tsconfig.base.json"}' };
  await assertMax(code('@app/config'), known(5, 'constant'), { ...config, ...inherited }, 'app/db.ts');
  await assertMax(
    code('@acme/settings'),
    known(5, 'constant'),
    {
      'packages/settings/package.json': '{"name":"@acme/settings","main":"dist/index.js"}',
      'packages/settings/src/index.ts': 'export const MAX = 5;',
    },
    'apps/api/db.ts',
  );
  await assertMax(
    code('@acme/settings/pool'),
    known(5, 'constant'),
    {
      'packages/settings/package.json': '{"name":"@acme/settings","exports":{"./pool":{"import":"./dist/pool.js"}}}',
      'packages/settings/src/pool.ts': 'export const MAX = 5;',
    },
    'apps/api/db.ts',
  );
});

test('values that callers pass', async () => {
  const cases: readonly (readonly [code: string, others: Files])[] = [
    ['export function make(max: number) { return new Pool({ max }); }\nmake(5);', {}],
    ['export const make = ({ max = 5 }: Options) => new Pool({ max });\nmake({});', {}],
    ['export const make = (options: Options) => new Pool({ ...options });\nmake({ max: 5 });', {}],
    ['export const make = (options: Options) => new Pool(options.pool);\nmake({ pool: { max: 5 } });', {}],
    ['export function make(max = 5) { return new Pool({ max }); }\nmake();', {}],
    ['class Db { constructor(max: number) { this.pool = new Pool({ max }); } }\nnew Db(5);', {}],
    [
      'class Db { constructor(private readonly max: number) {}\n open() { return new Pool({ max: this.max }); } }\nnew Db(5);',
      {},
    ],
    ['export function make(max: number) { return () => new Pool({ max }); }\nmake(5);', {}],
    [
      'export function make(max: number) { return new Pool({ max }); }',
      { 'use.ts': "import { make } from './db';\nmake(5);" },
    ],
    [
      'export default function make(max: number) { return new Pool({ max }); }',
      { 'use.ts': "import create from './db.js';\ncreate(5);" },
    ],
    [
      'export const make = (max: number) => new Pool({ max });',
      { 'use.ts': "import { make as create } from './db';\ncreate(5);" },
    ],
    [
      'exports.make = function (max) { return new Pool({ max }); };',
      { 'use.js': "const { make } = require('./db');\nmake(5);" },
    ],
  ];
  for (const [code, others] of cases) {
    const found = await maxOf(code, others);
    assert.equal(found.value, 5, `${code}: ${found.unknown}`);
  }
});

const valibot = "import * as v from 'valibot';\n";
const fromValibot = (field: string) =>
  `${valibot}const env = v.parse(v.object({ POOL_MAX: ${field} }), process.env);\nnew Pool({ max: env.POOL_MAX });`;

rows('environment variables through valibot', [
  [fromValibot("v.optional(v.pipe(v.string(), v.transform(Number), v.number()), '5')"), known(5, 'environment')],
  [
    fromValibot("v.optional(v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(1)), '6')"),
    known(6, 'environment'),
  ],
  [
    fromValibot("v.pipe(v.optional(v.string(), '7'), v.transform((text) => parseInt(text, 10)))"),
    known(7, 'environment'),
  ],
  [fromValibot('v.fallback(v.pipe(v.string(), v.toNumber()), 8)'), known(8, 'environment')],
  [fromValibot("v.nullish(v.string(), '9')"), known(9, 'environment')],
  [fromValibot("v.optional(v.coerce(v.number(), Number), '4')"), known(4, 'environment')],
  [fromValibot('v.pipe(v.string(), v.toNumber())'), { unknown: /POOL_MAX/, variable: 'POOL_MAX' }],
  [fromValibot("v.optional(v.pipe(v.string(), v.rawTransform(read)), '5')"), { unknown: /schema is not followed/ }],
  [
    "import { number, object, optional, parse, pipe, string, transform } from 'valibot';\nconst Schema = object({ POOL_MAX: optional(pipe(string(), transform(Number), number()), '3') });\nexport const env = parse(Schema, process.env);\nnew Pool({ max: env.POOL_MAX });",
    known(3, 'environment'),
  ],
  [
    `${valibot}const { output } = v.safeParse(v.object({ POOL_MAX: v.optional(v.pipe(v.string(), v.toNumber()), '2') }), process.env);\nnew Pool({ max: output.POOL_MAX });`,
    known(2, 'environment'),
  ],
  [
    `${valibot}import { createEnv } from '@t3-oss/env-core';\nconst env = createEnv({ server: { POOL_MAX: v.optional(v.pipe(v.string(), v.toNumber()), '11') }, runtimeEnv: process.env });\nnew Pool({ max: env.POOL_MAX });`,
    known(11, 'environment'),
  ],
]);

rows('environment variables through t3-env', [
  [
    "import { createEnv } from '@t3-oss/env-core';\nimport { z } from 'zod';\nconst env = createEnv({ server: { POOL_MAX: z.string().default('5').transform(Number) }, runtimeEnvStrict: { POOL_MAX: process.env.DB_POOL } });\nnew Pool({ max: env.POOL_MAX });",
    known(5, 'environment'),
  ],
  [
    "import { createEnv } from '@t3-oss/env-nextjs';\nimport { z } from 'zod';\nconst env = createEnv({ server: { POOL_MAX: z.coerce.number().int().positive().default(6) }, client: { NEXT_PUBLIC_URL: z.string().url() }, experimental__runtimeEnv: { NEXT_PUBLIC_URL: process.env.NEXT_PUBLIC_URL }, emptyStringAsUndefined: true });\nnew Pool({ max: env.POOL_MAX });",
    known(6, 'environment'),
  ],
  [
    "import { createEnv } from '@t3-oss/env-core';\nimport { type } from 'arktype';\nconst env = createEnv({ server: { POOL_MAX: type('string.integer.parse') }, runtimeEnv: process.env });\nnew Pool({ max: env.POOL_MAX });",
    { unknown: /schema is not followed/ },
  ],
]);

rows('environment variables through envsafe', [
  [
    "import { envsafe, num } from 'envsafe';\nconst env = envsafe({ POOL_MAX: num({ default: 5 }) });\nnew Pool({ max: env.POOL_MAX });",
    known(5, 'environment'),
  ],
  [
    "import { envsafe, num } from 'envsafe';\nconst env = envsafe({ POOL_MAX: num({ default: 7, devDefault: 2, input: process.env.DB_POOL }) }, { strict: true });\nnew Pool({ max: env.POOL_MAX });",
    known(7, 'environment'),
  ],
  [
    "import { envsafe, num } from 'envsafe';\nconst env = envsafe({ POOL_MAX: num({ devDefault: 2 }) });\nnew Pool({ max: env.POOL_MAX });",
    { unknown: /POOL_MAX/, variable: 'POOL_MAX' },
  ],
  [
    "import * as envsafe from 'envsafe';\nconst env = envsafe.envsafe({ POOL_MAX: envsafe.str({ default: '9' }) });\nnew Pool({ max: Number(env.POOL_MAX) });",
    known(9, 'environment'),
  ],
]);

rows('environment variables through env-var', [
  ["import { get } from 'env-var';\nnew Pool({ max: get('POOL_MAX').default(5).asInt() });", known(5, 'environment')],
  [
    "const env = require('env-var');\nnew Pool({ max: env.get('POOL_MAX').default('6').asIntPositive() });",
    known(6, 'environment'),
  ],
  [
    "import * as env from 'env-var';\nnew Pool({ max: env.get('POOL_MAX').required().asInt() });",
    { unknown: /POOL_MAX/, variable: 'POOL_MAX' },
  ],
]);

const convict = "import convict from 'convict';\n";

rows('settings of convict', [
  [
    `${convict}const config = convict({ db: { poolMax: { doc: 'size', format: 'int', default: 5, env: 'POOL_MAX' } } });\nconfig.validate({ allowed: 'strict' });\nnew Pool({ max: config.get('db.poolMax') });`,
    known(5, 'environment'),
  ],
  [
    `${convict}const config = convict({ poolMax: { format: Number, default: 6 } });\nnew Pool({ max: config.get('poolMax') });`,
    known(6, 'constant'),
  ],
  [
    `${convict}const config = convict({ db: { poolMax: { format: 'nat', default: '7', env: 'POOL_MAX' } } }).validate();\nnew Pool({ max: config.getProperties().db.poolMax });`,
    known(7, 'environment'),
  ],
  [
    "const convict = require('convict');\nconst config = convict({ db: { max: { default: 8, env: 'POOL_MAX' } } });\nconst db = config.get('db');\nnew Pool({ max: db.max });",
    known(8, 'environment'),
  ],
  [
    `${convict}const config = convict({ db: { max: { format: 'int', default: 9, env: 'POOL_MAX' } } });\nconfig.loadFile(\`./config/\${process.env.NODE_ENV}.json\`);\nnew Pool({ max: config.get('db.max') });`,
    { unknown: /a configuration that is loaded/ },
  ],
  [
    `${convict}convict.addFormat({ name: 'size', validate() {}, coerce: read });\nconst config = convict({ max: { format: 'size', default: 9, env: 'POOL_MAX' } });\nnew Pool({ max: config.get('max') });`,
    { unknown: /its format is not followed/ },
  ],
]);

test('settings of convict in another module, and what an environment file sets', async () => {
  const files = {
    'config.ts': `${convict}const config = convict({ db: { max: { format: 'int', default: 5, env: 'POOL_MAX' } } });\nexport default config;\nexport { config };\n`,
  };
  await assertMax(
    "import config from './config';\nnew Pool({ max: config.get('db.max') });",
    known(5, 'environment'),
    files,
  );
  await assertMax(
    "import { config } from './config';\nnew Pool({ max: config.get('db').max });",
    known(5, 'environment'),
    files,
  );
  const set = { ...files, '.env': 'POOL_MAX=12\n' };
  await assertMax(
    "import config from './config';\nnew Pool({ max: config.get('db.max') });",
    known(12, 'environment'),
    set,
  );
});
