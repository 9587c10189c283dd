/** Who runs a function of JavaScript: told by what it is handed to, its export, its types, its decorators. */
import { callsIn, type FunctionLife, type PlacedFunction } from '../declarations/lifecycle.ts';
import type { Origin } from '../declarations/origin.ts';
import {
  invocationType,
  nitroTakers,
  requestExports,
  requestLifetime,
  requestMethodDecorators,
  requestTakers,
  scriptRequestTypes,
  scriptRouteMethods,
  taskMethodDecorators,
  taskMethods,
  taskTakers,
  transparentWrappers,
} from '../facts/lifecycle/scriptFrameworks.ts';
import type { Resolver } from './resolve.ts';
import type { Role } from './roles.ts';

export function scriptRoleOf(placed: PlacedFunction, uri: string, resolver: Resolver): Role | undefined {
  const { life, bases } = placed;
  const { script } = life;
  if (script === undefined || script.isEdge) return undefined;
  for (const decorator of life.decorators) {
    const path = resolver.path(uri, decorator.kind === 'result' ? decorator.of : decorator) ?? '';
    if (requestMethodDecorators.has(path)) return 'request';
    if (taskMethodDecorators.has(path)) return 'task';
  }
  for (const call of script.handedTo) {
    const role = call.kind === 'result' ? roleByTaker(call.of, call.arguments[0]?.origin, uri, resolver) : undefined;
    if (role !== undefined) return role;
  }
  if (script.isResolver) return 'request';
  if (script.lifetime !== undefined && resolver.path(uri, script.lifetime) === requestLifetime) return 'request scope';
  if (placed.className !== undefined) {
    const isTask = bases.some((base) => taskMethods.get(resolver.path(uri, base) ?? '') === life.name);
    return isTask ? 'task' : takesRequest(life) ? 'request' : undefined;
  }
  return roleByExport(life, uri) ?? roleByType(life, uri, resolver) ?? (takesRequest(life) ? 'request' : undefined);
}

/** What a call makes of a function that it is handed, by what is called and its first argument. */
export function roleByTaker(
  callee: Origin,
  first: Origin | undefined,
  uri: string,
  resolver: Resolver,
): Role | undefined {
  const written = resolver.path(uri, callee);
  // A server function of TanStack with middleware may run when the application is built, and never again.
  if (written?.includes('.createServerFn().') && written.includes('.middleware().')) return undefined;
  // `router.route('/orders').get`: what a method of an application returns is one again.
  const path = written?.replace(/(?<=\))(?:\.\w+\(\))+/g, '');
  if (path !== undefined) {
    if (requestTakers.has(path)) return 'request';
    if (taskTakers.has(path)) return 'task';
    if (path.startsWith('builtins.') && nitroTakers.has(path.slice('builtins.'.length))) return 'request';
  }
  if (callee.kind !== 'member') return undefined;
  const isProcedure = /^(?:query|mutation|subscription)$/.test(callee.name) && beginsWithProcedure(callee.of);
  if (isProcedure) return 'request';
  // The application object is made where nobody looked; a path as first argument tells enough.
  const isPath = first?.kind === 'literal' && first.isPath === true;
  const isLibrarys = path !== undefined && !path.startsWith('builtins.');
  return isPath && scriptRouteMethods.has(callee.name) && !isLibrarys ? 'request' : undefined;
}

/** `publicProcedure.input(…)`, `t.procedure` */
function beginsWithProcedure(origin: Origin): boolean {
  switch (origin.kind) {
    case 'global':
    case 'import':
      return /procedure$/i.test(origin.name);
    case 'member':
      return /procedure$/i.test(origin.name) || beginsWithProcedure(origin.of);
    case 'result':
      return beginsWithProcedure(origin.of);
    default:
      return false;
  }
}

function roleByExport({ script, name, parameters }: FunctionLife, uri: string): Role | undefined {
  const { exportedAs, isAction } = script!;
  if (isAction) return 'action';
  const isRequest = exportedAs.some((each) =>
    requestExports.some(({ place, names }) => names.test(each) && place.test(uri)),
  );
  if (isRequest) return 'request';
  const isLambda = (each: string) => each === 'handler' || (each !== 'default' && name === each);
  const isInvocation = exportedAs.some((each) => isLambda(each) && isInvoked(each, parameters.length));
  return isInvocation && /^_?event$/.test(parameters[0]?.name ?? '') ? 'invocation' : undefined;
}

/** `handler(event)`, and under another name `list(event, context)`. */
function isInvoked(exportedAs: string, parameters: number): boolean {
  return exportedAs === 'handler' || parameters > 1;
}

function roleByType({ script, parameters }: FunctionLife, uri: string, resolver: Resolver): Role | undefined {
  for (const type of [script!.type, parameters[0]?.annotation]) {
    if (type === undefined) continue;
    const path = resolver.path(uri, type.kind === 'item' ? type.of : type);
    if (path === undefined) continue;
    if (scriptRequestTypes.has(path)) return 'request';
    if (invocationType.test(path)) return 'invocation';
  }
  return undefined;
}

const requestName = /^_?(?:req|request)$/;
const responseName = /^_?(?:res|response|reply)$/;

/** `(req, res)` that answers: nothing but a handler is written so. */
function takesRequest({ parameters, steps }: FunctionLife): boolean {
  const [request, response] = parameters;
  if (!requestName.test(request?.name ?? '') || !responseName.test(response?.name ?? '')) return false;
  const answer = /^(?:json|send|status|end|render|redirect|sendStatus|write|writeHead|code|setHeader|jsonp|sendFile)$/;
  return callsIn(steps).some(
    ({ receiver, text }) => receiver === response!.name && text.split('.').some((each) => answer.test(each)),
  );
}

/** True where nothing that takes a function keeps what it returned, or calls it more or less often than it is called. */
export function isHandedOnUnchanged({ script }: FunctionLife): boolean {
  return script!.handedTo.every((call) => {
    const callee = call.kind === 'result' ? call.of : call;
    const name = callee.kind === 'global' || callee.kind === 'member' || callee.kind === 'import' ? callee.name : '';
    return transparentWrappers.test(name);
  });
}
