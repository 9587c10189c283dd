/** Parts that all results about invalid arguments are made of. */
import type { Pool } from '../declarations/pool.ts';
import type { Fix, FixSafety } from './finding.ts';

/** A list of one fix, or of none where there are no edits for it. */
export function fix(title: string, safety: FixSafety, edits: Fix['edits'] | undefined, preferred = true): Fix[] {
  return edits === undefined ? [] : [{ title, safety, preferred, edits }];
}

/** "create_engine" as the library calls it, for messages. */
export function raises(pool: Pool, error: string): string {
  return `${pool.callable} raises ${error}`;
}
