/** The size of a pooler's pools that the server's budget leaves room for. */
import type { PgbouncerInForce } from '../declarations/pgbouncerInForce.ts';
import { type Amount, isUnknown } from '../declarations/resolved.ts';
import type { Pooler } from '../topology/model.ts';
import type { DatabaseBudget, Phase } from './model.ts';
import { serverConnections } from './pooler.ts';
import { type PoolerConfiguration, serverConnectionsIn } from './poolerConfiguration.ts';

export interface FittingSize {
  readonly size: number;
  /** The database's total with it. */
  readonly total: number;
}

/**
 * The largest `default_pool_size` with which everything fits; undefined where none does, where it decides nothing, or where the sum is
 * not known. `configuration` is the pooler's file, where that decides what it opens.
 */
export function fittingPoolSize(
  database: DatabaseBudget,
  phase: Phase,
  configuration: PoolerConfiguration | undefined,
): FittingSize | undefined {
  const { pooler } = database.database;
  if (pooler === undefined || database.pooler === null || database.budget === null) return undefined;
  const clients = phase === 'steady' ? database.pooler.clients : database.pooler.rolloutClients;
  const direct = database.extras
    .filter((extra) => extra.via?.value !== 'pooler')
    .reduce((sum, extra) => sum + extra.connections.value, 0);
  const totalWith = (size: number): number | undefined => {
    const resized = sized(database, pooler, size, configuration);
    const opened = serverConnections(database.database, resized, clients);
    return typeof opened === 'number' ? opened + direct : undefined;
  };
  const fits = (size: number) => (totalWith(size) ?? Number.POSITIVE_INFINITY) <= database.budget!;
  if (!fits(1)) return undefined;
  let size = 1;
  // No pool is larger than what the server accepts.
  for (let step = 2 ** Math.ceil(Math.log2(database.budget + 1)); step >= 1; step /= 2)
    if (fits(size + step)) size += step;
  // A size that decides nothing fits whatever it is.
  return size > database.budget ? undefined : { size, total: totalWith(size)! };
}

function sized(
  { database }: DatabaseBudget,
  pooler: Pooler,
  size: number,
  configuration: PoolerConfiguration | undefined,
): Pooler {
  if (configuration !== undefined && pooler.serverConnections !== undefined) {
    const opened: Amount = serverConnectionsIn(
      withSize(configuration.whole, size),
      database,
      pooler,
      configuration.users,
    );
    return isUnknown(opened) ? pooler : { ...pooler, serverConnections: opened };
  }
  const at = pooler.settings.get('default_pool_size')?.at ?? pooler.at;
  return { ...pooler, settings: new Map(pooler.settings).set('default_pool_size', { value: size, at }) };
}

function withSize(whole: PgbouncerInForce, size: number): PgbouncerInForce {
  return {
    ...whole,
    setting: (name) => (name === 'default_pool_size' ? { kind: 'default', text: String(size) } : whole.setting(name)),
  };
}
