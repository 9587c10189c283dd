/** Topologies, dependency files, `.env` files and manifests of a project, read and kept by URI. */

import { LineIndex } from '../core/text.ts';
import { contextOf } from '../declarations/context.ts';
import { type Requirement, readDependencies } from '../declarations/dependencies.ts';
import type { EnvironmentEntry } from '../declarations/environmentFile.ts';
import type { CredentialSighting, SourceContext, Suppression } from '../declarations/pool.ts';
import type { Language } from '../declarations/value.ts';
import type { DependencyView } from '../libraries/library.ts';
import type { FileSuppressions } from '../rules/engine.ts';
import { ruleIds } from '../rules/registry.ts';
import type { ParserSource } from '../syntax/parser.ts';
import { readSuppressions } from '../syntax/suppressions.ts';
import type { ManifestFact } from '../topology/drift.ts';
import type { Topology, TopologyProblem } from '../topology/model.ts';
import { parseTopology } from '../topology/parse.ts';
import { type DeploymentVariables, deploymentVariables } from './deploymentVariables.ts';
import { EnvironmentFiles } from './environmentFiles.ts';
import { isCompose, isManifest, kindOf } from './fileKinds.ts';
import { folderOf, foldersUpTo } from './folders.ts';
import { Manifests } from './manifests.ts';
import { NodePackages } from './nodePackages.ts';
import { beginsLikePgbouncer, PgbouncerFiles } from './pgbouncerFiles.ts';

interface TopologyEntry {
  /** The last version that could be read; stays in force while the file is broken. */
  topology?: Topology;
  problems: readonly TopologyProblem[];
  suppressions: readonly Suppression[];
}

export class SpecialFiles {
  private readonly topologyEntries = new Map<string, TopologyEntry>();
  private readonly environments = new EnvironmentFiles();
  private readonly requirements = new Map<string, readonly Requirement[]>();
  readonly nodePackages = new NodePackages();
  private readonly manifests = new Manifests();
  private readonly lineTables = new Map<string, LineIndex>();
  private readonly dependencyViews = new Map<string, DependencyView>();

  readonly pgbouncer: PgbouncerFiles;
  /** How often one of them was read or went away. */
  changes = 0;

  /** `folderOf` names the folder a topology governs where that is not its own. */
  constructor(
    private readonly governedFolder: (uri: string) => string | undefined,
    grammars: ParserSource,
    onFailure: (uri: string, error: unknown) => void,
  ) {
    this.pgbouncer = new PgbouncerFiles(grammars, onFailure);
  }

  /** `isTracked` tells whether git has the file. */
  load(uri: string, path: string, text: string, is: { readonly topology: boolean; readonly tracked: boolean }): void {
    const lines = LineIndex.of(text);
    this.changes++;
    this.lineTables.set(uri, lines);
    if (is.topology) {
      const result = parseTopology(uri, text, { knownRules: ruleIds, folder: this.governedFolder(uri) });
      const previous = this.topologyEntries.get(uri)?.topology;
      this.topologyEntries.set(uri, {
        topology: result.topology ?? previous,
        problems: result.topology === undefined ? sayWhatIsInForce(result.problems, previous) : result.problems,
        suppressions: readSuppressions(uri, text, lines, (offset) => beginsYamlComment(text, offset)),
      });
      return;
    }
    // What a setting named as the topology until now.
    this.topologyEntries.delete(uri);
    switch (kindOf(path)) {
      case 'environment':
        this.environments.loadEnvironment(uri, text, lines, { isTracked: is.tracked, context: contextOf(path) });
        break;
      case 'configuration':
        this.environments.loadConfiguration(uri, text, lines, 'app');
        break;
      case 'dependencies':
        this.requirements.set(uri, readDependencies(uri, text));
        this.dependencyViews.clear();
        break;
      case 'packages':
        this.nodePackages.load(uri, text);
        break;
      case 'manifest':
        // Compose files hold what a machine of one's own needs.
        if (isCompose(uri)) this.environments.loadConfiguration(uri, text, lines, 'example');
        break;
      case 'pgbouncer':
      case 'userlist':
        this.pgbouncer.load(uri, path, text, kindOf(path) === 'userlist');
        break;
      case 'ini':
        if (beginsLikePgbouncer(text)) this.pgbouncer.load(uri, path, text, false);
        else this.pgbouncer.remove(uri);
        break;
      default:
        this.pgbouncer.forgetPart(uri);
    }
    // A file may be one beside what else it is.
    if (isManifest(path)) this.manifests.load(uri, path, text);
  }

  remove(uri: string): void {
    this.changes++;
    this.topologyEntries.delete(uri);
    this.environments.remove(uri);
    if (this.requirements.delete(uri)) this.dependencyViews.clear();
    this.nodePackages.remove(uri);
    this.manifests.remove(uri);
    this.pgbouncer.remove(uri);
    this.lineTables.delete(uri);
  }

