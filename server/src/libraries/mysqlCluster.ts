/** `createPool(options)`, and `createPoolCluster().add(name, options)`, which makes a pool of its own. */
import type { CallSite } from '../declarations/value.ts';
import type { InterpretationContext } from './library.ts';
import { type Options, optionsAt } from './options.ts';

export function clusterOptions(site: CallSite, path: string, context: InterpretationContext): Options {
  const isCluster = path.endsWith('.add');
  return optionsAt(site, isCluster ? Math.max(0, site.arguments.length - 1) : 0, context.resolve);
}
