/** Pools that are built anew for each request, task or invocation. */
import { type Location, locate } from '../core/text.ts';
import type { CallStep, PlacedFunction } from '../declarations/lifecycle.ts';
import { callsIn } from '../declarations/lifecycle.ts';
import { isFixed, type Origin, type OriginArgument, someOrigin } from '../declarations/origin.ts';
import type { BuiltPool } from './builtPools.ts';
import type { FunctionInFile, WorkspaceFunctions } from './functions.ts';
import { keeperOf } from './requestObjects.ts';
import type { Role } from './roles.ts';
import { isKept } from './searched.ts';

export interface PoolPerUse {
  readonly built: BuiltPool;
  /** The name of the callable that builds it. */
  readonly at: Location;
  /** How often: what runs the function, or the function that leads to it. */
  readonly role: Role | 'dependency';
  /** The function that is run so often. */
  readonly runBy: string;
  /** Where that function leads here: calls and dependencies, the outermost first. */
  readonly through: readonly { readonly at: Location; readonly name: string }[];
  /** True where the function that builds it closes it again, or something at the end of the request may. */
  readonly isClosedAgain: boolean;
}

/** Calls of calls deeper than this are not followed. */
const deepest = 3;

export function poolsPerUse(pools: readonly BuiltPool[], functions: WorkspaceFunctions): PoolPerUse[] {
  const callers = new Callers(functions);
  return pools.flatMap((built): PoolPerUse[] => {
    const site = siteOf(built, functions);
    if (site === undefined) return [];
    const { owner, call } = site;
    const keeper = keeperOf(owner, call, functions.resolver);
    if (keeper === undefined && isKept(owner.placed.life, call)) return [];
    const open = openParameters(call.arguments.map((each) => each.origin));
    if (open === undefined) return [];
    const use = callers.useOf(owner, open, keeper === 'request', 0);
    if (use === undefined) return [];
    const { start } = owner.placed;
    const at = { uri: owner.uri, start: start + call.nameSpan.start, end: start + call.nameSpan.end };
    return [{ built, at, ...use, isClosedAgain: keeper === 'request' || isClosedAgain(owner, call) }];
  });
}

function siteOf(
  built: BuiltPool,
  functions: WorkspaceFunctions,
): { owner: FunctionInFile; call: CallStep } | undefined {
  const { start } = built.site.span;
  for (const owner of functions.inFile(built.uri)) {
    const { life, start: base } = owner.placed;
    if (life.name === '' || start < base || start >= base + life.span.end) continue;
    for (const call of callsIn(life.steps)) if (base + call.span.start === start) return { owner, call };
  }
  return undefined;
}

/**
 * The parameters that decide what is passed; undefined where something else decides it that differs from call to call:
 * then it is a pool for somebody's own database.
 */
function openParameters(origins: readonly Origin[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const origin of origins) {
    const isOpen = someOrigin(origin, (each) => {
      if (each.kind === 'parameter') names.add(each.name);
      return each.kind === 'own' || each.kind === 'opaque';
    });
    if (isOpen) return undefined;
  }
  return names;
}

function isClosedAgain({ placed }: FunctionInFile, call: CallStep): boolean {
  const name = call.taker?.kind === 'variable' ? call.taker.name : undefined;
  const closing = /\.(?:dispose|close|closeall|terminate|disconnect|end|destroy|\$disconnect)$/;
  for (const each of callsIn(placed.life.steps))
    if (each.receiver === name && name !== undefined && each.isDirect && closing.test(each.text)) return true;
  return isEntered(placed.life.steps, call, name);
}

function isEntered(steps: PlacedFunction['life']['steps'], call: CallStep, name: string | undefined): boolean {
  return steps.some((step) => {
    switch (step.kind) {
      case 'scope':
        if (step.enters === call || (name !== undefined && step.variable === name)) return true;
        return isEntered(step.body, call, name);
      case 'branch':
        return step.alternatives.some((each) => isEntered(each, call, name));
      case 'loop':
        return isEntered(step.body, call, name);
      case 'try':
        return isEntered(step.body, call, name);
      default:
        return false;
    }
  });
}

type Use = Pick<PoolPerUse, 'role' | 'runBy' | 'through'>;

/** Who calls a function of the workspace, and how often that makes it run. */
class Callers {
  constructor(private readonly functions: WorkspaceFunctions) {}

  /** `endsWithRequest`: what it builds is on an object of the request, so that callers keep it no longer than that. */
  useOf(owner: FunctionInFile, open: ReadonlySet<string>, endsWithRequest: boolean, depth: number): Use | undefined {
    const { uri, placed } = owner;
    const { life } = placed;
    const role = this.functions.role(owner);
    if (role !== undefined) {
      const runBy = role !== 'request scope' ? life.name : (placed.className ?? `result of ${life.name}`);
      return open.size === 0 ? { role, runBy, through: [] } : undefined;
    }
    // A worker at the edge must not keep what it builds.
    if (life.script?.isEdge === true) return undefined;
    const isMethod = placed.className !== undefined;
    const isReachable = life.name !== '' && (!isMethod || life.script !== undefined) && life.within.length === 0;
    if (!isReachable || depth >= deepest || !this.functions.runsAtEveryCall(owner)) return undefined;
    const target = { uri, name: isMethod ? `${placed.className}.${life.name}` : life.name };
    const mayBeRegistered = life.script !== undefined && !isMethod && open.size === 0;
    const registered = mayBeRegistered ? this.functions.registeredRole(target) : undefined;
    if (registered !== undefined) return { role: registered, runBy: life.name, through: [] };
    for (const { owner: user, parameter } of this.functions.dependants(target)) {
      // What a dependency's own parameters get, the request decides.
      if (!arePassed(placed, open, [])) break;
      const { start, life: its } = user.placed;
      const at = locate(user.uri, { start: start + its.nameSpan.start, end: start + its.nameSpan.end });
      return { role: 'dependency', runBy: target.name, through: [{ at, name: `${its.name} (${parameter})` }] };
    }
    for (const { owner: caller, call } of this.functions.callersOf(target)) {
      const keeps = endsWithRequest ? this.keepsLonger(caller, call) : isKept(caller.placed.life, call);
      if (keeps || !arePassed(placed, open, call.arguments)) continue;
      const use = this.useOf(caller, new Set(), endsWithRequest, depth + 1);
      if (use === undefined) continue;
      const { start, life: its } = caller.placed;
      const at = { uri: caller.uri, start: start + call.nameSpan.start, end: start + call.nameSpan.end };
      return { ...use, through: [...use.through, { at, name: its.name }] };
    }
    return undefined;
  }

  private keepsLonger(caller: FunctionInFile, call: CallStep): boolean {
    if (caller.placed.life.mayKeepBeyondRequest !== false) return true;
    return call.taker?.kind === 'shared' && keeperOf(caller, call, this.functions.resolver) !== 'request';
  }
}

/** True where all the parameters get a value that does not differ from call to call. */
function arePassed({ life }: PlacedFunction, open: ReadonlySet<string>, passed: readonly OriginArgument[]): boolean {
  const positional = passed.filter((each) => each.name === undefined);
  return [...open].every((name) => {
    const position = life.parameters.findIndex((each) => each.name === name);
    const given = passed.find((each) => each.name === name) ?? positional[position];
    const value = given?.origin ?? life.parameters[position]?.fallback;
    return value !== undefined && isFixed(value);
  });
}
