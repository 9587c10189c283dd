/** The settings of an engine of SQLAlchemy, as they are written or in force by default. */
import type { DatabaseAddress, PoolClassKind, PoolParameter } from '../../declarations/pool.ts';
import { isScalar, resolveArgument, resolveScalar, resolveValue } from '../../declarations/resolve.ts';
import type { Resolved } from '../../declarations/resolved.ts';
import { argumentsCoercedFromConfig, parameterFacts, poolClasses } from '../../facts/sqlalchemy.ts';
import { otherEngineArguments } from '../../facts/sqlalchemyNames.ts';
import type { EffectiveArguments } from '../arguments.ts';
import type { InterpretationContext } from '../library.ts';
import { argumentOf } from '../options.ts';

export function readPoolClass(
  effective: EffectiveArguments,
  isAsync: boolean,
  address: DatabaseAddress,
  context: InterpretationContext,
): { name: string; kind: PoolClassKind } {
  const isWithoutServer = address.dialect !== undefined && !address.isNetworkDatabase;
  const usual = isAsync ? 'AsyncAdaptedQueuePool' : 'QueuePool';
  const written = effective.byName.get('poolclass');
  if (effective.byName.has('pool') || (written === undefined && effective.hasUnread))
    return { name: '', kind: 'unknown' };
  // SQLite and its kin choose by version and by whether the database is a file.
  if (written === undefined && isWithoutServer) return { name: '', kind: 'unknown' };
  if (written === undefined) return { name: usual, kind: 'queue' };
  const resolved = resolveValue(written.value, context.resolve);
  if (!resolved.known) return { name: '', kind: 'unknown' };
  if (resolved.value === null) return { name: usual, kind: 'queue' };
  if (isScalar(resolved.value) || resolved.value.type !== 'symbol') return { name: '', kind: 'unknown' };
  const path = resolved.value.path;
  const name = path.split('.').at(-1)!;
  const known = path.startsWith('sqlalchemy.') || path.startsWith('sqlmodel.') ? poolClasses[name] : undefined;
  return { name, kind: known?.kind ?? 'custom' };
}

export function readParameters(
  effective: EffectiveArguments,
  kind: PoolClassKind,
  version: string,
  context: InterpretationContext,
  read: (name: string, value: Resolved<unknown>) => Resolved<unknown>,
  defaults: Readonly<Record<string, number>> = {},
): Map<string, PoolParameter> {
  const parameters = new Map<string, PoolParameter>();
  for (const fact of parameterFacts) {
    const written = effective.byName.get(fact.name);
    if (written !== undefined) {
      const resolve = fact.name === 'poolclass' ? resolveArgument : resolveScalar;
      const value = read(fact.name, resolve(written.value, context.resolve));
      parameters.set(fact.name, { name: fact.name, value, written, fact });
    } else if (effective.hasUnread) {
      const reason = 'arguments are passed on that cannot be read here';
      parameters.set(fact.name, { name: fact.name, value: { known: false, reason }, fact });
    } else if (fact.fallback !== null && isInForce(fact.name, kind)) {
      const own = defaults[fact.name];
      const whose = own === undefined ? `SQLAlchemy ${version}` : 'Flask-SQLAlchemy';
      const origin = { source: 'default', label: `library default of ${whose}` } as const;
      parameters.set(fact.name, {
        name: fact.name,
        value: { known: true, value: own ?? fact.fallback, source: 'default', origins: [origin] },
        fact,
      });
    }
  }
  return parameters;
}

export function unchanged(_name: string, value: Resolved<unknown>): Resolved<unknown> {
  return value;
}

/** `engine_from_config` reads whole numbers out of texts for some arguments, and for these alone. */
export function coerced(name: string, value: Resolved<unknown>): Resolved<unknown> {
  if (!value.known || typeof value.value !== 'string' || !argumentsCoercedFromConfig.has(name)) return value;
  return /^\s*[+-]?\d+\s*$/.test(value.value) ? { ...value, value: Number(value.value) } : value;
}

export function readOtherArguments(
  effective: EffectiveArguments,
  context: InterpretationContext,
): Map<string, PoolParameter> {
  const others = new Map<string, PoolParameter>();
  for (const [name, written] of effective.byName) {
    if (!otherEngineArguments.has(name) || name === 'url') continue;
    others.set(name, { name, value: resolveArgument(written.value, context.resolve), written });
  }
  return others;
}

export function readDriverArguments(
  effective: EffectiveArguments,
  context: InterpretationContext,
): Map<string, PoolParameter> | undefined {
  const written = effective.byName.get('connect_args');
  if (written === undefined) return effective.hasUnread ? undefined : new Map();
  const content = resolveValue(written.value, context.resolve);
  if (!content.known || isScalar(content.value) || content.value.type !== 'mapping' || !content.value.complete)
    return undefined;
  return new Map(
    content.value.entries.map((entry) => [
      entry.key!,
      { name: entry.key!, value: resolveArgument(entry.value, context.resolve), written: argumentOf(entry) },
    ]),
  );
}

/** Sizes and waiting belong to queue pools only; a pool of another class has no such default. */
function isInForce(name: string, kind: PoolClassKind): boolean {
  const queueOnly =
    name === 'pool_size' || name === 'max_overflow' || name === 'pool_timeout' || name === 'pool_use_lifo';
  return kind === 'queue' || !queueOnly;
}
