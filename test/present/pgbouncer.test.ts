/** Completion, hover, symbols and folding in a pgbouncer.ini; `|` is the cursor. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inForce } from '../../server/src/declarations/pgbouncerInForce.ts';
import { completePgbouncer } from '../../server/src/present/pgbouncer/completion.ts';
import { hoverPgbouncer } from '../../server/src/present/pgbouncer/hover.ts';
import { foldingsOf, symbolsOf } from '../../server/src/present/pgbouncer/outline.ts';
import type { PgbouncerInContext } from '../../server/src/rules/rule.ts';
import { loadParser } from '../../server/src/syntax/parser.ts';
import { readPgbouncer } from '../../server/src/syntax/pgbouncer/extract.ts';
import { grammarSource } from '../support/python.ts';

const parser = await loadParser('pgbouncer', grammarSource);

function contextOf(text: string, version = '1.25.2', names: readonly string[] = []): PgbouncerInContext {
  const file = readPgbouncer('file:///pgbouncer.ini', text, 'app', { parser });
  const users = names.length === 0 ? { count: 1 } : { names };
  const alone = inForce(file, version);
  return { file, version, isIncluded: false, databases: [], users, inForce: alone, whole: alone };
}

function complete(marked: string, version?: string, users: readonly string[] = []) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return completePgbouncer(contextOf(text, version), text, offset, users).map((item) => ({
    ...item,
    result: text.slice(0, item.replace.start) + item.insertText + text.slice(item.replace.end),
  }));
}

const labels = (...given: Parameters<typeof complete>) => complete(...given).map((item) => item.label);

describe('completion', () => {
  test('sections, those of the version, with their bracket', () => {
    assert.deepEqual(labels('[|'), ['pgbouncer', 'databases', 'users', 'peers']);
    assert.deepEqual(labels('[da|]', '1.18.0'), ['pgbouncer', 'databases', 'users']);
    assert.equal(complete('[pg|')[0]!.result, '[pgbouncer]');
    assert.equal(complete('[pg|]')[0]!.result, '[pgbouncer]');
  });

  test('settings that the version knows and the file has not yet', () => {
    const items = complete('[pgbouncer]\npool_mode = session\nde|\n');
    const size = items.find((item) => item.label === 'default_pool_size')!;
    assert.equal(size.detail, 'whole number of connections, default 20');
    assert.match(size.documentation, /no limit since 1\.24\.0/);
    assert.equal(size.result, '[pgbouncer]\npool_mode = session\ndefault_pool_size = \n');
    assert.equal(
      items.some((item) => item.label === 'pool_mode'),
      false,
    );
    assert.equal(
      items.some((item) => item.label === 'pool_idle_timeout'),
      false,
      'no release has it',
    );
    assert.equal(labels('[pgbouncer]\nma|', '1.20.0').includes('max_prepared_statements'), false);
    assert.equal(labels('[pgbouncer]\nma|', '1.21.0').includes('max_prepared_statements'), true);
    assert.equal(
      labels('[pgbouncer]\npool_mode| = session').includes('pool_mode'),
      true,
      'the one that is being written',
    );
  });

  test('an equals sign that is there already is not written again', () => {
    const [first] = complete('[pgbouncer]\npool_m| = session\n').filter((item) => item.label === 'pool_mode');
    assert.equal(first!.result, '[pgbouncer]\npool_mode = session\n');
  });

  test('words, switches and defaults as values', () => {
    assert.deepEqual(labels('[pgbouncer]\npool_mode = |'), ['session', 'transaction', 'statement']);
    assert.deepEqual(labels('[pgbouncer]\nlog_connections=|'), ['1', '0']);
    assert.deepEqual(labels('[pgbouncer]\nserver_check_query = |', '1.24.1'), ['select 1']);
    assert.equal(labels('[pgbouncer]\nauth_type = |', '1.24.1').includes('ldap'), false);
    assert.equal(complete('[pgbouncer]\npool_mode = tra|\n')[1]!.result, '[pgbouncer]\npool_mode = transaction\n');
    assert.equal(complete('[pgbouncer]\npool_mode = |')[0]!.detail, 'default');
  });

  test('keys of a connection string, and their words', () => {
    const keys = labels('[databases]\nshop = host=10.0.0.5 |');
    assert.ok(keys.includes('port') && keys.includes('reserve_pool_size'));
    assert.equal(keys.includes('host'), false);
    assert.equal(labels('[databases]\nshop = |', '1.23.1').includes('reserve_pool_size'), false);
    const [mode] = complete('[databases]\nshop = host=a pool_m|').filter((item) => item.label === 'pool_mode');
    assert.equal(mode!.result, '[databases]\nshop = host=a pool_mode=');
    assert.deepEqual(labels('[databases]\nshop = pool_mode=|'), ['session', 'transaction', 'statement']);
    assert.deepEqual(labels('[users]\napp = pool_mode=|'), ['session', 'transaction', 'statement']);
    const old = complete('[databases]\nshop = reserve|').filter((item) => item.isDeprecated);
    assert.deepEqual(
      old.map((item) => item.label),
      ['reserve_pool'],
    );
    assert.ok(labels("[databases]\n'our shop' = |").includes('host'));
  });

  test('users of the user list where users are named', () => {
    assert.equal(complete('[users]\n|\n', undefined, ['app'])[0]!.result, '[users]\napp = \n');
  });

  test('nothing in comments, in quoted values, behind a value, above the first header', () => {
    for (const text of [
      '; pool|',
      '  # [|',
      "[databases]\na = connect_query='set |",
      '[pgbouncer]\npool_mode = session |',
    ])
      assert.deepEqual(labels(text), [], text);
    assert.deepEqual(labels('poo|'), ['%include']);
    assert.equal(complete('[databases]\n%inc|')[0]!.result, '[databases]\n%include ');
  });
});

describe('hover', () => {
  const hover = (marked: string, version?: string, users: readonly string[] = []) => {
    const offset = marked.indexOf('|');
    return hoverPgbouncer(contextOf(marked.replace('|', ''), version, users), offset, [])?.markdown;
  };

  test('a setting: meaning, unit, default, history, since, reload', () => {
    const text = hover('[pgbouncer]\nmax_prep|ared_statements = 100\n')!;
    assert.match(text, /^\*\*`max_prepared_statements`\*\* · whole number of statements, default 200/);
    assert.match(text, /Since PgBouncer 1\.21\.0; the default was `0` before 1\.24\.0\. RELOAD takes a change over\./);
    assert.match(text, /https:\/\/www\.pgbouncer\.org\/config\.html#max_prepared_statements/);
    assert.match(hover('[pgbouncer]\nmax_prep|ared_statements = 100\n', '1.22.0')!, /default 0/);
    assert.match(hover('[pgbouncer]\nlisten_port = 64|32\n')!, /Only a restart takes a change over/);
  });

  test('a key of an entry, a header, an include, an entry', () => {
    assert.match(hover('[databases]\na = host=x pool_si|ze=5\n')!, /in place of default_pool_size/);
    assert.match(hover('[data|bases]\n')!, /databases that clients may ask for/);
    assert.match(hover('%incl|ude x\n')!, /relative to the folder that PgBouncer is started in/);
    const entry = hover('[databases]\nsh|op = host=x pool_size=5 user=app\n[pgbouncer]\nreserve_pool_size = 2\n')!;
    assert.match(entry, /every client reaches the server as `app`/);
    assert.match(entry, /Server connections: 7 \(5 \+ 2\)/);
  });

  test('over a size: what the file opens in all, and file descriptors', () => {
    const file = '[databases]\na = host=x\nb = host=x pool_size=5\n[pgbouncer]\ndefault_pool_si|ze = 10\n';
    assert.match(hover(file)!, /With 1 user this file opens server connections up to \*\*15\*\* \(10 \+ 5\)/);
    assert.match(hover(file, undefined, ['u1', 'u2'])!, /the 2 users of the user list .* \*\*30\*\*/);
    assert.match(hover(file)!, /File descriptors needed: 125\./);
    assert.match(hover(file.replace('= 10', '= 0'))!, /without limit/);
    assert.match(
      hover(file.replace('[pgbouncer]', '%include more.ini\n[pgbouncer]'))!,
      /not known: more\.ini may hold more entries/,
    );
  });

  test('what is not in force says so', () => {
    assert.match(hover('[pgbouncer]\npool_m|ode = session\npool_mode = transaction\n')!, /line 3 sets it again/);
    assert.match(hover('[pgbouncer]\npool_m|ode = session\n[pgbouncer]\n')!, /header in line 3 sets it back/);
  });

  test('nothing where there is nothing to say', () => {
    for (const text of [
      '; com|ment',
      '[pgbouncer]\nnon|sense = 1\n',
      'a| = 1\n',
      '[pgbouncer]\n|\n',
      '[databases]\na = wron|g=1\n',
    ])
      assert.equal(hover(text), undefined, text);
  });

  test('no password', () => {
    assert.equal(hover('[databases]\na = password=s3k|Dq91xv\n')!.includes('s3kDq91xv'), false);
    assert.equal(hover('[databases]\n|a = host=x password=s3kDq91xv\n')!.includes('s3kDq91xv'), false);
  });
});

