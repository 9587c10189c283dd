/** The fix that puts a sized pool in the place of a pool class that does not pool. */

import { replaceArgument, standsInCall } from '../declarations/edits.ts';
import { writtenArgument } from '../declarations/parameters.ts';
import { advisedAcquireTimeoutSeconds, advisedPoolSize, secondsBelow } from '../facts/advice.ts';
import type { Fix } from './finding.ts';
import { fittingPerProcess } from './fleetFindings.ts';
import type { PoolInContext } from './rule.ts';

/** Everything is written out, so that the new pool has nothing that nobody chose. Empty where not even 1 would fit. */
export function queuePoolInstead({ pool, shares, idleTimeout }: PoolInContext): Fix[] {
  const written = writtenArgument(pool, 'poolclass');
  if (written === undefined || !standsInCall(pool.site, written) || pool.hasUnreadArguments) return [];
  const fitting = shares.map((share) => fittingPerProcess(share.rolloutRecommendation) ?? advisedPoolSize);
  const size = Math.min(advisedPoolSize, ...fitting);
  if (size < 1) return [];
  const below = idleTimeout && secondsBelow(idleTimeout.seconds);
  const values: Record<string, string | number> = {
    pool_size: size,
    max_overflow: 0,
    pool_timeout: advisedAcquireTimeoutSeconds,
    pool_pre_ping: 'True',
    ...(below === undefined ? {} : { pool_recycle: below }),
  };
  const text = Object.entries(values)
    .filter(([name]) => writtenArgument(pool, name) === undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  if (text === '') return [];
  const title = `Use a pool of ${size} instead of ${pool.poolClass}`;
  return [{ title, safety: 'suggestion', preferred: true, edits: replaceArgument(written, text) }];
}
