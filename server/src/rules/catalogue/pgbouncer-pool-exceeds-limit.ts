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

import type { Span } from '../../core/text.ts';
import type { PgbouncerFile } from '../../declarations/pgbouncer.ts';
import {
  type EntryInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../../declarations/pgbouncerInForce.ts';
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

/** Each fix is tried against all numbers; nobody mends more contradictions than these one by one. */
const mostFixed = 100;

/** All numbers that are compared. */
interface Numbers {
  readonly entries: readonly EntrySizes[];
  readonly users: readonly { readonly size?: Size; readonly limit?: Size }[];
  readonly clients?: Size;
  readonly hasReserve: boolean;
  /** False where users have limits of their own, so that pools do not add up. */
  readonly addsUp: boolean;
}

interface Contradiction {
  readonly kind: 'size' | 'minimum' | 'clients' | 'reserve' | 'sum' | 'user';
  readonly at: Span;
  readonly message: string;
  /** The two numbers, where making them equal is a way out. */
  readonly pair?: { readonly larger: Size; readonly smaller: Size };
}

function numbersOf(configuration: PgbouncerInForce): Numbers {
  const userLimit = globalSize(configuration, 'max_user_connections');
  const timeout = numberInForce(configuration, 'reserve_pool_timeout');
  const users = [...configuration.users.values()].filter((user) => !user.isOpen);
  return {
    entries: sizesOf(configuration),
    users: users.map((user) => ({
      size: above0(sizeOf('pool_size', numberOfEntry(user, 'pool_size'))),
      limit: limitOf(user, userLimit),
    })),
    clients: globalSize(configuration, 'max_client_conn'),
    hasReserve: !(timeout.kind === 'known' && timeout.value === 0),
    addsUp:
      configuration.moreIn === undefined &&
      userLimit?.value === 0 &&
      users.every((user) => numberOfEntry(user, 'max_user_connections') === undefined),
  };
}

function limitOf(user: EntryInForce, ofAll: Size | undefined): Size | undefined {
  const own = numberOfEntry(user, 'max_user_connections');
  return own?.kind === 'unknown' ? undefined : (above0(sizeOf('max_user_connections', own)) ?? above0(ofAll));
}

function* contradictionsIn(numbers: Numbers, entries = numbers.entries): Iterable<Contradiction> {
  const { users, clients } = numbers;
  for (const { size, minimum, ...sizes } of entries) {
    const limit = sizes.limit === 'unknown' ? undefined : sizes.limit;
    if (size === undefined || size.value <= 0) continue;
    if (limit !== undefined && size.value > limit.value)
      yield* contradiction(
        'size',
        size,
        limit,
        `${size.name} ${size.value} is never reached: ${limit.name} ${limit.value} holds for all pools of an entry together.`,
      );
    if (minimum !== undefined && minimum.value > size.value)
      yield* contradiction(
        'minimum',
        minimum,
        size,
        `${minimum.name} ${minimum.value} is never reached: ${size.name} ends each pool at ${size.value}.`,
      );
    // min_pool_size opens connections that no client waits for.
    const isFilled = minimum === undefined || minimum.value >= size.value;
    if (clients !== undefined && clients.value >= 0 && size.value > clients.value && !isFilled)
      yield* contradiction(
        'clients',
        size,
        clients,
        `${size.name} ${size.value} is never reached: max_client_conn lets ${clients.value} clients in, and a connection is opened for a client that waits.`,
      );
    yield* reserve(numbers, { size, limit, reserve: sizes.reserve });
  }
  yield* clientsOfAll(numbers);
  for (const { size, limit } of users)
    if (size !== undefined && limit !== undefined && size.value > limit.value)
      yield* contradiction(
        'user',
        size,
        limit,
        `pool_size ${size.value} is never reached: max_user_connections ${limit.value} holds for all pools of the user together.`,
      );
}

/** On the number that is too large, else on the one that is too small; nowhere where both are defaults. */
function* contradiction(
  kind: Contradiction['kind'],
  larger: Size,
  smaller: Size,
  message: string,
): Iterable<Contradiction> {
  const at = larger.at ?? smaller.at;
  if (at !== undefined) yield { kind, at, message, pair: { larger, smaller } };
}

function* reserve(
  { hasReserve }: Numbers,
  { size, limit, reserve: extra }: { readonly size: Size; readonly limit?: Size; readonly reserve?: Size },
): Iterable<Contradiction> {
  if (extra?.at === undefined || extra.value <= 0) return;
  const { name, value, at } = extra;
  if (!hasReserve)
    yield {
      kind: 'reserve',
      at,
      message: `${name} ${value} is never used: reserve_pool_timeout 0 switches the reserve off.`,
    };
  else if (limit !== undefined && size.value === limit.value)
    yield {
      kind: 'reserve',
      at,
      message: `${name} ${value} is never used: ${size.name} ${size.value} reaches ${limit.name} ${limit.value} without it.`,
    };
}

/** Right or wrong, that is a choice to be made on purpose. */
function* clientsOfAll(numbers: Numbers): Iterable<Contradiction> {
  const { entries, clients } = numbers;
  if (clients?.at === undefined || clients.value < 0 || entries.length < 2) return;
  if (entries.some(({ size }) => size?.at !== undefined && size.value > clients.value)) return;
  const total = sumOf(numbers);
  if (total === undefined || total <= clients.value) return;
  yield {
    kind: 'sum',
    at: clients.at,
    message: `The pools of ${entries.length} entries hold ${total} connections together; max_client_conn lets ${clients.value} clients use ${clients.value} of them at a time.`,
  };
}

/** One pool of each entry, as far as its limit lets it grow; undefined where that is not known, or not written. */
function sumOf({ entries, addsUp }: Numbers): number | undefined {
  let total = 0;
  for (const { size, limit } of entries) {
    if (!addsUp || size?.at === undefined || size.value <= 0 || limit === 'unknown') return undefined;
    total += Math.min(size.value, limit?.value ?? size.value);
  }
  return total;
}

function resultOf(
  file: PgbouncerFile,
  numbers: Numbers,
  keys: ReadonlySet<string> | undefined,
  found: Contradiction,
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

/** True where the number takes the contradiction `own` away and makes none that is not there already. */
function settles(numbers: Numbers, keys: ReadonlySet<string>, own: string, { at }: Size, value: number): boolean {
  // A size of 0 is no small one.
  if (at === undefined || value < 1) return false;
  const after = changed(numbers, at, value);
  // What no changed number stands in is as it was; only the sum is of all.
  const entries = after.entries.filter((each, index) => each !== numbers.entries[index] || isAt(numbers.clients, at));
  for (const each of contradictionsIn(after, entries)) {
    const key = keyOf(each);
    if (key === own || !keys.has(key)) return false;
  }
  return true;
}

function changed(numbers: Numbers, at: Span, value: number): Numbers {
  const set = <T extends Size | 'unknown' | undefined>(size: T): T =>
    (isAt(size, at) ? { ...(size as Size), value } : size) as T;
  return {
    ...numbers,
    clients: set(numbers.clients),
    users: numbers.users.map(({ size, limit }) => ({ size: set(size), limit: set(limit) })),
    entries: numbers.entries.map((each) => {
      const { size, minimum, limit } = each;
      if (![size, minimum, each.reserve, limit].some((number) => isAt(number, at))) return each;
      return { ...each, size: set(size), minimum: set(minimum), reserve: set(each.reserve), limit: set(limit) };
    }),
  };
}

function isAt(size: Size | 'unknown' | undefined, { start }: Span): boolean {
  return typeof size === 'object' && size.at?.start === start;
}

function keyOf({ kind, at }: Contradiction): string {
  return `${kind} ${at.start}`;
}
