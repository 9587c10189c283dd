/** The pooler that a pool connects to instead of the server: as the topology states it, or as the address gives it away. */
import type { Location } from '../core/text.ts';
import type { Pool } from '../declarations/pool.ts';
import {
  canFollowStatements,
  defaultPreparedStatements,
  modesOfPoolers,
  newestPgbouncer,
  pinningPoolers,
  poolerAt,
  poolerNames,
  statementsNotFollowed,
} from '../facts/poolers.ts';
import type { Database, Pooler } from '../topology/model.ts';

export interface PoolerInFront {
  readonly kind: string;
  /** "PgBouncer 1.20", for messages. */
  readonly name: string;
  /** The version stated, else the newest known. */
  readonly version: string;
  readonly isVersionStated: boolean;
  readonly mode: 'session' | 'transaction' | 'statement';
  /** False where named prepared statements are certain to break; `because` says why. Undefined where that is not known. */
  readonly followsStatements: boolean | undefined;
  readonly because: string;
  /** The `max_prepared_statements = 0` in its configuration file that keeps it from following them. */
  readonly statementsOffAt?: Location;
  /** True where it keeps a server connection for the client that left something in its session. */
  readonly pins: boolean;
  /** Startup parameters it is told to drop, or to track, in lower case; undefined where nobody knows. */
  readonly ignoredParameters?: readonly string[];
  readonly trackedParameters?: readonly string[];
  /** "main", the database of the topology; the address's host where no topology says. */
  readonly database: string;
  /** Where the pooler is stated. */
  readonly at?: Location;
}

/** Undefined where there is none, where several databases differ, or where its mode is not known. */
export function poolerInFrontOf(pool: Pool, databases: readonly Database[]): PoolerInFront | undefined {
  return databases.length === 0 ? byAddress(pool) : poolerOfAll(databases);
}

/** The pooler that stands in front of each of the databases; undefined where they differ. */
export function poolerOfAll(databases: readonly Database[]): PoolerInFront | undefined {
  const [first, ...others] = databases.map((database) =>
    database.pooler === undefined ? undefined : stated(database, database.pooler),
  );
  const isSame = (other: PoolerInFront | undefined) =>
    other?.mode === first?.mode && other?.followsStatements === first?.followsStatements;
  return others.every(isSame) ? first : undefined;
}

function stated(database: Database, pooler: Pooler): PoolerInFront | undefined {
  const kind = pooler.kind.value.toLowerCase();
  const mode = pooler.mode?.value ?? modesOfPoolers[kind];
  if (mode === undefined) return undefined;
  const version = pooler.version?.value;
  const name = [poolerNames[kind] ?? pooler.kind.value, version].filter(Boolean).join(' ');
  const isVersionStated = version !== undefined;
  const common = {
    kind,
    name,
    isVersionStated,
    mode,
    pins: pinningPoolers.has(kind),
    database: database.name,
    at: pooler.mode?.at ?? pooler.kind.at,
    ignoredParameters: pooler.ignoredStartupParameters,
    trackedParameters: pooler.trackedStartupParameters,
  };
  const limit = pooler.settings.get('max_prepared_statements')?.value;
  if (kind !== 'pgbouncer') {
    const because = limit === undefined || limit === 0 ? statementsNotFollowed[kind] : undefined;
    const followsStatements = because === undefined ? (limit === undefined ? undefined : limit > 0) : false;
    return { ...common, version: version ?? '', followsStatements, because: because ?? '' };
  }
  const assumed = version ?? newestPgbouncer;
  return {
    ...common,
    version: assumed,
    ...pgbouncerStatements(assumed, limit),
    statementsOffAt: offAt(pooler, assumed),
  };
}

function offAt({ settings, at: pooler }: Pooler, version: string): Location | undefined {
  const limit = settings.get('max_prepared_statements');
  const isInFile = limit?.value === 0 && limit.at.uri !== pooler.uri;
  return isInFile && canFollowStatements(version) ? limit.at : undefined;
}

/** `limit` is max_prepared_statements where it is set. */
function pgbouncerStatements(version: string, limit: number | undefined) {
  if (!canFollowStatements(version))
    return { followsStatements: false, because: 'PgBouncer follows prepared statements from 1.21 on' };
  if ((limit ?? defaultPreparedStatements(version)) > 0) return { followsStatements: true, because: '' };
  return {
    followsStatements: false,
    because:
      limit === 0
        ? 'max_prepared_statements is 0'
        : `max_prepared_statements is 0, the default of PgBouncer ${version}`,
  };
}

function byAddress({ address }: Pool): PoolerInFront | undefined {
  const known = poolerAt(address.host, address.port);
  if (known === undefined) return undefined;
  const because = statementsNotFollowed[known.kind] ?? '';
  return {
    ...known,
    name: poolerNames[known.kind]!,
    version: '',
    isVersionStated: false,
    pins: false,
    followsStatements: because === '' ? undefined : false,
    because,
    database: address.host!,
    at: address.at,
  };
}
