/** A pooler as its configuration file has it: what the topology leaves out is taken from there, and the server side is counted. */
import { locate } from '../core/text.ts';
import type { ConnectionPair, PgbouncerUserlist, SettingStatement } from '../declarations/pgbouncer.ts';
import { type EntryInForce, numberInForce, type PgbouncerInForce } from '../declarations/pgbouncerInForce.ts';
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import { fallbackDatabase } from '../facts/pgbouncer.ts';
import type { Database, Pooler, Stated, Topology } from '../topology/model.ts';
import { poolerSettings } from '../topology/read.ts';
import { type EntryBudget, pgbouncerBudget, together } from './pgbouncer.ts';
import type { PoolerUsers } from './pgbouncerPools.ts';

const modes = ['session', 'transaction', 'statement'] as const;

/** What a configuration file says, and who connects. */
export interface PoolerConfiguration {
  readonly whole: PgbouncerInForce;
  readonly users: PoolerUsers;
}

/** The topology with its poolers completed; itself where none names a file that is read. */
export function withPoolerConfigurations(
  topology: Topology,
  configurationOf: (database: Database) => PoolerConfiguration | undefined,
): Topology {
  const databases = new Map<string, Database>();
  let isChanged = false;
  for (const [name, database] of topology.databases) {
    const { pooler } = database;
    const configuration = pooler?.config && configurationOf(database);
    isChanged ||= configuration !== undefined;
    databases.set(
      name,
      pooler === undefined || configuration === undefined
        ? database
        : { ...database, pooler: completed(database, pooler, configuration) },
    );
  }
  return isChanged ? { ...topology, databases } : topology;
}

function completed(database: Database, pooler: Pooler, { whole: configuration, users }: PoolerConfiguration): Pooler {
  const stated = new Map<string, Stated<number>>(pooler.settings);
  for (const name of poolerSettings) {
    const number = stated.has(name) ? undefined : numberInForce(configuration, name);
    if (number?.kind === 'known') stated.set(name, { value: number.value, at: placeOf(configuration, number, pooler) });
  }
  const isSizedHere = ['default_pool_size', 'max_db_connections', 'max_user_connections'].some((name) =>
    pooler.settings.has(name),
  );
  return {
    ...pooler,
    mode: pooler.mode ?? modeIn(configuration, database, pooler),
    settings: stated,
    // Sizes that the topology states are what counts there.
    serverConnections: isSizedHere ? undefined : serverConnectionsIn(configuration, database, pooler, users),
    ignoredStartupParameters: pooler.ignoredStartupParameters ?? namesIn(configuration, 'ignore_startup_parameters'),
    trackedStartupParameters: namesIn(configuration, 'track_extra_parameters'),
  };
}

function placeOf(
  configuration: PgbouncerInForce,
  { at }: { readonly at?: SettingStatement | ConnectionPair },
  pooler: Pooler,
): Stated<number>['at'] {
  return at === undefined ? pooler.config!.at : locate(configuration.uriOf(at), at.value?.span ?? at.span);
}

/** The mode of all entries that lead to this database; undefined where they, or users, differ, or one is not known. */
function modeIn(configuration: PgbouncerInForce, database: Database, pooler: Pooler): Pooler['mode'] {
  const entries = entriesOf(configuration, database);
  if (configuration.moreIn !== undefined || entries === undefined) return undefined;
  const setting = configuration.setting('pool_mode');
  const ofAll = setting.kind === 'unknown' ? undefined : (setting.text ?? 'session');
  const modeOf = (entry: EntryInForce) => {
    const pair = entry.pair('pool_mode');
    if (entry.isTemplate || pair?.value?.isTemplate) return undefined;
    return (pair === undefined ? ofAll : pair.value?.text)?.toLowerCase();
  };
  const [first] = entries;
  const value = modes.find((mode) => mode === (first === undefined ? ofAll?.toLowerCase() : modeOf(first)));
  const differs = (user: EntryInForce) =>
    user.isTemplate || (user.pair('pool_mode') !== undefined && modeOf(user) !== value);
  if (value === undefined || entries.some((entry) => modeOf(entry) !== value)) return undefined;
  if ([...configuration.users.values()].some(differs)) return undefined;
  const own = first?.pair('pool_mode');
  const at = placeOf(
    configuration,
    { at: own ?? (setting.kind === 'written' ? setting.statement : undefined) },
    pooler,
  );
  return { value, at };
}

