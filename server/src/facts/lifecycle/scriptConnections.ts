/**
 * What hands out connections and transactions in Node, and how they are given back. None comes back by itself: what a pool
 * handed out and the program forgot, the pool counts as used until the process ends. Paths as `lifecycle/resolve.ts` writes them.
 */
import type { ConnectionFact } from './connections.ts';

const client: ConnectionFact = {
  library: 'node-postgres',
  noun: 'connection',
  isPooled: true,
  // `end()` and `destroy()` close it, and the pool makes another in its place.
  releasedBy: ['release', 'end', 'destroy'],
  returnedBy: ['releaseConnection'],
  block: 'releases',
  holds: 'at once',
  pausedBy: [],
  idleMethods: [],
  forgotten: 'lost',
  remedy: '{name}.release()',
  hasBlock: false,
  isReleaseAwaited: false,
};

/** `const connected = await db.connect()`, which is a database with a connection of its own. */
const pgPromise: ConnectionFact = {
  ...client,
  library: 'pg-promise',
  releasedBy: ['done'],
  returnedBy: [],
  remedy: '{name}.done()',
};

const mariadb: ConnectionFact = { ...client, library: 'mariadb', releasedBy: ['release', 'end', 'destroy', 'close'] };
const mysql: ConnectionFact = { ...client, library: 'mysql2', releasedBy: ['release', 'destroy', 'end', 'close'] };

/** Takes its connection with the first query, and `connect()` or a transaction begins with one. */
const queryRunner: ConnectionFact = {
  ...client,
  library: 'TypeORM',
  releasedBy: ['release'],
  returnedBy: [],
  holds: 'from first use',
  // Where these fail there is no connection to give back.
  idleMethods: ['connect', 'startTransaction', 'on'],
  isReleaseAwaited: true,
};

/** Holds its connection until it ends. */
const transaction = (library: string, managed: string): ConnectionFact => ({
  ...client,
  library,
  noun: 'transaction',
  releasedBy: ['commit', 'rollback'],
  returnedBy: [],
  remedy: '{name}.rollback()',
  isReleaseAwaited: true,
  managed,
});

const pgPools = [
  'pg.Pool()',
  'pg.native.Pool()',
  'pg-pool()',
  '@neondatabase/serverless.Pool()',
  '@vercel/postgres.createPool()',
  '@vercel/postgres.db',
];
const dataSources = [
  'typeorm.DataSource()',
  'typeorm.Connection()',
  'typeorm.getConnection()',
  'typeorm.createConnection()',
];
const sequelizes = ['sequelize.Sequelize()', 'sequelize()', 'sequelize-typescript.Sequelize()'];
const knexes = ['knex()', 'knex.knex()', 'knex.Knex()', 'knex.default()'];

const pairs: readonly (readonly [readonly string[], ConnectionFact])[] = [
  [pgPools.map((path) => `${path}.connect`), client],
  [
    [
      'mysql2/promise.createPool().getConnection',
      'mysql2/promise.Pool().getConnection',
      'mysql2.createPool().promise().getConnection',
      'mysql2.createPool().getConnection',
    ],
    mysql,
  ],
  [['mysql.createPool().getConnection'], { ...mysql, library: 'mysql' }],
  [['mariadb.createPool().getConnection', 'mariadb/callback.createPool().getConnection'], mariadb],
  [['pg-promise()().connect'], pgPromise],
  [['postgres().reserve'], { ...client, library: 'postgres.js', releasedBy: ['release'] }],
  [dataSources.map((path) => `${path}.createQueryRunner`), queryRunner],
  [sequelizes.map((path) => `${path}.transaction`), transaction('Sequelize', 'transaction(async (t) => …)')],
  [knexes.map((path) => `${path}.transaction`), transaction('Knex', 'transaction(async (trx) => …)')],
];

/** Callees that hand out a connection or a transaction, by their path. */
export const scriptConnectionFacts: ReadonlyMap<string, ConnectionFact> = new Map(
  pairs.flatMap(([paths, fact]) => paths.map((path) => [path, fact] as const)),
);

/** Systems whose pools may be files of SQLite: a transaction counts where all of a workspace's are on servers. */
export const systemOfPath: readonly (readonly [path: RegExp, system: string])[] = [
  [/^typeorm\./, 'typeorm'],
  [/^sequelize/, 'sequelize'],
  [/^knex/, 'knex'],
];

/** Methods that hand out connections, and what a file with a call of one holds. */
export const scriptTakingWords: readonly string[] = [
  '.connect(',
  '.getConnection(',
  '.createQueryRunner(',
  '.transaction(',
  '.reserve(',
];

/**
 * Finds their calls where something takes the result (a variable, a caller, a callback), and those whose result nothing takes. Ends
 * before the arguments; what stands before it is looked at where the name of the method is found. What `this` itself is asked for is a method of its own.
 */
export const scriptTakes =
  /\.(?:connect|getConnection|createQueryRunner|transaction|reserve)(?=\s*\()(?<=(?:=>?|\breturn\b)\s{0,40}(?:await\s{1,40})?[\w$.()!?]{1,80}\s{0,40}(?<!(?<![\w$.])this)\.[a-zA-Z]{1,20})|\.(?:connect|getConnection)(?=\s*\(\s*(?:async\b\s*)?(?:function\b|\())|\.(?:connect|getConnection)(?=\(\))(?<=(?:^|[;{}\n])[ \t]{0,200}(?:await\s{1,40})?[\w$.]{1,80}\s{0,40}(?<!(?<![\w$.])this)\.[a-zA-Z]{1,20})/g;
