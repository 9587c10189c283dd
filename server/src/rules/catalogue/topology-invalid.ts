/**
 * # topology-invalid
 *
 * The topology file says something that cannot be read, or that contradicts itself.
 *
 * ## Why it matters
 *
 * A misspelt key is a number that is not counted, and a sum that looks right and is not. What is wrong is left out of the
 * sum; the rest of the file stays in force. A file that is no YAML at all leaves the last good version in force.
 *
 * ## Wrong
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connection: 100}
 * ```
 *
 * ## Right
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * ```
 *
 * ## Limits
 *
 * Free words, such as a server's or a provider's name, may be unknown to Poolproof; only what is probably a slip of the
 * keyboard is reported.
 *
 * ## Fix safety
 *
 * Suggestion: the nearest known key or word.
 *
 * ## References
 *
 * - https://yaml.org/spec/1.2.2/
 */

import { defineRule } from '../rule.ts';
import { problemResults } from '../topologyProblems.ts';

export const topologyInvalid = defineRule({
  id: 'topology-invalid',
  group: 'topology',
  severity: 'error',
  fix: 'suggestion',
  summary: 'The topology file says something that cannot be read.',
  contexts: ['app'],
  check: ({ topologyProblems }) => problemResults(topologyProblems, 'topology-invalid'),
});
