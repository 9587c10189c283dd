/**
 * The two sides of a pooler from the sizes in the topology file. A configuration file of the pooler, with its entries
 * and users, refines the server side; everything else here stays as it is.
 */
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import type { Database, Pooler } from '../topology/model.ts';
import { addAmounts, fitsWithin, minimumAmount, multiplyAmounts } from './amounts.ts';
import type { PoolerBudget, Total } from './model.ts';

/** PgBouncer's `reserve_pool_size` where none is stated (pgbouncer.ini reference: 0, no reserve). */
const defaultReserve = 0;

/** The pooler's budget, or null where the services connect to the server itself. */
export function poolerBudget(database: Database, clients: Total, rolloutClients: Total): PoolerBudget | null {
  const pooler = database.pooler;
  if (pooler === undefined) return null;
  const limit = pooler.settings.get('max_client_conn')?.value;
  const maxClientConnections = limit === undefined ? null : limit * pooler.instances;
  return {
    clients,
    rolloutClients,
    maxClientConnections,
    serverConnections: serverConnections(database, pooler, clients),
    rolloutServerConnections: serverConnections(database, pooler, rolloutClients),
    fits: fitsWithin(clients, maxClientConnections),
  };
}

/**
 * (default_pool_size + reserve_pool_size) × users × instances, or less where max_db_connections, max_user_connections
 * or the clients are fewer: a server connection is opened for a client that waits, so there are never more of them
 * than clients.
 */
export function serverConnections(database: Database, pooler: Pooler, clients: Total): Amount {
  const stated = (name: string): number | undefined => pooler.settings.get(name)?.value;
  if (pooler.serverConnections !== undefined) {
    const counted = multiplyAmounts(pooler.serverConnections, pooler.instances);
    return clients.value === null ? counted : minimumAmount(counted, clients.value);
  }
  const size = poolSize(database, pooler);
  const users = pooler.users?.value ?? 1;
  const perUser = addAmounts(size, stated('reserve_pool_size') ?? defaultReserve);
  const perInstance = minimumAmount(
    multiplyAmounts(minimumAmount(perUser, limitOf(stated('max_user_connections'))), users),
    limitOf(stated('max_db_connections')),
  );
  const capacity = multiplyAmounts(perInstance, pooler.instances);
  // Unknown clients leave the pooler's own bound in force: it holds whatever they do.
  return clients.value === null ? capacity : minimumAmount(capacity, clients.value);
}

/** In PgBouncer's limits 0 means no limit. */
function limitOf(setting: number | undefined): Amount {
  return setting === undefined || setting === 0 ? 'unbounded' : setting;
}

function poolSize(database: Database, pooler: Pooler): Amount {
  const size = pooler.settings.get('default_pool_size')?.value;
  if (size === undefined) return unknownAmount(`default_pool_size of the pooler of ${database.name} is not stated`);
  if (size > 0) return size;
  // Since 1.24 a size of 0 is no limit; before, such a pool stays at one connection.
  const [major = 1, minor = 24] = (pooler.version?.value ?? '').split('.').filter(Boolean).map(Number);
  return major > 1 || minor >= 24 ? 'unbounded' : 1;
}
