/** Which pool MikroORM uses, by version; read in 6.6.16 and 7.2.5 and measured with PostgreSQL 15. */
import { isAtLeast } from './versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestMikroOrm = '7.2';

/** Up to version 6 Knex pools, with its minimum of 2; from 7 on the driver does. */
export function poolsWithKnex(version: string): boolean {
  return !isAtLeast(version, '7');
}
