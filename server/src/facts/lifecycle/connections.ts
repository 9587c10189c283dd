/**
 * What hands out connections and sessions in Python, how they are given back, and what becomes of those that are not.
 * Paths as `lifecycle/resolve.ts` writes them: `()` stands for what a call returned.
 */

export interface ConnectionFact {
  /** For messages: "a psycopg2 pool". */
  readonly library: string;
  readonly noun: 'connection' | 'session' | 'transaction';
  /** True where a pool misses it; else it is a connection of its own. */
  readonly isPooled: boolean;
  /** Methods of the connection after which nothing is held any more. */
  readonly releasedBy: readonly string[];
  /** Methods of the pool that take it back. */
  readonly returnedBy: readonly string[];
  /** What the end of a `with` block over the connection itself does: psycopg2's ends the transaction and no more. */
  readonly block: 'releases' | 'keeps';
  /** A session of SQLAlchemy takes a connection when it is first used, and gives it back when its transaction ends. */
  readonly holds: 'at once' | 'from first use';
  /** Methods that end the transaction, and with it the hold. */
  readonly pausedBy: readonly string[];
  /** Methods that need no connection. */
  readonly idleMethods: readonly string[];
  /** What becomes of one that is forgotten: the garbage collector may give it back, or nothing does. */
  readonly forgotten: 'collected' | 'lost';
  /** `conn.close()`, as messages say how to give it back: `{name}` is the variable, `{pool}` the pool as written. */
  readonly remedy: string;
  /** True where `with` over the call that takes it gives it back. */
  readonly hasBlock: boolean;
  /** Whether giving it back is waited for; absent where it is as taking it is. */
  readonly isReleaseAwaited?: boolean;
  /** How a transaction is written that ends by itself. */
  readonly managed?: string;
  /**
   * The call as head of a `with` whose end does what a `finally` with the remedy does: as it is, or another method of the
   * pool. `isCommitting`: it commits besides. Absent where there is none, or not in every version.
   */
  readonly head?: { readonly method?: string; readonly isCommitting?: true };
  /** True where closing it again does nothing. */
  readonly isCloseRepeatable?: true;
}

const engines = [
  'sqlalchemy.create_engine',
  'sqlalchemy.engine.create_engine',
  'sqlalchemy.engine.create.create_engine',
  'sqlalchemy.future.create_engine',
  'sqlalchemy.engine_from_config',
  'sqlalchemy.engine.engine_from_config',
  'sqlmodel.create_engine',
];
const asyncEngines = [
  'sqlalchemy.ext.asyncio.create_async_engine',
  'sqlalchemy.ext.asyncio.engine.create_async_engine',
  'sqlalchemy.ext.asyncio.async_engine_from_config',
];
const factories = ['sqlalchemy.orm.sessionmaker', 'sqlalchemy.orm.session.sessionmaker'];
const asyncFactories = [
  'sqlalchemy.ext.asyncio.async_sessionmaker',
  'sqlalchemy.ext.asyncio.session.async_sessionmaker',
];
const sessionClasses = [
  'sqlalchemy.orm.Session',
  'sqlalchemy.orm.session.Session',
  'sqlmodel.Session',
  'sqlmodel.orm.session.Session',
];
const asyncSessionClasses = [
  'sqlalchemy.ext.asyncio.AsyncSession',
  'sqlalchemy.ext.asyncio.session.AsyncSession',
  'sqlmodel.ext.asyncio.session.AsyncSession',
];

/** Engines keep no connection before they are used; engines and session factories by what made them. */
export const engineMakers: ReadonlySet<string> = new Set([...engines, ...asyncEngines].map((path) => `${path}()`));
export const asyncEngineMakers: ReadonlySet<string> = new Set(asyncEngines.map((path) => `${path}()`));
export const sessionFactories: ReadonlySet<string> = new Set(
  [...factories, ...asyncFactories].map((path) => `${path}()`),
);

const connection: ConnectionFact = {
  library: 'SQLAlchemy',
  noun: 'connection',
  isPooled: true,
  releasedBy: ['close', 'aclose', 'invalidate', 'detach'],
  returnedBy: [],
  block: 'releases',
  holds: 'at once',
  pausedBy: [],
  idleMethods: [],
  // The pool holds a weak reference: https://docs.sqlalchemy.org/en/20/core/pooling.html#api-documentation-available-pool-implementations
  forgotten: 'collected',
  remedy: '{name}.close()',
  hasBlock: true,
  head: {},
  isCloseRepeatable: true,
};

const asyncConnection: ConnectionFact = { ...connection, isReleaseAwaited: true };