test('symbols: sections with their entries and settings', () => {
  const file = contextOf(
    '[databases]\nshop = host=10.0.0.5 port=6000 dbname=x password=s3kDq91xv\nlocal = dbname=y\n[pgbouncer]\npool_mode = session ; why\n"x" = y\n',
  ).file;
  assert.deepEqual(
    symbolsOf(file).map((each) => [each.name, each.children.map((child) => [child.name, child.detail, child.kind])]),
    [
      [
        '[databases]',
        [
          ['shop', '10.0.0.5:6000/x', 'entry'],
          ['local', 'socket/y', 'entry'],
        ],
      ],
      ['[pgbouncer]', [['pool_mode', 'session', 'setting']]],
    ],
  );
  for (const symbol of symbolsOf(file)) {
    for (const child of symbol.children)
      assert.ok(symbol.span.start <= child.span.start && child.span.end <= symbol.span.end);
  }
});

test('folding: sections up to their last setting, comments of several lines', () => {
  const text =
    '; one\n; two\n[databases]\na = host=x\n\n; of the next\n; section\n[pgbouncer]\npool_mode = session\n; last\n';
  assert.deepEqual(foldingsOf(contextOf(text).file), [
    { startLine: 2, endLine: 3, kind: 'region' },
    { startLine: 7, endLine: 9, kind: 'region' },
    { startLine: 0, endLine: 1, kind: 'comment' },
    { startLine: 5, endLine: 6, kind: 'comment' },
  ]);
});
