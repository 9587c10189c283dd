/** Workspace folders as projects: which project a file belongs to, and what happens when one changes. */

import type { Analysis } from '../rules/analysis.ts';
import type { Grammars } from '../syntax/parser.ts';
import type { FileAccess } from '../workspace/fileAccess.ts';
import { Project } from '../workspace/project.ts';
import type { ProjectSettings } from '../workspace/settings.ts';

export interface FolderState {
  readonly project: Project;
  readonly name: string;
  /** True for a real workspace folder; a lone file's folder is never scanned. */
  readonly isWorkspaceFolder: boolean;
  /** Fulfilled once everything but sources is read, or will not be: from then on findings are told. */
  readonly ground: Promise<void>;
  readonly reachGround: () => void;
  analysis: Analysis | undefined;
  isDirty: boolean;
  /** The analysis under way. */
  running: Promise<Analysis> | undefined;
  /** Ends the scan under way. */
  cancelScan: (() => void) | undefined;
  /** What the log has named already. */
  namedErrors: ReadonlySet<string>;
}

export class Folders {
  private readonly states = new Map<string, FolderState>();

  constructor(
    private readonly access: FileAccess,
    private readonly grammars: Grammars,
    private readonly log: (message: string) => void,
  ) {}

  add(root: string, name: string, settings: ProjectSettings, isWorkspaceFolder: boolean): FolderState {
    const project = new Project(root, { access: this.access, grammars: this.grammars, log: this.log }, settings);
    project.isBeingRead = isWorkspaceFolder;
    let reachGround = () => {};
    const ground = new Promise<void>((resolve) => {
      reachGround = resolve;
    });
    if (!isWorkspaceFolder) reachGround();
    const state: FolderState = {
      project,
      name,
      isWorkspaceFolder,
      ground,
      reachGround,
      analysis: undefined,
      isDirty: true,
      running: undefined,
      cancelScan: undefined,
      namedErrors: new Set(),
    };
    this.states.set(root, state);
    return state;
  }

  remove(root: string): FolderState | undefined {
    const state = this.states.get(root);
    state?.cancelScan?.();
    state?.project.dispose();
    this.states.delete(root);
    return state;
  }

  get(root: string): FolderState | undefined {
    return this.states.get(root);
  }

  all(): FolderState[] {
    return [...this.states.values()];
  }

  /** The innermost folder around a file. */
  owner(uri: string): FolderState | undefined {
    let best: FolderState | undefined;
    for (const state of this.states.values()) {
      if (state.project.contains(uri) && state.project.root.length > (best?.project.root.length ?? -1)) best = state;
    }
    return best;
  }

  /** Every folder that contains a file: with one folder inside another, both see its changes. */
  containing(uri: string): FolderState[] {
    return this.all().filter((state) => state.project.contains(uri));
  }
}
