/**
 * # pgbouncer-pool-exceeds-limit
 *
 * Sizes and limits in a pgbouncer.ini contradict each other.
 *
 * ## Why it matters
 *
 * The lower number wins without a word. A pool of 50 under `max_db_connections = 30` is a pool of 30; clients wait for
 * connections that their own setting promised. Which of the two numbers was meant, only their author knows.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 pool_size=50 max_db_connections=30
 *
 * [pgbouncer]
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5
 *
 * [pgbouncer]
 * default_pool_size = 300
 * reserve_pool_size = 5
 * reserve_pool_timeout = 0
 * ```
 *
 * ## Right
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 pool_size=30 max_db_connections=50
 *
 * [pgbouncer]
 * max_client_conn = 500
 * min_pool_size = 5
 * reserve_pool_size = 5
 * reserve_pool_timeout = 3
 * ```
 *
 * ## Limits
 *
 * Numbers that a template fills in, or that an included file may set, are not known and not compared. What the pools together may open
 * on the server is compared with its budget by `fleet-exceeds-max-connections`. `max_client_conn` also needs file descriptors,
 * one for each client and each server connection; how many the process has is not written here.
 *
 * ## Fix safety
 *
 * Suggestion: one fix lowers the size, the other raises the limit. A number that would only contradict another one is not offered.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#max_db_connections
 * - https://www.pgbouncer.org/config.html#reserve_pool_timeout
 */

import type { PgbouncerFile } from '../../declarations/pgbouncer.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import {
  contradictionsIn,
  keyOf,
  type Numbers,
  numbersOf,
  type SizeContradiction,
  settles,
  sumOf,
} from '../pgbouncer/sizeContradictions.ts';
import type { Size } from '../pgbouncer/sizes.ts';
import { defineRule, type RuleResult } from '../rule.ts';

/** Each fix is tried against all numbers; nobody mends more contradictions than these one by one. */
const mostFixed = 100;

export const pgbouncerPoolExceedsLimit = defineRule({
  id: 'pgbouncer-pool-exceeds-limit',
  group: 'pgbouncer',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'Sizes and limits in a pgbouncer.ini contradict each other.',
  contexts: ['app', 'script'],
  *check({ pgbouncerFiles }) {
    for (const { file, inForce } of pgbouncerFiles) {
      const numbers = numbersOf(inForce);
      const all = [...contradictionsIn(numbers)];
      const keys = new Set(all.map(keyOf));
      const told = new Set<string>();
      for (const each of all) {
        // What holds for all entries is said once.
        const key = `${keyOf(each)} ${each.message}`;
        if (told.has(key)) continue;
        told.add(key);
        yield resultOf(file, numbers, told.size > mostFixed ? undefined : keys, each);
      }
    }
  },
});

function resultOf(
  file: PgbouncerFile,
  numbers: Numbers,
  keys: ReadonlySet<string> | undefined,
  found: SizeContradiction,
): RuleResult {
  const { at, message, kind, pair } = found;
  const result = { at: placeIn(file, at), message, severity: kind === 'sum' ? ('information' as const) : undefined };
  if (pair === undefined) return result;
  const { larger, smaller } = pair;
  const changes: [Size, number][] = [
    [larger, smaller.value],
    // The clients that one pool needs may not be enough for all of them.
    [smaller, kind === 'clients' ? Math.max(larger.value, sumOf(numbers) ?? 0) : larger.value],
  ];
  return {
    ...result,
    related:
      smaller.at === undefined || at === smaller.at
        ? []
        : [{ at: placeIn(file, smaller.at), message: `${smaller.name} ${smaller.value}` }],
    fixes: changes
      .filter(([size, value]) => keys !== undefined && settles(numbers, keys, keyOf(found), size, value))
      .map(([{ name, at: place }, value], index) =>
        fix(`Set ${name} to ${value}`, 'suggestion', [replaced(file, place!, String(value))], index === 0),
      ),
  };
}
