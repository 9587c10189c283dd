/** Puts one analysis together out of what was read: fleets, pools in their context, findings. Pure. */
import { haveSameItems } from '../core/same.ts';
import type { LineIndex } from '../core/text.ts';
import type { CredentialSighting, Pool, SourceContext } from '../declarations/pool.ts';
import type { Amount } from '../declarations/resolved.ts';
import type { SourceModel } from '../declarations/source.ts';
import { serverFact } from '../facts/processModels.ts';
import { computeFleet } from '../fleet/arithmetic.ts';
import { linkPools, type PoolSource, type ServiceClaims } from '../fleet/link.ts';
import { FleetMemory } from '../fleet/memory.ts';
import type { Fleet, PoolShare } from '../fleet/model.ts';
import { poolerInFrontOf, poolerOfAll } from '../fleet/poolerInFront.ts';
import { type LifecycleReport, mapReport } from '../lifecycle/analyse.ts';
import { mapScriptObjects, type ScriptObjectReport } from '../lifecycle/scriptObjects.ts';
import type { Analysis, AnalysisError } from '../rules/analysis.ts';
import { type FileSuppressions, runRules } from '../rules/engine.ts';
import { FindingMemory } from '../rules/memory.ts';
import type { PoolInContext, SessionStateBehindPooler, Thresholds } from '../rules/rule.ts';
import type { ManifestFact } from '../topology/drift.ts';
import { governingTopology, isExcluded, servicesFor } from '../topology/lookup.ts';
import type { Service, Topology, TopologyProblem } from '../topology/model.ts';
import { ConfiguredTopologies } from './configuredTopologies.ts';
import { pgbouncerInContext } from './pgbouncerContext.ts';
import type { PgbouncerModels } from './pgbouncerFiles.ts';
import type { ProjectSettings } from './settings.ts';
import { credentialsOf } from './sourceCredentials.ts';

export interface Ingredients {
  readonly isBeingRead: boolean;
  readonly pools: readonly PoolSource[];
  readonly topologies: readonly Topology[];
  readonly models: readonly SourceModel[];
  readonly pgbouncer: Pick<PgbouncerModels, 'configurations' | 'userlists' | 'includes'>;
  /** Suppression comments in files that are no source, by file. */
  readonly otherSuppressions: ReadonlyMap<string, FileSuppressions>;
  /** Passwords in files that are no source. */
  readonly otherCredentials: readonly (CredentialSighting & { readonly context: SourceContext })[];
  /** False for Prisma schemas whose URLs belong into a configuration. */
  readonly holdsUrls: (uri: string) => boolean;
  readonly lifecycle: LifecycleReport;
  readonly scriptObjects: ScriptObjectReport;
  readonly topologyProblems: readonly TopologyProblem[];
  readonly manifestFacts: () => readonly ManifestFact[];
  readonly poolerFacts: () => readonly ManifestFact[];
  readonly pathsThatMatchNothing: ReadonlyMap<Topology, Fleet['pathsThatMatchNothing']>;
  readonly settings: ProjectSettings;
  readonly displayPath: (uri: string) => string;
  readonly lines: (uri: string) => LineIndex | undefined;
  readonly errors: readonly AnalysisError[];
  readonly files: number;
  readonly onRuleFailure: (rule: string, error: unknown) => void;
}

/** What one analysis hands on to the next, so that what has not changed is neither worked out again nor another object. */
export class AssemblyMemory {
  readonly fleets = new FleetMemory();
  readonly findings = new FindingMemory();
  readonly configured = new ConfiguredTopologies();
  readonly pools = new WeakMap<PoolSource, { readonly topology: Topology | undefined; readonly made: PoolInContext }>();
  private governance: (Governance & { readonly topologies: readonly Topology[] }) | undefined;

  governanceOf(topologies: readonly Topology[]): Governance {
    if (this.governance === undefined || !haveSameItems(topologies, this.governance.topologies))
      this.governance = { topologies, ...govern(topologies) };
    return this.governance;
  }
}

/** Whose files are whose: matching paths is dear, so each file is asked about once. */
interface Governance {
  readonly governing: (uri: string) => Topology | undefined;
  readonly isLeftOut: (uri: string) => boolean;
  readonly claimedBy: (topology: Topology) => ServiceClaims;
}

