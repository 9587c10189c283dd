/** Pools and clients that JavaScript modules build once: who listens to their errors, what a reload does, who asks whom. */
import type { Location } from '../core/text.ts';
import type { Member } from '../declarations/definitions.ts';
import type { Pool, SourceContext } from '../declarations/pool.ts';
import type { ModuleObject } from '../declarations/scriptObjects.ts';
import type { SourceModel } from '../declarations/source.ts';
import { someValue } from '../declarations/traverse.ts';
import type { CallSite, ReferenceValue, Value } from '../declarations/value.ts';
import { reloadingFramework } from '../facts/lifecycle/hotReload.ts';
import { modulesThatOnlyUsePools } from '../facts/pg.ts';
import { clientPath } from '../facts/prisma.ts';
import { holdsNoConnection } from './prismaClients.ts';

interface InFile {
  readonly uri: string;
  readonly context: SourceContext;
}

/** A pool of node-postgres with a name, on which nothing listens to errors. */
export interface UnheardPool extends InFile {
  readonly object: ModuleObject;
  readonly pool: Pool;
}

/** A client or pool that a reload of its module builds once more. */
export interface ReloadedObject extends InFile {
  readonly object: ModuleObject;
  /** `Next.js` */
  readonly framework: string;
  /** `PrismaClient`, `Pool` */
  readonly builds: string;
}

export interface RootClientUse extends InFile {
  readonly at: Location;
  /** `prisma.user.create` */
  readonly text: string;
  readonly client: string;
  readonly parameter?: string;
}

export interface ScriptObjectReport {
  readonly unheardPools: readonly UnheardPool[];
  readonly reloadedObjects: readonly ReloadedObject[];
  readonly rootClientUses: readonly RootClientUse[];
}

/** The report with each entry changed; those for which nothing is returned are left out. */
export function mapScriptObjects(
  report: ScriptObjectReport,
  change: <T extends InFile>(each: T) => T | undefined,
): ScriptObjectReport {
  return {
    unheardPools: report.unheardPools.flatMap((each) => change(each) ?? []),
    reloadedObjects: report.reloadedObjects.flatMap((each) => change(each) ?? []),
    rootClientUses: report.rootClientUses.flatMap((each) => change(each) ?? []),
  };
}

export interface ScriptWorkspace {
  readonly models: readonly SourceModel[];
  readonly pools: readonly Pool[];
  /** The value an imported name stands for. */
  readonly reference: (reference: ReferenceValue) => Value | undefined;
  /** The class or function that a file defines. */
  readonly definition: (uri: string, path: string) => Member | undefined;
  /** The dotted name of the library callable that a callee is in the end. */
  readonly pathOf: (callee: Value) => string | undefined;
  /** Names of the packages that the nearest package.json of a file asks for. */
  readonly ownPackages: (uri: string) => ReadonlySet<string> | undefined;
  /** True for a module that only tests and scripts import. */
  readonly isOnlyTested: (uri: string) => boolean;
}

export function analyseScriptObjects(workspace: ScriptWorkspace): ScriptObjectReport {
  const models = workspace.models.filter((model) => model.scriptObjects !== undefined);
  const report = {
    unheardPools: [] as UnheardPool[],
    reloadedObjects: [] as ReloadedObject[],
    rootClientUses: [] as RootClientUse[],
  };
  if (models.length === 0) return report;
  const pools = new Map(workspace.pools.map((pool) => [keyOf(pool.site), pool]));
  const heard = once(() => heardPools(models, pools, workspace));
  const handedOn = once(() => handedToLibraries(workspace));
  const hasPrisma = once(() => workspace.models.some(({ uri }) => uri.endsWith('.prisma')));
  for (const model of models) {
    const { uri, context } = model;
    const { objects, transactions } = model.scriptObjects!;
    for (const object of objects) {
      const pool = pools.get(keyOf(object.site));
      const key = keyOf(object.site);
      const isSilent = pool?.system !== 'node-postgres' || object.hasErrorListener || object.escapes;
      if (pool !== undefined && !isSilent && heard()?.has(key) === false && !handedOn().has(key))
        report.unheardPools.push({ uri, context, object, pool });
      const builds = buildsOf(object, pool, workspace);
      const framework = builds === undefined ? undefined : frameworkThatReloads(model, object, workspace);
      if (builds !== undefined && framework !== undefined)
        report.reloadedObjects.push({ uri, context, object, framework, builds });
    }
    for (const { client, isTyped, name, parameter, uses } of transactions) {
      const isKnown = isPrismaClient(client, workspace, 0);
      if (!isKnown && (isTyped || !isHandedIn(client) || !hasPrisma())) continue;
      for (const { at, text, isQuery } of uses)
        if (isKnown || isQuery) report.rootClientUses.push({ uri, context, at, text, client: name, parameter });
    }
  }
  return report;
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}

function keyOf({ uri, span }: CallSite): string {
  return `${span.start} ${uri}`;
}

const mayBePool = /pool|pg|postgres|db|database/i;
/** Parameters are called so that may be anything that emits. */
const mayBeAnything = /^(?:(?!ws$)\w{1,2}|emitter|instance|resource)$/;

