import { mikroOrmMysqlFacts } from '../../../server/src/facts/mikroOrm.ts';
import {
  mariadbFacts,
  mysql2Facts,
  mysql2Misspelt,
  mysql2OtherOptions,
  mysqlFacts,
} from '../../../server/src/facts/mysqlNode.ts';
import { claimsOf, defaultClaims, type LibraryClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/mysqlNode.ts';

export const library: LibraryClaims = {
  name: 'mysql2, mysql, mariadb',
  probe: 'node/mysql.mjs',
  server: 'mariadb',
  environments: [
    { id: 'mysql2-newest', language: 'node', packages: ['mysql2'] },
    { id: 'mysql-newest', language: 'node', packages: ['mysql'] },
    { id: 'mariadb-newest', language: 'node', packages: ['mariadb'] },
    { id: 'drizzle-mysql2', language: 'node', packages: ['drizzle-orm', 'mysql2'] },
    {
      id: 'mikro-orm-mysql-7',
      language: 'node',
      node: '24.21.0',
      packages: ['@mikro-orm/core@7.2.1', '@mikro-orm/mysql@7.2.1', '@mikro-orm/sql@7.2.1'],
    },
    { id: 'prisma-mariadb-7', language: 'node', packages: ['@prisma/adapter-mariadb@7'] },
  ],
  asks: {
    mysql2: {
      defaults: mysql2Facts.map(({ name }) => name),
      known: [...mysql2Facts.map(({ name }) => name), ...mysql2OtherOptions],
      misspelt: Object.keys(mysql2Misspelt),
    },
    mysql: { defaults: mysqlFacts.map(({ name }) => name) },
    mariadb: { defaults: mariadbFacts.map(({ name }) => name) },
  },
  claims({ environment }) {
    switch (environment) {
      case 'mysql2-newest':
        return [
          ...defaultClaims(table, 'mysql2', mysql2Facts),
          tableClaim(`${table}: mysql2OtherOptions`, 'options we do not name', [], 'Every option is known'),
          tableClaim(`${table}: mysql2Misspelt`, 'misspelt options that are read', [], 'No misspelt option is read'),
          ...claimsOf('https://sidorares.github.io/node-mysql2/docs#using-connection-pools', [
            ['mysql2 maxIdle is connectionLimit', true, 'maxIdle is connectionLimit'],
            [
              'mysql2 connection defaults',
              { connectTimeout: 10_000, enableKeepAlive: true, keepAliveInitialDelay: null },
              'Defaults of a connection',
            ],
            ["mysql2 connectionLimit '3'", 3, 'A text of digits is a number'],
            ["mysql2 connectionLimit 'abc'", 10, 'A text that is no number means the default'],
            ['mysql2 connectionLimit 0', 0, '0 stays 0'],
            ['mysql2 connectionLimit null', 0, 'null becomes 0'],
            ["mysql2 connectionLimit ''", 0, 'An empty text becomes 0'],
            ['mysql2 connectionLimit undefined', 10, 'undefined means the default'],
            ['mysql2 peak, default', 10, 'A default pool opens 10'],
            ['mysql2 peak, connectionLimit: 3', 3, 'connectionLimit is the limit'],
            ['mysql2 peak, connectionLimit: 0', 14, '0 means no limit'],
            ["mysql2 peak, connectionLimit: ''", 14, 'An empty text means no limit'],
            ['mysql2 peak, ?connectionLimit=2 as a text', 2, 'connectionLimit in the URL counts'],
            ['mysql2 peak, ?connectionLimit=2 as uri', 2, 'connectionLimit in uri counts'],
            ['mysql2 connectionLimit: -1', 'waits', 'A negative limit never connects'],
            [
              'mysql2 a full pool',
              { 'with acquireTimeout': 'waits', warns: true, 'beyond queueLimit': 'Queue limit reached.' },
              'There is no acquire timeout, only queueLimit',
            ],
          ]),
        ];
      case 'mysql-newest':
        return [
          ...defaultClaims(table, 'mysql', mysqlFacts),
          ...claimsOf('https://github.com/mysqljs/mysql#pool-options', [
            ['mysql a full pool', 'waits', 'acquireTimeout does not bound the wait for a free connection'],
            ['mysql connectTimeout', 10_000, 'connectTimeout, milliseconds'],
            ['mysql peak, default', 10, 'A default pool opens 10'],
            ['mysql peak, connectionLimit: 0', 14, '0 means no limit'],
          ]),
        ];
      case 'drizzle-mysql2':
        return claimsOf('https://orm.drizzle.team/docs/get-started-mysql', [
          ['Drizzle mysql2, URL', 10, "A URL means the driver's default pool"],
          ['Drizzle mysql2, ?connectionLimit=2', 2, "The driver's own parameters count"],
          ['Drizzle mysql2, connection with connectionLimit', 3, 'connection is handed on'],
        ]);
      case 'mikro-orm-mysql-7':
        return [
          tableClaim(
            'server/src/facts/mikroOrm.ts: mikroOrmMysqlFacts',
            'MikroORM mysql default',
            mikroOrmMysqlFacts.find(({ role }) => role === 'size')?.fallback ?? null,
            "The pool is mysql2's",
          ),
          ...claimsOf('https://mikro-orm.io/docs/configuration', [
            ['MikroORM mysql pool.max: 3', 3, 'pool.max is connectionLimit'],
            ['MikroORM mysql pool.max: 0', 14, '0 is no limit'],
          ]),
        ];
      case 'prisma-mariadb-7':
        return claimsOf('https://www.prisma.io/docs/orm/overview/databases/database-drivers', [
          ['PrismaMariaDb', 10, "The pool is the driver's"],
          ['PrismaMariaDb ?connectionLimit=2', 2, "The driver's own URL parameter counts"],
          ['PrismaMariaDb ?connection_limit=2', 10, "Prisma's former URL parameter does not"],
        ]);
      default:
        return [
          ...defaultClaims(table, 'mariadb', mariadbFacts),
          ...claimsOf('https://mariadb.com/docs/connectors/mariadb-connector-nodejs', [
            ['mariadb minimumIdle is connectionLimit', true, 'minimumIdle is connectionLimit'],
            ['mariadb default connectTimeout', 1000, 'connectTimeout, milliseconds'],
            ['mariadb default', { eager: 10, peak: 10 }, 'A default pool opens 10 at once'],
            ['mariadb connectionLimit: 3', { eager: 3, peak: 3 }, 'minimumIdle is connectionLimit'],
            ['mariadb connectionLimit: 3, minimumIdle: 1', { eager: 1, peak: 3 }, 'minimumIdle as written'],
            ['mariadb peak, ?connectionLimit=2', 2, 'connectionLimit in the URL counts'],
            ['mariadb peak, ?connection_limit=2', 10, 'connection_limit is ignored'],
            ['mariadb a full pool', 'ER_GET_CONNECTION_TIMEOUT', 'acquireTimeout bounds the wait'],
          ]),
        ];
    }
  },
};
