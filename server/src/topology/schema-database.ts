/** The schema's part below `databases`, and the building blocks it shares with the rest (schema.ts). */
import { providers } from '../facts/providers.ts';
import type { SchemaNode } from './schema-node.ts';

/** Larger than any server accepts; keeps sums exact and rejects slips of the keyboard. */
export const mostConnections = 1_000_000;
export const mostInstances = 100_000;

export function wholeNumber(
  description: string,
  minimum: number,
  maximum: number,
  more: Partial<SchemaNode> = {},
): SchemaNode {
  return { type: 'integer', minimum, maximum, description, ...more };
}

/** A number that may be stated as not known, which is something else than leaving it to a default. */
export const unknownWord = 'unknown';

export function numberOrUnknown(key: string, description: string): SchemaNode {
  return {
    description: `${description} unknown: nobody can say, and totals that depend on it are unknown.`,
    errorMessage: `${key} is a whole number from 1 to ${mostInstances}, or ${unknownWord}.`,
    type: ['integer', 'string'],
    minimum: 1,
    maximum: mostInstances,
    pattern: `^${unknownWord}$`,
    examples: [unknownWord],
  };
}

export function oneOrMoreTexts(description: string, examples: readonly string[]): SchemaNode {
  const item: SchemaNode = { type: 'string', minLength: 1, maxLength: 300, examples };
  return { description, anyOf: [item, { type: 'array', items: item }] };
}

const poolSetting = (description: string): SchemaNode => wholeNumber(description, 0, mostConnections);

const pooler: SchemaNode = {
  title: 'pooler',
  description:
    'What the services connect to instead of the server. The services count against its client limit; only its own connections count against max_connections.',
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: {
      type: 'string',
      minLength: 1,
      description: 'The pooler.',
      examples: ['pgbouncer', 'pgcat', 'supavisor', 'rds-proxy', 'odyssey'],
    },
    mode: {
      type: 'string',
      enum: ['session', 'transaction', 'statement'],
      description: 'When a server connection goes back to the pool: at the end of a session, transaction or statement.',
    },
    config: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description: "The pooler's configuration file, relative to this file's folder; sizes are read from it.",
      examples: ['deploy/pgbouncer.ini'],
    },
    version: {
      type: ['string', 'number'],
      description: 'Version of the pooler, in quotes: prepared statements and some limits depend on it.',
      examples: ['1.24'],
    },
    instances: wholeNumber('Poolers that run side by side; each has pools of its own.', 1, mostInstances, {
      default: 1,
    }),
    users: wholeNumber(
      'Distinct users that connect where the entries force none; each has a pool of its own. Absent: userlist.txt is counted, else 1.',
      1,
      mostConnections,
    ),
    default_pool_size: poolSetting('Server connections per database and user. 0: no limit (PgBouncer 1.24 and later).'),
    reserve_pool_size: poolSetting('Further server connections a pool may open when clients wait too long.'),
    min_pool_size: poolSetting('Server connections a pool keeps open.'),
    max_client_conn: poolSetting('Clients the pooler accepts; the pools in front of it must fit.'),
    max_db_connections: poolSetting('Server connections per database over all users. 0: no limit.'),
    max_user_connections: poolSetting('Server connections per user over all databases. 0: no limit.'),
    max_prepared_statements: poolSetting('Prepared statements followed per server connection. 0: not followed.'),
    ignore_startup_parameters: oneOrMoreTexts(
      'Startup parameters that it is told to drop, where it would refuse them: a list, or names with commas between.',
      ['extra_float_digits', 'options'],
    ),
  },
};

export const database: SchemaNode = {
  title: 'database',
  description: 'A database server that the services share.',
  type: 'object',
  additionalProperties: false,
  properties: {
    engine: {
      type: 'string',
      minLength: 1,
      description: 'The kind of server.',
      examples: ['postgresql', 'mysql', 'mariadb', 'mssql', 'oracle', 'cockroachdb'],
    },
    version: { type: ['string', 'number'], description: "The server's version.", examples: ['16'] },
    max_connections: wholeNumber(
      'Connections the server accepts: SHOW max_connections. Absent: the budget is unknown and nothing is compared with it.',
      1,
      mostConnections,
      { examples: [100] },
    ),
    reserved: wholeNumber(
      'Connections kept free for administration, monitoring and migrations; the budget is max_connections minus this.',
      0,
      mostConnections,
      { default: 10 },
    ),
    superuser_reserved_connections: wholeNumber(
      "The server's own superuser_reserved_connections (PostgreSQL: 3). reserved must cover it.",
      0,
      mostConnections,
    ),
    reserved_connections: wholeNumber(
      "The server's own reserved_connections (PostgreSQL 16 and later: 0). reserved must cover it.",
      0,
      mostConnections,
    ),
    cpu_cores: wholeNumber('Cores of the server, for the guidance (cores × 2) + spindles.', 1, 100_000),
    effective_spindles: wholeNumber('Spindles of the server; 1 for an SSD.', 0, 100_000, { default: 1 }),
    idle_timeout: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 10_000_000,
      description: 'Seconds after which the network path drops an idle TCP connection.',
      examples: [350],
    },
    provider: {
      type: 'string',
      minLength: 1,
      description: 'Who runs the network; its known idle timeout applies where idle_timeout is absent.',
      examples: providers.map((provider) => provider.id),
    },
    connect: oneOrMoreTexts('How code names this database: environment variables, Django aliases, hosts.', [
      'DATABASE_URL',
    ]),
    pooler,
  },
};
