// Configurations to ask PgBouncer about: every setting with every kind of value, every key of an entry, slips that people
// make, and random mixtures of all of it. Always the same ones; `POOLPROOF_SEED` makes other mixtures.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bundling.mjs';

/** Settings of 1.18 by how their values are read. Those that depend on the machine are left out. */
const settings = {
  integer: `application_name_add_host default_pool_size disable_pqexec listen_backlog log_connections log_disconnections
    log_pooler_errors log_stats max_client_conn max_db_connections max_packet_size max_user_connections min_pool_size pkt_buf
    reserve_pool_size sbuf_loopcnt server_fast_close server_reset_query_always server_round_robin so_reuseport stats_period
    syslog tcp_defer_accept tcp_keepalive tcp_keepcnt tcp_keepidle tcp_keepintvl tcp_socket_buffer tcp_user_timeout
    unix_socket_mode`,
  time: `autodb_idle_timeout client_idle_timeout client_login_timeout dns_max_ttl dns_nxdomain_ttl dns_zone_check_period
    idle_transaction_timeout query_timeout query_wait_timeout reserve_pool_timeout server_check_delay server_connect_timeout
    server_idle_timeout server_lifetime server_login_retry suspend_timeout`,
  text: `admin_users auth_file auth_query auth_user client_tls_ca_file client_tls_cert_file client_tls_ciphers
    client_tls_dheparams client_tls_ecdhcurve client_tls_key_file client_tls_protocols conffile ignore_startup_parameters
    job_name server_check_query server_reset_query server_tls_ca_file server_tls_cert_file server_tls_ciphers
    server_tls_key_file server_tls_protocols stats_users syslog_facility syslog_ident`,
  auth: 'auth_type',
  mode: 'pool_mode',
  tls: 'server_tls_sslmode',
  later: `auth_dbname cancel_wait_timeout peer_id track_extra_parameters max_prepared_statements auth_ident_file
    max_db_client_connections query_wait_notify scram_iterations transaction_timeout client_tls13_ciphers service_name
    login_notify_message pool_idle_timeout`,
};

const values = {
  integer: [
    ...[
      '0',
      '1',
      '20',
      '+5',
      '-3',
      '0x10',
      '0X1f',
      '010',
      '08',
      '0b1',
      '1e2',
      '1.5',
      '2147483648',
      '99999999999999999999',
    ],
    ...[
      '',
      'yes',
      'on',
      'true',
      '20 ',
      '20s',
      '2 0',
      '20 ; twenty',
      '20;',
      '20 # twenty',
      "'20'",
      '"20"',
      '0x',
      '- 1',
      '1_000',
    ],
  ],
  time: [
    ...[
      '0',
      '1',
      '1.5',
      '.5',
      '5.',
      '1e2',
      '1E-2',
      'infinity',
      'INF',
      'nan',
      'nan(1)',
      '0x10',
      '0x1p4',
      '0x.8',
      '-0',
      '+3',
    ],
    ...[
      '',
      '-1',
      '10s',
      '10min',
      '500ms',
      '1h',
      '1 2',
      '30 ; half',
      '30;',
      "'30'",
      'off',
      '1e999',
      '1e-400',
      '.',
      'e5',
      '0x',
      '1,5',
    ],
  ],
  text: ['', 'word', 'two words', "'quoted'", 'a ; b', '# b', 'x=y', '\u00e9'],
  auth: [
    ...['md5', 'MD5', 'trust', 'any', 'plain', 'hba', 'pam', 'scram-sha-256', 'SCRAM-SHA-256'],
    ...['cert', 'ldap', 'peer', 'password', 'scram', 'crypt', '', 'md5 ; default', "'md5'", 'md5,trust'],
  ],
  mode: [
    'session',
    'Transaction',
    'STATEMENT',
    'tx',
    '',
    'transaction ; cheap',
    'transaction#',
    '"session"',
    'session session',
  ],
  tls: [
    'disable',
    'allow',
    'prefer',
    'require',
    'Require',
    'verify-ca',
    'verify-full',
    'disabled',
    'on',
    '',
    'prefer # x',
  ],
  later: ['5', 'x'],
};

const words = (text) => text.split(/\s+/);

const everySetting = Object.entries(settings).flatMap(([kind, names]) =>
  words(names).flatMap((name) => values[kind].map((value) => `[pgbouncer]\n${name} = ${value}\n`)),
);

