// PgBouncer in front of the server: what its sizes let through, with more clients than it lets. The sizes stand in the
// topology file by PgBouncer's own names, or in the pgbouncer.ini that the topology file names.

const transaction = { pool_mode: 'transaction' };
const one = { entries: ['d1'], users: ['u1'] };
const twoUsers = { entries: ['d1'], users: ['u1', 'u2'] };

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
];
