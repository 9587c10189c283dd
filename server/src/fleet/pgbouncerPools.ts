/**
 * The pools of each entry of a pgbouncer.ini: one per user as whom clients reach the server. server.c, pool_pool_size and its
 * siblings; a user's own settings win over the entry's, the entry's over those of all.
 */
import { locate } from '../core/text.ts';
import {
  type EntryInForce,
  type NumberInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../declarations/pgbouncerInForce.ts';
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import { usersReachForcedUsersSince, zeroIsUnlimitedSince } from '../facts/pgbouncer.ts';
import { isAtLeast } from '../facts/versions.ts';
import type { Quantity } from './model.ts';
import { quantity } from './terms.ts';

/** Who connects: the users by name where a user list names them, else how many there are. */
export type PoolerUsers = { readonly names: readonly string[] } | { readonly count: number };

/** Pools of one entry that are alike: of one user, or of all users whom nothing tells apart. */
export interface PoolGroup {
  /** The user on the server; undefined for users whom nothing tells apart. */
  readonly user?: string;
  readonly pools: number;
  readonly size: Quantity;
  readonly reserve: Quantity;
  /** What the user, over all entries, may open; for several users together. */
  readonly userLimit: Amount;
  /** Groups of a key share that limit. */
  readonly userKey: string;
}

export class PoolReader {
  private readonly named: readonly string[];
  private readonly unnamed: number;
  private readonly authentication = new Map<string, Set<string>>();

  constructor(
    private readonly configuration: PgbouncerInForce,
    private readonly users: PoolerUsers,
  ) {
    // Only these differ from the others.
    const special = [...configuration.users.values()].filter((user) =>
      ['pool_size', 'reserve_pool_size', 'max_user_connections'].some((key) => user.pair(key) !== undefined),
    );
    const known = 'names' in users ? new Set(users.names) : undefined;
    const count = known?.size ?? ('count' in users ? users.count : 0);
    // Where there are fewer users than the file tells apart, those with the largest pools may be the ones.
    const largest = (user: EntryInForce) => rank(this.sizes(undefined, user).size.amount);
    this.named = special
      .filter((user) => known?.has(user.name) ?? true)
      .sort((a, b) => largest(b) - largest(a))
      .slice(0, count)
      .map((user) => user.name);
    this.unnamed = count - this.named.length;
    this.findAuthentication();
  }

  /** How many users there are. */
  get userCount(): number {
    return this.named.length + this.unnamed;
  }

  groupsOf(entry: EntryInForce): PoolGroup[] {
    const forced = entry.pair('user');
    const groups =
      forced === undefined
        ? [...this.named.map((name) => this.group(entry, name)), ...(this.unnamed > 0 ? [this.group(entry)] : [])]
        : [this.forcedGroup(entry, forced.value?.text)];
    for (const user of this.authentication.get(entry.name) ?? []) {
      if (!groups.some((group) => group.user === user)) groups.push(this.group(entry, user));
    }
    return groups;
  }

  /** auth_query runs in a pool of its own: in the entry that a client asks for, or in auth_dbname. */
  private findAuthentication(): void {
    const globalUser = this.textOf('auth_user');
    const globalDatabase = this.textOf('auth_dbname');
    for (const entry of this.configuration.databases.values()) {
      const user = entry.pair('auth_user')?.value?.text ?? globalUser;
      if (user === undefined) continue;
      const database = entry.pair('auth_dbname')?.value?.text ?? globalDatabase ?? entry.name;
      const isClient = entry.pair('user') === undefined && 'names' in this.users && this.users.names.includes(user);
      if (isClient && database === entry.name) continue;
      this.authentication.set(database, (this.authentication.get(database) ?? new Set()).add(user));
    }
  }

  private textOf(name: string): string | undefined {
    const setting = this.configuration.setting(name);
    return setting.kind === 'written' && setting.text !== '' ? setting.text : undefined;
  }

  private group(entry: EntryInForce, name?: string): PoolGroup {
    const pools = name === undefined ? this.unnamed : 1;
    const settings = name === undefined ? undefined : this.configuration.users.get(name);
    const limit = this.userLimit(settings);
    return {
      user: name,
      pools,
      ...this.sizes(entry, settings),
      userLimit: typeof limit === 'number' ? limit * pools : limit,
      userKey: name === undefined ? '' : `=${name}`,
    };
  }

  private forcedGroup(entry: EntryInForce, name: string | undefined): PoolGroup {
    const isReached = isAtLeast(this.configuration.version, usersReachForcedUsersSince);
    const settings = name === undefined || !isReached ? undefined : this.configuration.users.get(name);
    // Before, each entry has a user of its own by that name.
    const userKey = isReached && name !== undefined ? `=${name}` : `/${entry.name}`;
    return { user: name, pools: 1, ...this.sizes(entry, settings), userLimit: this.userLimit(settings), userKey };
  }

  private sizes(entry: EntryInForce | undefined, user: EntryInForce | undefined): Pick<PoolGroup, 'size' | 'reserve'> {
    const size = this.first([
      ['pool_size', numberOfEntry(user, 'pool_size')],
      ['pool_size', numberOfEntry(entry, 'pool_size')],
      ['default_pool_size', numberInForce(this.configuration, 'default_pool_size')],
    ]);
    const amount = this.sizeAmount(size.number);
    const reserve = this.first([
      ['reserve_pool_size', numberOfEntry(user, 'reserve_pool_size')],
      ['reserve_pool_size', numberOfEntry(entry, 'reserve_pool_size')],
      ['reserve_pool', numberOfEntry(entry, 'reserve_pool')],
      ['reserve_pool_size', numberInForce(this.configuration, 'reserve_pool_size')],
    ]);
    const timeout = numberInForce(this.configuration, 'reserve_pool_timeout');
    const hasReserve = amount !== 'unbounded' && !(timeout.kind === 'known' && timeout.value === 0);
    return {
      size: this.quantity(amount, size),
      reserve: this.quantity(hasReserve ? atLeast0(reserve.number) : 0, reserve),
    };
  }

  /** A number below 0 counts as not written; the last one always counts. */
  private first(numbers: readonly (readonly [string, NumberInForce | undefined])[]): Named {
    const found = numbers.find(
      ([, number]) => number !== undefined && (number.kind === 'unknown' || number.value >= 0),
    );
    const [name, number] = found ?? numbers.at(-1)!;
    return { name, number: number! };
  }

  private sizeAmount(number: NumberInForce): Amount {
    if (number.kind === 'unknown') return unknownAmount(number.reason);
    if (number.value > 0) return number.value;
    return isAtLeast(this.configuration.version, zeroIsUnlimitedSince) ? 'unbounded' : 1;
  }

  private userLimit(user: EntryInForce | undefined): Amount {
    return limitAmount(
      numberOfEntry(user, 'max_user_connections'),
      numberInForce(this.configuration, 'max_user_connections'),
    );
  }

  private quantity(amount: Amount, { name, number }: Named): Quantity {
    const place = number.kind === 'known' ? number.at : undefined;
    const span = place && (place.value?.span ?? place.span);
    return quantity(amount, name, { at: span && locate(this.configuration.uriOf(place!), span) });
  }
}

interface Named {
  readonly name: string;
  readonly number: NumberInForce;
}

function rank(amount: Amount): number {
  return typeof amount === 'number' ? amount : Number.MAX_SAFE_INTEGER;
}

function atLeast0(number: NumberInForce): Amount {
  return number.kind === 'unknown' ? unknownAmount(number.reason) : Math.max(0, number.value);
}

/** A limit of PgBouncer: 0 is none, and one of an entry or a user cannot lift the one that holds for all. */
export function limitAmount(own: NumberInForce | undefined, global: NumberInForce): Amount {
  if (own?.kind === 'unknown') return unknownAmount(own.reason);
  if (own !== undefined && own.value > 0) return own.value;
  if (global.kind === 'unknown') return unknownAmount(global.reason);
  return global.value > 0 ? global.value : 'unbounded';
}
