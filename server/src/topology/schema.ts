/**
 * The topology file's JSON Schema: the only place where its keys are defined. Validation, completion, hover and the
 * published `schemas/poolproof.schema.json` all come from here.
 */
import { platforms } from '../facts/platforms.ts';
import { type ServerFact, servers } from '../facts/processModels.ts';
import { workerClassNames } from '../facts/workerClasses.ts';
import {
  database,
  mostConnections,
  mostInstances,
  numberOrUnknown,
  oneOrMoreTexts,
  unknownWord,
  wholeNumber,
} from './schema-database.ts';
import type { SchemaNode } from './schema-node.ts';

function namesOf(condition: (server: ServerFact) => boolean): string {
  return servers
    .filter(condition)
    .map((server) => server.name)
    .join(', ');
}

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
      examples: servers.map((server) => server.name),
    },
    worker_class: {
      type: 'string',
      minLength: 1,
      description:
        'How one process runs its work: Gunicorn sync, gthread, gevent, uvicorn; Granian wsgi, asgi; Celery prefork, threads, gevent, solo; threadpool for the plain def endpoints of FastAPI, which share 40 threads. It bounds how many connections a process can use at a time.',
      examples: workerClassNames,
    },
    workers: numberOrUnknown(
      'workers',
      `Processes per instance. Absent: 1 for ${namesOf((server) => server.processes === 1)}; unknown where the server counts CPU cores. Gunicorn, Uvicorn, Granian and uWSGI take WEB_CONCURRENCY and the like from env.`,
    ),
    threads: numberOrUnknown(
      'threads',
      'Threads per process that run work (Gunicorn gthread, uWSGI, Granian, Waitress, Dramatiq). Node.js: threads that open pools of their own, the main thread included where it does.',
    ),
    concurrency: numberOrUnknown(
      'concurrency',
      'Units of work at a time. Celery: child processes (prefork), threads or greenlets. Serverless: instances. cron: runs that may overlap. arq: jobs. ASGI and gevent: requests per process (limit_concurrency, worker_connections).',
    ),
    autoscale: {
      description:
        "Celery's autoscaler: the most child processes, or {min: 2, max: 10}; it decides over concurrency, and the maximum is what counts.",
      errorMessage: 'autoscale is a whole number of child processes, or a range such as {min: 2, max: 10}.',
      examples: [10],
      anyOf: [
        { type: 'integer', minimum: 1, maximum: mostInstances },
        {
          title: 'range of child processes',
          type: 'object',
          required: ['max'],
          additionalProperties: false,
          properties: {
            min: wholeNumber('Fewest child processes.', 0, mostInstances),
            max: wholeNumber('Most child processes.', 1, mostInstances),
          },
        },
      ],
    },
    replicas: {
      description: 'Instances: a number, or {min: 2, max: 6} under an autoscaler; the maximum is what counts.',
      default: 1,
      errorMessage: 'replicas is a whole number, a range such as {min: 2, max: 6}, or unknown.',
      anyOf: [
        { type: 'integer', minimum: 0, maximum: mostInstances },
        { type: 'string', enum: [unknownWord] },
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
      examples: platforms.map((platform) => platform.name),
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
