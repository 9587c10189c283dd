/** Who runs a function: a web framework for each request, a worker for each message, or just anybody. */
import type { PlacedFunction } from '../declarations/lifecycle.ts';
import { callsIn } from '../declarations/lifecycle.ts';
import type { Origin } from '../declarations/origin.ts';
import {
  annotatedTypes,
  celeryDecorators,
  dependencyMarkers,
  handlerClasses,
  handlerMethods,
  requestDecorators,
  requestTypes,
  routeMethodNames,
  taskDecorators,
  transparentDecorators,
} from '../facts/lifecycle/frameworks.ts';
import type { Named, Resolver } from './resolve.ts';
import { isHandedOnUnchanged, scriptRoleOf } from './scriptRoles.ts';

export type Role =
  /** Runs once per request. */
  | 'request'
  /** The same where a container makes something for each request: its constructor or factory. */
  | 'request scope'
  /** Runs once per message of a queue, in Celery's forked workers. */
  | 'celery task'
  | 'task'
  /** Runs once per invocation of a serverless function. */
  | 'invocation'
  /** Runs once per call of a server action. */
  | 'action';

export function roleOf(placed: PlacedFunction, uri: string, resolver: Resolver): Role | undefined {
  const { life } = placed;
  if (life.script !== undefined) return scriptRoleOf(placed, uri, resolver);
  for (const decorator of life.decorators) {
    const role = roleByDecorator(decorator, uri, resolver);
    if (role !== undefined) return role;
  }
  if (placed.className !== undefined && life.within.length === 0) {
    const isHandler = placed.bases.some((base) => handlerClasses.has(resolver.path(uri, base) ?? ''));
    return isHandler && handlerMethods.has(life.name) ? 'request' : undefined;
  }
  const [first, second] = life.parameters;
  if (first?.annotation !== undefined && requestTypes.has(resolver.path(uri, first.annotation) ?? '')) return 'request';
  if (first?.name === 'request' && answersRequest(placed, uri, resolver)) return 'request';
  const isLambda = life.name === 'lambda_handler' || life.name === 'handler';
  return isLambda && first?.name === 'event' && second?.name === 'context' ? 'invocation' : undefined;
}

function roleByDecorator(decorator: Origin, uri: string, resolver: Resolver): Role | undefined {
  const callee = decorator.kind === 'result' ? decorator.of : decorator;
  const path = resolver.path(uri, callee);
  if (path !== undefined) {
    if (requestDecorators.has(path)) return 'request';
    if (celeryDecorators.has(path)) return 'celery task';
    return taskDecorators.has(path) ? 'task' : undefined;
  }
  if (callee.kind !== 'member' || resolver.resolve(uri, callee) !== undefined) return undefined;
  // The application object is made where nobody looked; a path as first argument tells enough.
  if (decorator.kind === 'result' && routeMethodNames.has(callee.name)) {
    const [first] = decorator.arguments;
    if (first?.name === undefined && first?.origin.kind === 'literal' && first.origin.isPath === true) return 'request';
  }
  const owner = callee.of.kind === 'member' || callee.of.kind === 'global' ? callee.of.name : '';
  return callee.name === 'task' && /celery/i.test(owner) ? 'celery task' : undefined;
}

const responses = /^(?:django\.(?:shortcuts|http)\.|aiohttp\.web\.)/;

/** A function view without any decoration: it takes the request and makes a response. */
function answersRequest({ life }: PlacedFunction, uri: string, resolver: Resolver): boolean {
  for (const call of callsIn(life.steps)) {
    const path = resolver.path(uri, call.callee);
    if (path !== undefined && responses.test(path)) return true;
  }
  return false;
}

/** True where nothing around a function keeps what a call returned, as `lru_cache` does. */
export function runsAtEveryCall({ life }: PlacedFunction, uri: string, resolver: Resolver): boolean {
  if (life.script !== undefined && !isHandedOnUnchanged(life)) return false;
  return life.decorators.every((decorator) => {
    const path = resolver.path(uri, decorator);
    return path !== undefined && transparentDecorators.has(path);
  });
}

/** A dependency that a framework calls for each request, and the parameter that asks for it. */
export interface Dependency {
  readonly parameter: string;
  readonly target: Named;
  /** What `scope=` says. */
  readonly scope?: string;
}

/** The functions of the workspace that parameters of a function are filled by. */
export function dependenciesOf({ life }: PlacedFunction, uri: string, resolver: Resolver): Dependency[] {
  return life.parameters.flatMap((parameter): Dependency[] => {
    const marker = markerOf(parameter.fallback, uri, resolver) ?? markerOf(parameter.annotation, uri, resolver);
    return marker === undefined ? [] : [{ parameter: parameter.name, ...marker }];
  });
}

type Marker = Omit<Dependency, 'parameter'>;

function markerOf(origin: Origin | undefined, uri: string, resolver: Resolver): Marker | undefined {
  if (origin === undefined) return undefined;
  if (origin.kind === 'result') {
    if (!dependencyMarkers.has(resolver.path(uri, origin.of) ?? '')) return undefined;
    const first = origin.arguments.find((each) => each.name === undefined || each.name === 'dependency');
    const target = first && resolver.resolve(uri, first.origin);
    if (target?.kind !== 'function') return undefined;
    const scope = origin.arguments.find((each) => each.name === 'scope')?.origin;
    return {
      target: { uri: target.uri, name: target.name },
      scope: scope?.kind === 'literal' ? scope.scope : undefined,
    };
  }
  if (origin.kind === 'item') {
    if (!annotatedTypes.has(resolver.path(uri, origin.of) ?? '')) return undefined;
    for (const each of origin.items) {
      const found = markerOf(each, uri, resolver);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const alias = resolver.aliased(uri, origin);
  return alias && markerOf(alias.origin, alias.uri, resolver);
}
