/**
 * # pool-inherited-over-fork
 *
 * A pool connects when its module is imported, and the processes that use it are forked after that.
 *
 * ## Why it matters
 *
 * A forked process inherits open connections: parent and children then write to the same socket, and an answer reaches
 * whichever of them reads first. That shows as `lost synchronization with server`, as rows of another request, as a hang. Threads do not
 * survive a fork either: a psycopg_pool in the child opens no further connection, and its clients wait until they time out.
 *
 * ## Wrong
 *
 * `shop/db.py`
 * ```python
 * import os
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * pool = ThreadedConnectionPool(2, 8, os.environ["DATABASE_URL"])
 * ```
 * `Procfile`
 * ```text
 * web: gunicorn --preload --workers 4 shop.wsgi:app
 * ```
 *
 * ## Right
 *
 * `shop/db.py`
 * ```python
 * import os
 * from functools import lru_cache
 * from psycopg2.pool import ThreadedConnectionPool
 *
 * @lru_cache
 * def get_pool():
 *     return ThreadedConnectionPool(2, 8, os.environ["DATABASE_URL"])
 * ```
 * `Procfile`
 * ```text
 * web: gunicorn --preload --workers 4 shop.wsgi:app
 * ```
 *
 * ## Limits
 *
 * It speaks of pools that connect when they are built: psycopg_pool's `ConnectionPool`, psycopg2's pools and MySQL Connector's. An engine of
 * SQLAlchemy connects when it is first used: one that only stands at module level is safe. One at module level is reported where its own module
 * or the application that the command names uses it while it is imported, by `metadata.create_all(engine)`, `reflect`, `engine.connect()` or
 * `engine.begin()` outside of any function and condition, and nothing at import disposes of it. What functions do that are called at import
 * is not followed. Evidence of the fork is Gunicorn with preload,
 * uWSGI without lazy-apps, or Celery's prefork pool, with more than one process, in the topology file or in a manifest around the code. Without
 * a topology the command must name the package that the pool belongs to; for Celery the very module.
 *
 * Silent where anything in the workspace runs in the new process (`post_fork`, `postfork`, `worker_process_init`, `os.register_at_fork`):
 * whether it opens the pool anew is not looked at. Silent too where the pool is built closed (`open=False`) or opens no connection (`min_size=0`).
 *
 * ## References
 *
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html#using-connection-pools-with-multiprocessing-or-os-fork
 * - https://uwsgi-docs.readthedocs.io/en/latest/articles/TheArtOfGracefulReloading.html#preforking-vs-lazy-apps-vs-lazy
 * - https://docs.gunicorn.org/en/stable/settings.html#preload-app
 */
import { locate } from '../../core/text.ts';
import { numberOf } from '../../declarations/parameters.ts';
import type { Pool } from '../../declarations/pool.ts';
import { type EagerPool, eagerPools } from '../../facts/lifecycle/eagerPools.ts';
import { type ForkEvidence, forkOfService, forksAround } from '../../topology/evidence.ts';
import { serverPools } from '../pools.ts';
import { defineRule, type PoolInContext, type RuleInput, type RuleResult } from '../rule.ts';

export const poolInheritedOverFork = defineRule({
  id: 'pool-inherited-over-fork',
  group: 'lifecycle',
  severity: 'warning',
  fix: 'none',
  summary: 'A pool connects when its module is imported, and the processes that use it are forked after that.',
  contexts: ['app'],
  *check(input) {
    if (input.forkNotes.has('reopens')) return;
    for (const entry of serverPools(input.pools)) {
      const { pool } = entry;
      const eager = eagerPools[pool.system];
      const opened = eager && openedAtImport(pool, eager);
      if (eager === undefined || opened === undefined) continue;
      const evidence = forkOf(entry, input);
      if (evidence === undefined) continue;
      const connections = opened === 1 ? 'one connection' : `${opened} connections`;
      const threads = eager.hasThreads ? ', and the threads of the pool exist in none of them' : '';
      yield {
        at: locate(pool.uri, pool.site.calleeSpan),
        message: `${pool.callable} opens ${connections} when the module is imported, and ${evidence.what} forks its processes after that: all of them write to the same sockets${threads}. ${remedy(eager, evidence)}`,
        related: [{ at: evidence.at, message: `${evidence.service}: ${evidence.what}` }],
      };
    }
    if (input.lifecycle.enginesUsedAtImport.length > 0) yield* usedAtImport(input);
  },
});

