/** Environment variables that manifests set for a service of the topology. */
import type { EnvironmentVariable } from '../declarations/resolve.ts';
import { type ManifestFact, precedenceOf } from '../topology/drift.ts';
import { factsAbout } from '../topology/manifest-services.ts';
import type { Service, Topology } from '../topology/model.ts';

export type DeploymentVariables = (service: Service) => ReadonlyMap<string, EnvironmentVariable>;

const none: ReadonlyMap<string, EnvironmentVariable> = new Map();

/**
 * Of several manifests the strongest counts; where equally strong ones differ, as per environment, none does, nor where it
 * takes the value from elsewhere.
 */
export function deploymentVariables(
  topologies: readonly Topology[],
  readFacts: () => readonly ManifestFact[],
  displayPath: (uri: string) => string,
): DeploymentVariables {
  if (topologies.length === 0) return () => none;
  const facts = readFacts();
  if (facts.length === 0) return () => none;
  const owners = new Map(
    topologies.flatMap((topology) => [...topology.services.values()].map((service) => [service, topology] as const)),
  );
  const known = new Map<Service, ReadonlyMap<string, EnvironmentVariable>>();
  return (service) => {
    let variables = known.get(service);
    const topology = owners.get(service);
    if (variables === undefined) {
      const own = topology === undefined ? [] : factsAbout(topology, service, facts);
      known.set(service, (variables = variablesIn(own, displayPath)));
    }
    return variables;
  };
}

function variablesIn(
  own: readonly ManifestFact[],
  displayPath: (uri: string) => string,
): ReadonlyMap<string, EnvironmentVariable> {
  const strongest = new Map<string, ManifestFact | undefined>();
  const set = own.filter(({ key, variable }) => key === 'env' && variable !== undefined);
  for (const fact of [...set].sort((a, b) => precedenceOf(a) - precedenceOf(b))) {
    const name = fact.variable!;
    const before = strongest.get(name);
    if (!strongest.has(name)) strongest.set(name, fact);
    else if (before && precedenceOf(before) === precedenceOf(fact) && before.value !== fact.value) {
      strongest.set(name, undefined);
    }
  }
  return new Map(
    [...strongest].flatMap(([name, fact]) =>
      fact === undefined || fact.value === null
        ? []
        : [[name, { value: String(fact.value), origin: displayPath(fact.at.uri), at: fact.at }] as const],
    ),
  );
}
