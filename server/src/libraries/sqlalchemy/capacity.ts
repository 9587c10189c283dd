/** How many connections a pool of SQLAlchemy may hold, how long a checkout waits, how long an idle connection is kept. */
import type { AcquireWait, IdleLimit, PeakTerm, PoolClassKind, PoolParameter } from '../../declarations/pool.ts';
import { type Amount, type Resolved, unknownAmount } from '../../declarations/resolved.ts';
import { zeroPoolSizeIsUnlimited } from '../../facts/sqlalchemy.ts';

export function peak(
  parameters: ReadonlyMap<string, PoolParameter>,
  kind: PoolClassKind,
  version: string,
): { amount: Amount; terms: PeakTerm[] } {
  if (kind === 'static' || kind === 'assertion') return { amount: 1, terms: [] };
  if (kind === 'null')
    return {
      amount: unknownAmount('NullPool opens a connection per checkout: as many as are checked out at once'),
      terms: [],
    };
  if (kind !== 'queue') return { amount: unknownAmount('the pool class is not one whose limit is known'), terms: [] };
  const size = connectionsOf(parameters.get('pool_size')!.value, 'pool_size');
  const overflow = connectionsOf(parameters.get('max_overflow')!.value, 'max_overflow');
  const terms = [
    { parameter: 'pool_size', amount: size, value: parameters.get('pool_size')!.value },
    {
      parameter: 'max_overflow',
      amount: overflow === -1 ? ('unbounded' as const) : overflow,
      value: parameters.get('max_overflow')!.value,
    },
  ];
  if (overflow === -1) return { amount: 'unbounded', terms };
  if (size === 0 && zeroPoolSizeIsUnlimited(version)) return { amount: 'unbounded', terms };
  if (typeof size !== 'number') return { amount: size, terms };
  if (typeof overflow !== 'number') return { amount: overflow, terms };
  if (overflow < -1 || size < 0) return { amount: unknownAmount('a size below zero has no sensible limit'), terms };
  return { amount: size + overflow, terms };
}

export function acquireWait(
  parameters: ReadonlyMap<string, PoolParameter>,
  kind: PoolClassKind,
  peak: Amount,
): AcquireWait {
  if (kind === 'null' || peak === 'unbounded') return { kind: 'never-waits' };
  const value = parameters.get('pool_timeout')?.value;
  if (kind !== 'queue' || !value?.known) return { kind: 'unknown' };
  if (value.value === null) return { kind: 'forever', parameter: 'pool_timeout' };
  if (typeof value.value !== 'number') return { kind: 'unknown' };
  return { kind: 'seconds', seconds: value.value, parameter: 'pool_timeout' };
}

export function idleLimit(parameters: ReadonlyMap<string, PoolParameter>, kind: PoolClassKind): IdleLimit {
  if (kind === 'null') return { kind: 'keeps-none' };
  const value = parameters.get('pool_recycle')?.value;
  if (kind !== 'queue' || !value?.known || typeof value.value !== 'number') return { kind: 'unknown' };
  // Age since connecting, looked at before a connection is handed out: none that is older is used.
  if (value.value < 0) return { kind: 'forever', parameter: 'pool_recycle' };
  return { kind: 'seconds', seconds: value.value, parameter: 'pool_recycle' };
}

function connectionsOf(value: Resolved<unknown>, name: string): number | { unknown: string } {
  if (!value.known) return unknownAmount(value.variable === undefined ? `${name}: ${value.reason}` : value.reason);
  return typeof value.value === 'number' ? value.value : unknownAmount(`${name} is not a number`);
}
