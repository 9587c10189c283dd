/** Topologies with their poolers completed from the configuration files that they name. */
import { haveSameItems } from '../core/same.ts';
import { withPoolerConfigurations } from '../fleet/poolerConfiguration.ts';
import type { Database, Topology } from '../topology/model.ts';
import { pgbouncerInContext } from './pgbouncerContext.ts';
import type { PgbouncerModels } from './pgbouncerFiles.ts';

/** Beside the one that was written. */
export type ConfiguredTopology = readonly [completed: Topology, written: Topology];

export class ConfiguredTopologies {
  private from: readonly unknown[] | undefined;
  private topologies: readonly ConfiguredTopology[] = [];

  /** The same objects as last time where nothing that they come from has changed. */
  of(
    topologies: readonly Topology[],
    pgbouncer: Pick<PgbouncerModels, 'configurations' | 'userlists' | 'includes'>,
  ): readonly ConfiguredTopology[] {
    const from = [...topologies, ...pgbouncer.configurations, ...pgbouncer.userlists, pgbouncer.includes.changes];
    if (this.from !== undefined && haveSameItems(from, this.from)) return this.topologies;
    this.from = from;
    const files = pgbouncerInContext(pgbouncer, topologies);
    const configurationOf = (database: Database) => files.find((each) => each.databases.includes(database));
    this.topologies = topologies.map((topology) => [
      files.length === 0 ? topology : withPoolerConfigurations(topology, configurationOf),
      topology,
    ]);
    return this.topologies;
  }
}
