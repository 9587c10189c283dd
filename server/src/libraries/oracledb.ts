/** python-oracledb's pools, sync and async, their settings as keywords or in a `PoolParams`. */
import { placeOf, setParameters, writtenArgument } from '../declarations/parameters.ts';
import type { AcquireWait, Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import { qualifiedName } from '../declarations/value.ts';
import { newestOracledb, oracledbFacts, oracledbMisspelt } from '../facts/oracledb.ts';
import { type EffectiveArguments, flattenArguments } from './arguments.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, type Parameters, plainPool, waitBoundBy } from './plainPool.ts';
import { driverKeywords, minimumAboveMaximum } from './plainProblems.ts';
import { fix } from './results.ts';

const callables = [
  'oracledb.create_pool',
  'oracledb.create_pool_async',
  'oracledb.pool.create_pool',
  'oracledb.pool.create_pool_async',
];

export const oracledb: Library = {
  name: 'oracledb',
  language: 'python',
  systems: ['oracledb'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set([...callables, 'oracledb.connect', 'oracledb.connect_async', 'oracledb.PoolParams']),
  shownDefaults: ['min', 'max'],
  interpret: (site, path, context) => [interpret(site, path, context)],
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const effective = withParams(flattenArguments(site.arguments, ['dsn'], context.resolve), context);
  return plainPool(
    {
      system: 'oracledb',
      library: 'oracledb',
      version: assumedVersionOf(context.dependencies, 'oracledb', newestOracledb, ['4', '3', '2', '1']),
      callable: path.split('.').at(-1)!,
      facts: oracledbFacts,
      effective,
      address: driverAddress(
        effective.byName.get('dsn'),
        effective.byName,
        { dialect: 'oracle', driver: 'oracledb' },
        context,
        { host: ['host'], database: ['service_name', 'sid'], password: ['password'] },
      ),
      poolClass: path.endsWith('_async') ? 'AsyncConnectionPool' : 'ConnectionPool',
      peak: (parameters) => {
        const { amount, terms } = limitedBy('max')(parameters);
        const mode = getMode(parameters);
        if (mode === 'FORCEGET') return { amount: 'unbounded', terms };
        return mode === undefined ? { amount: { unknown: 'getmode is not known' }, terms } : { amount, terms };
      },
      acquireWait: (parameters) => acquireWait(parameters, timedWait(site)),
      acquireAdvice: 'Pass getmode=POOL_GETMODE_TIMEDWAIT and wait_timeout (milliseconds).',
      // `timeout` closes only what is above min.
      idleLimit: idleBoundBy('max_lifetime_session', (value) => value === 0),
    },
    site,
    context,
  );
}

/** `create_pool(params=PoolParams(max=5), min=2)`: keywords win. */
function withParams(effective: EffectiveArguments, context: InterpretationContext): EffectiveArguments {
  const given = effective.byName.get('params');
  if (given === undefined) return effective;
  const content = resolveValue(given.value, context.resolve);
  const call =
    content.known && !isScalar(content.value) && content.value.type === 'call' ? content.value.call : undefined;
  const isParams = call?.callee.kind === 'reference' && qualifiedName(call.callee).endsWith('oracledb.PoolParams');
  if (call === undefined || !isParams) return { ...effective, hasUnread: true };
  const inner = flattenArguments(call.arguments, [], context.resolve);
  const byName = new Map<string, Argument>([...inner.byName, ...effective.byName]);
  byName.delete('params');
  return { list: [...byName.values()], byName, hasUnread: effective.hasUnread || inner.hasUnread };
}

/** `WAIT`, `TIMEDWAIT`, `NOWAIT` or `FORCEGET`; undefined where it is not known. */
function getMode(parameters: Parameters): string | undefined {
  const value = parameters.get('getmode')?.value;
  if (value?.known !== true) return undefined;
  if (value.value === null) return 'WAIT';
  const path = (value.value as { readonly path?: string }).path ?? '';
  return /(?:POOL_GETMODE_|PoolGetMode\.)(WAIT|TIMEDWAIT|NOWAIT|FORCEGET)$/.exec(path)?.[1];
}

/** The mode that waits no longer than `wait_timeout`, as code of the file; undefined where its module has no name there. */
function timedWait({ calleeText }: CallSite): string | undefined {
  const prefix = /^([\w.]+)\.create_pool(?:_async)?$/.exec(calleeText)?.[1];
  return prefix && `${prefix}.POOL_GETMODE_TIMEDWAIT`;
}

function acquireWait(parameters: Parameters, timed: string | undefined): AcquireWait {
  switch (getMode(parameters)) {
    case 'WAIT':
      return timed === undefined
        ? { kind: 'forever' }
        : { kind: 'forever', parameter: 'wait_timeout', also: { getmode: timed } };
    case 'TIMEDWAIT':
      return waitBoundBy('wait_timeout')(parameters);
    case 'NOWAIT':
    case 'FORCEGET':
      return { kind: 'never-waits' };
    default:
      return { kind: 'unknown' };
  }
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  yield* minimumAboveMaximum(pool, 'min', 'max', `${pool.callable} raises ProgrammingError (DPY-2064)`);
  yield* driverKeywords(pool, oracledbMisspelt, `${pool.callable} raises TypeError for it`);
  const mode = getMode(pool.parameters);
  if (mode === 'FORCEGET') {
    yield {
      rule: 'unbounded-pool',
      at: placeOf(pool, 'getmode'),
      message:
        'POOL_GETMODE_FORCEGET opens a connection beyond max whenever all are in use: under load one process can take every connection the database has. POOL_GETMODE_TIMEDWAIT with wait_timeout lets the others wait.',
    };
  }
  const wait = writtenArgument(pool, 'wait_timeout');
  if (wait !== undefined && mode !== undefined && mode !== 'TIMEDWAIT') {
    const timed = timedWait(pool.site);
    yield {
      rule: 'ignored-pool-options',
      at: wait.span,
      message: `wait_timeout does nothing without getmode=POOL_GETMODE_TIMEDWAIT: ${mode === 'WAIT' ? 'acquire() waits for ever' : 'acquire() does not wait'}.`,
      fixes:
        timed === undefined ? [] : fix(`Set getmode=${timed}`, 'suggestion', setParameters(pool, { getmode: timed })),
    };
  }
}
