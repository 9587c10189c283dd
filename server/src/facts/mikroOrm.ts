/** Which pool MikroORM uses, by version and driver; measured in 6.6.16 and 7.2.1 with PostgreSQL and MariaDB. SQL Server: read in 7.2.5. */
import type { ParameterFact } from './parameter.ts';
import { pgFacts } from './pg.ts';
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestMikroOrm = '7.2';

/** Up to version 6 Knex pools, with its minimum of 2; from 7 on the driver does. */
export function poolsWithKnex(version: string): boolean {
  return !isAtLeast(version, '7');
}

/** Packages with the functions that configure it, and the database each is for; the core is told by its options. */
export const mikroOrmModules: ReadonlyMap<string, string> = new Map([
  ['@mikro-orm/core', ''],
  ['@mikro-orm/postgresql', 'postgresql'],
  ['@mikro-orm/mysql', 'mysql'],
  ['@mikro-orm/mariadb', 'mariadb'],
  ['@mikro-orm/mssql', 'mssql'],
]);

/** Databases whose connections occupy a slot of a server: dialect and driver. */
export const mikroOrmDrivers: Readonly<Record<string, { readonly dialect: string; readonly driver: string }>> = {
  postgresql: { dialect: 'postgresql', driver: 'pg' },
  mysql: { dialect: 'mysql', driver: 'mysql2' },
  mariadb: { dialect: 'mariadb', driver: 'mysql2' },
  mssql: { dialect: 'mssql', driver: 'tedious' },
};

/** What version 7 reads of `pool`; the driver's other settings stand in `driverOptions`. */
export const mikroOrmPoolKeys: ReadonlySet<string> = new Set(['min', 'max', 'idleTimeoutMillis']);
export const mikroOrmPgFacts: readonly ParameterFact[] = pgFacts;

const page = 'https://mikro-orm.io/docs/configuration#connection';

/** Version 7 with mysql2. */
export const mikroOrmMysqlFacts: readonly ParameterFact[] = [
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'The most connections the pool opens, per process: connectionLimit of mysql2.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'idleTimeoutMillis',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: null,
    defaultsToNone: true,
    meaning: 'Idle time after which a connection is closed. Without it: never.',
    special: [],
    source: page,
  },
];
