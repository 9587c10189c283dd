/** What the pools of MySQL Connector/Python really do. Read in the source of 26.10.0 and run. */
import type { NumberArgument } from './numberArgument.ts';
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestMysqlConnector = '26.10';

const page = 'https://dev.mysql.com/doc/connector-python/en/connector-python-connection-pooling.html';

/** The largest pool it makes (`CNX_POOL_MAXSIZE`). */
export const largestMysqlConnectorPool = 32;

export const mysqlConnectorFacts: readonly ParameterFact[] = [
  {
    name: 'pool_size',
    role: 'size',
    unit: 'connections',
    fallback: 5,
    meaning:
      'Connections of the pool, all of them opened at once; when all are in use, getting another raises PoolError.',
    special: [{ value: 'below 1 or above 32', effect: 'AttributeError' }],
    source: page,
  },
  {
    name: 'pool_name',
    unit: 'other',
    fallback: null,
    meaning:
      'Name under which connect() finds the pool again; made of host, port, user and database where it is left out.',
    special: [{ value: 'the same with another pool_size', effect: 'PoolError' }],
    source: page,
  },
  {
    name: 'pool_reset_session',
    unit: 'boolean',
    fallback: true,
    meaning: 'Whether session variables are reset when a connection comes back.',
    special: [],
    source: page,
  },
];

/** When each number that is a text or None instead raises TypeError. */
export const mysqlConnectorNumbers: Readonly<Record<string, NumberArgument>> = {
  pool_size: { raises: 'when the pool is created', mayBeNone: false },
};

/** What people write instead; the connection's configuration rejects it with PoolError. */
export const mysqlConnectorMisspelt: Readonly<Record<string, string>> = {
  max_pool_size: 'pool_size',
  maxsize: 'pool_size',
  max_size: 'pool_size',
  poolsize: 'pool_size',
  pool_max_size: 'pool_size',
};

/** Settings of other pools that it has nothing for; PoolError as well. */
export const mysqlConnectorHasNone: ReadonlySet<string> = new Set(['pool_timeout', 'max_overflow', 'pool_recycle']);