const pairs = {
  text: 'dbname user password auth_user connect_query application_name client_encoding datestyle timezone',
  number: 'pool_size min_pool_size reserve_pool max_db_connections',
  port: 'port',
  mode: 'pool_mode',
  host: 'host',
  later:
    'auth_query auth_dbname reserve_pool_size max_db_client_connections server_lifetime load_balance_hosts query_wait_timeout',
  wrong: 'Host HOST passwd pass max_connections sslmode 1 - .',
};
const pairValues = {
  text: ['x', "'a b'", "'it''s'", "''", '', "'open", 'x;y', '#', "o'neil", "'a'b", "'a' 'b'"],
  number: ['5', '-1', 'abc', '5x', '0', '99999999999', "'5'", ''],
  port: ['5432', '0', 'x', '70000', '-1', '5432x', "'5432'", '+1', ''],
  mode: ['session', 'Statement', 'x', "'transaction'", ''],
  host: ['127.0.0.1', 'a,b', '/tmp', '@x', '::1', ''],
  later: ['1', 'disable'],
  wrong: ['1', ''],
};
const everyPair = Object.entries(pairs).flatMap(([kind, names]) =>
  words(names).flatMap((name) =>
    pairValues[kind].flatMap((value) => [
      `[databases]\ndb = ${name}=${value}\n[pgbouncer]\n`,
      `[databases]\ndb = dbname=x ${name} = ${value} user=u\n[pgbouncer]\n`,
    ]),
  ),
);
const everyUserPair = [
  'pool_mode=session',
  'pool_mode=x',
  'max_user_connections=5',
  'max_user_connections=x',
  'pool_size=3',
  'x=1',
  '',
].map((pair) => `[users]\nu = ${pair}\n[pgbouncer]\n`);

const peerNames = [
  '1',
  '0',
  '-1',
  '+1',
  '00',
  '1x',
  'x',
  '1.5',
  '0x1',
  '20000',
  '65535',
  '65536',
  '70000',
  '99999999999999999999',
  "'1'",
  "' 1'",
  "'x 1'",
  '',
];
const everyPeer = [
  ...peerNames.map((name) => `[peers]\n${name} = host=h\n[pgbouncer]\n`),
  ...[
    '',
    'port=5',
    'host=',
    'host=h port=0',
    'host=h port=x',
    'host=h pool_size=x',
    'host=h user=u',
    'host=h host=i',
  ].map((pairs) => `[peers]\n1 = ${pairs}\n[pgbouncer]\n`),
  '[peers]\n1 = host=h\n1 = host=i\n[pgbouncer]\npeer_id = 2\n',
];
const laterUserKeys =
  'pool_size reserve_pool_size max_user_client_connections query_timeout idle_transaction_timeout transaction_timeout client_idle_timeout query_wait_timeout';
const everyLaterUserPair = words(laterUserKeys).flatMap((key) =>
  ['5', 'x', '-1', '1.5'].map((value) => `[users]\nu = ${key}=${value}\n[pgbouncer]\n`),
);

