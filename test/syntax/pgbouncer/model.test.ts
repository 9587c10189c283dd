/** From text to model: what PgBouncer reads, with its places, and nothing of any password. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Span } from '../../../server/src/core/text.ts';
import type { PgbouncerFile, SettingStatement } from '../../../server/src/declarations/pgbouncer.ts';
import { inForce } from '../../../server/src/declarations/pgbouncerInForce.ts';
import { loadParser } from '../../../server/src/syntax/parser.ts';
import { readPgbouncer } from '../../../server/src/syntax/pgbouncer/extract.ts';
import { readUserlist } from '../../../server/src/syntax/pgbouncer/userlist.ts';
import { grammarSource } from '../../support/python.ts';

const parser = await loadParser('pgbouncer', grammarSource);
const uri = 'file:///workspace/pgbouncer.ini';
const read = (text: string): PgbouncerFile => readPgbouncer(uri, text, 'app', { parser });
const settingsIn = (file: PgbouncerFile) =>
  file.statements.filter((each): each is SettingStatement => each.kind === 'setting');

test('statements with their sections and places', () => {
  const text = [
    '; head',
    '[databases] ; entries',
    '  shop = host=10.0.0.5 port = 6000',
    '%include more.ini',
    'late = host=b',
    '[pgbouncer]',
    'pool_mode = transaction ; cheap',
    'logfile =   ',
    'auth_type: md5',
    '"x" = y',
  ].join('\r\n');
  const at = (span: Span) => text.slice(span.start, span.end);
  const file = read(text);
  assert.deepEqual(
    file.statements.map((each) => [each.kind, at(each.span)]),
    [
      ['section', '[databases]'],
      ['setting', 'shop = host=10.0.0.5 port = 6000'],
      ['include', '%include more.ini'],
      ['setting', 'late = host=b'],
      ['section', '[pgbouncer]'],
      ['setting', 'pool_mode = transaction ; cheap'],
      ['setting', 'logfile ='],
      ['setting', 'auth_type: md5'],
      ['broken', '"x" = y'],
    ],
  );
  const [shop, late, mode, logfile, authType] = settingsIn(file);
  assert.deepEqual([shop!.isBehindInclude, late!.isBehindInclude, mode!.isBehindInclude], [false, true, false]);
  assert.deepEqual(
    shop!.value!.pairs!.map((pair) => [pair.key.text, pair.value?.text, at(pair.span)]),
    [
      ['host', '10.0.0.5', 'host=10.0.0.5'],
      ['port', '6000', 'port = 6000'],
    ],
  );
  assert.equal(mode!.value!.text, 'transaction ; cheap');
  assert.deepEqual(
    [at(mode!.value!.comment!.span), mode!.value!.comment!.statement],
    ['; cheap', 'pool_mode = transaction'],
  );
  assert.equal(logfile!.value, undefined);
  assert.deepEqual(
    [authType!.equals, authType!.instead!.isColon, at(authType!.instead!.span)],
    [undefined, true, ': md5'],
  );
  assert.deepEqual(file.comments.map(at), ['; head', '; entries']);
  assert.equal(file.lineEnding, '\r\n');
});

test('a byte order mark and a NUL character', () => {
  const marked = read('\uFEFF[pgbouncer]\npool_mode = session');
  assert.equal(marked.hasByteOrderMark, true);
  assert.deepEqual(settingsIn(marked)[0]!.name.span, { start: 13, end: 22 });
  const ended = read('[pgbouncer]\n\0pool_mode = x');
  assert.equal(ended.end, 12);
  assert.equal(settingsIn(ended).length, 0);
});

test('slips in connection strings are seen for what PgBouncer makes of them', () => {
  const text =
    "[databases]\na = password= user=u\nb = host=h\tport=5\nc = user='u'_port=5\nd = host=h ; main\ne = password=x ; main\n";
  const at = (span: Span | undefined) => span && text.slice(span.start, span.end);
  const [a, b, c, d, e] = settingsIn(read(text)).map((each) => each.value!);
  assert.equal(a!.pairs![0]!.value!.swallows?.text, 'user');
  assert.deepEqual([at(b!.pairs![0]!.value!.tab?.span), b!.pairs![0]!.value!.tab?.key], ['\t', 'port']);
  assert.deepEqual([at(c!.pairs![0]!.dropped), c!.pairs![1]!.key.text], ['_', 'port']);
  assert.deepEqual([at(d!.comment?.span), d!.comment?.statement], ['; main', 'd = host=h']);
  assert.deepEqual([at(e!.comment?.span), e!.comment?.statement], ['; main', undefined]);
});

test('what templates fill in is told apart', () => {
  const file = read('[pgbouncer]\nmax_client_conn = {{ limit }}\nauth_query = SELECT * FROM f($1)\n{% if x %}\n');
  const [limit, query] = settingsIn(file);
  assert.deepEqual([limit!.value!.isTemplate, query!.value!.isTemplate], [true, false]);
  const last = file.statements.at(-1)!;
  assert.equal(last.kind === 'broken' ? last.form : '', 'template');
});

/** In every place where a file may hold a password. */
const secret = 'q7xVw2Lk9';
const places = [
  `[databases]\nshop = host=db.example.com password=${secret} user=app\n`,
  `[databases]\nshop = host=db.example.com password='${secret}''${secret}' user=app\n`,
  `[databases]\nshop = host=db.example.com password='${secret} user=app\n`,
  `[databases]\nshop = host=db.example.com password=a ${secret} ${secret}=b ; ${secret}\n`,
  `[databases]\nshop = host=db.example.com Password=${secret} PGPASSWORD=${secret}\n`,
  `[databases]\nshop = host=db.example.com password:${secret}\n`,
  `[databases]\nshop = host=db.example.com\tpassword=${secret}\n`,
  `[databases]\nshop = host= password=${secret}\n`,
  `[databases]\nshop = postgres://app:${secret}@db.example.com/shop\n`,
  `[databases]\nshop host=db.example.com password=${secret}\n`,
  `[databases]\n"shop" = host=db.example.com password=${secret}\n`,
  `[databases]\nshop: host=db.example.com password=${secret}\n`,
  `[Databases]\nshop = host=db.example.com password=${secret}\n`,
  `[pgbouncer]\nshop = host=db.example.com password=${secret}\n`,
  `[pgbouncer]\nauth_ldap_options = ldapbindpasswd="${secret}"\n`,
  `shop = host=db.example.com password=${secret}\n`,
  `[pgbouncer]\n; old password was ${secret}\n`,
];

