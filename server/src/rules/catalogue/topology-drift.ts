/**
 * # topology-drift
 *
 * The topology file and a deployment manifest state different numbers.
 *
 * ## Why it matters
 *
 * The sum is only as true as its factors. When somebody raises the replicas in the manifest and not here, the fleet grows
 * and the sum does not.
 *
 * ## Wrong
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, replicas: 2}
 * ```
 * `docker-compose.yml`
 * ```yaml
 * services:
 *   api:
 *     image: shop
 *     deploy: {replicas: 4}
 * ```
 *
 * ## Right
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main, replicas: 4}
 * ```
 * `docker-compose.yml`
 * ```yaml
 * services:
 *   api:
 *     image: shop
 *     deploy: {replicas: 4}
 * ```
 *
 * ## Limits
 *
 * Services are matched by name; a Dockerfile, `gunicorn.conf.py` and other manifests without names belong to the service that is
 * built from them, or to the only one there is. Compared are `replicas`, `workers`, `threads`, `concurrency`, `autoscale`,
 * `max_surge`, `max_connections`, `superuser_reserved_connections` and `reserved_connections` where both sides state a value. A
 * value that a variable may replace (`${WORKERS:-2}`) is none, and neither is one that is computed. Where manifests differ among
 * themselves, as one per environment may, the topology file may agree with any of them.
 *
 * ## Fix safety
 *
 * Suggestion: it takes over the manifest's value; the topology file may be the one that is right.
 *
 * ## References
 *
 * - https://docs.docker.com/reference/compose-file/deploy/#replicas
 */
import { compareWithManifests } from '../../topology/compare.ts';
import { defineRule } from '../rule.ts';

export const topologyDrift = defineRule({
  id: 'topology-drift',
  group: 'topology',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'The topology file and a deployment manifest state different numbers.',
  contexts: ['app'],
  *check({ fleets, manifestFacts, displayPath }) {
    for (const { topology } of fleets) {
      for (const { name, key, stated, fact } of compareWithManifests(topology, manifestFacts())) {
        const said = `${fact.value}${fact.isDefault ? ', the default,' : ''} in ${displayPath(fact.at.uri)}`;
        const counts = key === 'mode' || key === 'version' ? 'what is told goes by' : 'the sum counts';
        yield {
          at: stated.at,
          message: `${name} has ${key} ${stated.value} here and ${said}; ${counts} ${stated.value}. Take over the manifest's value, or correct the manifest.`,
          related: [{ at: fact.at, message: `${key} ${fact.value} (${fact.manifest})` }],
          fixes: [
            {
              title: `Take over ${key} ${fact.value} from ${displayPath(fact.at.uri)}`,
              safety: 'suggestion',
              preferred: true,
              edits: [{ ...stated.at, newText: String(fact.value) }],
            },
          ],
        };
      }
    }
  },
});
