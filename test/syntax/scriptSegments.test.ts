import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../../server/src/core/text.ts';
import { cutSegments } from '../../server/src/syntax/segmentedFile.ts';
import { cutterFor, grammarOf, ScriptFile } from '../../server/src/syntax/typescript/file.ts';
import { projectRoot, scriptParser } from '../support/python.ts';

const parsers = { typescript: await scriptParser('typescript'), tsx: await scriptParser('tsx') };

function parserFor(path: string) {
  return parsers[grammarOf(path) === 'tsx' ? 'tsx' : 'typescript'];
}

function statements(text: string, path = 'a.ts'): string[] {
  return cutSegments(text, cutterFor(path)).map((segment) => text.slice(segment.start, segment.end));
}

function assertPieces(pieces: readonly string[], path = 'a.ts'): void {
  assert.deepEqual(statements(pieces.join(''), path), pieces);
}

test('statements are cut where the next one begins, with and without semicolons', () => {
  assertPieces([
    "import { Pool } from 'pg';\n\n",
    'const a = {\n  b: 1,\n};\n',
    'export function f() {\n  return 1\n}\n',
  ]);
  assertPieces(["import pg from 'pg'\n", 'const pool = new pg.Pool()\n', 'pool.on("error", log)\n', 'run()\n']);
});

test('what may continue a statement does not end it', () => {
  assertPieces([
    'if (a) {\n  b();\n}\nelse {\n  c();\n}\n',
    'try {\n}\ncatch {\n}\nfinally {\n}\n',
    'do {\n}\nwhile (x)\n',
  ]);
  assertPieces([
    'const a =\nb\n',
    'const f = () =>\ng()\n',
    'type T =\n| 1\n| 2\n',
    'a\n.b()\n[0]\n(c)\n',
    'for (const x of y)\nz()\n',
  ]);
  assertPieces(['@Module({\n  imports: [],\n})\n@Global()\nexport class A {\n}\n', 'export {\n  a,\n}\nfrom "./a"\n']);
});

test('strings, templates, comments and regular expressions hold no statements', () => {
  assertPieces(['const a = `\nconst b = $' + '{c(`\nexport const d = 1;\n`)}\nexport const e = 1;\n`;\n', 'f();\n']);
  assertPieces([
    'const a = /[/`"\'{]/g;\n/*\nconst b = 1;\n*/\n',
    'const c = a / b / c; // ` { (\n',
    'return_(/}/.test("{"));\n',
  ]);
  assertPieces(["const a = 'it\\'s {'\n", 'const b = x! / 2 + "/"\n', 'if (a) /{/.exec(b);\n', 'c()\n']);
});

test('elements hold text, not code', () => {
  assertPieces(
    [
      "export const A = () => (\n  <Box<Row> title='}' onClick={() => { f() }}>\n    Don't {/* it's */} `stop` <b>/* {now} */</b> {\"}\"}\n<br/>\n  </Box>\n);\n",
      'const f = <T,>(x: T) => x;\n',
      'type G = <T>(x: T) => T\n',
      'const less = a < b && c > d;\n',
      'export const B = <></>\n',
      'const done = true;\n',
    ],
    'a.tsx',
  );
});

test('code that nobody indented stays together inside its brackets', () => {
  assertPieces(['(function () {\nfunction f() {\n}\nconst a = 1;\n})();\n', 'const b = 2;\n'], 'a.js');
});

test('what is left open ends where a declaration begins that nothing later encloses', () => {
  assertPieces(['const pool = new Pool({\n  max: 5,\n', 'export function f() {\n  g();\n}\n', 'const b = 1;\n']);
  assertPieces(['export function f() {\n  if (a) {\n}\n', "import { x } from './x';\n", 'class C {\n}\n']);
  assertPieces(['const sql = `select\n', 'export const b = 1;\n']);
  // A bracket of one kind left open inside another ends with that.
  assertPieces(['function f() {\n  new Pool({ max: (5 });\n}\n', 'g();\n']);
  assertPieces(['export const A = () => {\n  return <div>\n};\n', 'g();\n'], 'a.tsx');
  assertPieces(['export const A = () => {\n  return <div\n};\n', 'g();\n'], 'a.tsx');
});

