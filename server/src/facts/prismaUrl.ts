/**
 * Parameters of a database URL, by who reads it: Prisma's own engine up to version 6 (read in quaint's connectors: postgres,
 * mysql and mssql, each `url.rs`), or the driver of an adapter (read in the adapters of 7.10 and in their drivers).
 */
import { mariadbFacts } from './mysqlNode.ts';
import type { ParameterFact } from './parameter.ts';
import { prismaFacts, sqlServerFacts } from './prisma.ts';

export interface UrlParameterFact extends ParameterFact {
  /** Its values, where they are a few words. */
  readonly choices?: readonly string[];
}

/** Who reads a URL, and how it is written. */
export interface UrlReader {
  /** "Prisma", "node-postgres" */
  readonly name: string;
  readonly parameters: readonly UrlParameterFact[];
  /** What parts the parameters from the address, and one from the next. */
  readonly separators: { readonly first: '?' | ';'; readonly next: '&' | ';' };
}

const docs = 'https://www.prisma.io/docs/orm/v6/overview/databases';

interface Written {
  readonly unit?: ParameterFact['unit'];
  readonly fallback?: ParameterFact['fallback'];
  readonly choices?: readonly string[];
  readonly special?: ParameterFact['special'];
}

function parameter(source: string, name: string, meaning: string, written: Written = {}): UrlParameterFact {
  return { name, unit: 'other', fallback: null, special: [], meaning, source, ...written };
}

const tls = (source: string): UrlParameterFact[] => [
  parameter(source, 'sslcert', "File with the certificate of the server's authority, relative to the schema."),
  parameter(
    source,
    'sslidentity',
    'PKCS 12 file with the certificate and the key of the client, relative to the schema.',
  ),
  parameter(source, 'sslpassword', 'What opens the file of sslidentity.'),
];

const postgresql = `${docs}/postgresql`;
const ofPostgres: readonly UrlParameterFact[] = [
  ...prismaFacts,
  parameter(postgresql, 'schema', 'The schema in which tables are looked for.', { fallback: 'public' }),
  parameter(postgresql, 'sslmode', 'Whether the connection is encrypted.', {
    unit: 'choice',
    fallback: 'prefer',
    choices: ['disable', 'prefer', 'require'],
    special: [{ value: 'any other', effect: 'read as prefer' }],
  }),
  parameter(postgresql, 'sslaccept', "Whether the server's certificate is checked.", {
    unit: 'choice',
    fallback: 'accept_invalid_certs',
    choices: ['strict', 'accept_invalid_certs'],
  }),
  ...tls(postgresql),
  parameter(postgresql, 'channel_binding', 'Whether SCRAM is bound to the encrypted channel.', {
    unit: 'choice',
    fallback: 'prefer',
    choices: ['disable', 'prefer', 'require'],
  }),
  parameter(postgresql, 'host', 'The host, where it is no name of a URL: the folder of a socket.'),
  parameter(postgresql, 'application_name', 'What pg_stat_activity shows of these connections.'),
  parameter(
    postgresql,
    'options',
    'Settings of the session as command line options, -c name=value. PgBouncer refuses them.',
  ),
];

const mysql = `${docs}/mysql`;
const ofMysql: readonly UrlParameterFact[] = [
  ...prismaFacts.filter((fact) => fact.name !== 'pgbouncer'),
  parameter(mysql, 'sslaccept', "Whether the server's certificate is checked. Switches encryption on.", {
    unit: 'choice',
    fallback: 'accept_invalid_certs',
    choices: ['strict', 'accept_invalid_certs'],
  }),
  ...tls(mysql),
  parameter(mysql, 'socket', 'Socket to connect through instead of the host.'),
];

