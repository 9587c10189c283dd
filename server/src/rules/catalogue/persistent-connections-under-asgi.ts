/**
 * # persistent-connections-under-asgi
 *
 * Django keeps connections between requests while it is served by ASGI or by greenlets.
 *
 * ## Why it matters
 *
 * `CONN_MAX_AGE` keeps the connection of a thread for the next request in that thread. Under ASGI each request has a thread of its
 * own, and under gevent a greenlet: the connection that it leaves open is never used again, and stays open until garbage
 * collection comes by. One process of Uvicorn that served 30 clients had 83 connections open where 30 were in use.
 *
 * With `CONN_MAX_AGE` 0 a connection is closed at the end of its request. Django's own pool (`OPTIONS["pool"]`, from 5.1 with
 * psycopg 3) works under ASGI; so does a pooler in front of the database.
 *
 * ## Wrong
 *
 * `config/settings/production.py`
 * ```python
 * DATABASES = {
 *     "default": {
 *         "ENGINE": "django.db.backends.postgresql",
 *         "CONN_MAX_AGE": 60,
 *         "CONN_HEALTH_CHECKS": True,
 *     }
 * }
 * ```
 * `Procfile`
 * ```text
 * web: gunicorn config.asgi:application --worker-class uvicorn.workers.UvicornWorker
 * ```
 *
 * ## Right
 *
 * `config/settings/production.py`
 * ```python
 * DATABASES = {
 *     "default": {
 *         "ENGINE": "django.db.backends.postgresql",
 *         "CONN_MAX_AGE": 0,
 *     }
 * }
 * ```
 * `Procfile`
 * ```text
 * web: gunicorn config.asgi:application --worker-class uvicorn.workers.UvicornWorker
 * ```
 *
 * ## Limits
 *
 * It speaks where the topology file, a Procfile, a Dockerfile, a compose file or another start command says how the application is
 * served. An `asgi.py`, `ASGI_APPLICATION` or a package in the requirements proves nothing: every new project has the file. Without a
 * topology the command must name a module of the project that the settings belong to. Lowering `CONN_MAX_AGE` does not help, nor
 * does `ASGI_THREADS`.
 *
 * ## Fix safety
 *
 * Safe: no connection was used twice before.
 *
 * ## References
 *
 * - https://docs.djangoproject.com/en/stable/ref/databases/#persistent-connections-caveats
 */
import { placeOf, setParameters } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import { hasNativePool } from '../../facts/django.ts';
import type { ManifestFact } from '../../topology/drift.ts';
import { type ServingEvidence, servingAround, servingOfService } from '../../topology/evidence.ts';
import { serverPools } from '../pools.ts';
import { defineRule, type PoolInContext, type RuleInput } from '../rule.ts';

export const persistentConnectionsUnderAsgi = defineRule({
  id: 'persistent-connections-under-asgi',
  group: 'lifecycle',
  severity: 'warning',
  fix: 'safe',
  summary: 'Django keeps connections between requests while it is served by ASGI or by greenlets.',
  contexts: ['app'],
  *check(input) {
    for (const entry of serverPools(input.pools)) {
      const { pool } = entry;
      if (pool.system !== 'django' || pool.poolClassKind !== 'per-thread') continue;
      if (pool.idleLimit.kind !== 'seconds' && pool.idleLimit.kind !== 'forever') continue;
      const evidence = servingOf(entry, input);
      if (evidence === undefined) continue;
      const age = pool.idleLimit.kind === 'seconds' ? pool.idleLimit.seconds : 'None';
      const unit = evidence.kind === 'asgi' ? 'a thread' : 'a greenlet';
      const edits = setParameters(pool, { CONN_MAX_AGE: 0 });
      yield {
        at: placeOf(pool, 'CONN_MAX_AGE'),
        message: `CONN_MAX_AGE=${age} keeps connections that nobody uses again: ${evidence.what} gives each request ${unit} of its own, and the connection stays open behind it until garbage collection. Set CONN_MAX_AGE to 0${instead(pool)}.`,
        related: [{ at: evidence.at, message: `${evidence.service}: ${evidence.what}` }],
        fixes: edits && [{ title: 'Set CONN_MAX_AGE to 0', safety: 'safe', preferred: true, edits }],
      };
    }
  },
});

function instead({ address, libraryVersion }: Pool): string {
  const hasPool = address.dialect !== undefined && hasNativePool(address.dialect, libraryVersion);
  return hasPool ? ' and let the pool in OPTIONS keep connections' : '';
}

/** How a service that runs these settings is served, or the project around them where no topology says. */
function servingOf({ pool, shares }: PoolInContext, input: RuleInput): ServingEvidence | undefined {
  for (const share of shares) {
    const fleet = input.fleets.find((each) => each.databases.some((one) => one.database === share.database));
    const evidence = fleet && servingOfService(fleet.topology, share.service, input.manifestFacts());
    if (evidence !== undefined) return evidence;
  }
  return shares.length > 0 ? undefined : servingOfProject(pool, input.manifestFacts());
}

/** A manifest around the settings whose command loads a module of the same project: `config.asgi:application`. */
function servingOfProject({ uri }: Pool, facts: readonly ManifestFact[]): ServingEvidence | undefined {
  return servingAround(uri, facts).find(({ application }) => {
    const project = application?.split(/[.:]/)[0];
    return project !== undefined && project !== '' && uri.includes(`/${project}/`);
  });
}
