/** What TypeORM's pools really do: the driver's, with a name of TypeORM's own for the size. Read in typeorm 0.3 and 1.1, measured with pg. */
import type { ParameterFact } from './parameter.ts';
import { pgFacts } from './pg.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestTypeorm = '1.1';

const page = 'https://typeorm.io/docs/data-source/data-source-options';

const poolSize: ParameterFact = {
  name: 'poolSize',
  role: 'size',
  unit: 'connections',
  fallback: 10,
  meaning: 'The most connections the pool opens, per process and, with replication, per node. `extra` wins over it.',
  special: [],
  source: page,
};

/** PostgreSQL: `poolSize`, and everything of node-postgres inside `extra`. */
export const typeormPostgresFacts: readonly ParameterFact[] = [
  poolSize,
  ...pgFacts.filter((fact) => fact.name !== 'max'),
];

/** The same where `extra.max` is written, which wins over `poolSize`. */
export const typeormPostgresFactsWithMax: readonly ParameterFact[] = pgFacts;

/** MySQL and MariaDB: `poolSize`, or `extra.connectionLimit`; nothing bounds the wait or closes idle connections. */
export const typeormMysqlFacts: readonly ParameterFact[] = [poolSize];
export const typeormMysqlFactsWithLimit: readonly ParameterFact[] = [{ ...poolSize, name: 'connectionLimit' }];

/** Types of TypeORM whose connections occupy a slot of a server: dialect and driver. */
export const typeormTypes: Readonly<Record<string, { readonly dialect: string; readonly driver: string }>> = {
  postgres: { dialect: 'postgresql', driver: 'pg' },
  cockroachdb: { dialect: 'cockroachdb', driver: 'pg' },
  mysql: { dialect: 'mysql', driver: 'mysql2' },
  mariadb: { dialect: 'mariadb', driver: 'mysql2' },
};

/** Packages that TypeORM connects with, and the type that each is for. `sqlite` stands for all without a server. */
export const typeormDrivers: Readonly<Record<string, string>> = {
  pg: 'postgres',
  mysql: 'mysql',
  mysql2: 'mysql',
  mssql: 'mssql',
  oracledb: 'oracle',
  mongodb: 'mongodb',
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  'sql.js': 'sqlite',
  'hdb-pool': 'sap',
  '@google-cloud/spanner': 'spanner',
};
