/** Pools of Python that connect when they are built, and not at the first use. What they open is open before a fork. */
export interface EagerPool {
  /** Callables that connect at once. */
  readonly callables: ReadonlySet<string>;
  /** The setting that says how many connections are opened. */
  readonly opens: string;
  /** An argument that keeps it closed where it is false. */
  readonly switch?: string;
  /** True where threads of the pool's own open further connections: no thread survives a fork. */
  readonly hasThreads: boolean;
  readonly source: string;
}

/**
 * Run on PostgreSQL 15: a psycopg_pool of two connections that Gunicorn's master opened had both of them shared between its
 * workers, with errors and a hang. By the name of the pool's system. Asynchronous pools cannot open at import: there is no event loop yet.
 */
export const eagerPools: Readonly<Record<string, EagerPool | undefined>> = {
  'psycopg-pool': {
    callables: new Set(['ConnectionPool']),
    opens: 'min_size',
    switch: 'open',
    hasThreads: true,
    source: 'https://www.psycopg.org/psycopg3/docs/api/pool.html#psycopg_pool.ConnectionPool',
  },
  'psycopg2-pool': {
    callables: new Set(['SimpleConnectionPool', 'ThreadedConnectionPool', 'AbstractConnectionPool']),
    opens: 'minconn',
    hasThreads: false,
    source: 'https://www.psycopg.org/docs/pool.html#psycopg2.pool.AbstractConnectionPool',
  },
  'mysql-connector': {
    callables: new Set(['MySQLConnectionPool', 'connect']),
    opens: 'pool_size',
    hasThreads: false,
    source: 'https://dev.mysql.com/doc/connector-python/en/connector-python-connection-pooling.html',
  },
};
