/** What Sequelize's pool really does. Read in sequelize 6.37.8 and sequelize-pool 7.1.0 and measured against PostgreSQL 15. */
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestSequelize = '6.37';

const page = 'https://sequelize.org/docs/v6/other-topics/connection-pool/';

export const sequelizeFacts: readonly ParameterFact[] = [
  {
    name: 'max',
    role: 'size',
    unit: 'connections',
    fallback: 5,
    meaning:
      'The most connections the pool opens, per process. With replication there are two pools: writing and reading.',
    special: [{ value: '0, or a text', effect: 'throws' }],
    source: page,
  },
  {
    name: 'min',
    role: 'minimum',
    unit: 'connections',
    fallback: 0,
    meaning: 'Connections that idle leaves open. None is opened ahead of need.',
    special: [],
    source: page,
  },
  {
    name: 'acquire',
    role: 'acquire-timeout',
    unit: 'milliseconds',
    fallback: 60_000,
    meaning: 'How long a query waits for a free connection before ConnectionAcquireTimeoutError.',
    special: [],
    source: page,
  },
  {
    name: 'idle',
    role: 'idle-timeout',
    unit: 'milliseconds',
    fallback: 10_000,
    meaning: 'Idle time after which a connection is closed, once the pool looks (evict).',
    special: [],
    source: page,
  },
  {
    name: 'evict',
    unit: 'milliseconds',
    fallback: 1_000,
    meaning: 'How often the pool looks for idle connections.',
    special: [],
    source: page,
  },
  {
    name: 'maxUses',
    unit: 'other',
    fallback: null,
    meaning: 'Uses after which a connection is replaced.',
    special: [],
    source: page,
  },
];

/** Dialects of Sequelize whose connections occupy a slot of a server. */
export const sequelizeDialects: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  mssql: 'mssql',
  oracle: 'oracle',
  db2: 'db2',
};