const sqlserver = `${docs}/sql-server`;
const isolationLevels = ['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SNAPSHOT', 'SERIALIZABLE'];
const addressOfSqlServer: readonly UrlParameterFact[] = [
  parameter(sqlserver, 'database', 'The database.', { fallback: 'master' }),
  parameter(sqlserver, 'user', 'The login.'),
  parameter(sqlserver, 'password', 'Its password.'),
  parameter(sqlserver, 'schema', 'The schema in which tables are looked for.', { fallback: 'dbo' }),
  parameter(sqlserver, 'encrypt', 'Whether the connection is encrypted.', {
    unit: 'boolean',
    fallback: true,
    choices: ['true', 'false'],
  }),
  parameter(sqlserver, 'trustServerCertificate', "Whether the server's certificate is taken unseen.", {
    unit: 'boolean',
    fallback: false,
    choices: ['true', 'false'],
  }),
  parameter(sqlserver, 'isolationLevel', 'The isolation level of transactions.', {
    unit: 'choice',
    choices: isolationLevels,
  }),
];
const ofSqlServer: readonly UrlParameterFact[] = [
  ...sqlServerFacts,
  ...addressOfSqlServer,
  parameter(sqlserver, 'trustServerCertificateCA', 'File with the certificate that is trusted.'),
];

const inUrl = { first: '?', next: '&' } as const;
const inText = { first: ';', next: ';' } as const;

/** Prisma's own engine, by the provider's dialect or name. */
export const engineReaders: Readonly<Record<string, UrlReader>> = {
  postgresql: { name: 'Prisma', parameters: ofPostgres, separators: inUrl },
  cockroachdb: {
    name: 'Prisma',
    parameters: ofPostgres.filter((fact) => fact.name !== 'pgbouncer'),
    separators: inUrl,
  },
  mysql: { name: 'Prisma', parameters: ofMysql, separators: inUrl },
  mssql: { name: 'Prisma', parameters: ofSqlServer, separators: inText },
};

const pgPage = 'https://node-postgres.com/features/connecting';
const pgReader: UrlReader = {
  name: 'node-postgres',
  separators: inUrl,
  parameters: [
    parameter(pgPage, 'sslmode', 'Whether the connection is encrypted, and what is checked.', {
      unit: 'choice',
      choices: ['disable', 'no-verify', 'require', 'verify-full'],
      special: [{ value: 'prefer, require, verify-ca', effect: 'as verify-full, with a warning' }],
    }),
    parameter(pgPage, 'sslrootcert', "File with the certificate of the server's authority."),
    parameter(pgPage, 'sslcert', 'File with the certificate of the client.'),
    parameter(pgPage, 'sslkey', 'File with the key of the client.'),
    parameter(pgPage, 'application_name', 'What pg_stat_activity shows of these connections.'),
    parameter(
      pgPage,
      'options',
      'Settings of the session as command line options, -c name=value. PgBouncer refuses them.',
    ),
    parameter(
      pgPage,
      'statement_timeout',
      'How long a statement may run. Sent when connecting; PgBouncer refuses it.',
      {
        unit: 'milliseconds',
      },
    ),
    parameter(pgPage, 'client_encoding', 'The encoding of texts.'),
  ],
};

const driverDocs = 'https://www.prisma.io/docs/orm/overview/databases/database-drivers';
/** Drivers of adapters, by what makes their pool. */
export const driverReaders: Readonly<Record<string, UrlReader>> = {
  PrismaPg: pgReader,
  postgres: pgReader,
  PrismaNeon: { ...pgReader, name: 'Neon' },
  PrismaMariaDb: {
    name: 'mariadb',
    separators: inUrl,
    parameters: [
      ...mariadbFacts,
      parameter(driverDocs, 'connectTimeout', 'How long making a connection may take.', {
        unit: 'milliseconds',
        fallback: 1000,
      }),
      parameter(driverDocs, 'prepareCacheLength', 'Prepared statements kept per connection; the adapter sets 0.', {
        fallback: 0,
      }),
    ],
  },
  PrismaMssql: {
    name: 'mssql',
    separators: inText,
    parameters: [
      parameter(driverDocs, 'connectionLimit', 'The most connections the pool opens, per process.', {
        unit: 'connections',
        fallback: 10,
      }),
      parameter(driverDocs, 'poolTimeout', 'How long a query waits for a free connection.', {
        unit: 'seconds',
        fallback: 30,
      }),
      parameter(driverDocs, 'connectTimeout', 'How long making a connection may take.', { unit: 'milliseconds' }),
      parameter(driverDocs, 'socketTimeout', 'How long a query may take.', { unit: 'milliseconds' }),
      ...addressOfSqlServer,
    ],
  },
};
