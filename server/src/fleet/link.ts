/** Which pool counts for which service, and on which database. */
import type { Pool, SourceContext } from '../declarations/pool.ts';
import { serverFact } from '../facts/processModels.ts';
import type { Database, Service, Topology } from '../topology/model.ts';
import type { UnassignedPool } from './model.ts';

/** A pool declaration, resolved anew for each service, because each may set the same variable differently. */
export interface PoolSource {
  readonly uri: string;
  /** The files whose services run it: its own, or those that call the function that builds it. */
  readonly owners: readonly string[];
  readonly context: SourceContext;
  /** The pool as the service sees it; without a service, as the code alone has it. */
  resolveFor(service: Service | undefined): Pool;
}

/** Which files belong to which service; the globs are matched by the caller. */
export interface ServiceClaims {
  readonly servicesFor: (uri: string) => readonly Service[];
  /** True where a service's own `paths` name the file, rather than its claiming everything. */
  readonly claimsExplicitly: (service: Service, uri: string) => boolean;
}

/** A pool that counts: what one service opens on one database through one declaration. */
export interface PoolLink {
  readonly pool: Pool;
  readonly service: Service;
  readonly database: Database;
}

export interface FleetLinks {
  readonly links: readonly PoolLink[];
  readonly unassigned: readonly UnassignedPool[];
}

/** Links every pool that counts; a declaration that several services include counts once for each of them. */
export function linkPools(topology: Topology, sources: readonly PoolSource[], claims: ServiceClaims): FleetLinks {
  const links: PoolLink[] = [];
  const unassigned: UnassignedPool[] = [];
  for (const source of sources) {
    for (const service of new Set(source.owners.flatMap((owner) => claims.servicesFor(owner)))) {
      if (!countsFor(source, service, claims)) continue;
      const pool = source.resolveFor(service);
      if (!pool.address.isNetworkDatabase || (pool.site.runsAsProgram && isImportedBy(service))) continue;
      const candidates = candidateDatabases(topology, service, pool);
      if (candidates.length === 1) links.push({ pool, service, database: candidates[0]! });
      else unassigned.push({ pool, service, candidates });
    }
  }
  return { links, unassigned };
}

/** True where a server imports the code, so that nothing runs as a program. */
function isImportedBy({ server }: Service): boolean {
  const fact = serverFact(server?.value);
  return fact !== undefined && fact.startsFiles !== true;
}

/** Tests, migrations and examples are no part of the fleet; a script is one where a service names it. */
function countsFor(source: PoolSource, service: Service, claims: ServiceClaims): boolean {
  switch (source.context) {
    case 'app':
      return true;
    case 'script':
      return source.owners.some((owner) => claims.claimsExplicitly(service, owner));
    case 'test':
    case 'migration':
    case 'example':
      return false;
  }
}

/** The one database that a pool talks to, or all that it may. What `connect` names wins over what the service lists. */
function candidateDatabases(topology: Topology, service: Service, pool: Pool): readonly Database[] {
  const all = [...topology.databases.values()];
  const stated = all.filter((database) => service.databases.some((name) => name.value === database.name));
  const listed = stated.length > 0 ? stated : all;
  const named = all.filter((database) => isNamedBy(database, pool));
  if (named.length === 1) return named;
  const namedAndListed = named.filter((database) => listed.includes(database));
  if (namedAndListed.length > 0) return namedAndListed;
  const possible = named.length > 0 ? named : listed;
  return possible.filter((database) => mayBeOfDialect(database, pool.address.dialect));
}

function isNamedBy(database: Database, pool: Pool): boolean {
  const { variable, host, port } = pool.address;
  const hostName = host?.toLowerCase();
  return database.connect.some(({ value }) => {
    if (value === variable || (pool.key !== '' && value === pool.key)) return true;
    if (hostName === undefined) return false;
    const name = value.toLowerCase();
    return name === hostName || (port !== undefined && name === `${hostName}:${port}`);
  });
}

/** Spellings of one wire protocol, by dialect (in URLs) and by engine (in topology files). */
const dialectFamilies: ReadonlyMap<string, string> = new Map([
  ['postgresql', 'postgresql'],
  ['postgres', 'postgresql'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['mssql', 'mssql'],
  ['sqlserver', 'mssql'],
  ['oracle', 'oracle'],
]);

/** False only where both sides are known and differ: a MySQL pool never counts on a PostgreSQL server. */
function mayBeOfDialect(database: Database, dialect: string | undefined): boolean {
  const engineFamily = dialectFamilies.get(database.engine?.value ?? '');
  const poolFamily = dialectFamilies.get(dialect ?? '');
  return engineFamily === undefined || poolFamily === undefined || engineFamily === poolFamily;
}
