/** What Tortoise really does with the pools of its drivers. Read in the sources of 0.22.2 and 1.1.9 and measured. */
import { aiopgFact } from './aiopg.ts';
import { asyncpgFact } from './asyncpg.ts';
import type { ParameterFact } from './parameter.ts';
import { psycopgPoolFact } from './psycopgPool.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestTortoise = '1.1';

const page = 'https://tortoise.github.io/databases.html';

export type TortoiseBackend = 'asyncpg' | 'psycopg' | 'mysql' | 'mssql' | 'oracle' | 'sqlite';

/** URL schemes and the backends they mean. */
export const tortoiseSchemes: Readonly<Record<string, TortoiseBackend>> = {
  postgres: 'asyncpg',
  postgresql: 'asyncpg',
  asyncpg: 'asyncpg',
  psycopg: 'psycopg',
  mysql: 'mysql',
  mssql: 'mssql',
  oracle: 'oracle',
  sqlite: 'sqlite',
};

export const tortoiseDatabases: Readonly<
  Record<Exclude<TortoiseBackend, 'sqlite'>, { readonly dialect: string; readonly driver?: string }>
> = {
  asyncpg: { dialect: 'postgresql', driver: 'asyncpg' },
  psycopg: { dialect: 'postgresql', driver: 'psycopg' },
  // asyncmy where it is installed, else aiomysql.
  mysql: { dialect: 'mysql' },
  mssql: { dialect: 'mssql', driver: 'asyncodbc' },
  oracle: { dialect: 'oracle', driver: 'asyncodbc' },
};

/** Backends whose sizes may also be called `min_size` and `max_size`, which then win. */
export const tortoiseTakesDriverNames: ReadonlySet<TortoiseBackend> = new Set(['asyncpg', 'psycopg']);

const minimum: ParameterFact = {
  name: 'minsize',
  role: 'minimum',
  unit: 'connections',
  fallback: 1,
  meaning: 'Connections opened with the first query.',
  special: [{ value: 'above maxsize', effect: 'ValueError with the first query' }],
  source: page,
};

const maximum = (fallback: number): ParameterFact => ({
  name: 'maxsize',
  role: 'size',
  unit: 'connections',
  fallback,
  meaning: 'The most connections that are opened, per process.',
  special: [],
  source: page,
});

/** The settings of a connection by its backend. */
export function tortoiseFacts(backend: TortoiseBackend): readonly ParameterFact[] {
  switch (backend) {
    case 'asyncpg':
      return [minimum, maximum(5), asyncpgFact.get('max_inactive_connection_lifetime')!];
    case 'psycopg':
      return [minimum, maximum(5), psycopgPoolFact.get('timeout')!, psycopgPoolFact.get('max_lifetime')!];
    case 'mysql':
      return [minimum, maximum(5), { ...aiopgFact.get('pool_recycle')!, fallback: null, source: page }];
    default:
      return [minimum, maximum(10)];
  }
}

export const tortoiseMisspelt: Readonly<Record<string, string>> = {
  pool_size: 'maxsize',
  max_connections: 'maxsize',
  pool_min_size: 'minsize',
  pool_max_size: 'maxsize',
};
