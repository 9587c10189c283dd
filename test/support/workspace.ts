/** A workspace in memory, analysed by the real pipeline. */
import type { Analysis } from '../../server/src/rules/analysis.ts';
import type { FileAccess, ReadResult, TextTest } from '../../server/src/workspace/fileAccess.ts';
import { kindOf, languageOf } from '../../server/src/workspace/fileKinds.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { defaultSettings, type ProjectSettings } from '../../server/src/workspace/settings.ts';
import { grammars } from './python.ts';

export const root = 'file:///workspace';

export type Files = Readonly<Record<string, string>>;

export function uriOf(path: string): string {
  return `${root}/${path}`;
}

/** Files by path relative to the root; the map may be changed between analyses. */
export function memoryAccess(files: Map<string, string>): FileAccess {
  const read = (uri: string, pattern?: TextTest): ReadResult => {
    const text = files.get(uri);
    if (text === undefined) return { kind: 'missing' };
    return pattern === undefined || pattern.test(text) ? { kind: 'text', text } : { kind: 'uninteresting' };
  };
  return {
    list(folder) {
      const below = [...files.keys()].filter((uri) => uri === folder || uri.startsWith(`${folder}/`));
      const kind = (uri: string) => kindOf(uri.slice(root.length + 1));
      return {
        sources: below.filter((uri) => languageOf(kind(uri)) !== undefined),
        special: below.filter((uri) => kind(uri) !== undefined && languageOf(kind(uri)) === undefined),
        errors: [],
      };
    },
    read: (uri) => read(uri),
    readMatching: read,
    isTracked: () => false,
    hasFile: (folder, matches) =>
      [...files.keys()].some((uri) => uri.startsWith(`${folder}/`) && matches(uri.slice(folder.length + 1))),
  };
}

export interface TestProject {
  readonly project: Project;
  readonly files: Map<string, string>;
  readonly log: string[];
}

export async function createProject(files: Files, settings: Partial<ProjectSettings> = {}): Promise<TestProject> {
  const map = new Map(Object.entries(files).map(([path, text]) => [uriOf(path), text]));
  const log: string[] = [];
  const host = { access: memoryAccess(map), grammars: grammars(), log: (message: string) => log.push(message) };
  const project = new Project(root, host, { ...defaultSettings, ...settings });
  await project.scan({ isCancelled: () => false });
  return { project, files: map, log };
}

/** Analyses files given as path → text. A rule or extractor that fails makes the test fail. */
export async function analyseFiles(files: Files, settings: Partial<ProjectSettings> = {}): Promise<Analysis> {
  const { project, log } = await createProject(files, settings);
  const analysis = await project.analyse();
  if (log.length > 0) throw new Error(log.join('\n'));
  return analysis;
}
