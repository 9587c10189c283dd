/** PgBouncer's files, whatever stands in them: a tree without errors, places that fit, time in proportion to the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inForce } from '../../server/src/declarations/pgbouncerInForce.ts';
import { completePgbouncer } from '../../server/src/present/pgbouncer/completion.ts';
import { hoverPgbouncer } from '../../server/src/present/pgbouncer/hover.ts';
import { foldingsOf, symbolsOf } from '../../server/src/present/pgbouncer/outline.ts';
import { refusals } from '../../server/src/rules/pgbouncer/refusals.ts';
import { loadParser } from '../../server/src/syntax/parser.ts';
import { readPgbouncer } from '../../server/src/syntax/pgbouncer/extract.ts';
import { readUserlist } from '../../server/src/syntax/pgbouncer/userlist.ts';
import { grammarSource } from '../support/python.ts';

const parser = await loadParser('pgbouncer', grammarSource);
const runs = Number(process.env['POOLPROOF_RUNS'] ?? 1);
const seed = Number(process.env['POOLPROOF_SEED'] ?? Date.now() % 1e9);

function readAll(text: string) {
  const file = readPgbouncer('file:///pgbouncer.ini', text, 'app', { parser });
  const found = [...refusals(inForce(file, '1.25.2'))];
  return { file, found, list: readUserlist('file:///userlist.txt', text, 'app') };
}

const sample = `; head
[databases]
shop = host=10.0.0.5 port=5432 dbname=shop user=app password='it''s' pool_size=5
* = host=10.0.0.6
%include more.ini
[users]
app = max_user_connections=5
[pgbouncer]
listen_addr = *
pool_mode = transaction ; comment
max_client_conn = 500
"x" = y
`;

const fragments = [
  ...[
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\t',
    '=',
    ' = ',
    "'",
    '"',
    "''",
    ';',
    '#',
    '[',
    ']',
    '%',
    '*',
    '\0',
    '\uFEFF',
    '\ud83d',
    'é',
    '\v',
  ],
  ...[
    '[databases]',
    '[pgbouncer]',
    '[users]',
    '[peers]',
    '%include x',
    'host=',
    'password=',
    "password='",
    'pool_mode = x',
    '{{ x }}',
  ],
];

const anyText = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc
    .array(fc.record({ at: fc.nat(sample.length), length: fc.nat(6), text: fc.constantFrom(...fragments, '') }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((edits) =>
      edits.reduce((text, { at, length, text: added }) => text.slice(0, at) + added + text.slice(at + length), sample),
    ),
);

test(`any text has a tree without errors, and places in order that lie in it (seed ${seed})`, () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { file } = readAll(text);
      const body = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, file.end);
      const tree = parser.parse(`${body}\n`);
      const hasError = tree.rootNode.hasError;
      tree.delete();
      assert.equal(hasError, false);
      let last = 0;
      for (const { span } of [...file.statements].sort((a, b) => a.span.start - b.span.start)) {
        assert.ok(last <= span.start && span.start <= span.end && span.end <= text.length);
        last = span.end;
      }
      for (const statement of file.statements) {
        if (statement.kind !== 'setting') continue;
        for (const pair of statement.value?.pairs ?? []) {
          assert.ok(statement.span.start <= pair.span.start && pair.span.end <= statement.span.end);
        }
      }
    }),
    { numRuns: 1500 * runs, seed },
  );
});

test(`reading twice says the same, and nothing that was typed before matters (seed ${seed})`, () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const plain = ({ file, found }: ReturnType<typeof readAll>) => JSON.stringify([file.statements, found]);
      const once = plain(readAll(text));
      readAll(`${text}[databases]\nx = '`);
      assert.equal(plain(readAll(text)), once);
    }),
    { numRuns: 150 * runs, seed },
  );
});

test(`the editor's questions are answered anywhere in any text (seed ${seed})`, () => {
  fc.assert(
    fc.property(anyText, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (text, places) => {
      const { file } = readAll(text);
      const context = {
        file,
        version: '1.25.2',
        isIncluded: false,
        databases: [],
        users: { count: 1 },
        inForce: inForce(file, '1.25.2'),
        whole: inForce(file, '1.25.2'),
      };
      for (const { replace } of places.flatMap((at) =>
        completePgbouncer(context, text, at % (text.length + 1), ['app']),
      ))
        assert.ok(0 <= replace.start && replace.start <= replace.end && replace.end <= text.length);
      for (const at of places) hoverPgbouncer(context, at % (text.length + 1), []);
      const lastLine = file.lines.lineAt(text.length);
      for (const { startLine, endLine } of foldingsOf(file)) assert.ok(startLine < endLine && endLine <= lastLine);
      for (const { span, nameSpan } of symbolsOf(file)) {
        assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end && span.end <= text.length);
      }
    }),
    { numRuns: 300 * runs, seed },
  );
});

function milliseconds(text: string): number {
  const start = performance.now();
  readAll(text);
  return performance.now() - start;
}

/** Busy machines make single measurements meaningless. */
function best(text: string): number {
  return Math.min(...Array.from({ length: 5 }, () => milliseconds(text)));
}

const pumps = [
  ...['a', ' ', '\t', '\n', '\r', '=', "'", '"', ';', '#', '[', ']', '%include ', '0', '-', '\v', 'é'],
  ...[
    'a=b ',
    "a='b' ",
    "a='b'c",
    "''",
    ' \t',
    '\t ',
    'x = y\n',
    '[databases]\n',
    '[pgbouncer]\n',
    ' ;',
    'password=a ',
    '"a" "b"\n',
  ],
  ...['pool_mode = x\n', '{{', '${', 'a\tb', '%include x\n', "'a' = b\n", 'poolproof:', '; poolproof: ignore[a]\n'],
];
const prefixes = [
  '',
  '[pgbouncer]\n',
  '[databases]\n',
  '[databases]\na = ',
  "[databases]\na = password='",
  '[pgbouncer]\nlogfile = x',
  '[',
  '"',
];

test('time grows with the text, not with its square', () => {
  /** Milliseconds below which nothing is quadratic at that size. */
  const fast = 60;
  const size = 20_000;
  const slow: string[] = [];
  for (const prefix of prefixes) {
    for (const pump of pumps) {
      const build = (length: number) => prefix + pump.repeat(Math.ceil(length / pump.length));
      if (milliseconds(build(size)) < fast) continue;
      const once = best(build(size));
      const thrice = once < fast ? 0 : best(build(3 * size));
      if (thrice > 6 * once)
        slow.push(`${JSON.stringify(prefix + pump)}… ${once.toFixed(0)} ms, then ${thrice.toFixed(0)} ms`);
    }
  }
  assert.deepEqual(slow, []);
});
