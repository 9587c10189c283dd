/** Prisma up to version 6: the datasource of a schema is a pool, its URL's parameters are the settings. */
import type { Location } from '../../core/text.ts';
import { isTemplate } from '../../declarations/credentials.ts';
import { addSettings } from '../../declarations/edits.ts';
import type {
  AcquireWait,
  DatabaseAddress,
  IdleLimit,
  Pool,
  PoolParameter,
  SessionUse,
} from '../../declarations/pool.ts';
import { resolveValue } from '../../declarations/resolve.ts';
import { type Amount, unknownAmount } from '../../declarations/resolved.ts';
import type { Argument, CallSite } from '../../declarations/value.ts';
import type { ParameterFact } from '../../facts/parameter.ts';
import { firstWithAdaptersOnly, newestWithOwnPool, prismaDialects, releasesWithOwnPool } from '../../facts/prisma.ts';
import { compareVersions, isAtLeast } from '../../facts/versions.ts';
import { variableOf } from '../address.ts';
import type { AssumedVersion, DependencyView, InterpretationContext, Library } from '../library.ts';
import { settingsOfClient } from './clients.ts';
import { datasourceCallable, datasourcePath } from './datasource.ts';
import { type DatasourceEngine, engineOf } from './engines.ts';
import { datasourceProblems } from './problems.ts';
import { type DatasourceUrl, datasourceUrl } from './url.ts';

export const prisma: Library = {
  name: 'Prisma',
  language: 'prisma',
  systems: ['prisma'],
  callables: new Set([datasourcePath]),
  connectors: new Set(),
  shownDefaults: ['pool_timeout'],
  interpret(site, _path, context) {
    const pool = interpret(site, context);
    return pool === undefined ? [] : [pool];
  },
  *problems(pool) {
    // A driver adapter's pool is its driver's.
    if (pool.callable === datasourceCallable) yield* datasourceProblems(pool);
  },
};

function interpret(site: CallSite, context: InterpretationContext): Pool | undefined {
  const setting = (name: string) => site.arguments.find((each) => each.keyword === name);
  const text = (argument: Argument | undefined) => {
    const resolved = argument && resolveValue(argument.value, context.resolve);
    return resolved?.known && typeof resolved.value === 'string' ? resolved.value : undefined;
  };
  const provider = text(setting('provider'));
  const client = settingsOfClient(site, context);
  const urlSetting = client.url === undefined ? setting('url') : { ...client.url, keyword: 'url' };
  const version = versionOf(context.dependencies);
  // From 7 on the schema has no URL, and a driver adapter pools.
  if (provider === undefined || urlSetting === undefined || isAtLeast(version.version, firstWithAdaptersOnly)) return;
  if (client.hasAdapter) return;
  // What cannot be read may bring a URL, or an adapter.
  const dialect = prismaDialects[provider];
  const engine = engineOf(dialect);
  const isHidden = client.isUnread && client.url === undefined;
  const url = isHidden ? undefined : datasourceUrl(urlSetting.value, engine, context);
  // Accelerate pools elsewhere: the application holds no connection to the database.
  if (url !== undefined && /^prisma(?:\+\w+)?$/.test(url.parts.scheme)) return undefined;
  const isUnread = url === undefined || url.isPartial === true;
  const parameters = readParameters(url, urlSetting, engine, version.version);
  const { amount, value } = limitOf(parameters.get(engine.size)!, url, urlSetting, context);
  return {
    system: 'prisma',
    libraryName: 'Prisma',
    libraryVersion: version.version,
    versionEvidence: version.evidence,
    uri: site.uri,
    site,
    key: '',
    callable: datasourceCallable,
    name: site.assignedTo ?? '',
    context: context.sourceContext,
    address: addressOf(url, urlSetting, dialect, provider, context),
    poolClass: '',
    poolClassKind: 'queue',
    parameters,
    otherArguments: new Map(),
    driverArguments: isUnread ? undefined : new Map(),
    unrecognised: [],
    hasUnreadArguments: isUnread,
    peakPerProcess: amount,
    peakTerms: [{ parameter: engine.size, amount, value }],
    shownDefaults: [engine.acquireWait],
    sessions: sessionsOf(parameters, url, urlSetting, site),
    acquireWait: waitOf(parameters, engine.acquireWait),
    idleLimit: idleLimitOf(parameters),
  };
}

