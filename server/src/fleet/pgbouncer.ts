/**
 * What one PgBouncer process with a given file can open on the server, entry by entry and in all: objects.c,
 * launch_new_connection. Short overshoots are left out: a waiting cancel request lets a pool grow to twice its size for a moment.
 */
import {
  type EntryInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../declarations/pgbouncerInForce.ts';
import { type Amount, isUnknown, unknownAmount } from '../declarations/resolved.ts';
import { fallbackDatabase } from '../facts/pgbouncer.ts';
import { addAmounts, multiplyAmounts } from './amounts.ts';
import type { Term } from './model.ts';
import { largestFlow, type PoolEdge } from './pgbouncerFlow.ts';
import { limitAmount, type PoolerUsers, type PoolGroup, PoolReader } from './pgbouncerPools.ts';
import { product, quantity, sum } from './terms.ts';

export interface EntryBudget {
  readonly entry: EntryInForce;
  /** Each pool, or pools that are alike. */
  readonly groups: readonly PoolGroup[];
  /** Server connections of all pools of the entry together. */
  readonly limit: Amount;
  /** The most server connections of the entry, if the others leave their users' limits alone. */
  readonly serverConnections: Amount;
  readonly term: Term;
}

export interface PgbouncerBudget {
  readonly entries: readonly EntryBudget[];
  /** The most server connections of the process; less than the entries' sum where users have limits. */
  readonly serverConnections: Amount;
  readonly term: Term;
  /** Clients that the process accepts. */
  readonly clients: Amount;
  /** File descriptors, as PgBouncer reckons when it starts: clients, full pools, and ten to spare. */
  readonly fileDescriptors: Amount;
}

/** More pools than that no file describes on purpose. */
const mostPools = 50_000;

/** The budget of one process of PgBouncer. Several processes, by so_reuseport or on several machines, each have their own. */
export function pgbouncerBudget(configuration: PgbouncerInForce, users: PoolerUsers): PgbouncerBudget {
  const reader = new PoolReader(configuration, users);
  const all = [...configuration.databases.values()];
  const isTooMuch = all.length * (configuration.users.size + 2) > mostPools;
  const entries = isTooMuch ? [] : all.map((entry) => entryBudget(configuration, entry, reader.groupsOf(entry)));
  const missing = missingPart(configuration, isTooMuch);
  const term = missing === undefined ? together(entries) : sum([together(entries), missing]);
  const clients = amountOf(configuration, 'max_client_conn');
  return {
    entries,
    serverConnections: term.amount,
    term,
    clients,
    fileDescriptors: entries
      .map((entry) => multiplyAmounts(sizeForDescriptors(entry), entry.entry.pair('user') ? 1 : reader.userCount))
      .reduce(addAmounts, addAmounts(addAmounts(clients, 10), missing?.amount ?? 0)),
  };
}

function missingPart({ moreIn }: PgbouncerInForce, isTooMuch: boolean): Term | undefined {
  if (isTooMuch) return quantity(unknownAmount('the file has too many entries and users to count'), 'entries');
  if (moreIn === undefined) return undefined;
  return quantity(unknownAmount(`${moreIn} may hold more entries`), 'include');
}

/** A pool without limit needs as many as its clients, which are counted already. */
function sizeForDescriptors({ groups }: EntryBudget): Amount {
  const size = groups[0]?.size.amount ?? 0;
  return size === 'unbounded' ? 0 : size;
}

/** Entries share what their users may open over all of them. */
export function together(entries: readonly EntryBudget[]): Term {
  const byEntries = sum(entries.map((each) => each.term));
  const flow = largestFlow(entries.flatMap(edgesOf));
  const isLess = typeof flow === 'number' && (typeof byEntries.amount !== 'number' || flow < byEntries.amount);
  return isLess && !isUnknown(byEntries.amount) ? quantity(flow, 'max_user_connections') : byEntries;
}

function edgesOf({ entry, groups, limit }: EntryBudget): PoolEdge[] {
  const isForAny = entry.name === fallbackDatabase;
  return groups.map(({ userKey, userLimit, pools, size, reserve }) => ({
    user: userKey,
    userLimit,
    entry: entry.name,
    // Every database that a client names gets pools, and a limit, of its own.
    entryLimit: isForAny ? 'unbounded' : limit,
    capacity: isForAny ? 'unbounded' : multiplyAmounts(addAmounts(size.amount, reserve.amount), pools),
  }));
}

function entryBudget(configuration: PgbouncerInForce, entry: EntryInForce, groups: readonly PoolGroup[]): EntryBudget {
  const limit = limitAmount(
    numberOfEntry(entry, 'max_db_connections'),
    numberInForce(configuration, 'max_db_connections'),
  );
  const pools = sum(groups.map(groupTerm));
  const budget = { entry, groups, limit, serverConnections: pools.amount, term: pools };
  // More users may have sizes and limits of their own there, and this entry may stand there again.
  const flow = largestFlow(edgesOf(budget));
  const amount = isUnknown(flow) ? flow : (missingPart(configuration, false)?.amount ?? flow);
  if (amount === pools.amount || isUnknown(amount))
    return { ...budget, serverConnections: amount, term: isUnknown(amount) ? quantity(amount, entry.name) : pools };
  const label =
    entry.name === fallbackDatabase ? 'any database' : amount === limit ? 'max_db_connections' : 'max_user_connections';
  return { ...budget, serverConnections: amount, term: quantity(amount, label) };
}

/** "(20 + 5) × 2 users" */
function groupTerm({ pools, size, reserve }: PoolGroup): Term {
  const own = sum([size, reserve]);
  return pools === 1 ? own : product([own, quantity(pools, 'users', { text: `${pools} users` })]);
}

function amountOf(configuration: PgbouncerInForce, name: string): Amount {
  const number = numberInForce(configuration, name);
  return number.kind === 'unknown' ? unknownAmount(number.reason) : Math.max(0, number.value);
}
