/** Tortoise: one pool per connection of its configuration, told apart by the connection's name. */
import type { AcquireWait, DatabaseAddress, IdleLimit, Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import {
  type Argument,
  type ArgumentInsertion,
  type CallSite,
  qualifiedName,
  type Value,
} from '../declarations/value.ts';
import {
  newestTortoise,
  type TortoiseBackend,
  tortoiseDatabases,
  tortoiseFacts,
  tortoiseMisspelt,
  tortoiseSchemes,
  tortoiseTakesDriverNames,
} from '../facts/tortoise.ts';
import { addressOf } from './address.ts';
import { type EffectiveArguments, flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import {
  assumedVersionOf,
  idleBoundBy,
  limitedBy,
  numbersInText,
  type Parameters,
  plainPool,
  waitBoundBy,
} from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum } from './plainProblems.ts';
import { queryOf, unreadUrl } from './urlQuery.ts';

const initialisers = ['tortoise.Tortoise.init'];
const frameworks = ['fastapi', 'starlette', 'sanic', 'quart', 'blacksheep', 'aiohttp'];
const registrations = [
  ...frameworks.map((name) => `tortoise.contrib.${name}.register_tortoise`),
  'tortoise.contrib.fastapi.RegisterTortoise',
];

export const tortoise: Library = {
  name: 'Tortoise',
  language: 'python',
  systems: ['tortoise'],
  callables: new Set([...initialisers, ...registrations]),
  tellingNames: new Set(),
  connectors: new Set([...initialisers, ...registrations]),
  shownDefaults: ['minsize', 'maxsize'],
  interpret,
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool[] {
  const isInitialiser = initialisers.includes(path);
  const leading = isInitialiser
    ? ['config', 'config_file', '_create_db', 'db_url']
    : ['app', 'config', 'config_file', 'db_url'];
  const effective = flattenArguments(site.arguments, leading, context.resolve);
  const callable = isInitialiser ? 'Tortoise.init' : path.split('.').at(-1)!;
  const url = given(effective.byName.get('db_url'), context);
  if (url !== undefined) return connectionPools(site, callable, [['', url]], context);
  const config = given(effective.byName.get('config'), context);
  const connections = config === undefined ? undefined : connectionsOf(config.value, context);
  return connections === undefined
    ? [poolOfUnknown(site, callable, config ?? effective.byName.get('config_file'), context)]
    : connectionPools(site, callable, connections, context);
}

/** An argument that is not None. */
function given(argument: Argument | undefined, context: InterpretationContext): Argument | undefined {
  const resolved = argument && resolveValue(argument.value, context.resolve);
  return resolved?.known && resolved.value === null ? undefined : argument;
}

/** The entries of `config["connections"]`; undefined where they cannot all be read. */
function connectionsOf(config: Value, context: InterpretationContext): [string, Argument][] | undefined {
  const outer = mappingOf(config, context);
  const connections = outer?.entries.find((entry) => entry.key === 'connections');
  const inner = connections && mappingOf(connections.value, context);
  if (inner === undefined || !inner.complete) return undefined;
  return inner.entries.map((entry) => [
    entry.key!,
    { keyword: entry.key!, value: entry.value, span: entry.span, valueSpan: entry.value.at },
  ]);
}

function mappingOf(value: Value, context: InterpretationContext) {
  const resolved = resolveValue(value, context.resolve);
  return resolved.known && !isScalar(resolved.value) && resolved.value.type === 'mapping' ? resolved.value : undefined;
}

function connectionPools(
  site: CallSite,
  callable: string,
  connections: readonly (readonly [string, Argument])[],
  context: InterpretationContext,
): Pool[] {
  return connections.flatMap(([key, argument]) => {
    const read = readConnection(argument, context);
    if (read === undefined) return [poolOfUnknown(site, callable, argument, context, key)];
    return read === 'no server' ? [] : [poolOf(site, callable, key, read, context)];
  });
}

interface Connection {
  readonly backend: Exclude<TortoiseBackend, 'sqlite'>;
  readonly address: DatabaseAddress;
  readonly settings: EffectiveArguments;
  readonly unreadReason?: string;
  readonly insertion?: ArgumentInsertion;
}

/** A URL, or `{"engine": …, "credentials": {…}}`. Undefined where it cannot be told which database it is. */
function readConnection(argument: Argument, context: InterpretationContext): Connection | 'no server' | undefined {
  const resolved = resolveValue(argument.value, context.resolve);
  if (resolved.known && !isScalar(resolved.value)) {
    if (resolved.value.type === 'mapping') return readCredentials(argument, context);
    if (resolved.value.type === 'call') {
      const { callee, arguments: list } = resolved.value.call;
      const isUrl = callee.kind === 'reference' && qualifiedName(callee).endsWith('expand_db_url');
      return isUrl && list[0] !== undefined ? readConnection(list[0], context) : undefined;
    }
  }
  const address = addressOf(argument, context);
  const backend = tortoiseSchemes[address.dialect ?? ''];
  if (backend === undefined) return undefined;
  if (backend === 'sqlite') return 'no server';
  const query = queryOf(argument, address, context);
  const settings = { list: [...query.byName.values()], byName: query.byName, hasUnread: query.isUnread };
  return {
    backend,
    address: { ...address, ...tortoiseDatabases[backend], isNetworkDatabase: true },
    settings: underOneName(settings, backend),
    unreadReason: unreadUrl,
    insertion: query.insertion,
  };
}

function readCredentials(argument: Argument, context: InterpretationContext): Connection | 'no server' | undefined {
  const mapping = mappingOf(argument.value, context);
  const engine = mapping?.entries.find((entry) => entry.key === 'engine');
  const resolved = engine && resolveValue(engine.value, context.resolve);
  const name =
    resolved?.known && typeof resolved.value === 'string' ? /\.backends\.(\w+)$/.exec(resolved.value)?.[1] : undefined;
  const backend = tortoiseSchemes[name ?? ''];
  if (backend === 'sqlite') return 'no server';
  const entry = mapping?.entries.find((each) => each.key === 'credentials');
  const credentials = entry && mappingOf(entry.value, context);
  if (backend === undefined || credentials === undefined) return undefined;
  const list = credentials.entries.map(
    (each): Argument => ({
      keyword: each.key!,
      value: each.value,
      span: each.span,
      valueSpan: each.value.at,
      keywordSpan: each.keySpan,
    }),
  );
  const byName = new Map(list.map((each) => [each.keyword!, each]));
  const { dialect, driver } = tortoiseDatabases[backend];
  const address = driverAddress(undefined, byName, { dialect, driver: driver ?? '' }, context);
  return {
    backend,
    address: { ...address, driver },
    settings: underOneName({ list, byName, hasUnread: !credentials.complete }, backend),
    insertion: credentials.insertion,
  };
}

/** `min_size` and `max_size` reach the driver and win over Tortoise's own names. */
function underOneName(settings: EffectiveArguments, backend: TortoiseBackend): EffectiveArguments {
  if (!tortoiseTakesDriverNames.has(backend)) return settings;
  const byName = new Map(settings.byName);
  for (const [own, name] of [
    ['min_size', 'minsize'],
    ['max_size', 'maxsize'],
  ] as const) {
    const written = byName.get(own);
    if (written !== undefined) byName.set(name, written);
    byName.delete(own);
  }
  return { ...settings, list: [...byName.values()], byName };
}

function poolOf(site: CallSite, callable: string, key: string, read: Connection, context: InterpretationContext): Pool {
  const { backend, settings, address, insertion, unreadReason } = read;
  return plainPool(
    {
      system: 'tortoise',
      library: 'Tortoise',
      version: assumedVersionOf(context.dependencies, 'tortoise-orm', newestTortoise, ['0.25', '0.22']),
      callable,
      key,
      name: key === '' ? undefined : key,
      facts: tortoiseFacts(backend),
      effective: settings,
      unreadReason,
      insertion,
      address,
      poolClass: 'Pool',
      complete: numbersInText,
      peak: limitedBy('maxsize'),
      acquireWait: (parameters) => acquireWait(parameters, backend, context),
      acquireAdvice: 'Put asyncio.timeout() around the queries.',
      idleLimit: (parameters) => idleLimit(parameters, backend),
    },
    site,
    context,
  );
}

/** A pool of which only that it is there is known. */
function poolOfUnknown(
  site: CallSite,
  callable: string,
  argument: Argument | undefined,
  context: InterpretationContext,
  key = '',
): Pool {
  const effective = { list: [], byName: new Map<string, Argument>(), hasUnread: true };
  const unreadReason =
    key === '' && argument?.keyword !== 'db_url' ? 'the configuration cannot be read here' : unreadUrl;
  return plainPool(
    {
      system: 'tortoise',
      library: 'Tortoise',
      version: assumedVersionOf(context.dependencies, 'tortoise-orm', newestTortoise),
      callable,
      key,
      name: key === '' ? undefined : key,
      facts: tortoiseFacts('asyncpg').slice(0, 2),
      effective,
      unreadReason,
      address: addressOf(argument, context),
      poolClass: 'Pool',
      peak: limitedBy('maxsize'),
      acquireWait: () => ({ kind: 'unknown' }),
      idleLimit: () => ({ kind: 'unknown' }),
    },
    site,
    context,
  );
}

function acquireWait(parameters: Parameters, backend: TortoiseBackend, context: InterpretationContext): AcquireWait {
  if (backend === 'psycopg') return waitBoundBy('timeout')(parameters);
  if (context.boundsAcquire || (backend !== 'asyncpg' && backend !== 'mysql')) return { kind: 'unknown' };
  return { kind: 'forever' };
}

function idleLimit(parameters: Parameters, backend: TortoiseBackend): IdleLimit {
  switch (backend) {
    case 'asyncpg':
      return idleBoundBy('max_inactive_connection_lifetime', (value) => value === 0)(parameters);
    case 'psycopg':
      return idleBoundBy('max_lifetime', () => false)(parameters);
    case 'mysql':
      return idleBoundBy('pool_recycle', (value) => typeof value === 'number' && value < 0)(parameters);
    default:
      return { kind: 'unknown' };
  }
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'minsize', 'maxsize', 'the first query raises ValueError');
  yield* driverKeywords(pool, tortoiseMisspelt, 'the driver rejects it with the first query');
}