const handMade = [
  // Sections.
  '',
  '\n\n',
  '; nothing\n',
  '[pgbouncer]',
  '[databases]\n',
  '[pgbouncer]\n[pgbouncer]\n',
  '[pgbouncer] ; comment\n',
  '[pgbouncer]; comment\npool_mode = x\n',
  '[pgbouncer] # comment\n\n',
  '[pgbouncer] pool_mode = session\n',
  '[pgbouncer] text\n',
  '[pgbouncer]pool_mode=x\n',
  '[pgbouncer][databases]\ndb=\n',
  '[PgBouncer]\n',
  '[ pgbouncer ]\n',
  '[pgbouncer ]\n',
  '[pgbouncer\n',
  '[pgbouncer',
  '[]\n',
  '[\n',
  ' \t [pgbouncer]\n',
  '[pgbouncer]\n[Databases]\n',
  '[pgbouncer]\n[database]\ndb = host=x\n',
  '[pgbouncer]\n[peers]\n1 = host=x\n',
  '[pgbouncer]\n[users]\n',
  'pool_mode = session\n[pgbouncer]\n',
  'pool_mode = session',
  '=\n',
  // Comments.
  ';c\n#c\n  ; c\n\t# c\n[pgbouncer]\n',
  '// c\n[pgbouncer]\n',
  '-- c\n[pgbouncer]\n',
  '[pgbouncer]\n;pool_mode = x\n',
  '[pgbouncer]\npool_mode = session\n; x\n\n\n',
  // Names.
  '[databases]\nmy-db.x_1 = host=a\n[pgbouncer]\n',
  '[databases]\n"db" = host=a\n[pgbouncer]\n',
  "[databases]\n'db' = host=a\n[pgbouncer]\n",
  "[databases]\n'd b' = host=a\n[pgbouncer]\n",
  "[databases]\n'' = host=a\n[pgbouncer]\n",
  "[databases]\n'db = host=a\n[pgbouncer]\n",
  '[databases]\nd b = host=a\n[pgbouncer]\n',
  '[databases]\n= host=a\n[pgbouncer]\n',
  '[databases]\n= \n[pgbouncer]\n',
  '[databases]\n* = host=a\n[pgbouncer]\n',
  '[databases]\n* = bogus\n[pgbouncer]\n',
  "[databases]\n* = host='\n[pgbouncer]\n",
  '[databases]\n** = bogus\n[pgbouncer]\n',
  '[databases]\npgbouncer = host=a\n[pgbouncer]\n',
  '[databases]\nPgbouncer = host=a\n[pgbouncer]\n',
  '[databases]\ndb\n[pgbouncer]\n',
  '[databases]\ndb:host=a\n[pgbouncer]\n',
  '[databases]\ndb\n= host=a\n[pgbouncer]\n',
  '[databases]\ndb =\nhost=a\n[pgbouncer]\n',
  '[databases]\nd\u00e4tabase = host=a\n[pgbouncer]\n',
  '[databases]\ndb@x = host=a\n[pgbouncer]\n',
  '[databases]\ndb/x = host=a\n[pgbouncer]\n',
  '[pgbouncer]\npool_mode\n',
  '[pgbouncer]\npool_mode session\n',
  '[pgbouncer]\npool_mode: session\n',
  '[pgbouncer]\n = session\n',
  '[pgbouncer]\nPool_Mode = session\n',
  '[pgbouncer]\nPOOL_MODE = session\n',
  '[pgbouncer]\npool_size = 5\n',
  '[pgbouncer]\npool-mode = session\n',
  '[pgbouncer]\npool_mode == session\n',
  '[pgbouncer]\npool_mode = = session\n',
  '[pgbouncer]\nexport pool_mode = session\n',
  // White space and line ends.
  '[pgbouncer]\r\npool_mode = session\r\n',
  '[pgbouncer]\r\npool_mode =\r\n',
  '[pgbouncer]\r\nlogfile =\r\nx\r\n',
  '[pgbouncer]\rpool_mode = session\r',
  '[pgbouncer]\npool_mode\t=\tsession\t\n',
  '[pgbouncer]\n\x0bpool_mode = session\x0c\n',
  '[pgbouncer]\npool_mode = \x0bsession\n',
  '[pgbouncer]\npool_mode = \x0b \t session\n',
  '[pgbouncer]\nlogfile = \x0b \n\n',
  '[databases]\ndb = \x0b host=a\n[pgbouncer]\n',
  '[pgbouncer]\npool_mode\x0b= session\n',
  '[pgbouncer]\ndefault_pool_size = \x0b20\n',
  '[pgbouncer]\npool_mode = session \t \n\n\n  \n',
  '[pgbouncer]\npool_mode = x \t \n\n\n  \n',
  '[pgbouncer]\npool_mode = x\n\n; comment\n\n',
  '[pgbouncer]\npool_mode = x',
  '\ufeff[pgbouncer]\n',
  '[pgbouncer]\n\u00a0pool_mode = session\n',
  '[pgbouncer]\npool_mode = session\u00a0\n',
  '[pgbouncer]\npool_mode = session\n\0pool_mode = x\n',
  '[pgbouncer]\npool_mode = ses\0sion\n',
  '[pgbouncer]\n\0',
  '\0[pgbouncer]\n',
  // Includes.
  '[pgbouncer]\n%include\n',
  '[pgbouncer]\n%includes x\n',
  '[pgbouncer]\n%Include x\n',
  '[pgbouncer]\n%includex\n',
  '[pgbouncer]\n%include \n',
  '[pgbouncer]\n%include\t\n\n',
  '[pgbouncer]\n!include x\n',
  '[pgbouncer]\n@include x\n',
  // Connection strings.
  '[databases]\ndb = host=a\tport=5\n[pgbouncer]\n',
  '[databases]\ndb = host=a \tport=5\n[pgbouncer]\n',
  '[databases]\ndb = \thost=a\n[pgbouncer]\n',
  '[databases]\ndb = host=a\t\n[pgbouncer]\n',
  '[databases]\ndb = host=a\t \tuser=u\n[pgbouncer]\n',
  "[databases]\ndb = host='a'\tport=5\n[pgbouncer]\n",
  "[databases]\ndb = host='a'port=5\n[pgbouncer]\n",
  "[databases]\ndb = host='a'xport=5\n[pgbouncer]\n",
  "[databases]\ndb = host='a'x\n[pgbouncer]\n",
  "[databases]\ndb = host='a'xx\n[pgbouncer]\n",
  "[databases]\ndb = host='a''\n[pgbouncer]\n",
  "[databases]\ndb = host='a'''\n[pgbouncer]\n",
  "[databases]\ndb = host='''' port=5\n[pgbouncer]\n",
  '[databases]\ndb = password= user=u\n[pgbouncer]\n',
  '[databases]\ndb = password=\n[pgbouncer]\n',
  '[databases]\ndb = port= user=u\n[pgbouncer]\n',
  '[databases]\ndb = host = a port   =   5\n[pgbouncer]\n',
  '[databases]\ndb = host=a ; comment\n[pgbouncer]\n',
  '[databases]\ndb = host=a;comment\n[pgbouncer]\n',
  '[databases]\ndb = host=a #comment\n[pgbouncer]\n',
  '[databases]\ndb = host=a ;comment=1\n[pgbouncer]\n',
  '[databases]\ndb = ; comment\n[pgbouncer]\n',
  '[databases]\ndb = postgres://u:p@h/db\n[pgbouncer]\n',
  '[databases]\ndb = postgres://u:p@h/db?x=y\n[pgbouncer]\n',
  '[databases]\ndb = "host=a"\n[pgbouncer]\n',
  '[databases]\ndb = host="a b"\n[pgbouncer]\n',
  "[databases]\ndb = 'host=a'\n[pgbouncer]\n",
  '[databases]\ndb = host=a, port=5\n[pgbouncer]\n',
  '[databases]\ndb = host=a,port=5\n[pgbouncer]\n',
  '[databases]\ndb = =a\n[pgbouncer]\n',
  '[databases]\ndb = host==a\n[pgbouncer]\n',
  '[databases]\ndb = host=a=b\n[pgbouncer]\n',
  '[databases]\ndb = host\n[pgbouncer]\n',
  '[databases]\ndb = host=a port\n[pgbouncer]\n',
  '[databases]\ndb = a\n\n\n[pgbouncer]\n',
  '[databases]\ndb = host=a\ndb = host=b\n[pgbouncer]\n',
  '[databases]\ndb = host=a user=u\ndb = host=b\n[pgbouncer]\n',
  '[databases]\ndb =\n[pgbouncer]\n',
  '[databases] db = x\n[pgbouncer]\n',
  '[databases] ; x\ndb = host=a\n[pgbouncer]\n',
  // TLS and authentication.
  '[pgbouncer]\nclient_tls_sslmode = require\n',
  '[pgbouncer]\nclient_tls_sslmode = disable\nclient_tls_protocols = nonsense\n',
  '[pgbouncer]\nclient_tls_sslmode = allow\nclient_tls_key_file = k\n',
  '[pgbouncer]\nclient_tls_sslmode = verify-full\nclient_tls_key_file = k\nclient_tls_cert_file = c\n',
  '[pgbouncer]\nclient_tls_sslmode = require\nclient_tls_key_file = k\nclient_tls_cert_file = c\nclient_tls_protocols = tlsv9\n',
  '[pgbouncer]\nclient_tls_sslmode = require\nclient_tls_key_file = k\nclient_tls_cert_file = c\nclient_tls_dheparams = high\n',
  '[pgbouncer]\nauth_type = cert\n',
  '[pgbouncer]\nauth_type = cert\nclient_tls_sslmode = verify-ca\nclient_tls_key_file = k\nclient_tls_cert_file = c\n',
  '[pgbouncer]\nauth_type = cert\nclient_tls_sslmode = verify-full\nclient_tls_key_file = k\nclient_tls_cert_file = c\n',
  ...[
    'all',
    'secure',
    'legacy',
    'default',
    'tlsv1',
    'tlsv1.0',
    'TLSv1.2',
    'tlsv1.2,tlsv1.3',
    'tlsv1.2:tlsv1.3',
    'all, !tlsv1.0',
  ].map((words) => `[pgbouncer]\nserver_tls_sslmode = prefer\nserver_tls_protocols = ${words}\n`),
  ...['tlsv1.4', 'ssl3', 'tlsv1.2 ', 'tlsv1.2,', ',', 'tlsv1.2 ; x', '!all', '!', 'tlsv1.2 tlsv1.3', ' all'].map(
    (words) => `[pgbouncer]\nserver_tls_sslmode = require\nserver_tls_protocols = ${words}\n`,
  ),
  '[pgbouncer]\nserver_tls_protocols = nonsense\n',
  ...['all', 'ALL', 'compat', 'Legacy', 'insecure', 'fast', 'default', 'normal', 'secure'].map(
    (words) => `[pgbouncer]\nserver_tls_sslmode = require\nserver_tls_ciphers = ${words}\n`,
  ),
  // Where to listen.
  '[pgbouncer]\nunix_socket_dir =\n',
  '[pgbouncer]\nunix_socket_dir =\nlisten_addr =\n',
  '[pgbouncer]\nunix_socket_dir =\nlisten_addr = , ,\n',
  '[pgbouncer]\nunix_socket_dir =\nlisten_addr = 127.0.0.1\nlisten_port = 16432\n',
  '[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = 0\n',
  '[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = -1\n',
  '[pgbouncer]\nlisten_port = -1\n',
  '[pgbouncer]\nlisten_addr =\nlisten_port = -1\n',
  '[pgbouncer]\nunix_socket_dir =\n[pgbouncer]\n',
  '[pgbouncer]\nauth_type = cert\n[pgbouncer]\n',
];