test('no text that may be a password is kept', () => {
  for (const text of places) assert.equal(JSON.stringify(read(text)).includes(secret), false, text);
});

test('passwords in the clear are sighted where they stand', () => {
  const text = `[databases]\na = host=db.example.com password=${secret} user=app\nb = password='${secret}'\nc = host=10.0.0.1 password=\${PW}\nd = password=d user=d\n`;
  const file = read(text);
  assert.deepEqual(
    file.credentials.map(({ at, form, host, isPlaceholderWord }) => [
      text.slice(at.start, at.end),
      form,
      host,
      isPlaceholderWord,
    ]),
    [
      [secret, 'connection-string', 'remote', false],
      [secret, 'connection-string', 'loopback', false],
      ['d', 'connection-string', 'loopback', true],
    ],
  );
});

test('userlist.txt: users, kinds of secrets, and where PgBouncer stops', () => {
  const verifier = `SCRAM-SHA-256$4096:c2FsdA==$${'a'.repeat(43)}=:${'b'.repeat(43)}=`;
  const text = [
    '; users of the shop',
    `"app" "${secret}"`,
    '  "hashed"\t"md5' + '0123456789abcdef'.repeat(2) + '"  trailing words',
    `"modern" "${verifier}"`,
    '"none" ""',
    `"quo""ted" "a""b"`,
    '"filled" "{{ password }}"',
    '# no comment here',
    '"late" "never read"',
  ].join('\n');
  const list = readUserlist('file:///workspace/userlist.txt', text, 'app');
  assert.deepEqual(
    list.users.map((each) => [each.user.text, each.kind]),
    [
      ['app', 'plain'],
      ['hashed', 'md5'],
      ['modern', 'scram'],
      ['none', 'empty'],
      ['quo"ted', 'plain'],
      ['filled', 'template'],
    ],
  );
  assert.equal(text.slice(list.brokenAt!.start, list.brokenAt!.end), '# no comment here');
  assert.deepEqual(
    list.credentials.map(({ at }) => text.slice(at.start, at.end)),
    [secret, 'a""b'],
  );
  assert.equal(JSON.stringify({ ...list, lines: undefined }).includes(secret), false);
});

test('what is in force: defaults by version, the last of several, set back by a second header', () => {
  const text =
    '[pgbouncer]\npool_mode = transaction\n[databases]\na = host=x\na = host=y\n[pgbouncer]\ndefault_pool_size = 5\n';
  const old = inForce(read(text), '1.18.0');
  assert.deepEqual(old.setting('pool_mode'), { kind: 'default', text: 'session' });
  assert.equal(old.setting('default_pool_size').kind, 'written');
  assert.deepEqual(old.setting('server_check_query'), { kind: 'default', text: 'select 1' });
  assert.deepEqual(inForce(read(text), '1.25.2').setting('server_check_query'), { kind: 'default', text: '<empty>' });
  assert.equal(old.databases.get('a')!.pair('host')!.value!.text, 'y');
  assert.equal(old.mainHeaders.length, 2);
});

test('an include may override what stands before it, not what comes after a new header', () => {
  const configuration = inForce(read('[pgbouncer]\npool_mode = transaction\n%include more.ini\n'), '1.25.2');
  assert.deepEqual(configuration.setting('pool_mode'), { kind: 'unknown', reason: 'pool_mode may stand in more.ini' });
  const later = inForce(read('[databases]\n%include more.ini\n[pgbouncer]\npool_mode = transaction\n'), '1.25.2');
  assert.equal(later.setting('pool_mode').kind, 'written');
  assert.equal(later.setting('auth_type').kind, 'default');
});
