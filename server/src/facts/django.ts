/**
 * What Django does with `DATABASES`. Read in the sources of 4.2 to 6.1 and measured against PostgreSQL 15; Oracle's pool
 * and django-db-connection-pool 1.2 as read in their sources.
 */
import type { ParameterFact } from './parameter.ts';
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestDjango = '6.1';
/** Releases that a range may end below, newest first. */
export const djangoReleases = ['6.0', '5.2', '5.1', '5.0', '4.2', '4.1', '4.0', '3.2', '2.2', '1.11'];

const settingsPage = 'https://docs.djangoproject.com/en/stable/ref/settings/';

/** Settings of an alias that say how long connections live and how they are used. */
export const aliasFacts: readonly ParameterFact[] = [
  {
    name: 'CONN_MAX_AGE',
    role: 'lifetime',
    unit: 'seconds',
    fallback: 0,
    meaning:
      'Age from which the connection of a thread is closed; looked at only when a request begins or ends, so that nothing bounds it in a management command or a thread of its own.',
    special: [
      { value: '0', effect: 'closed at the end of each request' },
      { value: 'None', effect: 'never closed for its age' },
      { value: 'a text', effect: 'TypeError at the first connect' },
    ],
    source: `${settingsPage}#conn-max-age`,
  },
  {
    name: 'CONN_HEALTH_CHECKS',
    role: 'health-check',
    unit: 'boolean',
    fallback: false,
    meaning:
      'Tests a connection that is used again, once per request, and replaces it where the server closed it (from 4.1). Without persistent connections or a pool there is none to test.',
    special: [{ value: '"false"', effect: 'a text is truthy: switches it on' }],
    source: `${settingsPage}#conn-health-checks`,
  },
  {
    name: 'DISABLE_SERVER_SIDE_CURSORS',
    unit: 'boolean',
    fallback: false,
    meaning:
      'Makes QuerySet.iterator() fetch all rows at once. Needed behind a pooler in transaction mode, where the cursor stays behind on another connection.',
    special: [],
    source: `${settingsPage}#disable-server-side-cursors`,
  },
];

/** All keys of an alias; others are ignored, also these in other letters. */
export const aliasKeys: ReadonlySet<string> = new Set([
  'ATOMIC_REQUESTS',
  'AUTOCOMMIT',
  'CONN_HEALTH_CHECKS',
  'CONN_MAX_AGE',
  'DISABLE_SERVER_SIDE_CURSORS',
  'ENGINE',
  'HOST',
  'NAME',
  'OPTIONS',
  'PASSWORD',
  'PORT',
  'TEST',
  'TIME_ZONE',
  'USER',
]);

/** From 4.1 there is CONN_HEALTH_CHECKS. */
export function hasHealthChecks(version: string): boolean {
  return isAtLeast(version, '4.1');
}

/** `OPTIONS["pool"]`: PostgreSQL from 5.1, Oracle from 5.2. */
export function hasNativePool(dialect: string, version: string): boolean {
  if (dialect === 'postgresql') return isAtLeast(version, '5.1');
  return dialect === 'oracle' && isAtLeast(version, '5.2');
}

/** What Django passes to psycopg_pool itself: TypeError where it is given twice. `check` may be given from 6.1. */
export function poolArgumentsOfDjango(version: string): readonly string[] {
  return ['open', 'configure', 'kwargs', ...(isAtLeast(version, '6.1') ? [] : ['check'])];
}

const connectionPoolPage = 'https://pypi.org/project/django-db-connection-pool/';

/** `POOL_OPTIONS` of django-db-connection-pool: a QueuePool of SQLAlchemy with its own defaults. Keys are upper case. */
export const connectionPoolFacts: readonly ParameterFact[] = [
  {
    name: 'POOL_SIZE',
    role: 'size',
    unit: 'connections',
    fallback: 10,
    meaning: 'Connections the pool keeps open once they were needed, per process.',
    special: [{ value: '0', effect: 'no limit with SQLAlchemy 2.0' }],
    source: connectionPoolPage,
  },
  {
    name: 'MAX_OVERFLOW',
    role: 'overflow',
    unit: 'connections',
    fallback: 10,
    meaning: 'Connections opened above POOL_SIZE under load and closed as soon as they are returned.',
    special: [{ value: '-1', effect: 'no limit' }],
    source: connectionPoolPage,
  },
  {
    name: 'TIMEOUT',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: 30,
    meaning: 'How long a thread waits for a free connection before TimeoutError.',
    special: [],
    source: connectionPoolPage,
  },
  {
    name: 'RECYCLE',
    role: 'lifetime',
    unit: 'seconds',
    fallback: 900,
    meaning: 'Age from which a connection is replaced; looked at when it is taken out of the pool.',
    special: [{ value: '-1', effect: 'never' }],
    source: connectionPoolPage,
  },
  {
    name: 'PRE_PING',
    role: 'health-check',
    unit: 'boolean',
    fallback: true,
    meaning: 'Tests a connection when it is taken out of the pool.',
    special: [],
    source: connectionPoolPage,
  },
];

