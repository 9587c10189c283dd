/** TypeORM, by itself and under Nest: the driver's pool, one per node where it replicates. */
import type { DatabaseAddress, Pool } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import type { CallSite } from '../declarations/value.ts';
import {
  newestTypeorm,
  typeormDrivers,
  typeormMysqlFacts,
  typeormMysqlFactsWithLimit,
  typeormPostgresFacts,
  typeormPostgresFactsWithMax,
  typeormTypes,
} from '../facts/typeorm.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library, LinkedSite } from './library.ts';
import { mssqlPool } from './mssql.ts';
import { nestModule, nestOptions } from './nest.ts';
import { pgBehaviour } from './nodePostgres.ts';
import { nestedOptions, type Options, optionsAt } from './options.ts';
import { assumedVersionOf, limitedBy, plainPool } from './plainPool.ts';

const sources = ['typeorm.DataSource', 'typeorm.createConnection', 'typeorm.createConnections', 'typeorm.Connection'];
const nest = nestModule('@nestjs/typeorm.TypeOrmModule');

export const typeorm: Library = {
  name: 'TypeORM',
  language: 'typescript',
  systems: ['typeorm'],
  callables: new Set([...sources, ...nest]),
  tellingNames: new Set(),
  connectors: new Set([...sources, ...nest]),
  shownDefaults: ['poolSize'],
  interpret,
  relink: withoutCommandLine,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): readonly Pool[] {
  const given = nest.includes(path)
    ? nestOptions(site, path, 'createTypeOrmOptions', context)
    : optionsAt(site, 0, context.resolve);
  // Without options, or with a name alone, they stand in ormconfig.*.
  const isNamed = given.text !== undefined || site.arguments.length === 0;
  const options: Options = isNamed && !path.endsWith('.DataSource') ? { ...given, hasUnread: true } : given;
  const type = textOf(options, 'type', context) ?? typeByDriver(options, nest.includes(path) || isNamed, context);
  if (type === 'mssql') return [mssqlPool('typeorm', callableOf(path), options, undefined, site, context)];
  const identity = type === undefined ? undefined : typeormTypes[type];
  // Without a type nothing says which driver pools, and databases without a server need none.
  if (identity === undefined) return [];
  const isPostgres = identity.driver === 'pg';
  const extra = nestedOptions(options, 'extra', context.resolve);
  const sizeInExtra = isPostgres ? 'max' : 'connectionLimit';
  const isInExtra = extra.byName.has(sizeInExtra);
  const size = options.byName.get('poolSize');
  const timeout = options.byName.get('connectTimeoutMS');
  const byName = new Map(extra.byName);
  if (size !== undefined && !isInExtra) byName.set('poolSize', size);
  // TypeORM's own name for node-postgres' setting; `extra` is merged last.
  if (isPostgres && timeout !== undefined && !byName.has('connectionTimeoutMillis'))
    byName.set('connectionTimeoutMillis', { ...timeout, keyword: 'connectionTimeoutMillis' });
  const effective = { byName, list: [...byName.values()], hasUnread: options.hasUnread || extra.hasUnread };
  const facts = isPostgres
    ? isInExtra
      ? typeormPostgresFactsWithMax
      : typeormPostgresFacts
    : isInExtra
      ? typeormMysqlFactsWithLimit
      : typeormMysqlFacts;
  const sizeName = isInExtra ? sizeInExtra : 'poolSize';
  const base = {
    system: 'typeorm',
    library: 'TypeORM',
    version: assumedVersionOf(context.dependencies, 'typeorm', newestTypeorm),
    callable: callableOf(path),
    facts,
    effective,
    address: addressOf(options, identity, context),
    poolClass: 'Pool',
    driverArguments: undefined,
    peak: limitedBy(sizeName),
    acquireWait: isPostgres ? pgBehaviour.acquireWait : () => ({ kind: 'forever' }) as const,
    acquireAdvice: isPostgres ? undefined : 'Bound it with a timeout around the query.',
    idleLimit: isPostgres ? pgBehaviour.idleLimit : () => ({ kind: 'forever' }) as const,
    insertion: extra.insertion,
  } as const;
  const withOwnInsertion = (pool: Pool): Pool => {
    const parameters = new Map(pool.parameters);
    const own = parameters.get('poolSize');
    if (own !== undefined) parameters.set('poolSize', { ...own, insertion: options.insertion ?? null });
    return { ...pool, parameters };
  };
  const nodes = nodesOf(options, context);
  if (nodes === undefined) return [withOwnInsertion(plainPool(base, site, context))];
  const name = site.assignedTo ?? 'dataSource';
  return Array.from({ length: nodes }, (_, index) => {
    const key = index === 0 ? 'master' : `slave ${index}`;
    return withOwnInsertion(plainPool({ ...base, key, name: `${name} (${key})` }, site, context));
  });
}