function* usedAtImport(input: RuleInput): Iterable<RuleResult> {
  for (const entry of serverPools(input.pools)) {
    const { pool } = entry;
    if (pool.system !== 'sqlalchemy' || pool.poolClassKind !== 'queue' || pool.site.enclosing !== undefined) continue;
    const uses = input.lifecycle.enginesUsedAtImport.filter(
      ({ engine }) => engine.uri === pool.uri && engine.name === pool.name,
    );
    const evidence = uses.length === 0 ? undefined : forkOf(entry, input);
    // Another module may be a script that runs by itself: the application's own is loaded for certain.
    const use = evidence && uses.find(({ uri }) => uri === pool.uri || isModule(evidence.application, uri));
    if (evidence === undefined || use === undefined) continue;
    yield {
      at: use.at,
      message: `${use.method} connects when the module is imported, and ${evidence.what} forks its processes after that: the connection stays in the engine's pool, and all of them write to the same socket. Call ${pool.name}.dispose() right after it, or move it out of the import.`,
      related: [
        { at: locate(pool.uri, pool.site.calleeSpan), message: `the engine ${pool.name}` },
        { at: evidence.at, message: `${evidence.service}: ${evidence.what}` },
      ],
    };
  }
}

/** How many connections are open after the import; undefined where that is not certain. */
function openedAtImport(pool: Pool, eager: EagerPool): number | undefined {
  if (pool.site.enclosing !== undefined || pool.hasUnreadArguments || !eager.callables.has(pool.callable))
    return undefined;
  const own = eager.switch === undefined ? undefined : pool.otherArguments.get(eager.switch)?.value;
  if (own !== undefined && !(own.known && own.value === true)) return undefined;
  const opened = numberOf(pool, eager.opens);
  return opened === undefined || opened < 1 ? undefined : opened;
}

function remedy({ switch: closed }: EagerPool, { kind }: ForkEvidence): string {
  const hook = { 'gunicorn-preload': 'post_fork', uwsgi: '@postfork', 'celery-prefork': 'worker_process_init' }[kind];
  return closed === undefined
    ? `Build it in the worker: in ${hook}, or at the first use.`
    : `Pass ${closed}=False and call ${closed}() in the worker: in ${hook}, or at the first use.`;
}

function forkOf({ pool, shares }: PoolInContext, input: RuleInput): ForkEvidence | undefined {
  const isCertain = (evidence: ForkEvidence) =>
    evidence.isSeveral && !(evidence.isDefault && input.forkNotes.has('chooses'));
  for (const share of shares) {
    const fleet = input.fleets.find((each) => each.databases.some((one) => one.database === share.database));
    const evidence = fleet && forkOfService(fleet.topology, share.service, input.manifestFacts());
    if (evidence !== undefined && isCertain(evidence)) return evidence;
  }
  if (shares.length > 0) return undefined;
  return forksAround(pool.uri, input.manifestFacts()).find((each) => isCertain(each) && loads(each, pool.uri));
}

/** True where the application that a command names is of the same package; for Celery, where it is the module itself. */
function loads({ application, kind }: ForkEvidence, uri: string): boolean {
  if (kind === 'celery-prefork') return isModule(application, uri);
  const path = pathOf(application);
  if (path === undefined) return false;
  const [first] = path.split('/');
  return uri.includes(`/${first}/`) || uri.endsWith(`/${first}.py`);
}

/** True where the application is the module itself, or the package it opens. */
function isModule(application: string | undefined, uri: string): boolean {
  const path = pathOf(application);
  return path !== undefined && (uri.endsWith(`/${path}.py`) || uri.endsWith(`/${path}/__init__.py`));
}

/** `shop.wsgi:app` as `shop/wsgi`. */
function pathOf(application: string | undefined): string | undefined {
  const [module] = (application ?? '').split(':');
  return module === undefined || module === '' ? undefined : module.replace(/\.py$/, '').replaceAll('.', '/');
}
