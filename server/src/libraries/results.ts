/** Parts that all results about a library's arguments are made of. */
import type { TextEdit } from '../core/text.ts';
import type { Pool, PoolProblem, PoolProblemFix } from '../declarations/pool.ts';

/** A problem before it is known which rule reports it. */
export type Result = Omit<PoolProblem, 'rule'>;

/** A list of one fix, or of none where there are no edits for it. */
export function fix(
  title: string,
  safety: PoolProblemFix['safety'],
  edits: readonly TextEdit[] | undefined,
  preferred = true,
): PoolProblemFix[] {
  return edits === undefined ? [] : [{ title, safety, preferred, edits }];
}

/** "create_engine" as the library calls it, for messages. */
export function raises(pool: Pool, error: string): string {
  return `${pool.callable} raises ${error}`;
}
