/**
 * # fleet-exceeds-during-rollout
 *
 * The fleet fits, but not while a rolling deploy runs old and new instances side by side.
 *
 * ## Why it matters
 *
 * A rolling deploy starts new instances before it stops old ones: with `max_surge: 25%` two replicas become three for a
 * while. If their pools do not fit together, deploys fail or break requests, and only deploys do, which makes the cause
 * hard to see.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=11, max_overflow=0)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, reserved: 10}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4, replicas: 2, max_surge: 25%}
 * ```
 *
 * ## Right
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=7, max_overflow=0)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, reserved: 10}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4, replicas: 2, max_surge: 25%}
 * ```
 *
 * ## Limits
 *
 * It speaks only where the steady state fits; otherwise `fleet-exceeds-max-connections` does. `max_surge` is 25 % where the
 * topology file says `platform: kubernetes` and nothing else, and 0 everywhere else. Another remedy is a deploy that stops
 * an instance before it starts the next (`max_surge: 0`).
 *
 * ## Fix safety
 *
 * Suggestion: a smaller pool may make requests wait.
 *
 * ## References
 *
 * - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
 */
import { findingsOnExcess } from '../fleetFindings.ts';
import { findingsOnPooler } from '../poolerExcess.ts';
import { defineRule } from '../rule.ts';

export const fleetExceedsDuringRollout = defineRule({
  id: 'fleet-exceeds-during-rollout',
  group: 'size',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'The fleet fits, but not while a rolling deploy runs old and new instances side by side.',
  contexts: ['app', 'script'],
  *check({ fleets, pgbouncerFiles, displayPath }) {
    for (const database of fleets.flatMap((fleet) => fleet.databases)) {
      if (database.budget === null || database.fits !== true || database.fitsDuringRollout !== false) continue;
      yield* findingsOnPooler(database, 'rollout', pgbouncerFiles);
      yield* findingsOnExcess(database, 'rollout', displayPath);
    }
  },
});
