/** Whatever is typed into TypeScript and JavaScript, in whatever order: the findings are those of the same text read afresh. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareWithFreshStarts } from '../support/randomEdits.ts';

const fragments = [
  ...['\n', '\r\n', ' ', '  ', '(', ')', '[', ']', '{', '}', '"', "'", '`', '${', '//', '/*', '*/', '/', '<', '>'],
  ...[',', ';', '=', ':', '?', '??', '||', '&&', '=>', '...', '!', '🐘', '\t', '\\', '\0', '<div>', '</div>', '/[/]/g'],
  'export const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n',
  'export const pool = new Pool({\n  max: SIZE,\n  connectionTimeoutMillis: 60_000,\n});\n',
  "const sql = postgres('postgres://shop:s3kDq91xv@db.example.com/shop');\n",
  "import { Pool } from 'pg';\n",
  "import postgres from 'postgres';\n",
  "import { SIZE } from './settings';\n",
  "import settings, * as all from './settings';\n",
  "const { Pool } = require('pg');\n",
  'max: SIZE,',
  'max: Number(process.env.POOL_SIZE ?? 5),',
  'connectionTimeoutMillis: 0,',
  '...options,',
  '...(DEBUG && { max: 3 }),',
  'const options = { max: 7, idleTimeoutMillis: 10_000 };\n',
  'options.max = 9;\n',
  'Object.assign(options, { max: 11 });\n',
  'export function build(size: number, { timeout = 5000 } = {}) {\n  return new Pool({ max: size, connectionTimeoutMillis: timeout });\n}\n',
  'const first = build(3);\n',
  'export class Database {\n  private pool = new Pool({ max: this.size });\n  constructor(private readonly size = 4) {}\n}\n',
  'new Database(8);\n',
  'enum Sizes { small = 2, large = 20 }\n',
  'export default build;\n',
  "export * from './settings';\n",
  "export { SIZE as LIMIT } from './settings';\n",
  'if (DEBUG) {\n  SIZE = 1;\n} else {\n  SIZE = 2;\n}\n',
  '// poolproof: ignore[no-acquire-timeout]\n',
  '/* poolproof: ignore */\n',
  'export const SIZE = 3;\n',
  'else {\n',
  'const view = <p title="a">{pool ? \'x\' : <b />}</p>;\n',
  'const env = z.object({ POOL_SIZE: z.coerce.number().default(10) }).parse(process.env);\n',
  "pool.on('error', (error) => console.error(error));\n",
  "app.get('/', async (request, response) => {\n  const client = await pool.connect();\n});\n",
] as const;

const sources = ['src/db.ts', 'src/settings.ts', 'src/view.jsx'] as const;

const edit = fc.record({
  file: fc.constantFrom(...sources),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 40 })),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<string>(...fragments) },
    { weight: 1, arbitrary: fc.constant('') },
  ),
});

const files: Readonly<Record<string, string>> = {
  'src/settings.ts': "export const SIZE = 5;\nexport const URL = 'postgres://localhost/shop';\n",
  'src/db.ts': `import { Pool } from 'pg';
import { SIZE } from './settings';

export const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: SIZE });
`,
  'src/view.jsx': `const { build } = require('./db');

export function View() {
  return <p>it's {build(2)}</p>;
}
`,
  'src/use.ts': "import { build } from './db';\n\nexport const second = build(4);\n",
  'package.json': '{"dependencies": {"pg": "8.16.3", "postgres": "3.4.7"}}',
  'poolproof.yaml':
    'databases:\n  main: {max_connections: 30}\nservices:\n  api: {database: main, replicas: 4, processes: 1}\n',
};

test('random edits of TypeScript leave the same findings as a fresh start', async () => {
  const pools = await compareWithFreshStarts(files, sources, edit);
  assert.ok(pools > 0, 'some states have pools');
});
