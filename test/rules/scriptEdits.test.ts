/** The edits that fixes make in JavaScript and TypeScript, form by form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import { analyseFiles } from '../support/workspace.ts';

/** What the first fix of a rule makes of a file; undefined where there is none. */
async function fixed(rule: string, path: string, text: string): Promise<string | undefined> {
  const analysis = await analyseFiles({ [path]: text });
  const finding = analysis.findings.find((each) => each.rule === rule);
  assert.ok(finding, `${rule} finds nothing in ${text}`);
  const fix = finding.fixes[0];
  return fix && applyEdits(text, fix.edits);
}

const url = 'postgres://shop:s3kDq91xv@db.example.com/shop';

const passwords: readonly (readonly [what: string, path: string, before: string, after: string | undefined])[] = [
  [
    'a literal becomes a look-up',
    'db.js',
    `const sql = postgres('${url}');`,
    'const sql = postgres(process.env.DATABASE_URL);',
  ],
  [
    'to a type checker the variable may be missing',
    'db.ts',
    `const sql = postgres('${url}');`,
    'const sql = postgres(process.env.DATABASE_URL!);',
  ],
  [
    'a constant keeps its name as the variable',
    'db.ts',
    `const SHOP_DB_URL = '${url}' as const;\nconst sql = postgres(SHOP_DB_URL);`,
    'const SHOP_DB_URL = process.env.SHOP_DB_URL!;\nconst sql = postgres(SHOP_DB_URL);',
  ],
  [
    'the idiom of the file: brackets',
    'db.js',
    `const port = process.env['PORT'];\nconst sql = postgres('${url}');`,
    `const port = process.env['PORT'];\nconst sql = postgres(process.env['DATABASE_URL']);`,
  ],
  [
    'the idiom of the file: Deno',
    'db.ts',
    `const port = Deno.env.get("PORT");\nconst sql = postgres("${url}");`,
    `const port = Deno.env.get("PORT");\nconst sql = postgres(Deno.env.get("DATABASE_URL")!);`,
  ],
  [
    'the idiom of the file: Bun',
    'db.js',
    `const port = Bun.env.PORT;\nconst sql = postgres("${url}");`,
    'const port = Bun.env.PORT;\nconst sql = postgres(Bun.env.DATABASE_URL);',
  ],
  [
    'what is fallen back to goes',
    'db.js',
    `const sql = postgres(process.env.SHOP_URL || '${url}');`,
    'const sql = postgres(process.env.SHOP_URL);',
  ],
  [
    'what is fallen back to goes, and the type stays',
    'db.ts',
    `const sql = postgres(options.url ?? process.env.SHOP_URL ?? '${url}');`,
    'const sql = postgres(options.url ?? process.env.SHOP_URL!);',
  ],
  [
    'the default of a destructured variable',
    'db.js',
    `const { SHOP_URL = '${url}', PORT } = process.env;`,
    'const { SHOP_URL, PORT } = process.env;',
  ],
  [
    'the default of a destructured variable with a type',
    'db.ts',
    `const { SHOP_URL = '${url}' } = process.env;`,
    undefined,
  ],
  [
    'the default of a schema',
    'env.ts',
    `import { z } from 'zod';\nexport const env = z.object({ SHOP_URL: z.string().default('${url}').optional() }).parse(process.env);`,
    `import { z } from 'zod';\nexport const env = z.object({ SHOP_URL: z.string().optional() }).parse(process.env);`,
  ],
  [
    'the default of a validator',
    'env.ts',
    `import { cleanEnv, str } from 'envalid';\nexport const env = cleanEnv(process.env, { SHOP_URL: str({ desc: 'Shop', default: '${url}' }) });`,
    `import { cleanEnv, str } from 'envalid';\nexport const env = cleanEnv(process.env, { SHOP_URL: str({ desc: 'Shop' }) });`,
  ],
  [
    'the default of a field of envsafe',
    'env.ts',
    `import { envsafe, str } from 'envsafe';\nexport const env = envsafe({ SHOP_URL: str({ desc: 'Shop', default: '${url}' }) });`,
    `import { envsafe, str } from 'envsafe';\nexport const env = envsafe({ SHOP_URL: str({ desc: 'Shop' }) });`,
  ],
  [
    'what valibot takes for a missing one',
    'env.ts',
    `import * as v from 'valibot';\nexport const schema = v.object({ SHOP_URL: v.optional(v.string(), '${url}') });`,
    `import * as v from 'valibot';\nexport const schema = v.object({ SHOP_URL: v.optional(v.string()) });`,
  ],
  ['convict insists on a default', 'env.js', `convict({ url: { env: 'SHOP_URL', default: '${url}' } });`, undefined],
  [
    'only the password of a template goes',
    'db.ts',
    `const sql = postgres(\`postgres://shop:s3kDq91xv@\${host}/shop\`);`,
    `const sql = postgres(\`postgres://shop:\${process.env.DATABASE_PASSWORD}@\${host}/shop\`);`,
  ],
  ['a sum of texts is left alone', 'db.js', `const sql = postgres('postgres://shop:s3kDq91xv@' + host);`, undefined],
  [
    'a password by key',
    'db.ts',
    "const pool = new Pool({ host: 'db', password: 's3kDq91xv', max: 5 });",
    "const pool = new Pool({ host: 'db', password: process.env.DATABASE_PASSWORD!, max: 5 });",
  ],
  [
    'a look-up with a literal beside it',
    'db.js',
    "const pool = new Pool({ password: process.env.SHOP_PASSWORD ?? 's3kDq91xv' });",
    'const pool = new Pool({ password: process.env.SHOP_PASSWORD });',
  ],
  ['a variable that the program sets', 'db.js', `process.env.DATABASE_URL = '${url}';`, undefined],
];

const imports = `import postgres from 'postgres';\nimport { Pool } from 'pg';\n`;

for (const [what, path, before, after] of passwords) {
  test(`password in source: ${what}`, async () => {
    const head = /^import/.test(before) ? '' : imports;
    const result = await fixed('hardcoded-credentials', path, `${head}${before}\n`);
    assert.equal(result, after === undefined ? undefined : `${head}${after}\n`);
  });
}

const services: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    'a class with members',
    "export class Db extends Pool {\n    all = () => this.query('SELECT 1');\n}\n",
    "export class Db extends Pool {\n    constructor() {\n        super({ connectionTimeoutMillis: 10000 });\n    }\n\n    all = () => this.query('SELECT 1');\n}\n",
  ],
  [
    'an empty one',
    'export class Db extends Pool {}\n',
    'export class Db extends Pool {\n  constructor() {\n    super({ connectionTimeoutMillis: 10000 });\n  }\n}\n',
  ],
];

for (const [what, before, after] of services) {
  test(`a class that a container builds gets a constructor: ${what}`, async () => {
    const head = "import { Injectable } from '@nestjs/common';\nimport { Pool } from 'pg';\n\n@Injectable()\n";
    const edited = await fixed('no-acquire-timeout', 'db.ts', head + before);
    assert.equal(edited, head + after);
    const { findings } = await analyseFiles({ 'db.ts': edited! });
    assert.deepEqual(findings, []);
  });
}
