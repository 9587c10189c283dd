/**
 * Prisma's own connection pool, up to version 6: its settings are parameters of the database URL. Read in the engine's
 * sources (quaint: connector/postgres/url.rs and pooled.rs) and Prisma's documentation. From version 7 on the pool is the
 * driver adapter's, and none of these is read.
 */
import { factsByName, type ParameterFact } from './parameter.ts';

/** The newest release whose engine pools by itself. */
export const newestWithOwnPool = '6.19';
/** The last of each major version, newest first. */
export const releasesWithOwnPool: readonly string[] = [newestWithOwnPool, '5.22', '4.16', '3.15', '2.30'];
/** From here on a driver adapter pools. */
export const firstWithAdaptersOnly = '7';

const page =
  'https://www.prisma.io/docs/orm/v6/prisma-client/setup-and-configuration/databases-connections/connection-pool';

export const prismaFacts: readonly ParameterFact[] = [
  {
    name: 'connection_limit',
    role: 'size',
    unit: 'connections',
    fallback: null,
    meaning:
      'The most connections one PrismaClient opens. Without it: (physical cores × 2) + 1 of the machine it runs on.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'pool_timeout',
    role: 'acquire-timeout',
    unit: 'seconds',
    fallback: 10,
    meaning: 'How long a query waits for a free connection before P2024.',
    special: [{ value: '0', effect: 'waits for ever' }],
    source: page,
  },
  {
    name: 'max_idle_connection_lifetime',
    role: 'idle-timeout',
    unit: 'seconds',
    fallback: 300,
    meaning: 'Silence after which a connection is closed instead of being used.',
    special: [{ value: '0', effect: 'idle connections are never closed' }],
    source: page,
  },
  {
    name: 'max_connection_lifetime',
    role: 'lifetime',
    unit: 'seconds',
    fallback: null,
    meaning: 'Age from which a connection is replaced. Without it: never.',
    special: [{ value: '0', effect: 'never' }],
    source: page,
  },
  {
    name: 'connect_timeout',
    unit: 'seconds',
    fallback: 5,
    meaning: 'How long making a connection may take.',
    special: [{ value: '0', effect: 'no limit' }],
    source: page,
  },
  {
    name: 'socket_timeout',
    unit: 'seconds',
    fallback: null,
    meaning: 'How long a query may take before its connection is given up. Without it: no limit.',
    special: [],
    source: page,
  },
  {
    name: 'pgbouncer',
    unit: 'boolean',
    fallback: false,
    meaning:
      'Makes prepared statements safe behind a pooler that does not follow them: PgBouncer before 1.21, or with max_prepared_statements = 0.',
    special: [],
    source: 'https://www.prisma.io/docs/orm/v6/prisma-client/setup-and-configuration/databases-connections/pgbouncer',
  },
  {
    name: 'statement_cache_size',
    unit: 'other',
    fallback: 100,
    meaning: 'Prepared statements kept per connection.',
    special: [{ value: '0', effect: 'none are kept' }],
    source: page,
  },
];

export const prismaFact: ReadonlyMap<string, ParameterFact> = factsByName(prismaFacts);

/**
 * What a connection string of SQL Server calls the same settings, `sqlserver://db:1433;connectionLimit=5`: by its spellings,
 * whose case does not matter. The default of each is the same. Read in quaint: connector/mssql/url.rs.
 */
const inSqlServer: Readonly<Record<string, readonly [name: string, ...further: string[]]>> = {
  connection_limit: ['connectionLimit', 'connection_limit'],
  pool_timeout: ['poolTimeout', 'pool_timeout'],
  max_idle_connection_lifetime: ['max_idle_connection_lifetime'],
  max_connection_lifetime: ['max_connection_lifetime'],
  connect_timeout: [
    'connectTimeout',
    ...['connect_timeout', 'connectionTimeout', 'connection_timeout', 'loginTimeout', 'login_timeout'],
  ],
  socket_timeout: ['socketTimeout', 'socket_timeout'],
};

export const sqlServerFacts: readonly ParameterFact[] = prismaFacts.flatMap((fact) => {
  const name = inSqlServer[fact.name]?.[0];
  return name === undefined ? [] : [{ ...fact, name }];
});

