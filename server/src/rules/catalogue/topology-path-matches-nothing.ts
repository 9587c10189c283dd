/**
 * # topology-path-matches-nothing
 *
 * A glob under `paths` of a service matches no file.
 *
 * ## Why it matters
 *
 * The service's pools are not found, so its connections are missing from the sum.
 *
 * ## Wrong
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, paths: [service/api/**]}
 * ```
 * `services/api/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * ```
 *
 * ## Right
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, paths: [services/api/**]}
 * ```
 * `services/api/db.py`
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * ```
 *
 * ## Limits
 *
 * Globs are relative to the topology file's folder. A glob for files that are not checked out here is reported all the same.
 *
 * ## References
 *
 * - https://github.com/micromatch/picomatch#globbing-features
 */
import { defineRule } from '../rule.ts';

export const topologyPathMatchesNothing = defineRule({
  id: 'topology-path-matches-nothing',
  group: 'topology',
  severity: 'warning',
  fix: 'none',
  summary: 'A glob under paths of a service matches no file.',
  contexts: ['app'],
  *check({ fleets }) {
    for (const { service, glob, at } of fleets.flatMap((fleet) => fleet.pathsThatMatchNothing)) {
      yield {
        at,
        message: `${glob} matches no file, so nothing is counted for ${service.name} through it. Globs are relative to this file's folder.`,
      };
    }
  },
});
