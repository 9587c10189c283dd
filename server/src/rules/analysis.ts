/** Everything one pass over a workspace found out; what presenters show. */
import type { LineIndex, Location } from '../core/text.ts';
import type { PgbouncerUserlist } from '../declarations/pgbouncer.ts';
import type { Fleet } from '../fleet/model.ts';
import type { Finding } from './finding.ts';
import type { PgbouncerInContext, PoolInContext } from './rule.ts';

export interface AnalysisError {
  readonly uri: string;
  /** What could not be read or analysed, and why; never file content. */
  readonly message: string;
}

export interface Analysis {
  /** Every pool declaration, databases without a server included, by file and place. */
  readonly pools: readonly PoolInContext[];
  readonly fleets: readonly Fleet[];
  readonly pgbouncerFiles: readonly PgbouncerInContext[];
  readonly pgbouncerUserlists: readonly PgbouncerUserlist[];
  readonly findings: readonly Finding[];
  readonly errors: readonly AnalysisError[];
  /** Every place that holds a password, reported or not, so that no presenter shows it. */
  readonly credentials?: readonly Location[];
  /** True while topology files are still being looked for: that there is none says nothing yet. */
  readonly isBeingRead?: boolean;
  /** Number of source files that were looked at. */
  readonly files: number;
  /** Line table of any file a finding, pool or origin may point at; undefined for files never read. */
  readonly lines: (uri: string) => LineIndex | undefined;
  /** Path for people, relative to the workspace folder, with `/`. */
  readonly displayPath: (uri: string) => string;
}
