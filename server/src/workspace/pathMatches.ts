/** Globs of services that match no file. Looked for once, because that may cost a walk, and a keystroke must not pay for it. */
import type { Fleet } from '../fleet/model.ts';
import { deepestMatch, globMatcher } from '../topology/lookup.ts';
import type { Topology } from '../topology/model.ts';
import type { FileAccess } from './fileAccess.ts';

export type UnmatchedPaths = Fleet['pathsThatMatchNothing'];

export class PathMatches {
  private known = new WeakMap<Topology, UnmatchedPaths>();

  constructor(private readonly access: FileAccess) {}

  filesChanged(): void {
    this.known = new WeakMap();
  }

  /** By topology; `files` are the source files that are known. */
  async of(
    topologies: readonly Topology[],
    files: ReadonlySet<string>,
  ): Promise<ReadonlyMap<Topology, UnmatchedPaths>> {
    const result = new Map<Topology, UnmatchedPaths>();
    // Files that come or go while a walk is under way make what it finds old.
    const { known } = this;
    for (const topology of topologies) {
      let unmatched = known.get(topology);
      if (unmatched === undefined) {
        unmatched = await this.lookFor(topology, files);
        known.set(topology, unmatched);
      }
      result.set(topology, unmatched);
    }
    return result;
  }

  private async lookFor(topology: Topology, files: ReadonlySet<string>): Promise<UnmatchedPaths> {
    const open = [...topology.services.values()].flatMap((service) =>
      (service.paths ?? []).map(({ value, at }) => ({
        unmatched: { service, glob: value, at },
        matches: globMatcher(value.replace(/^!/, '')),
        depth: deepestMatch(value),
      })),
    );
    const strike = (path: string): boolean => {
      for (let index = open.length - 1; index >= 0; index--) if (open[index]!.matches(path)) open.splice(index, 1);
      return open.length === 0;
    };
    const prefix = `${topology.folder}/`;
    for (const uri of files) {
      if (open.length === 0) break;
      if (!uri.startsWith(prefix)) continue;
      const path = uri.slice(prefix.length);
      strike(path.includes('%') ? decodeURIComponent(path) : path);
    }
    // Services in languages that are not analysed have files all the same: one walk finds those of all globs.
    const depth = Math.max(...open.map((each) => each.depth));
    if (open.length > 0) await this.access.hasFile(topology.folder, strike, depth);
    return open.map(({ unmatched }) => unmatched);
  }
}
