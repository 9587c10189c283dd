/** Modules of Nest that build pools: `forRoot(options)`, and `forRootAsync` with what yields the options. */
import type { Argument, CallSite, Value } from '../declarations/value.ts';
import type { InterpretationContext } from './library.ts';
import { type Options, optionsAt, optionsIn } from './options.ts';

/** The methods of a module that build a pool. */
export function nestModule(path: string): string[] {
  return [`${path}.forRoot`, `${path}.forRootAsync`];
}

/** `method`: what Nest asks a class of options for. */
export function nestOptions(site: CallSite, path: string, method: string, context: InterpretationContext): Options {
  const outer = optionsAt(site, 0, context.resolve);
  if (!path.endsWith('.forRootAsync')) return outer;
  // What the front end has for it is what the function returns.
  const factory = outer.byName.get('useFactory');
  if (factory !== undefined) return optionsIn(factory, context.resolve);
  const named = outer.byName.get('useClass') ?? outer.byName.get('useExisting');
  return named === undefined
    ? { list: [], byName: new Map(), hasUnread: true }
    : optionsIn(madeBy(named, method), context.resolve);
}

/** `new Class().method()` */
function madeBy(argument: Argument, method: string): Argument {
  const { at } = argument.value;
  const call = (callee: Value): Value => ({ kind: 'call', callee, arguments: [], at });
  return { ...argument, value: call({ kind: 'attribute', object: call(argument.value), name: method, at }) };
}