function govern(topologies: readonly Topology[]): Governance {
  const governing = memoise((uri: string) => governingTopology(topologies, uri));
  const claims = new Map(topologies.map((topology) => [topology, claimsOf(topology, governing)]));
  return {
    governing,
    isLeftOut: memoise((uri) => {
      const topology = governing(uri);
      return topology !== undefined && isExcluded(topology, uri);
    }),
    claimedBy: (topology) => claims.get(topology)!,
  };
}

export function assemble(ingredients: Ingredients, memory = new AssemblyMemory()): Analysis {
  const { settings } = ingredients;
  const configured = memory.configured.of(ingredients.topologies, ingredients.pgbouncer);
  const topologies = configured.map(([topology]) => topology);
  const { governing, isLeftOut, claimedBy } = memory.governanceOf(topologies);
  const sources = ingredients.pools.filter((source) => !isLeftOut(source.uri));
  const fleets = configured.map(([topology, written]) =>
    computeFleet(
      topology,
      linkPools(topology, sources, claimedBy(topology)),
      ingredients.pathsThatMatchNothing.get(written),
      memory.fleets,
    ),
  );
  const shares = fleets.flatMap((fleet) =>
    fleet.databases.flatMap((database) => database.services.flatMap((service) => service.pools)),
  );
  const sharesIn = groupedBy(shares, (share) => share.pool.uri);
  const pools = sources
    .map((source) => inContext(source, governing(source.uri), sharesIn.get(source.uri) ?? [], memory))
    .sort((a, b) => compareText(a.pool.uri, b.pool.uri) || a.pool.site.span.start - b.pool.site.span.start);
  const models = ingredients.models.filter((model) => !isLeftOut(model.uri));
  const configurations = ingredients.pgbouncer.configurations.filter((file) => !isLeftOut(file.uri));
  const userlists = ingredients.pgbouncer.userlists.filter((file) => !isLeftOut(file.uri));
  const suppressions = new Map<string, FileSuppressions>([
    ...models.filter((model) => model.suppressions.length > 0).map((model) => [model.uri, model] as const),
    ...ingredients.otherSuppressions,
  ]);
  const pgbouncerFiles = pgbouncerInContext(
    { configurations, userlists, includes: ingredients.pgbouncer.includes },
    topologies,
  );
  memory.findings.restOn([settings, ...topologies]);
  const findings = settings.enable
    ? runRules(
        {
          pools,
          credentials: [
            ...models.flatMap((model) => credentialsOf(model, ingredients.holdsUrls)),
            ...ingredients.otherCredentials.filter((each) => !isLeftOut(each.uri)),
          ],
          forkNotes: new Set(models.flatMap((model) => model.forkNotes ?? [])),
          lifecycle: withoutExcluded(ingredients.lifecycle, isLeftOut),
          scriptObjects: mapScriptObjects(ingredients.scriptObjects, (each) =>
            isLeftOut(each.uri) ? undefined : each,
          ),
          sessionStates: models.flatMap((model) => behindPoolers(model, governing(model.uri))),
          fleets,
          pgbouncerFiles,
          pgbouncerUserlists: userlists,
          topologyProblems: ingredients.topologyProblems,
          manifestFacts: ingredients.manifestFacts,
          poolerFacts: () => ingredients.poolerFacts().filter(({ at }) => !isLeftOut(at.uri)),
          suppressionUses: [],
          thresholds: (uri) => thresholdsFor(governing(uri), settings),
          displayPath: ingredients.displayPath,
        },
        {
          severityOf: (rule, uri) =>
            (governing(uri) ?? ownTopology(topologies, uri))?.settings.rules.get(rule)?.value ?? settings.rules[rule],
          testFiles: (uri) => {
            const stated = governing(uri)?.settings.testFiles?.value;
            return stated === 'full' || stated === 'ignore' || stated === 'reduced' ? stated : settings.testFiles;
          },
        },
        suppressions,
        ingredients.onRuleFailure,
        memory.findings,
      )
    : [];
  return {
    pools,
    fleets,
    pgbouncerFiles,
    pgbouncerUserlists: userlists,
    findings,
    errors: ingredients.errors,
    isBeingRead: ingredients.isBeingRead,
    files: ingredients.files,
    lines: ingredients.lines,
    displayPath: ingredients.displayPath,
  };
}