/** True where the schema may not hold URLs: from version 7 on a configuration does. */
export function takesUrlsElsewhere(dependencies: DependencyView): boolean {
  return isAtLeast(versionOf(dependencies).version, firstWithAdaptersOnly);
}

/** The command line and the client, which go together. */
const packages = ['prisma', '@prisma/client'];

function versionOf({ requirement }: DependencyView): AssumedVersion {
  const stated = packages.flatMap((name) => requirement(name) ?? []);
  const exact = stated.find((each) => each.version !== undefined);
  if (exact !== undefined) return { version: exact.version!, evidence: exact.evidence };
  const [range] = stated.filter((each) => each.below !== undefined);
  if (range === undefined) return { version: newestWithOwnPool };
  // What takes a release without a pool of its own takes the newest of them.
  if (compareVersions(range.below!, firstWithAdaptersOnly) > 0)
    return { version: firstWithAdaptersOnly, evidence: range.evidence };
  const version = releasesWithOwnPool.find((each) => compareVersions(each, range.below!) < 0);
  return version === undefined ? { version: newestWithOwnPool } : { version, evidence: range.evidence };
}

function addressOf(
  url: DatasourceUrl | undefined,
  setting: Argument,
  dialect: string | undefined,
  provider: string,
  context: InterpretationContext,
): DatabaseAddress {
  const variable = variableOf(setting.value, context.resolve);
  const password = url?.source === 'literal' ? url.parts.password : undefined;
  const literal = setting.value.kind === 'literal' ? String(setting.value.value) : '';
  return {
    dialect: dialect ?? provider,
    host: url?.parts.host,
    port: url?.parts.port,
    source: variable !== undefined ? 'environment' : url === undefined ? 'unknown' : 'literal',
    variable,
    hardcodedCredentials: password !== undefined && !isTemplate(literal.slice(password.start, password.end)),
    isNetworkDatabase: dialect !== undefined,
    query: Object.fromEntries(Object.entries(url?.parts.query ?? {}).map(([name, each]) => [name, each.value])),
    at: setting.valueSpan,
  };
}

function readParameters(
  url: DatasourceUrl | undefined,
  setting: Argument,
  engine: DatasourceEngine,
  version: string,
): Map<string, PoolParameter> {
  const parameters = new Map<string, PoolParameter>();
  const insertion = url?.insertion;
  for (const fact of engine.facts) {
    const { name, fallback } = fact;
    const written = url?.parts.query[name];
    if (url === undefined) {
      const reason = 'the URL is not known';
      parameters.set(name, { name, value: { known: false, reason }, fact });
    } else if (written !== undefined) {
      parameters.set(name, writtenParameter(fact, written, url, setting));
    } else if (url.isPartial) {
      parameters.set(name, { name, value: { known: false, reason: 'a part of the URL is not known' }, fact });
    } else if (fallback !== null) {
      const origin = { source: 'default', label: `default of Prisma ${version}` } as const;
      const value = { known: true, value: fallback, source: 'default', origins: [origin] } as const;
      parameters.set(name, { name, value, fact, insertion });
    } else if (name === engine.size) {
      parameters.set(name, { name, value: { known: false, reason: withoutLimit(name) }, fact, insertion });
    }
  }
  return parameters;
}

const withoutLimit = (name: string) =>
  `${name} is not set: Prisma takes (physical cores × 2) + 1 of the machine it runs on`;

