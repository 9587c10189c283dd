/** Which pools a rule speaks about. */
import type { PoolInContext } from './rule.ts';

/** Pools on a database server. */
export function serverPools(pools: readonly PoolInContext[]): PoolInContext[] {
  return pools.filter(({ pool }) => pool.address.isNetworkDatabase);
}

const sqlalchemySystems = new Set(['sqlalchemy', 'sqlalchemy-async', 'flask-sqlalchemy']);

/** Pools on a database server that SQLAlchemy manages, whoever configures it: their settings have SQLAlchemy's names. */
export function sqlalchemyPools(pools: readonly PoolInContext[]): PoolInContext[] {
  // A pool that is built without an engine has the settings under other names.
  return serverPools(pools).filter(
    ({ pool }) => sqlalchemySystems.has(pool.system) && pool.parameters.has('pool_pre_ping'),
  );
}