/** `POOL_OPTIONS` that decide nothing here. */
export const otherConnectionPoolOptions: ReadonlySet<string> = new Set(['ECHO']);

export const connectionPoolBackends = 'dj_db_conn_pool.backends.';

export const geventPoolBackends = 'django_db_geventpool.backends.';

/**
 * What django_db_geventpool takes out of OPTIONS (4.0.8, backends/pool.py and postgresql_psycopg3/base.py): a queue per alias and process.
 * Greenlets that connect at the same moment are counted only once they have connected. Each checkout runs SELECT 1 first and replaces what is
 * dead; connections go back at the end of the request, whatever CONN_MAX_AGE says, and never for their age.
 */
export const geventPoolFacts: readonly ParameterFact[] = [
  {
    name: 'MAX_CONNS',
    role: 'size',
    unit: 'connections',
    fallback: 4,
    meaning: 'Connections from which on a greenlet waits for one to come back, per process and alias, without an end.',
    special: [],
    source: 'https://pypi.org/project/django-db-geventpool/',
  },
];

/**
 * Engines by words in their dotted names, so that wrappers (`django_prometheus.db.backends.postgresql`,
 * `django_tenants.postgresql_backend`) count as what they wrap. `undefined` as dialect: no database server with slots.
 */
const engineWords: readonly (readonly [RegExp, string | undefined])[] = [
  [/sqlite|spatialite|duckdb|dummy/, 'sqlite'],
  [/cockroach/, 'cockroachdb'],
  [/redshift/, 'redshift'],
  [/postg|psqlextra|psycopg|timescale|alloydb/, 'postgresql'],
  [/mysql|mariadb|tidb/, 'mysql'],
  [/oracle/, 'oracle'],
  [/mssql|sql_server|sqlserver/, 'mssql'],
  [/snowflake|bigquery|mongo|djongo|clickhouse|firestore|spanner|dynamodb|salesforce|redis/, 'none'],
];

/** The dialect of an engine by its dotted name; undefined where the name does not tell. */
export function dialectOfEngine(engine: string): string | undefined {
  return engineWords.find(([words]) => words.test(engine.toLowerCase()))?.[1];
}

/** Dialects whose connections occupy a slot of a database server. */
export const serverDialects: ReadonlySet<string> = new Set([
  'postgresql',
  'cockroachdb',
  'redshift',
  'mysql',
  'oracle',
  'mssql',
]);

/** URL schemes of dj-database-url and django-environ, by what they become. */
const schemeWords: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:prometheus_)?(?:sqlite|sqlite3|spatialite)|file)$/, 'sqlite'],
  [/^cockroach/, 'cockroachdb'],
  [/^redshift/, 'redshift'],
  [/^(?:(?:prometheus_)?post(?:gres|gis)|psql|pgsql|timescale|django-prometheus)/, 'postgresql'],
  [/^(?:(?:prometheus_)?mysql|mysql2|mysql-connector|mysqlgis|mariadb)$/, 'mysql'],
  [/^(?:oracle|oraclegis)$/, 'oracle'],
  [/^(?:mssql|mssqlms|pyodbc)$/, 'mssql'],
];

export function dialectOfScheme(scheme: string): string | undefined {
  return schemeWords.find(([words]) => words.test(scheme.toLowerCase()))?.[1];
}

/** Keys that django-environ lifts out of a URL's query; the others become OPTIONS. */
export const liftedByEnviron: ReadonlySet<string> = new Set([
  'ATOMIC_REQUESTS',
  'AUTOCOMMIT',
  'CONN_HEALTH_CHECKS',
  'CONN_MAX_AGE',
  'DISABLE_SERVER_SIDE_CURSORS',
]);

/** Keywords of dj_database_url and the settings they become; each is 0 or False where it is left out. */
export const databaseUrlKeywords: Readonly<Record<string, string>> = {
  conn_max_age: 'CONN_MAX_AGE',
  conn_health_checks: 'CONN_HEALTH_CHECKS',
  disable_server_side_cursors: 'DISABLE_SERVER_SIDE_CURSORS',
};
