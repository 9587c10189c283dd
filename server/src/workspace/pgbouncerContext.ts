/** What the topology, and the files beside it, say of a pgbouncer.ini: the version that reads it, and who includes it. */
import type { PgbouncerFile } from '../declarations/pgbouncer.ts';
import { inForce, type PgbouncerInForce } from '../declarations/pgbouncerInForce.ts';
import { newestPgbouncer } from '../facts/pgbouncer.ts';
import { poolerUsers } from '../fleet/poolerConfiguration.ts';
import type { PgbouncerInContext } from '../rules/rule.ts';
import { pathInFolder } from '../topology/lookup.ts';
import type { Database, Topology } from '../topology/model.ts';
import type { Includes, PgbouncerModels } from './pgbouncerFiles.ts';

type PgbouncerKnown = Pick<PgbouncerModels, 'configurations' | 'userlists' | 'includes'>;

export function pgbouncerInContext(
  { configurations: files, userlists, includes }: PgbouncerKnown,
  topologies: readonly Topology[],
): PgbouncerInContext[] {
  const included = new Set(files.flatMap(includedNames));
  return files.map((file) => {
    const databases = databasesBehind(file.uri, topologies);
    const poolers = databases.map((each) => each.pooler!);
    // A version that is stated for one of several is taken.
    const pooler = poolers.find((each) => each.version !== undefined) ?? poolers[0];
    const stated = pooler?.version;
    const version = stated?.value ?? newestPgbouncer;
    const { alone, whole } = inForceOnce(file, version, includes);
    return {
      file,
      version,
      versionEvidence: stated && { text: stated.value, at: stated.at },
      pooler,
      databases,
      users: poolerUsers(file.uri, pooler, userlists),
      isIncluded: included.has(nameOf(file.uri)),
      inForce: alone,
      whole,
    };
  });
}

interface InForce {
  readonly version: string;
  readonly changes: number;
  readonly alone: PgbouncerInForce;
  readonly whole: PgbouncerInForce;
}

const known = new WeakMap<PgbouncerFile, InForce>();

/** A file's model never changes: what follows from it, and from what it includes, is worked out once for the version in use. */
function inForceOnce(file: PgbouncerFile, version: string, includes: Includes): InForce {
  const before = known.get(file);
  const isAlone = before !== undefined && before.whole === before.alone;
  if (before?.version === version && (isAlone || before.changes === includes.changes)) return before;
  const alone = inForce(file, version);
  const hasInclude = file.statements.some((statement) => statement.kind === 'include');
  const whole = hasInclude ? inForce(file, version, (path, section) => includes.meant(file, path, section)) : alone;
  const now = { version, changes: includes.changes, alone, whole };
  known.set(file, now);
  return now;
}

/** Those whose pooler's `config` is this file. */
function databasesBehind(uri: string, topologies: readonly Topology[]): Database[] {
  return topologies.flatMap((topology) => {
    const path = pathInFolder(topology, uri);
    return [...topology.databases.values()].filter(
      ({ pooler }) => pooler?.config !== undefined && plainPath(pooler.config.value) === path,
    );
  });
}

/** Without `.` and `..`; the topology's reader lets no path out of its folder. */
function plainPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.trim().split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** Last parts of the paths that a file includes: where they lie on the pooler's machine nobody here knows. */
function includedNames(file: PgbouncerFile): string[] {
  return file.statements.flatMap((statement) =>
    statement.kind === 'include' && statement.path !== undefined ? [nameOf(statement.path.text)] : [],
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
