/**
 * # topology-service-without-paths
 *
 * There are several services, and one of them claims every file.
 *
 * ## Why it matters
 *
 * Without `paths` a service has all source of the workspace, and the pools of every other service count for it as well. The
 * sum is too large.
 *
 * ## Wrong
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, server: gunicorn}
 *   jobs: {database: main, server: rq}
 * ```
 *
 * ## Right
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, server: gunicorn, paths: [api.py]}
 *   jobs: {database: main, server: rq, paths: [jobs.py]}
 * ```
 * `api.py`
 * ```python
 * ```
 * `jobs.py`
 * ```python
 * ```
 *
 * ## Limits
 *
 * Information: two services may really run the same code with different start commands. Say so with the same `paths` for both.
 *
 * ## References
 *
 * - https://github.com/micromatch/picomatch#globbing-features
 */
import { defineRule } from '../rule.ts';

export const topologyServiceWithoutPaths = defineRule({
  id: 'topology-service-without-paths',
  group: 'topology',
  severity: 'information',
  fix: 'none',
  summary: 'There are several services, and one of them claims every file.',
  contexts: ['app'],
  *check({ fleets }) {
    for (const service of fleets.flatMap((fleet) => fleet.servicesWithoutPaths)) {
      yield {
        at: service.at,
        message: `${service.name} has no paths, so every pool of the workspace counts for it, those of the other services included. Name its source: paths: [services/${service.name}/**].`,
      };
    }
  },
});
