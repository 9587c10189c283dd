/**
 * # fleet-exceeds-max-connections
 *
 * All pools of all processes together can open more connections than the database accepts.
 *
 * ## Why it matters
 *
 * A pool's size counts for one process. The database pays for every process of every replica of every service. Under load
 * the server refuses the connection that is one too many (`remaining connection slots are reserved`, `too many clients
 * already`), and with it whatever needed it: a request, a migration, the administrator's own session.
 *
 * The sum is every pool's `pool_size + max_overflow`, times processes per instance, times replicas, plus the extra
 * connections that the topology file names. It must not exceed `max_connections` minus `reserved`.
 *
 * ## Wrong
 *
 * `app/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=10)
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, reserved: 10}
 * services:
 *   api: {database: main, server: gunicorn, workers: 4, replicas: 2}
 * ```
 *
 * ## Right
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
 *   api: {database: main, server: gunicorn, workers: 4, replicas: 2}
 * ```
 *
 * ## Limits
 *
 * It counts what the settings allow, because that holds whatever the code does. Where the topology states what bounds the
 * use (sync workers, threads) and only the settings exceed the budget, the finding is a warning. An input that is not known
 * makes the total unknown: then it speaks only when the known part alone is too much. Behind a pooler the pools are the
 * pooler's clients and only its own connections count here; the finding stands on `default_pool_size`, in its configuration file or in the
 * topology. Raising `max_connections` usually moves the failure: every
 * PostgreSQL connection is a process with memory of its own.
 *
 * ## Fix safety
 *
 * Suggestion: a smaller pool may make requests wait. Where a size is read from the environment there is no edit; the message
 * says which value fits.
 *
 * ## References
 *
 * - https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
 * - https://docs.sqlalchemy.org/en/20/core/pooling.html
 */
import { onlyCapacityExceeds } from '../../fleet/arithmetic.ts';
import { findingsOnExcess } from '../fleetFindings.ts';
import { findingsOnPooler } from '../poolerExcess.ts';
import { defineRule } from '../rule.ts';

export const fleetExceedsMaxConnections = defineRule({
  id: 'fleet-exceeds-max-connections',
  group: 'size',
  severity: 'error',
  fix: 'suggestion',
  summary: 'All pools together can open more connections than the database accepts.',
  contexts: ['app', 'script'],
  *check({ fleets, pgbouncerFiles, displayPath }) {
    for (const database of fleets.flatMap((fleet) => fleet.databases)) {
      if (database.budget === null || database.fits !== false) continue;
      const onlyCapacity = onlyCapacityExceeds(database);
      yield* findingsOnPooler(database, 'steady', pgbouncerFiles);
      yield* findingsOnExcess(database, 'steady', displayPath, {
        onlyCapacity,
        severity: onlyCapacity ? 'warning' : undefined,
      });
    }
  },
});
