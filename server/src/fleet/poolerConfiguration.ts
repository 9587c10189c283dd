/** A pooler as its configuration file has it: what the topology leaves out is taken from there, and the server side is counted. */
import type { PgbouncerUserlist } from '../declarations/pgbouncer.ts';
import { type EntryInForce, numberInForce, type PgbouncerInForce } from '../declarations/pgbouncerInForce.ts';
import { type Amount, unknownAmount } from '../declarations/resolved.ts';
import type { Database, Pooler, Stated, Topology } from '../topology/model.ts';
import { addAmounts } from './amounts.ts';
import { pgbouncerBudget } from './pgbouncer.ts';
import type { PoolerUsers } from './pgbouncerPools.ts';

const settings = [
  'default_pool_size',
  'reserve_pool_size',
  'min_pool_size',
  'max_client_conn',
  'max_db_connections',
  'max_user_connections',
  'max_prepared_statements',
];

const modes = ['session', 'transaction', 'statement'] as const;

/** The topology with its poolers completed; itself where none names a file that is read. */
export function withPoolerConfigurations(
  topology: Topology,
  configurationOf: (pooler: Pooler) => PgbouncerInForce | undefined,
  userlists: readonly PgbouncerUserlist[],
): Topology {
  const databases = new Map<string, Database>();
  let isChanged = false;
  for (const [name, database] of topology.databases) {
    const { pooler } = database;
    const configuration = pooler?.config && configurationOf(pooler);
    isChanged ||= configuration !== undefined;
    databases.set(
      name,
      pooler === undefined || configuration === undefined
        ? database
        : { ...database, pooler: completed(database, pooler, configuration, userlists) },
    );
  }
  return isChanged ? { ...topology, databases } : topology;
}

function completed(
  database: Database,
  pooler: Pooler,
  configuration: PgbouncerInForce,
  userlists: readonly PgbouncerUserlist[],
): Pooler {
  const stated = new Map<string, Stated<number>>(pooler.settings);
  for (const name of settings) {
    const number = stated.has(name) ? undefined : numberInForce(configuration, name);
    if (number?.kind === 'known') stated.set(name, { value: number.value, at: placeOf(configuration, number, pooler) });
  }
  const isSizedHere = ['default_pool_size', 'max_db_connections', 'max_user_connections'].some((name) =>
    pooler.settings.has(name),
  );
  return {
    ...pooler,
    mode: pooler.mode ?? modeIn(configuration, pooler),
    settings: stated,
    // Sizes that the topology states are what counts there.
    serverConnections: isSizedHere ? undefined : serverConnectionsIn(configuration, database, pooler, userlists),
    ignoredStartupParameters: namesIn(configuration, 'ignore_startup_parameters'),
    trackedStartupParameters: namesIn(configuration, 'track_extra_parameters'),
  };
}

function placeOf(
  { file }: PgbouncerInForce,
  { at }: { readonly at?: { readonly span: { start: number; end: number }; readonly value?: object } },
  pooler: Pooler,
): Stated<number>['at'] {
  const value = at?.value as { span?: { start: number; end: number } } | undefined;
  const span = value?.span ?? at?.span;
  return span === undefined ? pooler.config!.at : { uri: file.uri, start: span.start, end: span.end };
}

function modeIn(configuration: PgbouncerInForce, pooler: Pooler): Pooler['mode'] {
  const setting = configuration.setting('pool_mode');
  if (setting.kind === 'unknown') return undefined;
  const value = modes.find((mode) => mode === (setting.text ?? 'session').toLowerCase());
  const at = placeOf(configuration, { at: setting.kind === 'written' ? setting.statement : undefined }, pooler);
  return value === undefined ? undefined : { value, at };
}

function namesIn(configuration: PgbouncerInForce, name: string): readonly string[] | undefined {
  const setting = configuration.setting(name);
  if (setting.kind === 'unknown') return undefined;
  return (setting.text ?? '').split(',').flatMap((each) => each.trim().toLowerCase() || []);
}

/** Of one process of the pooler, over the entries that lead to this database's server. */
function serverConnectionsIn(
  configuration: PgbouncerInForce,
  database: Database,
  pooler: Pooler,
  userlists: readonly PgbouncerUserlist[],
): Amount {
  const budget = pgbouncerBudget(configuration, usersOf(configuration, pooler, userlists));
  const hosts = new Set([...configuration.databases.values()].map(hostOf));
  if (hosts.size <= 1) return budget.serverConnections;
  const own = budget.entries.filter(({ entry }) => database.connect.some(({ value }) => leadsTo(entry, value)));
  if (own.length === 0)
    return unknownAmount(`which entries of ${pooler.config!.value} lead to ${database.name} is not stated (connect)`);
  return own.map((each) => each.serverConnections).reduce(addAmounts);
}

/** The socket where no host is named. */
function hostOf(entry: EntryInForce): string {
  return entry.pair('host')?.value?.text ?? '';
}

function leadsTo(entry: EntryInForce, name: string): boolean {
  return entry.name === name || hostOf(entry) === name;
}

function usersOf({ file }: PgbouncerInForce, pooler: Pooler, userlists: readonly PgbouncerUserlist[]): PoolerUsers {
  if (pooler.users !== undefined) return { count: pooler.users.value };
  const folder = file.uri.slice(0, file.uri.lastIndexOf('/'));
  const list = userlists.find((each) => each.uri === `${folder}/userlist.txt`);
  const names = list?.users.map((each) => each.user.text) ?? [];
  return names.length > 0 ? { names: [...new Set(names)] } : { count: 1 };
}
