/** What `databases` really does with the pools of its drivers. Read in the source of 0.9.0; the pools are the drivers' own. */
import { aiopgFact } from './aiopg.ts';
import { asyncmyFact } from './asyncmy.ts';
import { asyncpgFact } from './asyncpg.ts';
import type { ParameterFact } from './parameter.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestDatabases = '0.9';

const page = 'https://www.encode.io/databases/connections_and_transactions/#connection-options';

export type DatabasesDriver = 'asyncpg' | 'aiopg' | 'aiomysql' | 'asyncmy';

const minimum = (fallback: number | null): ParameterFact => ({
  name: 'min_size',
  role: 'minimum',
  unit: 'connections',
  fallback,
  meaning: "Connections opened at once by connect(): asyncpg's default is 10, that of the other drivers 1.",
  special: [{ value: 'above max_size', effect: 'ValueError from connect()' }],
  source: page,
});

const maximum: ParameterFact = {
  name: 'max_size',
  role: 'size',
  unit: 'connections',
  fallback: 10,
  meaning: 'The most connections that are opened, per process.',
  special: [{ value: 'below 10', effect: 'ValueError from connect() under asyncpg, unless min_size is lowered too' }],
  source: page,
};

/** aiomysql's default; asyncmy replaces what was idle for an hour. */
const recycle = (fact: ParameterFact, fallback: number): ParameterFact => ({ ...fact, fallback, source: page });

/** By driver; undefined where it is not known which one it is. */
export function databasesFacts(driver: DatabasesDriver | undefined): readonly ParameterFact[] {
  switch (driver) {
    case 'asyncpg':
      return [minimum(10), maximum, asyncpgFact.get('max_inactive_connection_lifetime')!];
    case 'aiopg':
      return [minimum(1), maximum, aiopgFact.get('timeout')!, recycle(aiopgFact.get('pool_recycle')!, -1)];
    case 'aiomysql':
      return [minimum(1), maximum, recycle(aiopgFact.get('pool_recycle')!, -1)];
    case 'asyncmy':
      return [minimum(1), maximum, recycle(asyncmyFact.get('pool_recycle')!, 3600)];
    default:
      return [minimum(null), maximum];
  }
}

export const databasesMisspelt: Readonly<Record<string, string>> = {
  pool_size: 'max_size',
  max_connections: 'max_size',
  min_connections: 'min_size',
};
