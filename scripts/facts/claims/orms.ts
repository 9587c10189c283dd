import { knexClients, knexFacts, knexMisspelt, knexOtherPoolKeys } from '../../../server/src/facts/knex.ts';
import { mikroOrmPoolKeys, poolsWithKnex } from '../../../server/src/facts/mikroOrm.ts';
import type { ParameterFact } from '../../../server/src/facts/parameter.ts';
import { sequelizeDialects, sequelizeFacts } from '../../../server/src/facts/sequelize.ts';
import { typeormPostgresFacts } from '../../../server/src/facts/typeorm.ts';
import { claimsOf, defaultClaims, type LibraryClaims, refusedClaims, tableClaim } from '../claim.ts';

const knex = 'server/src/facts/knex.ts';
const sequelize = 'server/src/facts/sequelize.ts';

function sizeOf(facts: readonly ParameterFact[]) {
  return facts.find(({ role }) => role === 'size')?.fallback ?? null;
}

const newNode = '24.21.0';

export const library: LibraryClaims = {
  name: 'Node ORMs and query builders',
  probe: 'node/orms.mjs',
  server: 'postgresql',
  environments: [
    { id: 'typeorm-0.3', language: 'node', packages: ['typeorm@0.3', 'pg', 'reflect-metadata'] },
    { id: 'typeorm-newest', language: 'node', packages: ['typeorm@1', 'pg', 'reflect-metadata'] },
    { id: 'sequelize-6', language: 'node', packages: ['sequelize@6', 'pg', 'pg-hstore'] },
    { id: 'knex-newest', language: 'node', packages: ['knex', 'pg'] },
    { id: 'drizzle-newest', language: 'node', packages: ['drizzle-orm', 'pg', 'postgres'] },
    { id: 'kysely-newest', language: 'node', node: newNode, packages: ['kysely', 'pg'] },
    {
      id: 'mikro-orm-6',
      language: 'node',
      packages: ['@mikro-orm/core@6.6.16', '@mikro-orm/postgresql@6.6.16', '@mikro-orm/knex@6.6.16'],
    },
    {
      id: 'mikro-orm-7',
      language: 'node',
      node: newNode,
      packages: ['@mikro-orm/core@7.2.1', '@mikro-orm/postgresql@7.2.1', '@mikro-orm/sql@7.2.1'],
    },
  ],
  asks: {
    sequelize: { defaults: sequelizeFacts.map(({ name }) => name), dialects: Object.keys(sequelizeDialects) },
    knex: {
      defaults: knexFacts.map(({ name }) => name),
      refused: Object.keys(knexMisspelt),
      accepted: [...knexOtherPoolKeys],
      clients: Object.keys(knexClients),
    },
  },
  claims({ environment, versions }) {
    switch (environment) {
      case 'typeorm-0.3':
      case 'typeorm-newest':
        return claimsOf('https://typeorm.io/docs/data-source/data-source-options', [
          [
            'TypeORM default',
            { eager: 1, peak: sizeOf(typeormPostgresFacts) },
            "The pool is pg's; initialize() opens one",
          ],
          ['TypeORM poolSize: 3', { eager: 1, peak: 3 }, 'poolSize is the limit'],
          ['TypeORM extra.max: 4', { eager: 1, peak: 4 }, 'extra.max is the limit'],
          ['TypeORM poolSize: 3 and extra.max: 7', { eager: 1, peak: 7 }, 'extra.max beats poolSize'],
          ['TypeORM one primary and two replicas', 3, 'Each node of a replication has a pool'],
        ]);
      case 'sequelize-6':
        return [
          ...defaultClaims(sequelize, 'pool', sequelizeFacts),
          ...Object.keys(sequelizeDialects).map((name) =>
            tableClaim(`${sequelize}: sequelizeDialects`, `dialect ${name}`, 'known', `${name} is a dialect`),
          ),
          ...claimsOf('https://sequelize.org/docs/v6/other-topics/connection-pool/', [
            ['Sequelize default', sizeOf(sequelizeFacts), 'A default pool opens 5'],
            ['Sequelize max: 3', 3, 'pool.max is the limit'],
            ['Sequelize min: 2 before a query', 0, 'min is not opened ahead of need'],
            ["Sequelize pool max: '3'", 'Error', 'A text throws'],
            ['Sequelize pool max: 0', 'Error', '0 throws'],
            ['Sequelize pool false', 'Error', 'pool: false throws'],
            [
              'Sequelize one writer, two readers, max: 4',
              8,
              'A replication has two pools, one for writing, one for all readers',
            ],
            ['Sequelize a full pool', 'ConnectionAcquireTimeoutError', 'acquire bounds the wait'],
          ]),
        ];
      case 'knex-newest':
        return [
          ...defaultClaims(knex, 'pool', knexFacts),
          ...refusedClaims(`${knex}: knexMisspelt`, 'pool', Object.keys(knexMisspelt), 'Tarn'),
          ...[...knexOtherPoolKeys].map((name) =>
            tableClaim(`${knex}: knexOtherPoolKeys`, `accepted ${name}`, 'ok', `pool accepts ${name}`),
          ),
          ...Object.keys(knexClients).map((name) =>
            tableClaim(`${knex}: knexClients`, `client ${name}`, 'ok', `${name} is a client`),
          ),
          ...claimsOf('https://knexjs.org/guide/#pool', [
            ['Knex default', sizeOf(knexFacts), 'A default pool opens 10'],
            ['Knex min: 0, max: 3', 3, 'pool.max is the limit'],
            ['Knex min: 2 before a query', 0, 'min is not opened ahead of need'],
            ['Knex pool max: 1', 'Tarn', 'max: 1 alone throws: min is 2'],
            ["Knex pool max: '5'", 'Tarn', 'A text throws'],
            ['Knex pool unknown: 1', 'Tarn', 'An unknown key throws'],
            ['Knex pool maxWaitingClients: 3', 'Tarn', "generic-pool's keys throw too, after a warning"],
            ['Knex max: 0 makes no pool', true, 'max: 0 makes no pool'],
            ['Knex a full pool', 'KnexTimeoutError', 'acquireConnectionTimeout bounds the wait'],
            ['Knex sqlite pool', { min: 1, max: 1 }, 'SQLite has one connection'],
          ]),
        ];
      case 'drizzle-newest':
        return claimsOf('https://orm.drizzle.team/docs/connect-overview', [
          ['Drizzle node-postgres, URL', 10, "A URL means the driver's default pool"],
          ['Drizzle node-postgres, connection with max', 3, 'connection is handed on'],
          ['Drizzle node-postgres, client', 2, 'client is the pool'],
          ['Drizzle postgres.js, URL', 10, "A URL means the driver's default pool"],
          ['Drizzle postgres.js, connection with max', 3, 'connection is handed on'],
        ]);
      case 'kysely-newest':
        return claimsOf('https://kysely.dev/docs/dialects', [
          ['Kysely', 3, 'The pool is the one handed in'],
          ['Kysely with a function', 3, 'or what a function returns'],
        ]);
      default:
        return [
          ...(environment === 'mikro-orm-7'
            ? [
                tableClaim(
                  'server/src/facts/mikroOrm.ts: mikroOrmPoolKeys',
                  'MikroORM 7 reads of pool',
                  [...mikroOrmPoolKeys],
                  'Version 7 reads three settings of pool',
                ),
              ]
            : []),
          ...claimsOf('https://mikro-orm.io/docs/configuration', [
            ['MikroORM default', sizeOf(knexFacts), 'A default pool opens 10'],
            ['MikroORM pool.max: 3', 3, 'pool.max is the limit'],
            [
              'MikroORM pool.max: 1',
              poolsWithKnex(versions['@mikro-orm/core'] ?? '0') ? 'Error' : 'ok',
              "Below Knex's min of 2, version 6 throws",
            ],
            [
              'MikroORM pool.max: 3, driverOptions',
              environment === 'mikro-orm-7' ? 5 : 3,
              'driverOptions win from version 7 on',
            ],
            ['MikroORM one primary and two replicas', 6, 'Each node of a replication has a pool'],
          ]),
        ];
    }
  },
};
