import { aiomysqlFacts, aiomysqlMisspelt, aiomysqlNumbers } from '../../../server/src/facts/aiomysql.ts';
import { asyncmyFacts, asyncmyMisspelt, asyncmyNumbers } from '../../../server/src/facts/asyncmy.ts';
import {
  largestMysqlConnectorPool,
  mysqlConnectorFacts,
  mysqlConnectorHasNone,
  mysqlConnectorMisspelt,
  mysqlConnectorNumbers,
} from '../../../server/src/facts/mysqlConnector.ts';
import { oracledbFacts, oracledbMisspelt } from '../../../server/src/facts/oracledb.ts';
import type { ParameterFact } from '../../../server/src/facts/parameter.ts';
import {
  type Claim,
  claimsOf,
  defaultClaims,
  type LibraryClaims,
  numberClaims,
  refusedClaims,
  tableClaim,
} from '../claim.ts';

const aiomysql = 'server/src/facts/aiomysql.ts';
const asyncmy = 'server/src/facts/asyncmy.ts';
const connector = 'server/src/facts/mysqlConnector.ts';
const oracledb = 'server/src/facts/oracledb.ts';

function fallbackOf(facts: readonly ParameterFact[], role: string) {
  return facts.find((fact) => fact.role === role)?.fallback ?? null;
}

/** Settings with a default that is no plain value are measured on their own. */
const plain = (facts: readonly ParameterFact[]) => facts.filter(({ defaultsToNone }) => !defaultsToNone);
const names = (facts: readonly ParameterFact[]) => plain(facts).map(({ name }) => name);

function aiomysqlLike(name: string, table: string, facts: readonly ParameterFact[]): Claim[] {
  const eager = fallbackOf(facts, 'minimum');
  const limit = fallbackOf(facts, 'size');
  return [
    ...defaultClaims(table, 'create_pool', facts),
    tableClaim(
      `${table}: minsize.fallback, maxsize.fallback`,
      `${name} default pool`,
      { eager, open: limit, 'stopped by': 'waits', kept: limit },
      'minsize at once, maxsize at most; then checkouts wait for ever',
    ),
    ...claimsOf('https://aiomysql.readthedocs.io/en/stable/pool.html', [
      [`${name} minsize=2, maxsize=3`, { eager: 2, open: 3, 'stopped by': 'waits', kept: 3 }, 'Sizes as written'],
      [`${name} maxsize below minsize`, 'ValueError', 'maxsize below minsize raises'],
    ]),
  ];
}