/** `engine.raw_connection()`: a driver connection with a proxy around it, which is no context manager. */
const rawConnection: ConnectionFact = {
  ...connection,
  block: 'keeps',
  hasBlock: false,
  head: undefined,
  isCloseRepeatable: undefined,
  isReleaseAwaited: false,
};

const session: ConnectionFact = {
  ...connection,
  noun: 'session',
  releasedBy: ['close', 'aclose', 'close_all', 'remove', 'invalidate', 'reset'],
  holds: 'from first use',
  pausedBy: ['commit', 'rollback', 'prepare'],
  idleMethods: ['add', 'add_all', 'expunge', 'expunge_all', 'expire', 'expire_all', 'begin', 'get_bind', 'configure'],
};

/** The session's constructor is no coroutine, its end is. */
const asyncSession: ConnectionFact = { ...session, isReleaseAwaited: true };

const psycopg2Pool: ConnectionFact = {
  ...connection,
  library: 'psycopg2.pool',
  // `close()` is none: the pool counts the connection as used until `putconn`. It is passed over all the same.
  releasedBy: ['close'],
  returnedBy: ['putconn'],
  block: 'keeps',
  forgotten: 'lost',
  remedy: '{pool}.putconn({name})',
  hasBlock: false,
  head: undefined,
  isCloseRepeatable: undefined,
  isReleaseAwaited: false,
};

/** https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool.connection */
const psycopgPool: ConnectionFact = {
  ...psycopg2Pool,
  library: 'psycopg_pool',
  block: 'releases',
  head: { method: 'connection', isCommitting: true },
  isReleaseAwaited: undefined,
};

const asyncpgPool: ConnectionFact = {
  ...connection,
  library: 'asyncpg',
  releasedBy: ['close', 'terminate'],
  returnedBy: ['release'],
  block: 'releases',
  forgotten: 'lost',
  remedy: '{pool}.release({name})',
  isCloseRepeatable: undefined,
  isReleaseAwaited: true,
};

/** aiopg, aiomysql, asyncmy: pools in asyncpg's manner. */
const minorAsyncPool = (library: string): ConnectionFact => ({ ...asyncpgPool, library });

/** mysql-connector and oracledb: closing a pooled connection gives it back. */
const closedIntoPool = (library: string, forgotten: ConnectionFact['forgotten']): ConnectionFact => ({
  ...connection,
  library,
  releasedBy: ['close'],
  returnedBy: ['release'],
  forgotten,
  // A pooled connection of MySQL Connector is a context manager since 8.0.28 or so, and closing it twice raises.
  head: library === 'oracledb' ? {} : undefined,
  isCloseRepeatable: undefined,
});

/**
 * A connection without a pool: the server keeps its slot until it is closed, which its destructor does. Measured with psycopg2 2.9, psycopg 3.3
 * and asyncpg 0.32 on PostgreSQL 15, the collector of cycles off: none is left when the function has returned or its exception is handled, each
 * of five while the exceptions are kept. A SQLAlchemy connection that has run something is in a cycle with its transaction.
 */
const single = (library: string, block: ConnectionFact['block']): ConnectionFact => ({
  ...connection,
  library,
  isPooled: false,
  releasedBy: ['close', 'terminate', 'disconnect', 'shutdown'],
  block,
  hasBlock: false,
  head: undefined,
  isCloseRepeatable: undefined,
});

const pairs: readonly (readonly [readonly string[], ConnectionFact])[] = [
  [engines.map((path) => `${path}().connect`), connection],
  [asyncEngines.map((path) => `${path}().connect`), asyncConnection],
  [engines.map((path) => `${path}().raw_connection`), rawConnection],
  [[...sessionClasses, ...factories.map((path) => `${path}()`)], session],
  [[...asyncSessionClasses, ...asyncFactories.map((path) => `${path}()`)], asyncSession],
  [['ThreadedConnectionPool', 'SimpleConnectionPool'].map((name) => `psycopg2.pool.${name}().getconn`), psycopg2Pool],
  [
    ['ConnectionPool', 'AsyncConnectionPool', 'NullConnectionPool', 'AsyncNullConnectionPool'].map(
      (name) => `psycopg_pool.${name}().getconn`,
    ),
    psycopgPool,
  ],
  [['asyncpg.create_pool().acquire', 'asyncpg.pool.create_pool().acquire'], asyncpgPool],
  [['aiopg.create_pool().acquire'], minorAsyncPool('aiopg')],
  [['aiomysql.create_pool().acquire'], minorAsyncPool('aiomysql')],
  [['asyncmy.create_pool().acquire'], minorAsyncPool('asyncmy')],
  [
    ['MySQLConnectionPool'].flatMap((name) => [
      `mysql.connector.pooling.${name}().get_connection`,
      `mysql.connector.${name}().get_connection`,
    ]),
    closedIntoPool('mysql-connector', 'lost'),
  ],
  [['oracledb.create_pool().acquire', 'oracledb.create_pool_async().acquire'], closedIntoPool('oracledb', 'collected')],
  [['psycopg2.connect'], single('psycopg2', 'keeps')],
  [['psycopg.connect', 'psycopg.Connection.connect', 'psycopg.AsyncConnection.connect'], single('psycopg', 'releases')],
  [['asyncpg.connect', 'asyncpg.connection.connect'], { ...single('asyncpg', 'keeps'), isReleaseAwaited: true }],
  [['pymysql.connect', 'pymysql.Connect'], single('PyMySQL', 'releases')],
  [['MySQLdb.connect', 'MySQLdb.Connect'], single('mysqlclient', 'releases')],
  [['mysql.connector.connect'], single('mysql-connector', 'releases')],
  // Its `close` is no coroutine: https://aiomysql.readthedocs.io/en/stable/connection.html
  [['aiomysql.connect'], { ...single('aiomysql', 'releases'), isReleaseAwaited: false }],
  [['mariadb.connect'], single('mariadb', 'releases')],
  [['pymssql.connect'], single('pymssql', 'releases')],
  [['oracledb.connect', 'oracledb.connect_async', 'cx_Oracle.connect'], single('oracledb', 'releases')],
];

