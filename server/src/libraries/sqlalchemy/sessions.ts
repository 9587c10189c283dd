/** What connections of SQLAlchemy's drivers do that a pooler in transaction mode cannot give them. */
import { type Location, locate } from '../../core/text.ts';
import { addSettings } from '../../declarations/edits.ts';
import type {
  DatabaseAddress,
  PoolParameter,
  PoolProblemFix,
  PreparedStatementUse,
  SessionUse,
  StartupParameter,
} from '../../declarations/pool.ts';
import type { Argument, CallSite } from '../../declarations/value.ts';
import { newestAsyncpg, unnamedWithoutCache } from '../../facts/asyncpgStatements.ts';
import type { DependencyView } from '../library.ts';
import { sentEntries, sentInOptions, sentInUrl } from '../startupParameters.ts';

export interface DriverView {
  readonly site: CallSite;
  readonly address: DatabaseAddress;
  /** What `connect_args` says; undefined where some of it cannot be read. */
  readonly driverArguments: ReadonlyMap<string, PoolParameter> | undefined;
  readonly connectArguments: Argument | undefined;
  readonly hasUnreadArguments: boolean;
  readonly dependencies: DependencyView;
  /** True where another function makes the connections: its arguments decide, not these. */
  readonly hasCreator: boolean;
}

export function sessionUse(view: DriverView): SessionUse {
  return { statements: statementUse(view), startupParameters: startupParameters(view) };
}

function statementUse(view: DriverView): PreparedStatementUse {
  const { driverArguments, address } = view;
  const { driver } = address;
  if (driver === 'psycopg2' || driver === 'psycopg2cffi') return { kind: 'none' };
  if (driver !== 'asyncpg' && driver !== 'psycopg') return { kind: 'unknown' };
  if (driverArguments === undefined || view.hasCreator) return { kind: 'unknown' };
  return driver === 'asyncpg' ? asyncpgUse(view, driverArguments) : psycopgUse(view, driverArguments);
}

/**
 * SQLAlchemy prepares every statement itself. From asyncpg 0.31 on a cache of size 0 makes these unnamed; before, only a
 * function that names them does.
 */
function asyncpgUse(view: DriverView, given: ReadonlyMap<string, PoolParameter>): PreparedStatementUse {
  const required = view.dependencies.requirement('asyncpg');
  const version = required?.version ?? newestAsyncpg;
  const cache = given.get('statement_cache_size')?.value;
  if (given.has('prepared_statement_name_func') || (cache !== undefined && !cache.known)) return { kind: 'unknown' };
  // A bound without a version leaves open which release runs.
  if (required !== undefined && required.version === undefined && required.below !== undefined)
    return { kind: 'unknown' };
  const isCacheOff = cache?.known === true && cache.value === 0;
  const isEnough = unnamedWithoutCache(version);
  if (isCacheOff && isEnough) return { kind: 'none' };
  const values: [string, string][] = isCacheOff ? [] : [['statement_cache_size', '0']];
  if (!isEnough) values.push(['prepared_statement_name_func', 'lambda: ""']);
  return {
    kind: 'named',
    driver: `asyncpg ${version}${required === undefined ? ' (assumed: no requirement names a version)' : ''} under SQLAlchemy`,
    at: placeOf(view),
    remedy: `${values.map(([name, value]) => `${name}=${value}`).join(' and ')} in connect_args`,
    fixes: fixesWith(view, values),
  };
}

function psycopgUse(view: DriverView, given: ReadonlyMap<string, PoolParameter>): PreparedStatementUse {
  const threshold = given.get('prepare_threshold')?.value;
  if (threshold !== undefined && !threshold.known) return { kind: 'unknown' };
  if (threshold?.known && threshold.value === null) return { kind: 'none' };
  const written = threshold?.known ? ' (0 means at once, None means never)' : '';
  return {
    kind: 'named',
    driver: 'psycopg 3',
    at: placeOf(view),
    remedy: `prepare_threshold=None in connect_args${written}`,
    fixes: threshold === undefined ? fixesWith(view, [['prepare_threshold', 'None']]) : [],
  };
}

function placeOf({ site, connectArguments }: DriverView): Location {
  return connectArguments?.keywordSpan ?? locate(site.uri, site.calleeSpan);
}

/** Adds the entries to `connect_args`, or the argument with them. */
function fixesWith(view: DriverView, values: readonly (readonly [string, string])[]): PoolProblemFix[] {
  const { site, connectArguments, hasUnreadArguments } = view;
  if (hasUnreadArguments || values.length === 0) return [];
  const title = `Set ${values.map(([name, value]) => `${name}=${value}`).join(', ')} in connect_args`;
  const fix = (edits: PoolProblemFix['edits']): PoolProblemFix[] => [
    { title, safety: 'suggestion', preferred: true, edits },
  ];
  if (connectArguments === undefined) {
    const entries = values.map(([name, value]) => `"${name}": ${value}`).join(', ');
    return fix(addSettings(site, site.insertion, [['connect_args', `{${entries}}`]]));
  }
  const { value } = connectArguments;
  const insertion = value.kind === 'mapping' && value.complete ? value.insertion : undefined;
  return insertion === undefined ? [] : fix(addSettings(site, insertion, values));
}

/** asyncpg's `server_settings` and libpq's `options=-c …` go along when a connection is made. */
function startupParameters({ site, address, driverArguments, connectArguments }: DriverView): StartupParameter[] {
  const isLibpq = address.driver !== undefined && /^psycopg/.test(address.driver);
  const owner = locate(site.uri, site.span);
  return [
    ...sentEntries(driverArguments?.get('server_settings'), owner),
    ...sentInOptions(driverArguments, owner, connectArguments?.valueSpan),
    ...(isLibpq ? sentInUrl(address) : []),
  ];
}
