/** Values that fixes propose. Each is a starting point that its rule's documentation explains; none is a library's default. */

/** Seconds after which most HTTP proxies and clients give up (nginx and AWS load balancers: 60; Heroku, Gunicorn: 30). */
export const usualHttpTimeoutSeconds = 30;

/** Seconds a request should wait for a connection at most: well below the 30 s at which most HTTP proxies give up. */
export const advisedAcquireTimeoutSeconds = 10;

/** Seconds after which a connection is replaced where nothing is known of the network: half the usual hour. */
export const advisedRecycleSeconds = 1800;

/** `pool_size` of a pool that takes the place of none, where nothing says what fits; SQLAlchemy's own default. */
export const advisedPoolSize = 5;

/** Instances of services on one database from which a pooler in front of it usually pays. */
export const instancesWithoutPooler = 5;

/**
 * Seconds safely below an idle timeout: whole minutes where there are any, else four fifths; undefined where the limit
 * is too short for any.
 */
export function secondsBelow(limit: number): number | undefined {
  const minutes = Math.ceil(limit / 60) - 1;
  const seconds = minutes >= 1 ? minutes * 60 : Math.floor((limit * 4) / 5);
  return seconds >= 1 ? seconds : undefined;
}