/** The finding stands at the URL that the schema reads; what an edit changes may stand in an environment file. */
function writtenParameter(
  fact: ParameterFact,
  { value, start, end }: { value: string; start: number; end: number },
  url: DatasourceUrl,
  setting: Argument,
): PoolParameter {
  const { name } = fact;
  const valueStart = end - value.length;
  const place = (from: number, to: number): Location | undefined =>
    url.at && { uri: url.at.uri, start: url.at.start + from, end: url.at.start + to };
  const inText = place(valueStart, end);
  const isHere = inText?.uri === setting.valueSpan.uri;
  const span = (isHere ? place(start, end) : undefined) ?? setting.valueSpan;
  const content = contentOf(value, fact.unit === 'boolean');
  const origins = url.origin === undefined ? [] : [{ source: 'environment' as const, ...url.origin }];
  return {
    name,
    fact,
    value:
      content === undefined
        ? {
            known: false,
            reason: `${name} in the URL is no ${fact.unit === 'boolean' ? 'truth value' : 'whole number'}`,
          }
        : { known: true, value: content, source: url.source, origins, literal: isHere ? inText : undefined },
    written: {
      keyword: name,
      value: { kind: 'literal', value, at: span },
      span,
      valueSpan: isHere && inText !== undefined ? inText : setting.valueSpan,
    },
    editable: inText,
  };
}

function contentOf(text: string, isBoolean: boolean): number | boolean | undefined {
  if (isBoolean) return text === 'true' ? true : text === 'false' ? false : undefined;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function limitOf(
  { value }: PoolParameter,
  url: DatasourceUrl | undefined,
  setting: Argument,
  context: InterpretationContext,
): { amount: Amount; value: PoolParameter['value'] } {
  if (url === undefined) {
    const variable = variableOf(setting.value, context.resolve);
    const reason = variable === undefined ? 'the URL is not known' : `${variable} is not known`;
    return { amount: unknownAmount(reason), value: { known: false, reason, variable } };
  }
  if (!value.known) return { amount: unknownAmount(value.reason), value };
  const limit = value.value as number;
  return { amount: limit === 0 ? 'unbounded' : limit, value };
}

function waitOf(parameters: ReadonlyMap<string, PoolParameter>, parameter: string): AcquireWait {
  const value = parameters.get(parameter)?.value;
  if (!value?.known || typeof value.value !== 'number') return { kind: 'unknown' };
  return value.value === 0 ? { kind: 'forever', parameter } : { kind: 'seconds', seconds: value.value, parameter };
}

function idleLimitOf(parameters: ReadonlyMap<string, PoolParameter>): IdleLimit {
  const value = parameters.get('max_idle_connection_lifetime')?.value;
  if (!value?.known || typeof value.value !== 'number') return { kind: 'unknown' };
  const parameter = 'max_idle_connection_lifetime';
  return value.value === 0 ? { kind: 'forever', parameter } : { kind: 'seconds', seconds: value.value, parameter };
}

/** The engine names its statements unless `pgbouncer=true` tells it not to. */
function sessionsOf(
  parameters: ReadonlyMap<string, PoolParameter>,
  url: DatasourceUrl | undefined,
  setting: Argument,
  site: CallSite,
): SessionUse {
  const flag = parameters.get('pgbouncer')?.value;
  const cache = parameters.get('statement_cache_size')?.value;
  const isUnsure = url === undefined || !flag?.known || !cache?.known || cache.value === 0;
  if (isUnsure) return { statements: { kind: 'unknown' }, startupParameters: [] };
  if (flag.value === true) return { statements: { kind: 'none' }, startupParameters: [] };
  const isWritten = parameters.get('pgbouncer')?.written !== undefined;
  const edits = isWritten || url.insertion === undefined ? [] : addSettings(site, url.insertion, [['pgbouncer', true]]);
  return {
    statements: {
      kind: 'named',
      driver: 'Prisma',
      at: setting.valueSpan,
      remedy: 'pgbouncer=true in the URL',
      fixes: edits.length === 0 ? [] : [{ title: 'Add pgbouncer=true', safety: 'suggestion', preferred: true, edits }],
    },
    startupParameters: [],
  };
}