const line = fc.constantFrom(
  ...["import pg from 'pg'", 'const pool = new Pool({', '  max: 5,', '})', '});', 'export function f(a, b = 1) {', '}'],
  ...[
    '  return `a${',
    '}`',
    'class C {',
    'if (x) {',
    'else {',
    '// note',
    '@dec()',
    '',
    'x',
    '.y()',
    "s = 'a'",
    '/*',
    '*/',
  ],
  ...['  <b>', '</b>', '/{/', '(', ')', 'export const z = 1', 'type T = {', 'é = "\u{1F600}"', 'a ='],
);
const program = fc
  .array(line, { maxLength: 16 })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((ending) => lines.join(ending)));
const change = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  newText: fc.oneof(line, fc.constantFrom('\n', '(', ')', '{', '}', '`', "'", ' ', 'x', '/', '<', '')),
});

test('under random edits the incremental cut and every incremental tree equal fresh ones', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('a.ts', 'a.tsx'),
      program,
      fc.array(change, { minLength: 1, maxLength: 6 }),
      (path, start, changes) => {
        const uri = `file:///${path}`;
        const file = new ScriptFile(uri, start, parserFor(path));
        for (const segment of file.segments) file.tree(segment);
        for (const { from, to, newText } of changes) {
          const a = from % (file.text.length + 1);
          const b = to % (file.text.length + 1);
          const span = { start: Math.min(a, b), end: Math.min(Math.max(a, b), Math.min(a, b) + 12) };
          const expected = applyEdits(file.text, [{ ...span, newText }]);
          file.edit({ ...span, newText });
          assert.equal(file.text, expected);
          const fresh = new ScriptFile(uri, expected, parserFor(path));
          const spans = (each: ScriptFile) => each.segments.map(({ start, end, isOpen }) => ({ start, end, isOpen }));
          assert.deepEqual(spans(file), spans(fresh));
          assert.deepEqual(file.lines, fresh.lines);
          for (let index = 0; index < file.segments.length; index++) {
            const carried = file.tree(file.segments[index]!);
            const anew = fresh.tree(fresh.segments[index]!);
            // Where a text is broken the parser may repair it differently when it reuses nodes; that is its own affair.
            if (!anew.rootNode.hasError) assert.equal(carried.rootNode.toString(), anew.rootNode.toString());
          }
          fresh.release();
        }
        file.release();
      },
    ),
    { numRuns: Number(process.env['POOLPROOF_RUNS'] ?? 600) },
  );
});

/** Every how many files of the corpus are compared; with a corpus of one's own, all of them. */
const corpus = process.env['POOLPROOF_CORPUS'] ?? join(projectRoot, 'node_modules');
const stride = process.env['POOLPROOF_CORPUS'] === undefined ? 25 : 1;
const largest = 400_000;

function* scriptsIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* scriptsIn(path);
    else if (entry.isFile() && /\.[mc]?[jt]sx?$/.test(entry.name) && statSync(path).size <= largest) yield path;
  }
}

test('no statement of real code is cut apart', () => {
  let compared = 0;
  let index = 0;
  for (const path of scriptsIn(corpus)) {
    if (index++ % stride !== 0) continue;
    const text = readFileSync(path, 'utf8');
    const tree = parserFor(path).parse(text);
    // What the parser does not understand it groups at random.
    if (!tree.rootNode.hasError) {
      compared++;
      const nodes = tree.rootNode.namedChildren.filter((node) => node !== null && node.type !== 'comment');
      for (const { end } of cutSegments(text, cutterFor(path))) {
        const torn = nodes.find((node) => node!.startIndex < end && end < node!.endIndex);
        assert.equal(torn?.text, undefined, `${path} is cut at ${end}`);
      }
    }
    tree.delete();
  }
  assert.ok(compared > 100, `${compared} files are too few`);
});