/** A small generator of numbers below 1 that always makes the same ones (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(Number(process.env.POOLPROOF_SEED ?? 20261125));
const below = (limit) => Math.floor(random() * limit);
const oneOf = (list) => list[below(list.length)];

const goodLines = [
  ...['[pgbouncer]', '[databases]', '[users]', '', '; comment', '# comment', '  ', '\t; comment'],
  ...[
    'shop = host=10.0.0.5 port=5432 dbname=shop',
    'shop = host=h user=app pool_size=5',
    'a.b-c = dbname=x',
    'app = max_user_connections=5',
  ],
  ...[
    'pool_mode = transaction',
    'max_client_conn=500',
    'default_pool_size = 25',
    'server_lifetime = 1800.5',
    'auth_type = md5',
    'logfile =',
  ],
];
const badLines = [
  ...[
    'pool_mode = transaction ; cheap',
    'max_client_conn = lots',
    'server_lifetime = 30min',
    'nonsense = 1',
    '"shop" = host=a',
    '[Databases]',
  ],
  ...[
    'shop = host=a\tport=5',
    'shop = password=',
    'shop = postgres://h/shop',
    'pool_mode transaction',
    '[pgbouncer',
    '%include',
    'shop',
  ],
];
const oddCharacters = [...' \t=;#\'"[]%*,.:-_\\\r\n\x0b', 'a', '0', 'Z', '\u00e9'];

function mixture() {
  const lines = Array.from({ length: 2 + below(8) }, () => (random() < 0.12 ? oneOf(badLines) : oneOf(goodLines)));
  if (random() < 0.8) lines.unshift(oneOf(['[pgbouncer]', '[databases]']));
  if (random() < 0.7) lines.push('[pgbouncer]');
  let text = lines.join(random() < 0.1 ? '\r\n' : '\n') + oneOf(['', '\n', '\n\n']);
  for (let edits = random() < 0.4 ? 1 + below(3) : 0; edits > 0; edits--) {
    const at = below(text.length + 1);
    text = text.slice(0, at) + oneOf(oddCharacters) + text.slice(at + (random() < 0.3 ? 1 : 0));
  }
  return text;
}

const mixtures = Array.from({ length: 700 }, mixture);

/** What depends on the machine, on files or on other programs would tell nothing. */
function isAskable(text) {
  return !/^\s*(?:\[[^\]\n]*\]\s*)*(?:%include[ \t]+\S|(?:user|pidfile|resolv_conf|unix_socket_group)[ \t]*=)/m.test(
    text,
  );
}

/** Configurations as introductions print them, and what our safe fixes make of them. */
const folder = join(root, 'test/rules/pgbouncer/samples');
const samples = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(join(folder, name), 'utf8'));

export const cases = [
  ...new Set([
    ...samples,
    ...handMade,
    ...everySetting,
    ...everyPair,
    ...everyUserPair,
    ...everyLaterUserPair,
    ...everyPeer,
    ...mixtures,
  ]),
].filter(isAskable);
