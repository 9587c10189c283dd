/** Sizes and limits of a pgbouncer.ini that contradict each other, and whether another number would end that. */
import type { Span } from '../../core/text.ts';
import {
  type EntryInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../../declarations/pgbouncerInForce.ts';
import { above0, type EntrySizes, globalSize, type Size, sizeOf, sizesOf } from './sizes.ts';

/** All numbers that are compared. */
export interface Numbers {
  readonly entries: readonly EntrySizes[];
  readonly users: readonly { readonly size?: Size; readonly limit?: Size }[];
  readonly clients?: Size;
  readonly hasReserve: boolean;
  /** False where users have limits of their own, so that pools do not add up. */
  readonly addsUp: boolean;
}

export interface SizeContradiction {
  readonly kind: 'size' | 'minimum' | 'clients' | 'reserve' | 'sum' | 'user';
  readonly at: Span;
  readonly message: string;
  /** The two numbers, where making them equal is a way out. */
  readonly pair?: { readonly larger: Size; readonly smaller: Size };
}

export function numbersOf(configuration: PgbouncerInForce): Numbers {
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

export function* contradictionsIn(numbers: Numbers, entries = numbers.entries): Iterable<SizeContradiction> {
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
  kind: SizeContradiction['kind'],
  larger: Size,
  smaller: Size,
  message: string,
): Iterable<SizeContradiction> {
  const at = larger.at ?? smaller.at;
  if (at !== undefined) yield { kind, at, message, pair: { larger, smaller } };
}

function* reserve(
  { hasReserve }: Numbers,
  { size, limit, reserve: extra }: { readonly size: Size; readonly limit?: Size; readonly reserve?: Size },
): Iterable<SizeContradiction> {
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
function* clientsOfAll(numbers: Numbers): Iterable<SizeContradiction> {
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
export function sumOf({ entries, addsUp }: Numbers): number | undefined {
  let total = 0;
  for (const { size, limit } of entries) {
    if (!addsUp || size?.at === undefined || size.value <= 0 || limit === 'unknown') return undefined;
    total += Math.min(size.value, limit?.value ?? size.value);
  }
  return total;
}

/** True where the number takes the contradiction `own` away and makes none that is not there already. */
export function settles(
  numbers: Numbers,
  keys: ReadonlySet<string>,
  own: string,
  { at }: Size,
  value: number,
): boolean {
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

export function keyOf({ kind, at }: SizeContradiction): string {
  return `${kind} ${at.start}`;
}