/** https://docs.sqlalchemy.org/en/20/changelog/migration_14.html: before it, a session is no context manager. */
export const sessionBlocksSince = '1.4.0';

/** What a factory's sessions are whose `class_` is asynchronous. */
export const sessionsOfClass: ReadonlyMap<string, ConnectionFact> = new Map(
  asyncSessionClasses.map((path) => [path, asyncSession]),
);

/** Callees that hand out a connection or session, by their path. */
export const connectionFacts: ReadonlyMap<string, ConnectionFact> = new Map(
  pairs.flatMap(([paths, fact]) => paths.map((path) => [path, fact] as const)),
);

const blockOf = (library: string, noun: ConnectionFact['noun']): ConnectionFact => ({ ...connection, library, noun });

/** Context managers that hold a connection for the length of their block, besides connections themselves. */
export const holdingBlocks: ReadonlyMap<string, ConnectionFact> = new Map([
  ...[...engines, ...asyncEngines].map((path) => [`${path}().begin`, connection] as const),
  ...[...factories, ...asyncFactories].map((path) => [`${path}().begin`, connection] as const),
  ...['ConnectionPool', 'AsyncConnectionPool', 'NullConnectionPool', 'AsyncNullConnectionPool'].map(
    (name) => [`psycopg_pool.${name}().connection`, blockOf('psycopg_pool', 'connection')] as const,
  ),
  ['django.db.transaction.atomic', blockOf('Django', 'transaction')],
]);

/** What makes session factories: objects of any name, whose calls hand out sessions. */
export const sourceMakers: ReadonlySet<string> = new Set([...factories, ...asyncFactories]);

/** Methods that connect by an engine they are handed; those of an engine itself that do. */
export const connectingByArgument: ReadonlySet<string> = new Set(['create_all', 'drop_all', 'reflect']);
export const connectingMethods: ReadonlySet<string> = new Set(['connect', 'begin', 'raw_connection']);

/** Substrings of files that use an engine when they are imported, and how such a statement begins, at the left margin. */
export const importUseTexts: readonly string[] = [
  ...[...connectingByArgument, ...connectingMethods].map((name) => `.${name}(`),
  '.dispose(',
];
export const importUse =
  /^(?:with[ \t]+[\w.]{1,80}\.(?:connect|begin)|[\w.]{1,80}\.(?:create_all|drop_all|reflect|dispose))(?=\()/m;

/** Substrings, one of which a file holds that takes a connection from an engine or pool of another file. */
export const takingTexts: readonly string[] = [
  '.connect(',
  '.getconn(',
  '.acquire(',
  '.raw_connection(',
  '.get_connection(',
  'Session(',
];

/** Such a call whose result something takes. */
export const takingCall =
  /(?:=|\breturn\b)[ \t]*(?:await[ \t]+)?(?:[\w.()]{1,80}\.(?:connect|getconn|acquire|raw_connection|get_connection)|(?:Async)?Session)\(/;

const lastNames = (paths: Iterable<string>) => [
  ...new Set([...paths].map((path) => path.replace(/\(\)$/, '').split('.').at(-1)!)),
];

/** Last names of callables whose result is a connection or session that a variable may take; of factories, any name. */
export const takingWords: readonly string[] = lastNames(connectionFacts.keys());

/** Last names of callables that a block can hold a connection by. */
export const holdingWords: readonly string[] = lastNames([...connectionFacts.keys(), ...holdingBlocks.keys()]);
