/** asyncpg's prepared statements by version; asyncpg 0.31's changes of `Connection.prepare`, run against PostgreSQL 15. */
import { isAtLeast } from './versions.ts';

/** Assumed where the workspace names none. */
export const newestAsyncpg = '0.32';

/** From 0.31 on `statement_cache_size=0` makes statements that are prepared unnamed as well. */
export function unnamedWithoutCache(version: string): boolean {
  return isAtLeast(version, '0.31');
}
