/**
 * The topology file's JSON Schema: the only place where its keys are defined. Validation, completion, hover and the
 * published `schemas/poolproof.schema.json` all come from here.
 */
import { providers } from '../facts/providers.ts';
import type { SchemaNode } from './schema-node.ts';

/** Larger than any server accepts; keeps sums exact and rejects slips of the keyboard. */
const mostConnections = 1_000_000;
const mostInstances = 100_000;

function wholeNumber(
  description: string,
  minimum: number,
  maximum: number,
  more: Partial<SchemaNode> = {},
): SchemaNode {
  return { type: 'integer', minimum, maximum, description, ...more };
}

function oneOrMoreTexts(description: string, examples: readonly string[]): SchemaNode {
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
  },
};

const database: SchemaNode = {
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

const service: SchemaNode = {
  title: 'service',
  description: 'A program that runs in one or more processes and connects to databases.',
  type: 'object',
  additionalProperties: false,
  properties: {
    database: { type: 'string', minLength: 1, description: 'The database this service uses: a name under databases.' },
    databases: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'The databases this service uses, where there are several.',
    },
    paths: oneOrMoreTexts(
      "Which source belongs to this service: globs relative to this file's folder; ! in front excludes. Absent: everything.",
      ['services/api/**'],
    ),
    server: {
      type: 'string',
      minLength: 1,
      description: 'What runs the service; decides how many processes it has where workers is absent.',
      examples: [
        'gunicorn',
        'uvicorn',
        'hypercorn',
        'granian',
        'uwsgi',
        'daphne',
        'celery',
        'rq',
        'dramatiq',
        'arq',
        'node',
        'pm2',
        'script',
        'serverless',
      ],
    },
    worker_class: {
      type: 'string',
      minLength: 1,
      description:
        'How one process runs its work: Gunicorn sync, gthread, gevent, uvicorn; Celery prefork, threads, gevent, solo. It bounds how many connections a process can use at a time.',
      examples: ['sync', 'gthread', 'gevent', 'uvicorn', 'asgi', 'tornado', 'eventlet', 'prefork', 'threads', 'solo'],
    },
    workers: wholeNumber(
      'Processes per instance. Absent: 1 for gunicorn, uvicorn, hypercorn, granian, uwsgi, node, pm2 and rq; unknown where the server counts CPU cores.',
      1,
      mostInstances,
    ),
    threads: wholeNumber('Threads per process that run work (Gunicorn, uWSGI, Dramatiq).', 1, mostInstances),
    concurrency: wholeNumber(
      'Celery: child processes (prefork) or threads. Serverless: instances that run at a time. arq: jobs at a time.',
      1,
      mostInstances,
    ),
    replicas: {
      description: 'Instances: a number, or {min: 2, max: 6} under an autoscaler; the maximum is what counts.',
      default: 1,
      errorMessage: 'replicas is a whole number, or a range such as {min: 2, max: 6}.',
      anyOf: [
        { type: 'integer', minimum: 0, maximum: mostInstances },
        {
          title: 'range of replicas',
          type: 'object',
          required: ['max'],
          additionalProperties: false,
          properties: {
            min: wholeNumber('Fewest instances.', 0, mostInstances, { default: 1 }),
            max: wholeNumber('Most instances.', 1, mostInstances),
          },
        },
      ],
    },
    max_surge: {
      description:
        'Extra instances while a deploy rolls: a percentage of the replicas, rounded up, or a whole number. Absent: 0, or 25% with platform: kubernetes.',
      examples: ['25%', 1],
      errorMessage: 'max_surge is a percentage such as 25%, or a whole number of instances.',
      anyOf: [
        { type: 'integer', minimum: 0, maximum: mostInstances },
        { type: 'string', pattern: '^[0-9]{1,4}([.][0-9]{1,3})?%$|^[0-9]{1,5}$' },
      ],
    },
    platform: {
      type: 'string',
      minLength: 1,
      description: 'What deploys the service; kubernetes sets max_surge to 25% where it is absent.',
      examples: ['kubernetes', 'compose', 'ecs', 'heroku', 'fly', 'cloud-run', 'lambda'],
    },
    workload: {
      title: 'workload',
      description: 'The load the service should carry, for guidance on the pool size.',
      type: 'object',
      required: ['concurrent_requests', 'queries_per_request'],
      additionalProperties: false,
      properties: {
        concurrent_requests: wholeNumber('Requests handled at a time.', 1, 100_000_000),
        queries_per_request: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 1_000_000,
          description: 'Queries one request makes, on average.',
        },
      },
    },
    env: {
      description: 'What the deployment sets, for values the code reads from the environment.',
      type: 'object',
      additionalProperties: {
        type: ['string', 'number', 'boolean'],
        description: 'The value that the deployment gives this environment variable.',
      },
    },
  },
};

const extraConnections: SchemaNode = {
  description: 'Consumers of a database that are not in this workspace.',
  type: 'array',
  items: {
    title: 'extra connection',
    type: 'object',
    required: ['name', 'database', 'connections'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Who connects.', examples: ['metabase'] },
      database: { type: 'string', minLength: 1, description: 'The database: a name under databases.' },
      connections: wholeNumber('The most connections it opens.', 0, mostConnections),
      via: {
        type: 'string',
        enum: ['direct', 'pooler'],
        default: 'direct',
        description: "Whether it connects to the server or through the database's pooler.",
      },
    },
  },
};

const thresholds: SchemaNode = {
  title: 'thresholds',
  description: 'From which value on a rule speaks.',
  type: 'object',
  additionalProperties: false,
  properties: {
    acquire_timeout: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1_000_000,
      default: 30,
      description: 'Seconds from which waiting for a connection counts as too long (pool-timeout-too-long).',
    },
    max_overflow: wholeNumber('Overflow connections above which overflow-too-large speaks.', 0, mostConnections, {
      default: 5,
    }),
    pool_size_without_topology: wholeNumber(
      'Connections per process from which pool-too-large speaks where no service covers the code.',
      1,
      mostConnections,
      { default: 100 },
    ),
  },
};

const severity: SchemaNode = {
  type: 'string',
  enum: ['error', 'warning', 'information', 'hint', 'off'],
  description: 'Severity of the rule in this project, or off.',
};

/**
 * The whole schema. With rule ids, `rules:` accepts exactly these; without (the published file), any kebab-case name,
 * so that an editor with an older schema does not reject a newer rule.
 */
export function topologySchema(ruleIds: readonly string[] = []): SchemaNode {
  const rules: SchemaNode =
    ruleIds.length > 0
      ? { additionalProperties: false, properties: Object.fromEntries(ruleIds.map((id) => [id, severity])) }
      : { additionalProperties: severity, propertyNames: { pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Poolproof topology',
    description: 'Databases, the services that connect to them, and how Poolproof treats this project.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'Where the schema of this file lies; for editors.' },
      databases: { description: 'The databases by name.', type: 'object', additionalProperties: database },
      services: { description: 'The services by name.', type: 'object', additionalProperties: service },
      extra_connections: extraConnections,
      rules: { title: 'rule', description: 'Severity per rule, or off.', type: 'object', ...rules },
      thresholds,
      testFiles: {
        type: 'string',
        enum: ['reduced', 'full', 'ignore'],
        default: 'reduced',
        description:
          'How test, script, migration and example files are treated. reduced: only certain bugs, and credentials as hints; full: like application code; ignore: not at all.',
      },
      exclude: oneOrMoreTexts("Files that are not analysed: globs relative to this file's folder.", ['vendor/**']),
    },
  };
}
