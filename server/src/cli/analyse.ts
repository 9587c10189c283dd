/** Runs the engine over the paths of one command. The only place where the command line meets the workspace layer. */
import { dirname, resolve } from 'node:path';
import type { Analysis } from '../rules/analysis.ts';
import { type GrammarSource, Grammars } from '../syntax/parser.ts';
import type { ManifestFact } from '../topology/drift.ts';
import { toPath, toUri } from '../workspace/nodeFileAccess.ts';
import { Project } from '../workspace/project.ts';
import { defaultSettings } from '../workspace/settings.ts';
import { type Overlay, overlay, specialFilesIn } from './overlay.ts';
import { hasTopology, isInside, rootOf, targetPaths } from './paths.ts';

export interface AnalysisRequest {
  readonly cwd: string;
  /** As the user named them; none stands for the working directory. */
  readonly paths: readonly string[];
  /** A topology file that takes the place of the one in the root folder. */
  readonly topology?: string;
  readonly respectIgnoreFiles: boolean;
  /** Texts that count instead of the files' own, by URI. */
  readonly texts: ReadonlyMap<string, string>;
  readonly grammars: GrammarSource;
  readonly log: (message: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

/** An engine that has read everything and can be asked again after texts were replaced. */
export interface AnalysisSession {
  /** Findings, pools and errors of the targets; fleets of the whole folders around them. */
  analyse(): Promise<Analysis>;
  /** Puts another text in a file's place, for this session only. */
  replace(uri: string, text: string): void;
  text(uri: string): string | undefined;
  readonly manifestFacts: readonly ManifestFact[];
}

interface Part {
  readonly project: Project;
  readonly targets: readonly string[];
}

export async function openSession(request: AnalysisRequest): Promise<AnalysisSession> {
  const texts = new Map(request.texts);
  const topology = request.topology === undefined ? undefined : resolve(request.cwd, request.topology);
  // Compiled in the background while files are listed and searched.
  const grammars = new Grammars(request.grammars);
  grammars.parser('python');
  const parts: Part[] = [];
  let access: Overlay | undefined;
  for (const [folder, targets] of groupByRoot(request, topology)) {
    const root = toUri(folder);
    // The file that is named replaces the one in the root; topology files further down keep their folders.
    const isReplaced = (uri: string) =>
      topology !== undefined && toPath(uri) !== topology && dirname(toPath(uri)) === folder && isTopologyName(uri);
    access = overlay(texts, isReplaced);
    const settings = {
      ...defaultSettings,
      topology: topology === undefined ? '' : toUri(topology),
      respectIgnoreFiles: request.respectIgnoreFiles,
    };
    const project = new Project(root, { access, grammars, log: request.log }, settings);
    // Under a topology everything counts, or its sums would be too small; without one only what was named.
    const isWhole = topology !== undefined || hasTopology(folder);
    const named = targets.map(toUri);
    const scanned = isWhole
      ? [root, ...named.filter((uri) => uri !== root)]
      : [...named, ...specialFilesAbove(folder, targets)];
    await project.scan({ isCancelled: () => false, report: request.onProgress }, scanned);
    parts.push({ project, targets });
  }
  return {
    async analyse() {
      const analyses: Analysis[] = [];
      for (const part of parts) analyses.push(await analysePart(part));
      return merge(analyses);
    },
    replace(uri, text) {
      texts.set(uri, text);
      for (const { project } of parts) if (project.contains(uri)) project.open(uri, text);
    },
    text: (uri) => texts.get(uri) ?? access?.text(uri),
    get manifestFacts() {
      return parts.flatMap(({ project }) => project.manifestFacts);
    },
  };
}

function isTopologyName(uri: string): boolean {
  return /\/poolproof\.(?:ya?ml|json)$/.test(uri);
}

function groupByRoot({ cwd, paths }: AnalysisRequest, topology: string | undefined): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const target of targetPaths(cwd, paths)) {
    const { folder, isGoverned } = rootOf(target, cwd);
    // A topology file from elsewhere speaks of the folder that the user stands in.
    const root = topology !== undefined && isGoverned && isInside(target, cwd) ? cwd : folder;
    groups.set(root, [...(groups.get(root) ?? []), target]);
  }
  return groups;
}

function specialFilesAbove(root: string, targets: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const target of targets) {
    for (let folder = dirname(target); isInside(folder, root) && target !== root; folder = dirname(folder)) {
      folders.add(folder);
      if (folder === root) break;
    }
  }
  return [...folders].flatMap(specialFilesIn);
}

async function analysePart({ project, targets }: Part): Promise<Analysis> {
  const analysis = await project.analyse();
  const isWanted = (uri: string) => targets.some((target) => isInside(toPath(uri), target));
  const findings = analysis.findings.filter((finding) => isWanted(finding.at.uri));
  const shown = new Set(findings.flatMap((each) => [each.at.uri, ...each.related.map((related) => related.at.uri)]));
  return {
    ...analysis,
    findings,
    pools: analysis.pools.filter((each) => isWanted(each.pool.uri)),
    pgbouncerFiles: analysis.pgbouncerFiles.filter(({ file }) => isWanted(file.uri)),
    errors: analysis.errors.filter((error) => isWanted(error.uri) || project.kindOf(error.uri) === 'topology'),
    credentials: [...shown].flatMap((uri) => project.credentialsIn(uri)),
  };
}

function merge(analyses: readonly Analysis[]): Analysis {
  const [only] = analyses;
  if (analyses.length === 1 && only !== undefined) return only;
  return {
    pools: analyses.flatMap((each) => each.pools),
    fleets: analyses.flatMap((each) => each.fleets),
    pgbouncerFiles: analyses.flatMap((each) => each.pgbouncerFiles),
    pgbouncerUserlists: analyses.flatMap((each) => each.pgbouncerUserlists),
    findings: analyses.flatMap((each) => each.findings),
    errors: analyses.flatMap((each) => each.errors),
    credentials: analyses.flatMap((each) => each.credentials ?? []),
    files: analyses.reduce((sum, each) => sum + each.files, 0),
    lines: (uri) => analyses.map((each) => each.lines(uri)).find((lines) => lines !== undefined),
    displayPath: only?.displayPath ?? ((uri) => uri),
  };
}
