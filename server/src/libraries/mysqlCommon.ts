/** What the packages for MySQL share. */
import type { AcquireWait } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import type { InterpretationContext } from './library.ts';
import { type Options, optionsAt } from './options.ts';
import type { Parameters } from './plainPool.ts';

/** `createPool(options)`, and `createPoolCluster().add(name, options)`, which makes a pool of its own. */
export function clusterOptions(site: CallSite, path: string, context: InterpretationContext): Options {
  const isCluster = path.endsWith('.add');
  return optionsAt(site, isCluster ? Math.max(0, site.arguments.length - 1) : 0, context.resolve);
}

/** Who finds no free connection stands in a queue without a clock, or is refused at once. */
export function waitInQueue(parameters: Parameters): AcquireWait {
  const waits = parameters.get('waitForConnections')?.value;
  if (!waits?.known) return { kind: 'unknown' };
  return waits.value === false || waits.value === 0 ? { kind: 'never-waits' } : { kind: 'forever' };
}
