/** What an alias is: a connection per thread, Django's own pool, or that of django-db-connection-pool. */
import type { ResolvedMapping } from '../../declarations/mappings.ts';
import type { IdleLimit, PoolClassKind, PoolParameter } from '../../declarations/pool.ts';
import { isScalar, resolveValue } from '../../declarations/resolve.ts';
import { unknownAmount } from '../../declarations/resolved.ts';
import type { ArgumentInsertion, Value } from '../../declarations/value.ts';
import {
  aliasFacts,
  connectionPoolBackends,
  connectionPoolFacts,
  geventPoolBackends,
  geventPoolFacts,
  otherConnectionPoolOptions,
} from '../../facts/django.ts';
import { oracledbFacts } from '../../facts/oracledb.ts';
import type { ParameterFact } from '../../facts/parameter.ts';
import { psycopgPoolFacts, psycopgPoolOtherArguments } from '../../facts/psycopgPool.ts';
import type { InterpretationContext } from '../library.ts';
import { idleBoundBy, limitedBy, type Parameters, type PlainPool, waitBoundBy } from '../plainPool.ts';
import { sizeFollowsMinimum } from '../psycopgPool.ts';
import type { Alias } from './aliases.ts';
import { type NativePool, nativePoolOf } from './nativePool.ts';

export interface AliasKind {
  readonly native: NativePool;
  /** The pool's own settings; absent where it has none or they cannot be read. */
  readonly settings?: ResolvedMapping;
  /** Where a setting of the pool goes. */
  readonly insertion?: ArgumentInsertion | null;
  readonly poolFacts: readonly ParameterFact[];
  readonly others: ReadonlySet<string>;
  /** Defaults that matter where nobody wrote them. */
  readonly shownDefaults: readonly string[];
  readonly shape: Pick<PlainPool, 'facts' | 'poolClass' | 'poolClassKind' | 'peak' | 'acquireWait' | 'idleLimit'>;
  readonly complete?: (parameters: Map<string, PoolParameter>) => void;
  /** How a wait that nothing bounds is bounded all the same. */
  readonly acquireAdvice?: string;
}

export function kindOf(alias: Alias, dialect: string | undefined, context: InterpretationContext): AliasKind {
  const [first] = alias.ways;
  if (alias.ways.every((way) => way.engine.path?.startsWith(connectionPoolBackends)))
    return connectionPool(first!.byKey.get('POOL_OPTIONS')?.value, context);
  if (alias.ways.every((way) => way.engine.path?.startsWith(geventPoolBackends))) return geventPool(alias, context);
  const native = nativePoolOf(alias.ways, context.resolve);
  if (native.kind === 'unknown') return unknownKind(native);
  if (native.kind !== 'on') return perThread(native);
  const insertion = native.settings?.insertion ?? insteadOfTrue(native);
  return dialect === 'oracle' ? oraclePool(native, insertion) : psycopgPool(native, insertion);
}

/** `pool: True` becomes a dictionary as soon as something is to be set. */
function insteadOfTrue(native: Extract<NativePool, { kind: 'on' }>): ArgumentInsertion | undefined {
  if (native.settings !== undefined || native.entry === undefined) return undefined;
  const { at } = native.entry.value;
  return {
    offset: at.start,
    uri: at.uri,
    replaces: at,
    before: '{',
    after: '}',
    separator: ', ',
    style: { kind: 'entry', quote: '"' },
  };
}

/** django_db_geventpool's, which tests each connection that it hands out. */
export const geventPoolClass = 'DatabaseConnectionPool';

const nothing: ReadonlySet<string> = new Set();

function perThread(native: NativePool): AliasKind {
  return {
    native,
    poolFacts: [],
    others: nothing,
    shownDefaults: ['CONN_MAX_AGE'],
    shape: {
      facts: aliasFacts,
      poolClass: '',
      poolClassKind: () => 'per-thread' as PoolClassKind,
      peak: () => ({ amount: unknownAmount('one per thread that uses the database'), terms: [] }),
      acquireWait: () => ({ kind: 'never-waits' }),
      idleLimit: ageLimit,
    },
  };
}

function ageLimit(parameters: Parameters): IdleLimit {
  const age = parameters.get('CONN_MAX_AGE')?.value;
  if (!age?.known) return { kind: 'unknown' };
  if (age.value === null) return { kind: 'forever', parameter: 'CONN_MAX_AGE' };
  if (typeof age.value !== 'number') return { kind: 'unknown' };
  return age.value > 0 ? { kind: 'seconds', seconds: age.value, parameter: 'CONN_MAX_AGE' } : { kind: 'keeps-none' };
}

function unknownKind(native: Extract<NativePool, { kind: 'unknown' }>): AliasKind {
  return {
    native,
    poolFacts: [],
    others: nothing,
    shownDefaults: [],
    shape: {
      facts: aliasFacts,
      poolClass: '',
      poolClassKind: () => 'unknown' as PoolClassKind,
      peak: () => ({ amount: unknownAmount(native.reason), terms: [] }),
      acquireWait: () => ({ kind: 'unknown' }),
      idleLimit: () => ({ kind: 'unknown' }),
    },
  };
}

/** Django tests connections itself where CONN_HEALTH_CHECKS says so; `check` is its own business. */
const psycopgFactsOfDjango = psycopgPoolFacts.filter((fact) => fact.name !== 'check');

