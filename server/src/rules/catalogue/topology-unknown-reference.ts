/**
 * # topology-unknown-reference
 *
 * The topology file names a database that it does not define.
 *
 * ## Why it matters
 *
 * The service's connections are counted nowhere, so the database looks emptier than it is.
 *
 * ## Wrong
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: mian}
 * ```
 *
 * ## Right
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100}
 * services:
 *   api: {database: main}
 * ```
 *
 * ## Limits
 *
 * Names are compared letter by letter, with upper and lower case.
 *
 * ## Fix safety
 *
 * Suggestion: the defined name that is nearest.
 *
 * ## References
 *
 * - https://yaml.org/spec/1.2.2/
 */

import { defineRule } from '../rule.ts';
import { problemResults } from '../topologyProblems.ts';

export const topologyUnknownReference = defineRule({
  id: 'topology-unknown-reference',
  group: 'topology',
  severity: 'error',
  fix: 'suggestion',
  summary: 'The topology file names a database that it does not define.',
  contexts: ['app'],
  check: ({ topologyProblems }) => problemResults(topologyProblems, 'topology-unknown-reference'),
});
