/** Every library Poolproof knows. Adding one is a file beside this one and a line here. */
import type { PoolSystem } from '../declarations/pool.ts';
import type { Language } from '../declarations/value.ts';
import { aiomysql } from './aiomysql.ts';
import { aiopg } from './aiopg.ts';
import { asyncmy } from './asyncmy.ts';
import { asyncpg } from './asyncpg.ts';
import { databases } from './databases.ts';
import { django } from './django/django.ts';
import { drizzle } from './drizzle.ts';
import { fastifyMysql } from './fastifyMysql.ts';
import { fastifyPostgres } from './fastifyPostgres.ts';
import { flaskSqlalchemy } from './flask/flask.ts';
import { knex } from './knex.ts';
import type { Library, LinkedSite, RelinkView } from './library.ts';
import { mariadb } from './mariadb.ts';
import { mikroOrm } from './mikroOrm.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { mysql2 } from './mysql2.ts';
import { mysqlConnector } from './mysqlConnector.ts';
import { neon } from './neon.ts';
import { nestConfigurations } from './nestConfiguration.ts';
import { nodePostgres } from './nodePostgres.ts';
import { oracledb } from './oracledb.ts';
import { peewee } from './peewee.ts';
import { pgPromise } from './pgPromise.ts';
import { piccolo } from './piccolo.ts';
import { postgresJs } from './postgresJs.ts';
import { prismaAdapters } from './prisma/adapters.ts';
import { prismaClient } from './prisma/clients.ts';
import { prisma } from './prisma/prisma.ts';
import { prismaRuntime } from './prisma/runtime.ts';
import { psycopg2Pool } from './psycopg2Pool.ts';
import { psycopgPool } from './psycopgPool.ts';
import { sequelize } from './sequelize.ts';
import { slonik } from './slonik.ts';
import { sqlalchemy } from './sqlalchemy/sqlalchemy.ts';
import { tortoise } from './tortoise.ts';
import { typeorm } from './typeorm.ts';
import { vercelPostgres } from './vercelPostgres.ts';

export const libraries: readonly Library[] = [
  sqlalchemy,
  asyncpg,
  psycopgPool,
  psycopg2Pool,
  aiopg,
  aiomysql,
  asyncmy,
  mysqlConnector,
  oracledb,
  django,
  prisma,
  prismaClient,
  sequelize,
  knex,
  typeorm,
  prismaAdapters,
  prismaRuntime,
  nestConfigurations,
  slonik,
  mikroOrm,
  drizzle,
  nodePostgres,
  fastifyPostgres,
  pgPromise,
  postgresJs,
  mysql2,
  fastifyMysql,
  mysql,
  mariadb,
  mssql,
  neon,
  vercelPostgres,
  flaskSqlalchemy,
  databases,
  tortoise,
  piccolo,
  peewee,
];

const byPath: ReadonlyMap<string, Library> = new Map(
  libraries.flatMap((library) =>
    [...library.callables, ...(library.settingNames ?? [])].map((path) => [path, library] as const),
  ),
);

/** The library a callable's dotted name, or a setting's name, belongs to. */
export function libraryOf(path: string): Library | undefined {
  return byPath.get(path);
}

/** The declarations that count once every library has seen them all. */
export function relinked(linked: readonly LinkedSite[], view: RelinkView): LinkedSite[] {
  return libraries.reduce<LinkedSite[]>((sites, { relink }) => relink?.(sites, view) ?? sites, [...linked]);
}

/** The library that reads the declarations of a system. */
export function libraryOfSystem(system: PoolSystem): Library | undefined {
  return libraries.find((library) => library.systems.includes(system));
}

const packages: ReadonlySet<string> = new Set(
  libraries
    .filter((library) => library.mayBeShadowed !== true)
    .flatMap((library) => [...library.callables].map(packageOf)),
);

/** `pg-promise` of `pg-promise()`, which stands for what a call of the package yields. */
function packageOf(path: string): string {
  return path.split('.')[0]!.replace(/\(\)$/, '');
}

/** True for modules of the libraries themselves, whatever folders of the workspace are called. */
export function isLibraryModule(module: string): boolean {
  return packages.has(module.split('.')[0]!);
}

/** Connection functions of drivers, besides those that libraries name; their `password=` is a credential. */
const driverConnectors = [
  'pymysql.connect',
  'MySQLdb.connect',
  'mariadb.connect',
  'cx_Oracle.connect',
  'pymssql.connect',
];

/** What extraction looks for in files of one language. */
export interface SearchedNames {
  /** Last names of callables that are looked for in every file. */
  readonly callables: ReadonlySet<string>;
  /** Last names that are looked for only in files that import a package, by that package. */
  readonly importedCallables: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that are objects of a package for everybody who imports it, by that package. */
  readonly sharedObjects: ReadonlyMap<string, ReadonlySet<string>>;
  /** Dotted names whose URL or password argument reaches a database. */
  readonly connectors: ReadonlySet<string>;
  readonly settingNames: ReadonlySet<string>;
  /** Methods whose calls count on any object. */
  readonly methodNames: ReadonlySet<string>;
}

const searched = new Map<Language, SearchedNames>();

export function searchedNames(language: Language): SearchedNames {
  let names = searched.get(language);
  if (names === undefined) {
    const own = libraries.filter((library) => library.language === language);
    names = {
      ...callablesOf(own),
      sharedObjects: byPackage(own.flatMap((library) => [...(library.sharedObjects ?? [])])),
      connectors: new Set([
        ...own.flatMap((library) => [...library.connectors]),
        ...(language === 'python' ? driverConnectors : []),
      ]),
      settingNames: new Set(own.flatMap((library) => [...(library.settingNames ?? [])])),
      methodNames: new Set(own.flatMap((library) => [...(library.methodNames ?? [])])),
    };
    searched.set(language, names);
  }
  return names;
}

function byPackage(paths: readonly string[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    const packageName = packageOf(path);
    names.set(packageName, (names.get(packageName) ?? new Set()).add(path.split('.').at(-1)!));
  }
  return names;
}

function callablesOf(own: readonly Library[]): Pick<SearchedNames, 'callables' | 'importedCallables'> {
  const callables = new Set<string>();
  const importedCallables = new Map<string, Set<string>>();
  for (const { callables: paths, tellingNames } of own) {
    for (const path of paths) {
      const name = path.split('.').at(-1)!;
      if (tellingNames === undefined || tellingNames.has(name)) {
        callables.add(name);
        continue;
      }
      const packageName = packageOf(path);
      importedCallables.set(packageName, (importedCallables.get(packageName) ?? new Set()).add(name));
    }
  }
  return { callables, importedCallables };
}