function psycopgPool(native: Extract<NativePool, { kind: 'on' }>, insertion: ArgumentInsertion | undefined): AliasKind {
  return {
    native,
    settings: native.settings,
    insertion,
    poolFacts: psycopgFactsOfDjango,
    others: new Set([...psycopgPoolOtherArguments, 'check']),
    shownDefaults: ['min_size', 'max_size', 'timeout', 'CONN_HEALTH_CHECKS'],
    shape: {
      facts: [...aliasFacts, ...psycopgFactsOfDjango],
      poolClass: 'ConnectionPool',
      peak: limitedBy('max_size'),
      acquireWait: waitBoundBy('timeout', { never: (value) => value === 0 }),
      idleLimit: idleBoundBy('max_lifetime', () => false),
    },
    complete: sizeFollowsMinimum,
  };
}

function oraclePool(native: Extract<NativePool, { kind: 'on' }>, insertion: ArgumentInsertion | undefined): AliasKind {
  return {
    native,
    settings: native.settings,
    insertion,
    poolFacts: oraclePoolFacts,
    // Whatever else oracledb's create_pool takes.
    others: new Set(native.settings?.entries.flatMap(({ key }) => key ?? [])),
    shownDefaults: ['min', 'max', 'CONN_HEALTH_CHECKS'],
    shape: {
      facts: [...aliasFacts, ...oraclePoolFacts],
      poolClass: 'ConnectionPool',
      peak: limitedBy('max'),
      acquireWait: () => ({ kind: 'forever' }),
      idleLimit: idleBoundBy('timeout', (value) => value === 0),
    },
  };
}

const oraclePoolFacts = oracledbFacts.filter(({ name }) => name === 'min' || name === 'max' || name === 'timeout');

/** Sizes among the options of the driver. */
function geventPool({ ways }: Alias, context: InterpretationContext): AliasKind {
  const options = ways[0]!.byKey.get('OPTIONS')?.value;
  const settings = mappingOf(options, context);
  const isUnread = ways.length > 1 || (options !== undefined && settings === undefined);
  const { insertion } = ways[0]!;
  const quote = insertion?.style?.kind === 'entry' ? insertion.style.quote : undefined;
  const ownOptions: ArgumentInsertion | null =
    insertion === undefined || quote === undefined
      ? null
      : {
          ...insertion,
          before: `${insertion.before}${quote}OPTIONS${quote}: {`,
          after: `}${insertion.after}`,
          separator: ', ',
        };
  return {
    native: { kind: 'none' },
    settings: isUnread ? { type: 'mapping', entries: [], complete: false } : settings,
    insertion: isUnread ? null : (settings?.insertion ?? ownOptions),
    poolFacts: geventPoolFacts,
    // Whatever else the driver takes.
    others: new Set(settings?.entries.flatMap(({ key }) => key ?? [])),
    shownDefaults: ['MAX_CONNS'],
    acquireAdvice:
      'django_db_geventpool has no setting for it: let a process serve no more requests at once than MAX_CONNS.',
    shape: {
      facts: [...aliasFacts, ...geventPoolFacts],
      poolClass: geventPoolClass,
      peak: limitedBy('MAX_CONNS'),
      acquireWait: () => ({ kind: 'forever' }),
      idleLimit: () => ({ kind: 'forever' }),
    },
  };
}

function mappingOf(value: Value | undefined, context: InterpretationContext): ResolvedMapping | undefined {
  const content = value && resolveValue(value, context.resolve);
  return content?.known && !isScalar(content.value) && content.value.type === 'mapping' ? content.value : undefined;
}

/** A QueuePool of SQLAlchemy; keys in other letters than capitals are dropped. */
function connectionPool(options: Value | undefined, context: InterpretationContext): AliasKind {
  const settings = mappingOf(options, context);
  const isUnread = options !== undefined && settings === undefined;
  return {
    native: { kind: 'none' },
    settings: isUnread ? { type: 'mapping', entries: [], complete: false } : settings,
    insertion: settings?.insertion,
    poolFacts: connectionPoolFacts,
    others: otherConnectionPoolOptions,
    shownDefaults: ['POOL_SIZE', 'MAX_OVERFLOW', 'TIMEOUT'],
    shape: {
      facts: [...aliasFacts, ...connectionPoolFacts],
      poolClass: 'QueuePool',
      peak: sizeAndOverflow,
      acquireWait: waitBoundBy('TIMEOUT', { forever: (value) => value === null }),
      idleLimit: idleBoundBy('RECYCLE', (value) => typeof value === 'number' && value < 0),
    },
  };
}

function sizeAndOverflow(parameters: Parameters): ReturnType<PlainPool['peak']> {
  const size = limitedBy('POOL_SIZE', (value) => value === 0)(parameters);
  const overflow = limitedBy('MAX_OVERFLOW', (value) => value === -1)(parameters);
  const terms = [...size.terms, ...overflow.terms];
  const amounts = [size.amount, overflow.amount];
  if (amounts.includes('unbounded')) return { amount: 'unbounded', terms };
  const unread = amounts.find((each) => typeof each !== 'number');
  return { amount: unread ?? (size.amount as number) + (overflow.amount as number), terms };
}