/** Pools that files listen to, by the places where they are built; undefined where one may listen to any for all that is known. */
function heardPools(
  models: readonly SourceModel[],
  pools: ReadonlyMap<string, Pool>,
  workspace: ScriptWorkspace,
): ReadonlySet<string> | undefined {
  const heard = new Set<string>();
  for (const { scriptObjects } of models) {
    for (const { receiver, text } of scriptObjects!.errorListeners()) {
      const value = followed(receiver, workspace, 0);
      const places = placesOf(value);
      for (const each of places) heard.add(each);
      if (places.some((each) => pools.has(each))) continue;
      if (mayBePool.test(text) || (receiver.kind === 'parameter' && mayBeAnything.test(text))) return undefined;
    }
  }
  return heard;
}

/** Where the objects are built that a value may be. */
function placesOf(value: Value): string[] {
  const places: string[] = [];
  someValue(value, ({ kind, at }) => {
    if (kind === 'call') places.push(`${at.start} ${at.uri}`);
    return false;
  });
  return places;
}

/** `new PrismaPg(pool)` in a file that imports the pool: whoever takes it may listen. By the places where they are built. */
function handedToLibraries(workspace: ScriptWorkspace): ReadonlySet<string> {
  const built = new Set<string>();
  for (const { callSites } of workspace.models) {
    for (const { language, callee, arguments: list } of callSites) {
      if (language !== 'typescript' || onlyUsesPools(callee)) continue;
      for (const { value } of list) {
        someValue(value, (each) => {
          for (const place of placesOf(each.kind === 'reference' ? followed(each, workspace, 0) : each))
            built.add(place);
          return false;
        });
      }
    }
  }
  return built;
}

function onlyUsesPools(callee: Value): boolean {
  return callee.kind === 'reference' && modulesThatOnlyUsePools.has(callee.module.split('/')[0]!);
}

/** Names handed on from module to module more often than this are a circle. */
const longestChain = 8;

function followed(value: Value, workspace: ScriptWorkspace, depth: number): Value {
  if (depth > longestChain) return value;
  if (value.kind === 'constant') return followed(value.value, workspace, depth + 1);
  const found = value.kind === 'reference' ? workspace.reference(value) : undefined;
  return found === undefined ? value : followed(found, workspace, depth + 1);
}

function buildsOf({ site }: ModuleObject, pool: Pool | undefined, { pathOf }: ScriptWorkspace): string | undefined {
  if (pathOf(site.callee) === clientPath) return holdsNoConnection(site) ? undefined : 'PrismaClient';
  // An adapter makes its pool when its client connects.
  return pool !== undefined && pool.system !== 'prisma' && pool.address.isNetworkDatabase ? pool.callable : undefined;
}

const configuration = /\.config\.[cm]?[jt]s$/;

function frameworkThatReloads(
  { uri, scriptObjects }: SourceModel,
  { isGuarded }: ModuleObject,
  { isOnlyTested, ownPackages }: ScriptWorkspace,
): string | undefined {
  const { mentionsGlobal, isProgram } = scriptObjects!;
  if (isGuarded || mentionsGlobal || isProgram || configuration.test(uri) || isOnlyTested(uri)) return undefined;
  return reloadingFramework(ownPackages(uri) ?? []);
}

/**
 * `ctx.db` of a procedure, `request.server.prisma`: nobody says here what it is. It has transactions under Prisma's own name,
 * and in a workspace with a schema that leaves one question, whether it is asked as Prisma is.
 */
function isHandedIn(value: Value): boolean {
  if (value.kind === 'attribute') return isHandedIn(value.object);
  return value.kind === 'unknown' || value.kind === 'parameter';
}

function isPrismaClient(value: Value, workspace: ScriptWorkspace, depth: number): boolean {
  if (depth > longestChain) return false;
  const inner = (each: Value) => isPrismaClient(each, workspace, depth + 1);
  switch (value.kind) {
    case 'constant':
      return inner(value.value);
    case 'changed':
      return inner(value.object);
    case 'reference': {
      const found = workspace.reference(value);
      return found !== undefined && inner(found);
    }
    case 'call': {
      const { callee } = value;
      if (workspace.pathOf(callee) === clientPath) return true;
      if (callee.kind === 'attribute') return callee.name === '$extends' && inner(callee.object);
      const called = followed(callee, workspace, depth);
      if (called.kind !== 'reference' || called.module !== '' || called.level > 0) return false;
      // `const createClient = () => new PrismaClient()`, `class Client extends PrismaClient`
      const definition = workspace.definition(called.at.uri, called.name);
      if (definition?.kind === 'class') return definition.bases.some((base) => workspace.pathOf(base) === clientPath);
      return definition?.kind === 'function' && inner(definition.returns);
    }
    case 'operation':
      // `globalForPrisma.prisma ?? new PrismaClient()`
      return (value.operator === '??' || value.operator === '||') && inner(value.operands.at(-1)!);
    case 'alternatives':
      return value.values.some(inner);
    case 'conditional':
      return inner(value.whenTrue) || inner(value.whenFalse);
    default:
      return false;
  }
}