  /** Python modules that manifests name as the settings of what they deploy. */
  readonly settingsModules = (): readonly string[] => this.manifests.settingsModules();

  lines(uri: string): LineIndex | undefined {
    return this.lineTables.get(uri) ?? this.pgbouncer.linesOfPart(uri);
  }

  topologies(): Topology[] {
    return this.topologyUris().flatMap((uri) => this.topologyEntries.get(uri)?.topology ?? []);
  }

  topologyProblems(): TopologyProblem[] {
    return [...this.topologyEntries.values()].flatMap((entry) => entry.problems);
  }

  /** Suppression comments of topology, environment, configuration and PgBouncer files, by file. */
  suppressions(): Map<string, FileSuppressions> {
    const inTopologies = [...this.topologyEntries].map(([uri, { suppressions }]) => [uri, suppressions] as const);
    const all = [
      ...inTopologies,
      ...this.manifests.suppressions(),
      ...this.environments.suppressions(),
      ...this.pgbouncer.suppressions(),
    ];
    return new Map(
      all.flatMap(([uri, suppressions]) => {
        const lines = this.lines(uri);
        return lines === undefined || suppressions.length === 0 ? [] : [[uri, { suppressions, lines }] as const];
      }),
    );
  }

  has(uri: string): boolean {
    return this.lineTables.has(uri);
  }

  uris(): string[] {
    return [...this.lineTables.keys()];
  }

  topologyUris(): string[] {
    return [...this.topologyEntries.keys()].sort();
  }

  manifestFacts(): readonly ManifestFact[] {
    return this.manifests.facts();
  }

  /** What manifests that run a PgBouncer say. */
  poolerFacts(): readonly ManifestFact[] {
    return this.manifests.poolerFacts();
  }

  /** Variables that manifests set, by service. */
  deploymentVariables(displayPath: (uri: string) => string): DeploymentVariables {
    return deploymentVariables(this.topologies(), () => this.manifestFacts(), displayPath);
  }

  /** Names of all variables that environment files set, for completion. */
  environmentVariables(): string[] {
    return this.environments.names();
  }

  /** The variable as the nearest environment file around a source sets it. */
  environmentVariable(
    fromUri: string,
    root: string,
    variable: string,
    language: Language,
  ): EnvironmentEntry | undefined {
    return this.environments.variable(variable, foldersUpTo(fromUri, root), language);
  }

  /** Passwords in environment, configuration and PgBouncer files. */
  credentials(): (CredentialSighting & { readonly context: SourceContext })[] {
    return [...this.environments.credentials(), ...this.pgbouncer.credentials()];
  }

  /** What the dependency files around a source, up to the workspace folder, say. */
  dependencies(fromUri: string, root: string, language: Language): DependencyView {
    if (language !== 'python') return this.nodePackages.dependencies(fromUri, root);
    const folder = folderOf(fromUri);
    let view = this.dependencyViews.get(folder);
    if (view === undefined) {
      view = this.viewFor(fromUri, root);
      this.dependencyViews.set(folder, view);
    }
    return view;
  }

  private viewFor(fromUri: string, root: string): DependencyView {
    const levels = foldersUpTo(fromUri, root).map((folder) =>
      [...this.requirements.entries()]
        .filter(([uri]) => folderOf(uri) === folder || folderOf(uri) === `${folder}/requirements`)
        .flatMap(([, list]) => list),
    );
    const all = levels.flat();
    return {
      packages: all.length === 0 ? undefined : new Set(all.map((each) => each.name)),
      requirement(name) {
        for (const level of levels) {
          const matching = level.filter((each) => each.name === name);
          if (matching.length === 0) continue;
          const best = matching.find((each) => each.isLocked) ?? matching.find((each) => each.version) ?? matching[0]!;
          return { version: best.version, below: best.below, evidence: { text: best.text, at: best.at } };
        }
        return undefined;
      },
    };
  }
}

/** A file that cannot be read at all: its first problem also says what counts until it can. */
function sayWhatIsInForce(problems: readonly TopologyProblem[], previous: Topology | undefined): TopologyProblem[] {
  const inForce =
    previous === undefined
      ? 'No topology is in force until this file can be read.'
      : 'The last version that could be read stays in force.';
  return problems.map((problem, index) =>
    index === 0 ? { ...problem, message: `${problem.message} ${inForce}` } : problem,
  );
}

/** In YAML a `#` begins a comment where it begins the line or follows white space. */
function beginsYamlComment(text: string, offset: number): boolean {
  return text[offset] === '#' && (offset === 0 || /\s/.test(text[offset - 1]!));
}