/** A file's services say which databases its SQL reaches: all of them, as far as anybody can tell. */
function behindPoolers(model: SourceModel, topology: Topology | undefined): SessionStateBehindPooler[] {
  const { sessionStates, context } = model;
  if (topology === undefined || sessionStates === undefined || sessionStates.length === 0) return [];
  const services = servicesFor(topology, model.uri);
  const named = new Set(services.flatMap((service) => service.databases.map((each) => each.value)));
  const databases = [...topology.databases.values()].filter((each) => named.size === 0 || named.has(each.name));
  const pooler = services.length === 0 ? undefined : poolerOfAll(databases);
  return pooler === undefined ? [] : sessionStates.map((each) => ({ ...each, context, pooler }));
}

function withoutExcluded(lifecycle: LifecycleReport, isLeftOut: (uri: string) => boolean): LifecycleReport {
  return mapReport(lifecycle, (each) => (isLeftOut(each.uri) ? undefined : each));
}

/** Findings inside a topology file follow that file's own settings. */
function ownTopology(topologies: readonly Topology[], uri: string): Topology | undefined {
  return topologies.find((topology) => topology.uri === uri);
}

function claimsOf(topology: Topology, governing: (uri: string) => Topology | undefined): ServiceClaims {
  const claimed = memoise((uri: string): readonly Service[] =>
    governing(uri) === topology ? servicesFor(topology, uri) : [],
  );
  return {
    servicesFor: claimed,
    claimsExplicitly: (service, uri) => service.paths !== undefined && claimed(uri).includes(service),
  };
}

/** `inFile` are the shares of all pools of the file. */
function inContext(
  source: PoolSource,
  topology: Topology | undefined,
  inFile: readonly PoolShare[],
  memory: AssemblyMemory,
): PoolInContext {
  const shares = inFile.filter((share) => share.pool === source.resolveFor(share.service));
  const before = memory.pools.get(source);
  if (before !== undefined && before.topology === topology && haveSameItems(shares, before.made.shares))
    return before.made;
  const made = describe(source, topology, shares);
  memory.pools.set(source, { topology, made });
  return made;
}

function describe(source: PoolSource, topology: Topology | undefined, shares: readonly PoolShare[]): PoolInContext {
  const alone = source.resolveFor(undefined);
  const pool = shares.reduce<Pool>(
    (largest, share) => (isLarger(share.pool, largest) ? share.pool : largest),
    shares[0]?.pool ?? alone,
  );
  const databases = [...new Set(shares.map((share) => share.database))];
  const timeouts = databases.flatMap((database) =>
    database.idleTimeout === undefined
      ? []
      : [{ seconds: database.idleTimeout.value, at: database.idleTimeout.at, database: database.name }],
  );
  return {
    pool,
    context: source.context,
    idleTimeout: timeouts.sort((a, b) => a.seconds - b.seconds)[0],
    hasTopology: topology !== undefined && shares.length > 0,
    isWithoutPooler: databases.length > 0 && databases.every((database) => database.pooler === undefined),
    pooler: poolerInFrontOf(pool, databases),
    isLongRunning: shares.some((share) => serverFact(share.service.server?.value)?.isLongRunning === true),
    shares,
  };
}

function isLarger(pool: Pool, than: Pool): boolean {
  return weight(pool.peakPerProcess) > weight(than.peakPerProcess);
}

function weight(amount: Amount): number {
  if (amount === 'unbounded') return Number.POSITIVE_INFINITY;
  return typeof amount === 'number' ? amount : -1;
}

function thresholdsFor(topology: Topology | undefined, settings: ProjectSettings): Thresholds {
  const stated = topology?.settings.thresholds;
  const value = (name: string, fallback: number) => stated?.get(name)?.value ?? fallback;
  return {
    acquireTimeoutSeconds: value('acquire_timeout', settings.thresholds.acquireTimeoutSeconds),
    maxOverflow: value('max_overflow', settings.thresholds.maxOverflow),
    poolSizeWithoutTopology: value('pool_size_without_topology', settings.thresholds.poolSizeWithoutTopology),
  };
}

function memoise<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as T;
  };
}

function groupedBy<T>(all: readonly T[], keyOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const list = groups.get(keyOf(each));
    if (list === undefined) groups.set(keyOf(each), [each]);
    else list.push(each);
  }
  return groups;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
