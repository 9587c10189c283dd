/** Globs of services that match no file. Kept apart because looking costs a walk, and a keystroke must not pay for it. */
import type { Fleet } from '../fleet/model.ts';
import { globMatcher } from '../topology/lookup.ts';
import type { Topology } from '../topology/model.ts';
import type { FileAccess } from './fileAccess.ts';

type Unmatched = Fleet['pathsThatMatchNothing'];

export class PathMatches {
  private known = new WeakMap<Topology, Unmatched>();
  private pending = new Set<Topology>();
  private files: ReadonlySet<string> = new Set();

  constructor(private readonly access: FileAccess) {}

  filesChanged(): void {
    this.known = new WeakMap();
  }

  /** What is known now; topologies not looked at yet are remembered for {@link refresh}. */
  current(
    topologies: readonly Topology[],
    files: ReadonlySet<string>,
    isListed: boolean,
  ): ReadonlyMap<Topology, Unmatched> {
    this.files = files;
    const result = new Map<Topology, Unmatched>();
    for (const topology of topologies) {
      const unmatched = this.known.get(topology);
      if (unmatched !== undefined) result.set(topology, unmatched);
      else if (isListed) this.pending.add(topology);
    }
    return result;
  }

  /** Looks at the topologies that were asked for; true where any of them has such globs. */
  async refresh(): Promise<boolean> {
    let isAny = false;
    for (const topology of this.pending) {
      const unmatched: Unmatched[number][] = [];
      for (const service of topology.services.values()) {
        for (const { value, at } of service.paths ?? []) {
          const matches = globMatcher(value.replace(/^!/, ''));
          // Services in languages that are not analysed have files all the same.
          if (this.matchesSource(topology, matches) || (await this.access.hasFile(topology.folder, matches))) continue;
          unmatched.push({ service, glob: value, at });
        }
      }
      this.known.set(topology, unmatched);
      isAny ||= unmatched.length > 0;
    }
    this.pending.clear();
    return isAny;
  }

  private matchesSource(topology: Topology, matches: (path: string) => boolean): boolean {
    const prefix = `${topology.folder}/`;
    for (const uri of this.files) {
      if (!uri.startsWith(prefix)) continue;
      const path = uri.slice(prefix.length);
      if (matches(path.includes('%') ? decodeURIComponent(path) : path)) return true;
    }
    return false;
  }
}
