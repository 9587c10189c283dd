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
 * Suggestion: one fix lowers the size, the other raises the limit.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#max_db_connections
 * - https://www.pgbouncer.org/config.html#reserve_pool_timeout
 */

import type { PgbouncerFile } from '../../declarations/pgbouncer.ts';
import {
  type EntryInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../../declarations/pgbouncerInForce.ts';
import type { Fix } from '../finding.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import { above0, type EntrySizes, globalSize, type Size, sizeOf, sizesOf } from '../pgbouncer/sizes.ts';
import { defineRule, type RuleResult } from '../rule.ts';

export const pgbouncerPoolExceedsLimit = defineRule({
  id: 'pgbouncer-pool-exceeds-limit',
  group: 'pgbouncer',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'Sizes and limits in a pgbouncer.ini contradict each other.',
  contexts: ['app', 'script'],
  *check({ pgbouncerFiles }) {
    for (const { file, inForce } of pgbouncerFiles) {
      const told = new Set<string>();
      for (const result of contradictionsIn(file, inForce)) {
        // What holds for all entries is said once.
        const key = `${result.at.start} ${result.message}`;
        if (!told.has(key)) yield result;
        told.add(key);
      }
    }
  },
});

function* contradictionsIn(file: PgbouncerFile, configuration: PgbouncerInForce): Iterable<RuleResult> {
  const all = sizesOf(configuration);
  const clients = globalSize(configuration, 'max_client_conn');
  for (const sizes of all) {
    const { size, minimum } = sizes;
    const limit = sizes.limit === 'unknown' ? undefined : sizes.limit;
    if (size === undefined || size.value <= 0) continue;
    if (limit !== undefined && size.value > limit.value)
      yield* contradiction(
        file,
        size,
        limit,
        `${size.name} ${size.value} is never reached: ${limit.name} ${limit.value} holds for all pools of an entry together.`,
      );
    if (minimum !== undefined && minimum.value > size.value)
      yield* contradiction(
        file,
        minimum,
        size,
        `${minimum.name} ${minimum.value} is never reached: ${size.name} ends each pool at ${size.value}.`,
      );
    if (clients !== undefined && clients.value >= 0 && size.value > clients.value)
      yield* contradiction(
        file,
        size,
        clients,
        `${size.name} ${size.value} is never reached: max_client_conn lets ${clients.value} clients in, and a connection is opened for a client that waits.`,
      );
    yield* reserve(file, configuration, sizes);
  }
  yield* clientsOfAll(file, all, clients);
  for (const user of configuration.users.values()) yield* userSizes(file, configuration, user);
}

/** On the number that is too large, else on the one that is too small; nowhere where both are defaults. */
function* contradiction(file: PgbouncerFile, larger: Size, smaller: Size, message: string): Iterable<RuleResult> {
  const at = larger.at ?? smaller.at;
  if (at === undefined) return;
  const lower =
    larger.at &&
    fix(`Set ${larger.name} to ${smaller.value}`, 'suggestion', [replaced(file, larger.at, String(smaller.value))]);
  const raise =
    smaller.at &&
    fix(
      `Set ${smaller.name} to ${larger.value}`,
      'suggestion',
      [replaced(file, smaller.at, String(larger.value))],
      lower === undefined,
    );
  yield {
    at: placeIn(file, at),
    message,
    related:
      smaller.at === undefined || at === smaller.at
        ? []
        : [{ at: placeIn(file, smaller.at), message: `${smaller.name} ${smaller.value}` }],
    fixes: [lower, raise].filter((each): each is Fix => each !== undefined),
  };
}

function* reserve(file: PgbouncerFile, configuration: PgbouncerInForce, sizes: EntrySizes): Iterable<RuleResult> {
  const { reserve: extra, size, limit } = sizes;
  if (extra?.at === undefined || extra.value <= 0 || size === undefined) return;
  const timeout = numberInForce(configuration, 'reserve_pool_timeout');
  const at = placeIn(file, extra.at);
  if (timeout.kind === 'known' && timeout.value === 0)
    yield {
      at,
      message: `${extra.name} ${extra.value} is never used: reserve_pool_timeout 0 switches the reserve off.`,
    };
  else if (limit !== undefined && limit !== 'unknown' && size.value === limit.value)
    yield {
      at,
      message: `${extra.name} ${extra.value} is never used: ${size.name} ${size.value} reaches ${limit.name} ${limit.value} without it.`,
    };
}

/** Right or wrong, that is a choice to be made on purpose. */
function* clientsOfAll(
  file: PgbouncerFile,
  all: readonly EntrySizes[],
  clients: Size | undefined,
): Iterable<RuleResult> {
  const sizes = all.map((each) => each.size);
  if (clients?.at === undefined || clients.value < 0 || sizes.length < 2) return;
  if (!sizes.every((size): size is Size => size?.at !== undefined && size.value > 0 && size.value <= clients.value))
    return;
  const total = sizes.reduce((sum, size) => sum + size.value, 0);
  if (total <= clients.value) return;
  yield {
    at: placeIn(file, clients.at),
    severity: 'information',
    message: `The pools of ${sizes.length} entries hold ${total} connections together; max_client_conn lets ${clients.value} clients use ${clients.value} of them at a time.`,
  };
}

function* userSizes(file: PgbouncerFile, configuration: PgbouncerInForce, user: EntryInForce): Iterable<RuleResult> {
  const size = above0(sizeOf('pool_size', numberOfEntry(user, 'pool_size')));
  const limit =
    above0(sizeOf('max_user_connections', numberOfEntry(user, 'max_user_connections'))) ??
    above0(globalSize(configuration, 'max_user_connections'));
  if (size === undefined || limit === undefined || size.value <= limit.value) return;
  yield* contradiction(
    file,
    size,
    limit,
    `pool_size ${size.value} is never reached: max_user_connections ${limit.value} holds for all pools of the user together.`,
  );
}
