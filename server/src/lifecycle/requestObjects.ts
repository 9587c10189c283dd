/** Pools that a function puts where they do not outlive the request, or where the next request replaces them. */
import type { CallStep } from '../declarations/lifecycle.ts';
import type { Origin } from '../declarations/origin.ts';
import {
  applicationObjects,
  handlerClasses,
  handlerMethods,
  requestContexts,
  stateRequests,
} from '../facts/lifecycle/frameworks.ts';
import { runsAlways } from './certainty.ts';
import type { FunctionInFile } from './functions.ts';
import type { Resolver } from './resolve.ts';

/** `request`: it ends with the request. `replaced`: every run puts a new one in the place of the last. */
export type Keeper = 'request' | 'replaced';

/** Undefined where neither is certain. */
export function keeperOf(owner: FunctionInFile, call: CallStep, resolver: Resolver): Keeper | undefined {
  const { life } = owner.placed;
  const { taker } = call;
  if (taker?.kind !== 'shared' || taker.of === undefined || life.mayKeepBeyondRequest !== false) return undefined;
  if (requestContexts.has(resolver.path(owner.uri, taker.of) ?? '') || isRequestState(taker.of, owner, resolver))
    return 'request';
  if (call.isGuarded || !runsAlways(life.steps, call)) return undefined;
  if (isView(taker.of, owner, resolver)) return 'request';
  return isApplication(taker.of, owner, resolver) ? 'replaced' : undefined;
}

/** `request.state` of Starlette. */
function isRequestState(of: Origin, owner: FunctionInFile, resolver: Resolver): boolean {
  return of.kind === 'member' && of.name === 'state' && isRequest(of.of, owner, resolver);
}

function isRequest(origin: Origin, { uri, placed }: FunctionInFile, resolver: Resolver): boolean {
  if (origin.kind !== 'parameter') return false;
  const parameter = placed.life.parameters.find((each) => each.name === origin.name);
  const type = parameter?.annotation && resolver.path(uri, parameter.annotation);
  return type === undefined ? origin.name === 'request' : stateRequests.has(type);
}

/** `self` of a view class: an instance for each request. */
function isView(of: Origin, { uri, placed }: FunctionInFile, resolver: Resolver): boolean {
  const { life, className, bases } = placed;
  if (of.kind !== 'parameter' || className === undefined || life.within.length > 0) return false;
  if (of.name !== life.parameters[0]?.name || !handlerMethods.has(life.name)) return false;
  return bases.some((base) => handlerClasses.has(resolver.path(uri, base) ?? ''));
}

/** `request.app.state`, `app.state`, `current_app`. */
function isApplication(of: Origin, owner: FunctionInFile, resolver: Resolver): boolean {
  if (of.kind === 'member' && of.name === 'state') return isApplication(of.of, owner, resolver);
  if (of.kind === 'member' && of.name === 'app') return isRequest(of.of, owner, resolver);
  return applicationObjects.has(resolver.path(owner.uri, of) ?? '');
}
