/** Every library Poolproof knows. Adding one is a file beside this one and a line here. */
import type { Library } from './library.ts';
import { sqlalchemy } from './sqlalchemy.ts';

export const libraries: readonly Library[] = [sqlalchemy];

/** The library a dotted name belongs to. */
export function libraryOf(path: string): Library | undefined {
  return libraries.find((library) => library.callables.has(path));
}

/** The library that built a pool's declaration. */
export function libraryNamed(name: string): Library | undefined {
  return libraries.find((library) => library.name === name);
}

const packages: ReadonlySet<string> = new Set(
  libraries.flatMap((library) => [...library.callables].map((path) => path.split('.')[0]!)),
);

/** True for modules of the libraries themselves, whatever folders of the workspace are called. */
export function isLibraryModule(module: string): boolean {
  return packages.has(module.split('.')[0]!);
}

/** Last names of all callables: the words that make a file worth reading. */
export const callableNames: ReadonlySet<string> = new Set(
  libraries.flatMap((library) => [...library.callables].map((path) => path.split('.').at(-1)!)),
);

/** Connection functions of drivers, besides those that libraries name; their `password=` is a credential. */
const driverConnectors = [
  'psycopg2.connect',
  'psycopg.connect',
  'psycopg.Connection.connect',
  'psycopg.AsyncConnection.connect',
  'psycopg_pool.ConnectionPool',
  'psycopg_pool.AsyncConnectionPool',
  'psycopg2.pool.SimpleConnectionPool',
  'psycopg2.pool.ThreadedConnectionPool',
  'asyncpg.connect',
  'asyncpg.create_pool',
  'aiopg.connect',
  'aiopg.create_pool',
  'pymysql.connect',
  'MySQLdb.connect',
  'mysql.connector.connect',
  'mysql.connector.pooling.MySQLConnectionPool',
  'aiomysql.connect',
  'aiomysql.create_pool',
  'asyncmy.connect',
  'asyncmy.create_pool',
  'mariadb.connect',
  'oracledb.connect',
  'oracledb.create_pool',
  'cx_Oracle.connect',
  'pymssql.connect',
  'dj_database_url.parse',
  'dj_database_url.config',
  'databases.Database',
];

export const connectors: ReadonlySet<string> = new Set([
  ...libraries.flatMap((library) => [...library.connectors]),
  ...driverConnectors,
]);