function namesIn(configuration: PgbouncerInForce, name: string): readonly string[] | undefined {
  const setting = configuration.setting(name);
  if (setting.kind === 'unknown') return undefined;
  return (setting.text ?? '').split(',').flatMap((each) => each.trim().toLowerCase() || []);
}

/** Of one process of the pooler, over the entries that lead to this database's server. */
export function serverConnectionsIn(
  configuration: PgbouncerInForce,
  database: Database,
  pooler: Pooler,
  users: PoolerUsers,
): Amount {
  const budget = pgbouncerBudget(configuration, users);
  if (serversOf([...configuration.databases.values()]).size <= 1)
    return amongNames(configuration, budget.serverConnections, budget.entries);
  const entries = entriesOf(configuration, database);
  if (entries === undefined)
    return unknownAmount(`which entries of ${pooler.config!.value} lead to ${database.name} is not stated (connect)`);
  const own = budget.entries.filter(({ entry }) => entries.includes(entry));
  return amongNames(configuration, together(own).amount, own);
}

/** The `*` entry has no limit over all the names that clients may ask for; how many they do, nothing here says. */
export function amongNames({ file }: PgbouncerInForce, amount: Amount, entries: readonly EntryBudget[]): Amount {
  const isForAny = entries.some(({ entry }) => entry.name === fallbackDatabase);
  const isEndless = entries.some(
    ({ limit, groups }) => limit === 'unbounded' && groups.some(({ size }) => size.amount === 'unbounded'),
  );
  if (amount !== 'unbounded' || !isForAny || isEndless) return amount;
  const name = file.uri.slice(file.uri.lastIndexOf('/') + 1);
  return unknownAmount(`how many databases clients reach through * in ${name} is not known`);
}

/** Those that lead to this database's server; undefined where there are several servers and nothing says which is its own. */
function entriesOf(configuration: PgbouncerInForce, database: Database): readonly EntryInForce[] | undefined {
  const all = [...configuration.databases.values()];
  if (serversOf(all).size <= 1) return all;
  const names = database.connect.map(({ value }) => value);
  const own = all.filter((entry) => names.some((name) => leadsTo(entry, name)));
  const isOneServer = (host: string) => serversOf(all.filter((entry) => hostOf(entry) === host)).size <= 1;
  return own.length > 0 && names.every(isOneServer) ? own : undefined;
}

/** One host may run several servers, each on its own port. */
function serversOf(entries: readonly EntryInForce[]): ReadonlySet<string> {
  return new Set(entries.map((entry) => `${hostOf(entry)} ${entry.pair('port')?.value?.text ?? '5432'}`));
}

/** The socket where no host is named. */
function hostOf(entry: EntryInForce): string {
  return entry.pair('host')?.value?.text ?? '';
}

function leadsTo(entry: EntryInForce, name: string): boolean {
  return entry.name === name || hostOf(entry) === name;
}

/** Who connects through a file's pooler: as the topology states it, else by the user list beside the file, else one. */
export function poolerUsers(
  uri: string,
  pooler: Pooler | undefined,
  userlists: readonly PgbouncerUserlist[],
): PoolerUsers {
  if (pooler?.users !== undefined) return { count: pooler.users.value };
  const folder = uri.slice(0, uri.lastIndexOf('/'));
  const list = userlists.find((each) => each.uri === `${folder}/userlist.txt`);
  const names = list?.users.map((each) => each.user.text) ?? [];
  return names.length > 0 ? { names: [...new Set(names)] } : { count: 1 };
}