/**
 * The type where the options do not tell: that of the one driver that the package depends on. Options that are handed in are
 * read where they come from, unless it is Nest that builds the pool of them.
 */
function typeByDriver(options: Options, mayBeElsewhere: boolean, context: InterpretationContext): string | undefined {
  if (!options.byName.has('type') && !(mayBeElsewhere && options.hasUnread)) return undefined;
  const { ownPackages, packages } = context.dependencies;
  const types = Object.entries(typeormDrivers).filter(([name]) => (ownPackages ?? packages)?.has(name));
  const [first] = types;
  return first !== undefined && types.every(([, type]) => type === first[1]) ? first[1] : undefined;
}

function callableOf(path: string): string {
  const parts = path.split('.');
  return parts.slice(-(nest.includes(path) ? 2 : 1)).join('.');
}

/** Files that TypeORM's command line is given: `data-source.ts`, `typeorm.config.ts`, `ormconfig.ts`. */
const commandLineFile = /(?:^|[.-])(?:data-?source|typeorm|ormconfig|orm)(?:[.-][\w-]+)*\.[cm]?[jt]s$/i;

/** Where Nest builds the pool, the data source beside it is what migrations are run with. */
function withoutCommandLine(linked: readonly LinkedSite[]): LinkedSite[] {
  const modules = linked.filter(({ path }) => nest.includes(path));
  if (modules.length === 0) return [...linked];
  return linked.filter(({ site, path }) => {
    if (!sources.includes(path) || site.enclosing !== undefined) return true;
    const name = site.uri.slice(site.uri.lastIndexOf('/') + 1);
    if (!commandLineFile.test(name)) return true;
    const folder = packageFolder(site.uri);
    return !modules.some((each) => each.site.uri.startsWith(folder));
  });
}

function packageFolder(uri: string): string {
  const source = uri.lastIndexOf('/src/');
  return source === -1 ? uri.slice(0, uri.lastIndexOf('/') + 1) : uri.slice(0, source + 1);
}

/** Nodes of a replication; undefined where there is none. A list that cannot be read counts as one replica. */
function nodesOf(options: Options, context: InterpretationContext): number | undefined {
  if (!options.byName.has('replication')) return undefined;
  const inner = nestedOptions(options, 'replication', context.resolve);
  const slaves = inner.byName.get('slaves');
  const list = slaves && resolveValue(slaves.value, context.resolve);
  const isList = list?.known && !isScalar(list.value) && list.value.type === 'sequence';
  return 1 + (isList ? (list.value as { items: readonly unknown[] }).items.length : 1);
}

function textOf(options: Options, name: string, context: InterpretationContext): string | undefined {
  const argument = options.byName.get(name);
  const resolved = argument && resolveValue(argument.value, context.resolve);
  return resolved?.known && typeof resolved.value === 'string' ? resolved.value : undefined;
}

function addressOf(
  options: Options,
  identity: { readonly dialect: string; readonly driver: string },
  context: InterpretationContext,
): DatabaseAddress {
  const master = nestedOptions(nestedAsOptions(options, 'replication', context), 'master', context.resolve);
  const byName = master.byName.size > 0 ? master.byName : options.byName;
  return driverAddress(byName.get('url'), byName, identity, context);
}

function nestedAsOptions(options: Options, name: string, context: InterpretationContext): Options {
  return { ...nestedOptions(options, name, context.resolve), insertion: undefined };
}