export const sqlServerSpellings: ReadonlyMap<string, string> = new Map(
  Object.values(inSqlServer).flatMap((names) => names.map((each) => [each.toLowerCase(), names[0]] as const)),
);

/** Further properties of such a connection string, in lower case. */
export const sqlServerOthers: ReadonlySet<string> = new Set([
  ...['database', 'databasename', 'initial catalog', 'user', 'username', 'uid', 'userid', 'user id', 'password', 'pwd'],
  ...['schema', 'encrypt', 'trustservercertificate', 'trust_server_certificate', 'trustservercertificateca'],
  ...['trust_server_certificate_ca', 'isolationlevel', 'isolation_level', 'integratedsecurity', 'applicationname'],
]);

/** Further parameters of a URL that the engine or the driver knows; any other is dropped without a word. */
export const prismaOtherParameters: ReadonlySet<string> = new Set([
  'schema',
  'host',
  'application_name',
  'options',
  'sslmode',
  'sslcert',
  'sslidentity',
  'sslpassword',
  'sslaccept',
  'sslkey',
  'sslrootcert',
  'channel_binding',
  'charset',
  'collation',
  'socket',
  'prefer_socket',
  'statement_timeout',
  'single_use_connections',
]);

/** Generators that write Prisma's client, and the package it takes the place of. */
export const clientGenerators: ReadonlySet<string> = new Set(['prisma-client-js', 'prisma-client']);
export const clientPackage = '@prisma/client';
export const clientClass = 'PrismaClient';
export const clientPath = `${clientPackage}.${clientClass}`;

/** Methods of a model that ask the database. */
export const queryMethods: ReadonlySet<string> = new Set(
  [
    'create createMany createManyAndReturn update updateMany updateManyAndReturn upsert delete deleteMany findUnique findFirst',
    'findUniqueOrThrow findFirstOrThrow findMany aggregate groupBy count findRaw aggregateRaw',
  ].flatMap((line) => line.split(' ')),
);

/** Modules under which people import a client whose schema is not in sight. */
export const usualClientModule = /prisma|(?:^|\/)generated(?:\/|$)/i;

/**
 * Driver adapters that pool, by what their driver is. Each `connect()`, once per client, makes a pool of the options; a pool
 * that is handed in is used as it is. Read in versions 6.19 and 7.10, measured with PrismaPg 7.
 */
export const adapterPaths = {
  pg: '@prisma/adapter-pg.PrismaPg',
  neon: '@prisma/adapter-neon.PrismaNeon',
  mariadb: '@prisma/adapter-mariadb.PrismaMariaDb',
  mssql: '@prisma/adapter-mssql.PrismaMssql',
} as const;

/** Driver adapters that send each query as a request of HTTP and hold no connection, and the option that names a proxy which does. */
export const adaptersWithoutConnections: ReadonlySet<string> = new Set([
  '@prisma/adapter-planetscale.PrismaPlanetScale',
  '@prisma/adapter-neon.PrismaNeonHTTP',
  '@prisma/adapter-neon.PrismaNeonHttp',
  '@prisma/adapter-d1.PrismaD1',
  '@prisma/adapter-d1.PrismaD1HTTP',
]);
export const proxyOption = 'accelerateUrl';

/** Providers whose connections occupy a slot of a server, and the dialect each speaks. */
export const prismaDialects: Readonly<Record<string, string>> = {
  postgresql: 'postgresql',
  postgres: 'postgresql',
  mysql: 'mysql',
  cockroachdb: 'cockroachdb',
  sqlserver: 'mssql',
};

/** Parameters of a URL that only Prisma's own engine reads. */
export const urlSettingsOfEngine: ReadonlySet<string> = new Set([
  ...['connection_limit', 'pool_timeout', 'connect_timeout', 'socket_timeout', 'max_idle_connection_lifetime'],
  ...['max_connection_lifetime', 'pgbouncer', 'statement_cache_size'],
]);

/** Settings that take a URL, and what Prisma's own documentation calls the variable of each. */
export const urlVariables: Readonly<Record<string, string>> = {
  url: 'DATABASE_URL',
  directUrl: 'DIRECT_URL',
  shadowDatabaseUrl: 'SHADOW_DATABASE_URL',
};

/** Those of them that `datasource` of prisma.config.ts has. */
export const settingsOfConfiguration: ReadonlySet<string> = new Set(['url', 'shadowDatabaseUrl']);
