// Node processes: one pool per process and replica.
const environment = {
  id: 'prove-node',
  language: 'node',
  packages: ['pg', 'postgres', 'knex', 'sequelize@6', 'pg-hstore', 'typeorm', 'reflect-metadata', 'drizzle-orm'],
};
const driver = 'postgresql';

export const cases = [
  {
    environment,
    driver,
    source: 'node-pg',
    title: "node-postgres, 3 replicas, the library's default",
    service: { server: 'node', replicas: 3 },
    says: { total: 30 },
  },
  {
    environment,
    driver,
    source: 'node-pg',
    title: 'node-postgres, 2 replicas, the size from the environment',
    service: { server: 'node', replicas: 2, env: { POOL_MAX: '6' } },
    says: { total: 12 },
  },
  {
    environment,
    driver,
    source: 'node-knex',
    title: 'Knex, 2 replicas × 7',
    service: { server: 'node', replicas: 2 },
    says: { total: 14 },
  },
  {
    environment,
    driver,
    source: 'node-sequelize',
    title: "Sequelize, 3 replicas, the library's default",
    service: { server: 'node', replicas: 3 },
    says: { total: 15 },
  },
  {
    environment,
    driver,
    source: 'node-postgres-js',
    title: 'postgres.js, 2 replicas × 8',
    service: { server: 'node', replicas: 2 },
    says: { total: 16 },
  },
  {
    environment,
    driver,
    source: 'node-typeorm',
    title: 'TypeORM, 2 replicas × 6',
    service: { server: 'node', replicas: 2 },
    says: { total: 12 },
  },
  {
    environment,
    driver,
    source: 'node-drizzle',
    title: 'Drizzle on a pool of node-postgres, 3 replicas × 4: one pool, not two',
    service: { server: 'node', replicas: 3 },
    says: { total: 12 },
  },
];
