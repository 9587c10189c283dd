/** The sizes and limits of each entry of a pgbouncer.ini, with the places where they are written. */
import type { Span } from '../../core/text.ts';
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import {
  type EntryInForce,
  type NumberInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../../declarations/pgbouncerInForce.ts';

/** A number that is known; `at` where it is written. */
export interface Size {
  /** `pool_size` where an entry sets it, `default_pool_size` where it does not. */
  readonly name: string;
  readonly value: number;
  /** The number itself. */
  readonly at?: Span;
}

export interface EntrySizes {
  readonly entry: EntryInForce;
  readonly size?: Size;
  readonly minimum?: Size;
  readonly reserve?: Size;
  /** Absent where there is none. */
  readonly limit?: Size | 'unknown';
}

export function sizesOf(configuration: PgbouncerInForce): EntrySizes[] {
  return [...configuration.databases.values()]
    .filter((entry) => !entry.isOpen && entry.statement.value?.isTemplate !== true)
    .map((entry) => ({
      entry,
      size: either(configuration, entry, ['pool_size'], 'default_pool_size', (value) => value >= 0),
      minimum: either(configuration, entry, ['min_pool_size'], 'min_pool_size', (value) => value >= 0),
      reserve: either(
        configuration,
        entry,
        ['reserve_pool_size', 'reserve_pool'],
        'reserve_pool_size',
        (value) => value >= 0,
      ),
      limit: limitOf(configuration, entry),
    }));
}

/** 0 is no limit; in an entry it leaves the one of all entries in force. */
function limitOf(configuration: PgbouncerInForce, entry: EntryInForce): EntrySizes['limit'] {
  const name = 'max_db_connections';
  const own = numberOfEntry(entry, name);
  if (own?.kind === 'known' && own.value > 0) return sizeOf(name, own);
  const global = globalSize(configuration, name);
  return own?.kind === 'unknown' || global === undefined ? 'unknown' : above0(global);
}

/** A setting of [pgbouncer]; undefined where it is not known. */
export function globalSize(configuration: PgbouncerInForce, name: string): Size | undefined {
  return sizeOf(name, numberInForce(configuration, name));
}

export function above0(size: Size | undefined): Size | undefined {
  return size === undefined || size.value <= 0 ? undefined : size;
}

export function sizeOf(name: string, number: NumberInForce | undefined): Size | undefined {
  if (number?.kind !== 'known') return undefined;
  return { name, value: number.value, at: number.at && placeOf(number.at) };
}

/** The entry's own number where it has one that counts, else that of all entries. */
function either(
  configuration: PgbouncerInForce,
  entry: EntryInForce,
  keys: readonly string[],
  name: string,
  counts: (value: number) => boolean,
): Size | undefined {
  const key = keys.find((each) => entry.pair(each) !== undefined);
  const own = key === undefined ? undefined : numberOfEntry(entry, key);
  if (own?.kind === 'unknown') return undefined;
  if (key !== undefined && own !== undefined && counts(own.value)) return sizeOf(key, own);
  return globalSize(configuration, name);
}

function placeOf(at: SettingStatement | ConnectionPair): Span {
  return at.value?.span ?? at.span;
}
