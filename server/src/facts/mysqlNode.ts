/** What mysql2, mysql and mariadb really do. Read in mysql2 3.24.5, mysql 2.18.1 and mariadb 3.5.4, measured against MariaDB. */
import type { ParameterFact } from './parameter.ts';

/** The newest releases these facts know; assumed where the workspace names none. */
export const newestMysql2 = '3.24';
export const newestMysql = '2.18';
export const newestMariadb = '3.5';

const mysql2Page = 'https://sidorares.github.io/node-mysql2/docs#using-connection-pools';
const mysqlPage = 'https://github.com/mysqljs/mysql#pool-options';
const mariadbPage =
  'https://mariadb.com/docs/connectors/mariadb-connector-nodejs/connector-nodejs-promise-api#pool-options';

export const mysql2Facts: readonly ParameterFact[] = [
  {
    name: 'connectionLimit',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [
      { value: '0, null, empty text', effect: 'no limit' },
      { value: 'a text that is no number', effect: 'the default of 10' },
      { value: 'negative', effect: 'nothing ever connects' },
    ],
    source: mysql2Page,
  },
  {
    name: 'maxIdle',
    unit: 'connections',
    fallback: null,
    meaning: 'Idle connections that are kept; only where it is below connectionLimit are idle ones closed at all.',
    special: [],
    source: mysql2Page,
  },
  {
    name: 'idleTimeout',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 60_000,
    meaning: 'Idle time after which a connection is closed, where maxIdle is below connectionLimit.',
    special: [],
    source: mysql2Page,
  },
  {
    name: 'waitForConnections',
    unit: 'boolean',
    fallback: true,
    meaning: 'Whether a checkout waits when every connection is in use; else it fails at once.',
    special: [],
    source: mysql2Page,
  },
  {
    name: 'queueLimit',
    unit: 'other',
    fallback: 0,
    meaning: 'Checkouts that may wait at once; another fails.',
    special: [{ value: '0', effect: 'no limit' }],
    source: mysql2Page,
  },
];

export const mysqlFacts: readonly ParameterFact[] = [
  {
    name: 'connectionLimit',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [{ value: '0', effect: 'no limit' }],
    source: mysqlPage,
  },
  {
    name: 'acquireTimeout',
    unit: 'milliseconds',
    fallback: 10_000,
    meaning: 'How long a connection may take to open or to answer a ping; the time in the queue is not counted.',
    special: [],
    source: mysqlPage,
  },
  {
    name: 'waitForConnections',
    unit: 'boolean',
    fallback: true,
    meaning: 'Whether a checkout waits when every connection is in use; else it fails at once.',
    special: [],
    source: mysqlPage,
  },
  {
    name: 'queueLimit',
    unit: 'other',
    fallback: 0,
    meaning: 'Checkouts that may wait at once; another fails.',
    special: [{ value: '0', effect: 'no limit' }],
    source: mysqlPage,
  },
];

export const mariadbFacts: readonly ParameterFact[] = [
  {
    name: 'connectionLimit',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process.',
    special: [],
    source: mariadbPage,
  },
  {
    name: 'minimumIdle',
    role: 'minimum',
    unit: 'connections',
    fallback: null,
    meaning: 'Connections opened at once and kept; as many as connectionLimit where it is not set.',
    special: [{ value: 'above connectionLimit', effect: 'as connectionLimit' }],
    source: mariadbPage,
  },
  {
    name: 'acquireTimeout',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 10_000,
    meaning: 'How long a checkout waits for a connection before it fails.',
    special: [],
    source: mariadbPage,
  },
  {
    name: 'idleTimeout',
    role: 'idle-timeout',
    unit: 'seconds',
    fallback: 1800,
    meaning: 'Idle time, in seconds, after which a connection above minimumIdle is closed.',
    special: [{ value: '0', effect: 'never' }],
    source: mariadbPage,
  },
];

/** Options of a connection, shared by the three as far as mistakes are concerned. */
const connection = [
  ...[
    'host',
    'port',
    'user',
    'password',
    'password1',
    'password2',
    'password3',
    'passwordSha1',
    'database',
    'socketPath',
  ],
  ...[
    'charset',
    'charsetNumber',
    'collation',
    'timezone',
    'connectTimeout',
    'ssl',
    'debug',
    'trace',
    'flags',
    'typeCast',
  ],
  ...[
    'supportBigNumbers',
    'bigNumberStrings',
    'dateStrings',
    'multipleStatements',
    'namedPlaceholders',
    'stringifyObjects',
  ],
  ...[
    'localAddress',
    'queryFormat',
    'decimalNumbers',
    'rowsAsArray',
    'nestTables',
    'compress',
    'stream',
    'insecureAuth',
  ],
];

export const mysql2OtherOptions: ReadonlySet<string> = new Set([
  ...connection,
  ...[
    'uri',
    'authPlugins',
    'authSwitchHandler',
    'connectAttributes',
    'enableKeepAlive',
    'keepAliveInitialDelay',
    'pool',
  ],
  ...['infileStreamFactory', 'isServer', 'maxPreparedStatements', 'disableEval', 'enableCleartextPlugin', 'Promise'],
  ...['resetOnRelease', 'jsonStrings', 'gracefulEnd'],
]);

export const mysqlOtherOptions: ReadonlySet<string> = new Set([...connection, 'timeout', 'protocol41']);

const usual: Readonly<Record<string, string>> = {
  max: 'connectionLimit',
  maxConnections: 'connectionLimit',
  max_connections: 'connectionLimit',
  connection_limit: 'connectionLimit',
  connectionsLimit: 'connectionLimit',
  poolSize: 'connectionLimit',
  pool_size: 'connectionLimit',
  maxPoolSize: 'connectionLimit',
  idleTimeoutMillis: 'idleTimeout',
  idle_timeout: 'idleTimeout',
};

export const mysql2Misspelt: Readonly<Record<string, string>> = { ...usual, min: 'maxIdle' };
export const mysqlMisspelt: Readonly<Record<string, string>> = {
  max: 'connectionLimit',
  maxConnections: 'connectionLimit',
  max_connections: 'connectionLimit',
  connection_limit: 'connectionLimit',
  poolSize: 'connectionLimit',
  pool_size: 'connectionLimit',
  maxPoolSize: 'connectionLimit',
  acquireTimeoutMillis: 'acquireTimeout',
};
export const mariadbMisspelt: Readonly<Record<string, string>> = {
  ...usual,
  min: 'minimumIdle',
  minConnections: 'minimumIdle',
  acquireTimeoutMillis: 'acquireTimeout',
  pool_timeout: 'acquireTimeout',
  max_idle_connection_lifetime: 'idleTimeout',
};

/** Settings of other pools that mysql2 has nothing for: it prints a line and goes on. */
export const mysql2HasNone: ReadonlySet<string> = new Set(['acquireTimeout', 'acquireTimeoutMillis', 'timeout']);
