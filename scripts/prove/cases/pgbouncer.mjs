// PgBouncer in front of the server: what its sizes let through, with more clients than it lets. The sizes stand in the
// topology file by PgBouncer's own names, or in the pgbouncer.ini that the topology file names.
import { throughGate } from '../gate.mjs';

const transaction = { pool_mode: 'transaction' };
const one = { entries: ['d1'], users: ['u1'] };
const twoUsers = { entries: ['d1'], users: ['u1', 'u2'] };

/** Two entries of one database, two users: four pools. Read from the pgbouncer.ini, which alone knows the entries. */
const four = { entries: ['d1', 'd2'], users: ['u1', 'u2'], fromFile: true };

export const cases = [
  {
    title: 'example 6: PgBouncer, 25 and a reserve of 5, one database, one user',
    pooler: {
      ...one,
      settings: { ...transaction, default_pool_size: 25, reserve_pool_size: 5, reserve_pool_timeout: 1 },
    },
    clientsPerPool: 40,
    says: { total: 30 },
  },
  {
    title: 'PgBouncer, 25 for fewer clients',
    pooler: { ...one, settings: { ...transaction, default_pool_size: 25 } },
    clientsPerPool: 9,
    says: { total: 9 },
  },
  {
    title: 'PgBouncer, 3 for each of two users',
    pooler: { ...twoUsers, settings: { ...transaction, default_pool_size: 3 } },
    clientsPerPool: 8,
    says: { total: 6 },
  },
  {
    title: 'PgBouncer, two users, max_db_connections',
    pooler: { ...twoUsers, settings: { ...transaction, default_pool_size: 3, max_db_connections: 4 } },
    clientsPerPool: 8,
    says: { total: 4 },
  },
  {
    title: 'PgBouncer, two users, max_user_connections',
    pooler: { ...twoUsers, settings: { ...transaction, default_pool_size: 3, max_user_connections: 2 } },
    clientsPerPool: 8,
    says: { total: 4 },
  },
  {
    title: 'PgBouncer, the reserve is for each pool',
    pooler: {
      ...twoUsers,
      settings: { ...transaction, default_pool_size: 3, reserve_pool_size: 2, reserve_pool_timeout: 1 },
    },
    clientsPerPool: 8,
    says: { total: 10 },
  },
  {
    title: 'PgBouncer, session mode holds as many',
    pooler: { ...one, settings: { pool_mode: 'session', default_pool_size: 4 } },
    clientsPerPool: 9,
    says: { total: 4 },
  },
  {
    title: 'pgbouncer.ini: 3 for each of two users of two entries',
    pooler: { ...four, settings: { ...transaction, default_pool_size: 3 } },
    clientsPerPool: 8,
    says: { total: 12 },
  },
  {
    title: 'pgbouncer.ini: max_db_connections bounds each entry',
    pooler: { ...four, settings: { ...transaction, default_pool_size: 3, max_db_connections: 4 } },
    clientsPerPool: 8,
    says: { total: 8 },
  },
  {
    title: 'pgbouncer.ini: max_user_connections bounds each user over both entries',
    pooler: { ...four, settings: { ...transaction, default_pool_size: 3, max_user_connections: 5 } },
    clientsPerPool: 8,
    says: { total: 10 },
  },
  {
    title: 'pgbouncer.ini: a reserve for each pool',
    pooler: {
      ...four,
      settings: { ...transaction, default_pool_size: 3, reserve_pool_size: 2, reserve_pool_timeout: 1 },
    },
    clientsPerPool: 8,
    says: { total: 20 },
  },
  {
    title: 'pgbouncer.ini: a size of 0 is one connection for each pool before 1.24',
    before: '1.24',
    pooler: { ...four, settings: { ...transaction, default_pool_size: 0 } },
    clientsPerPool: 8,
    says: { total: 4 },
  },
  {
    title: 'pgbouncer.ini: a size of 0 is no limit from 1.24 on, and every client gets a connection',
    since: '1.24',
    pooler: { ...four, settings: { ...transaction, default_pool_size: 0 } },
    clientsPerPool: 8,
    says: { total: 32 },
  },
  {
    title: 'pgbouncer.ini: auth_query runs in a pool of its own, as large as any',
    pooler: {
      ...four,
      entries: ['d1'],
      users: ['u1'],
      // Nobody knows them before the query that asks for them is through the gate.
      strangers: ['s1'],
      settings: {
        ...transaction,
        default_pool_size: 3,
        auth_user: 'authu',
        auth_query: `SELECT $1::text, ''::text FROM (${throughGate}) gate`,
      },
    },
    clientsPerPool: 8,
    says: { total: 6 },
  },
  {
    title: "pgbouncer.ini: a user's own size",
    since: '1.23',
    pooler: {
      ...four,
      entries: ['d1'],
      userSettings: { u1: 'pool_size=6' },
      settings: { ...transaction, default_pool_size: 3 },
    },
    clientsPerPool: 8,
    says: { total: 9 },
  },
  {
    title: 'pgbouncer.ini: clients beyond max_client_conn are refused',
    pooler: {
      ...four,
      entries: ['d1'],
      users: ['u1'],
      settings: { ...transaction, default_pool_size: 5, max_client_conn: 5 },
    },
    clientsPerPool: 8,
    says: { total: 5, rejected: 3 },
  },
  {
    title: "pgbouncer.ini: an entry's max_db_connections=0 does not lift the limit of all",
    pooler: {
      ...four,
      entries: ['d1'],
      users: ['u1'],
      entrySettings: { d1: 'max_db_connections=0 pool_size=6' },
      settings: { ...transaction, max_db_connections: 3 },
    },
    clientsPerPool: 8,
    says: { total: 3 },
  },
  {
    title: 'pgbouncer.ini: an entry that forces its user has one pool for all',
    pooler: {
      ...four,
      entrySettings: { d1: 'user=u1', d2: 'user=u1 pool_size=5' },
      settings: { ...transaction, default_pool_size: 3 },
    },
    clientsPerPool: 8,
    says: { total: 8 },
  },
];