export const library: LibraryClaims = {
  name: 'aiomysql, asyncmy, mysql-connector, oracledb',
  probe: 'python/mysql_pools.py',
  server: 'mariadb',
  environments: [
    { id: 'aiomysql-newest', language: 'python', packages: ['aiomysql'] },
    { id: 'asyncmy-newest', language: 'python', packages: ['asyncmy'] },
    { id: 'mysql-connector-newest', language: 'python', packages: ['mysql-connector-python'] },
    { id: 'oracledb-newest', language: 'python', packages: ['oracledb'] },
  ],
  asks: {
    aiomysql: {
      defaults: names(aiomysqlFacts),
      numbers: Object.keys(aiomysqlNumbers),
      refused: Object.keys(aiomysqlMisspelt),
    },
    asyncmy: {
      defaults: names(asyncmyFacts),
      numbers: Object.keys(asyncmyNumbers),
      refused: Object.keys(asyncmyMisspelt),
    },
    'mysql-connector': {
      defaults: names(mysqlConnectorFacts),
      numbers: Object.keys(mysqlConnectorNumbers),
      refused: [...Object.keys(mysqlConnectorMisspelt), ...mysqlConnectorHasNone],
    },
    oracledb: { defaults: names(oracledbFacts), refused: Object.keys(oracledbMisspelt) },
  },
  claims({ environment }) {
    switch (environment) {
      case 'aiomysql-newest':
        return [
          ...aiomysqlLike('aiomysql', aiomysql, aiomysqlFacts),
          ...numberClaims(`${aiomysql}: aiomysqlNumbers`, aiomysqlNumbers),
          ...refusedClaims(`${aiomysql}: aiomysqlMisspelt`, 'create_pool', Object.keys(aiomysqlMisspelt)),
          tableClaim(
            `${aiomysql}: maxsize.special 0`,
            'aiomysql maxsize=0',
            { eager: 1, open: 14, 'stopped by': 'nothing', kept: 14 },
            'maxsize=0: no limit',
          ),
        ];
      case 'asyncmy-newest':
        return [
          ...aiomysqlLike('asyncmy', asyncmy, asyncmyFacts),
          ...numberClaims(`${asyncmy}: asyncmyNumbers`, asyncmyNumbers),
          ...refusedClaims(`${asyncmy}: asyncmyMisspelt`, 'create_pool', Object.keys(asyncmyMisspelt)),
          tableClaim(`${asyncmy}: maxsize.special 0`, 'asyncmy maxsize=0', 'ValueError', 'maxsize=0 raises'),
          ...claimsOf('https://github.com/long2ice/asyncmy', [
            ['asyncmy.pool.Pool is a class', true, 'The pool class'],
          ]),
        ];
      case 'mysql-connector-newest': {
        const size = fallbackOf(mysqlConnectorFacts, 'size');
        return [
          ...defaultClaims(connector, 'MySQLConnectionPool', plain(mysqlConnectorFacts)),
          ...numberClaims(`${connector}: mysqlConnectorNumbers`, mysqlConnectorNumbers),
          ...refusedClaims(
            `${connector}: mysqlConnectorMisspelt`,
            'MySQLConnectionPool',
            [...Object.keys(mysqlConnectorMisspelt), ...mysqlConnectorHasNone],
            'PoolError',
          ),
          tableClaim(
            `${connector}: largestMysqlConnectorPool`,
            'mysql-connector largest pool',
            largestMysqlConnectorPool,
            'The largest pool_size',
          ),
          tableClaim(
            `${connector}: pool_size.fallback`,
            'mysql-connector default pool',
            { eager: size, open: size, full: 'PoolError', 'at once': true, kept: size },
            'All are opened at once; a full pool does not wait',
          ),
          ...claimsOf('https://dev.mysql.com/doc/connector-python/en/connector-python-connection-pooling.html', [
            ['mysql-connector pool_size=0', 'AttributeError', 'pool_size=0 raises'],
            ['mysql-connector pool_size=-1', 'AttributeError', 'A negative pool_size raises'],
            [
              `mysql-connector pool_size=${largestMysqlConnectorPool + 1}`,
              'AttributeError',
              'A larger pool_size raises',
            ],
            [
              'mysql-connector pool_size=2',
              { eager: 2, open: 2, full: 'PoolError', 'at once': true, kept: 2 },
              'pool_size as written',
            ],
            ['mysql-connector connections before', 0, 'Nothing is left open in between'],
            [
              'mysql-connector connect(pool_size=3)',
              { open: 3, 'same name, other size': 'PoolError' },
              'connect() with a pool name makes a pool that later calls share',
            ],
          ]),
        ];
      }
      default:
        return [
          ...defaultClaims(oracledb, 'create_pool', plain(oracledbFacts)),
          ...refusedClaims(`${oracledb}: oracledbMisspelt`, 'create_pool', Object.keys(oracledbMisspelt)),
          ...claimsOf('https://python-oracledb.readthedocs.io/en/latest/api_manual/module.html', [
            ['default ping_timeout', 5000, 'ping_timeout, milliseconds'],
            ['oracledb getmode waits', true, 'A full pool waits by default'],
            ['oracledb create_pool_async(max=3)', { min: 0, max: 3, opened: 0 }, 'create_pool_async: the same sizes'],
            ['oracledb max below min', 'ProgrammingError', 'max below min raises'],
            ['oracledb max=0', 'ok', 'max=0 with min=0 is accepted when the pool is made'],
          ]),
        ];
    }
  },
};
