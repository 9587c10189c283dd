/** The fleet's arithmetic: from pools linked to services and databases to what every presenter shows. */
import { unknownAmount } from '../declarations/resolved.ts';
import type { Database, ExtraConnections, Service, Topology } from '../topology/model.ts';
import { addAmounts, fitsWithin, Remainder, sumAmounts } from './amounts.ts';
import { onlyOneArm } from './arms.ts';
import { breakingPoint } from './growth.ts';
import type { FleetLinks } from './link.ts';
import { isOneOfMany, type MeasuredPool, pathWithin } from './measure.ts';
import { FleetMemory } from './memory.ts';
import type {
  DatabaseBudget,
  Fleet,
  Phase,
  PoolerBudget,
  Quantity,
  Recommendation,
  ServiceShare,
  Term,
  UnassignedPool,
} from './model.ts';
import { poolerBudget } from './pooler.ts';
import { processesOf } from './processes.ts';
import { groupBySetting, noRecommendation, recommendSize } from './recommend.ts';
import { partOfTerm, quantity, sum, totalOfTerms } from './terms.ts';

/** Globs that match no file are handed through: they are matched elsewhere. */
type Unmatched = Fleet['pathsThatMatchNothing'];

const noUnmatched: Unmatched = [];

/** Computes every database of one topology. What `memory` holds is the same object again where nothing changed. */
export function computeFleet(
  topology: Topology,
  links: FleetLinks,
  pathsThatMatchNothing: Unmatched = noUnmatched,
  memory = new FleetMemory(),
): Fleet {
  return memory.fleet(topology, links, pathsThatMatchNothing, () =>
    computeAnew(topology, links, pathsThatMatchNothing, memory),
  );
}

function computeAnew(
  topology: Topology,
  links: FleetLinks,
  pathsThatMatchNothing: Unmatched,
  memory: FleetMemory,
): Fleet {
  const measured = links.links.map((link) => memory.measure(link, topology));
  const services = [...topology.services.values()];
  return {
    topology,
    databases: [...topology.databases.values()].map((database) =>
      computeDatabase({
        topology,
        database,
        measured: onlyOneArm(measured.filter((pool) => pool.database === database)),
        unassigned: links.unassigned.filter((pool) => pool.candidates.includes(database)),
        extras: topology.extraConnections.filter((extra) => extra.database.value === database.name),
        memory,
      }),
    ),
    unassigned: links.unassigned,
    servicesWithoutPaths: services.length > 1 ? services.filter((service) => service.paths === undefined) : [],
    pathsThatMatchNothing,
  };
}

/** Everything that may open connections on one database. */
interface Consumers {
  readonly topology: Topology;
  readonly database: Database;
  readonly measured: readonly MeasuredPool[];
  readonly unassigned: readonly UnassignedPool[];
  readonly extras: readonly ExtraConnections[];
  readonly memory: FleetMemory;
}

/** Consumers with what all of them add up to: every recommendation needs all the others. */
interface SummedConsumers extends Consumers {
  readonly all: Readonly<Record<Phase, Remainder>>;
  readonly sameSettings: (pool: MeasuredPool) => readonly MeasuredPool[];
}

function termIn(measured: MeasuredPool, phase: Phase): Term {
  return phase === 'steady' ? measured.term : measured.rolloutTerm;
}

function allOf(given: Consumers, phase: Phase): Remainder {
  const rest = [...unassignedTerms(given), ...given.extras.map(extraTerm)];
  return Remainder.of([...given.measured.map((each) => termIn(each, phase)), ...rest].map(partOfTerm));
}

function computeDatabase(given: Consumers): DatabaseBudget {
  const consumers: SummedConsumers = {
    ...given,
    all: { steady: allOf(given, 'steady'), rollout: allOf(given, 'rollout') },
    sameSettings: groupBySetting(given.measured),
  };
  const { topology, database, measured, unassigned, extras } = consumers;
  const budget = database.maxConnections === undefined ? null : database.maxConnections.value - database.reserved.value;
  const services = [...topology.services.values()]
    .filter((service) => runsOn(service, consumers))
    .map((service) => computeService(service, consumers, budget));
  const pooler = poolerBudget(
    database,
    totalOfTerms(clientTerms(consumers, services, 'steady')),
    totalOfTerms(clientTerms(consumers, services, 'rollout')),
  );
  const term = sum(serverTerms(consumers, services, pooler, 'steady'));
  const total = totalOfTerms(term.terms);
  const rolloutTotal = totalOfTerms(serverTerms(consumers, services, pooler, 'rollout'));
  return {
    database,
    budget,
    services,
    unassigned,
    extras,
    total,
    rolloutTotal,
    fits: fitsWithin(total, budget),
    fitsDuringRollout: fitsWithin(rolloutTotal, budget),
    breaksAt: pooler === null ? breakingPoint(budget, total, services) : null,
    term,
    reach: pooler === null && unassigned.length === 0 ? reachOf(measured, extras) : null,
    reachIsStated: measured.every((pool) => pool.reachIsStated),
    pooler,
  };
}

/** A service stands under every database it states, with or without a pool, and under each that a pool of it names. */
function runsOn(service: Service, { database, measured, unassigned }: Consumers): boolean {
  return (
    service.databases.some((name) => name.value === database.name) ||
    measured.some((pool) => pool.service === service) ||
    unassigned.some((pool) => pool.service === service)
  );
}

function computeService(service: Service, consumers: SummedConsumers, budget: number | null): ServiceShare {
  const measured = consumers.measured.filter((pool) => pool.service === service);
  const missing = unassignedTerms(consumers, service);
  return {
    service,
    processes: processesOf(service, service.replicas.steady),
    total: totalOfTerms([...measured.map((pool) => pool.term), ...missing]),
    rolloutTotal: totalOfTerms([...measured.map((pool) => pool.rolloutTerm), ...missing]),
    pools: measured.map((pool) =>
      consumers.memory.share(pool, {
        recommendation: recommendationFor(pool, consumers, budget, 'steady'),
        rolloutRecommendation: recommendationFor(pool, consumers, budget, 'rollout'),
      }),
    ),
  };
}

function recommendationFor(
  measured: MeasuredPool,
  consumers: SummedConsumers,
  budget: number | null,
  phase: Phase,
): Recommendation {
  if (consumers.database.pooler !== undefined || isOneOfMany(measured.pool)) return noRecommendation(measured);
  const sized = consumers.sameSettings(measured);
  return recommendSize({
    measured,
    processes: sized.map((each) => (phase === 'steady' ? each.processes : each.rolloutProcesses)).reduce(addAmounts),
    others: consumers.all[phase].without(sized.map((each) => partOfTerm(termIn(each, phase)))),
    budget,
  });
}

/** What connects to the server itself: behind a pooler only the pooler and the extras that go past it. */
function serverTerms(
  consumers: Consumers,
  services: readonly ServiceShare[],
  pooler: PoolerBudget | null,
  phase: Phase,
): readonly Term[] {
  if (pooler === null) return [...serviceTerms(consumers, services, phase), ...consumers.extras.map(extraTerm)];
  const amount = phase === 'steady' ? pooler.serverConnections : pooler.rolloutServerConnections;
  const side = quantity(amount, `pooler of ${consumers.database.name}`, { at: consumers.database.pooler?.at });
  return [side, ...consumers.extras.filter((extra) => !goesThroughPooler(extra)).map(extraTerm)];
}

function clientTerms(consumers: Consumers, services: readonly ServiceShare[], phase: Phase): readonly Term[] {
  return [...serviceTerms(consumers, services, phase), ...consumers.extras.filter(goesThroughPooler).map(extraTerm)];
}

function serviceTerms(consumers: Consumers, services: readonly ServiceShare[], phase: Phase): readonly Term[] {
  return services.map((share) =>
    sum([
      ...share.pools.map((pool) => (phase === 'steady' ? pool.term : pool.rolloutTerm)),
      ...unassignedTerms(consumers, share.service),
    ]),
  );
}

function goesThroughPooler(extra: ExtraConnections): boolean {
  return extra.via?.value === 'pooler';
}

function extraTerm(extra: ExtraConnections): Quantity {
  return quantity(extra.connections.value, extra.name, { at: extra.connections.at });
}

/** Pools that may or may not connect here stand in the sum as what they are: unknown. */
function unassignedTerms({ topology, unassigned }: Consumers, service?: Service): readonly Quantity[] {
  return unassigned
    .filter((each) => service === undefined || each.service === service)
    .map(({ pool, service: owner, candidates }) => {
      const names = candidates.map((database) => database.name).join(' or ');
      const where = `${pool.name === '' ? pool.callable : pool.name} of ${owner.name}`;
      const reason = `${where} may use ${names}: no connect list names it (${pathWithin(topology, pool.uri)})`;
      return quantity(unknownAmount(reason), pool.name);
    });
}

function reachOf(measured: readonly MeasuredPool[], extras: readonly ExtraConnections[]): number | null {
  let reach = 0;
  for (const pool of measured) {
    if (pool.reach === null) return null;
    reach += pool.reach;
  }
  return extras.reduce((total, extra) => total + extra.connections.value, reach);
}

/**
 * True where the settings allow more than the budget, but the processes, as the topology states them, cannot use that
 * much at once. A pool whose reach is not stated counts with all its settings allow.
 */
export function onlyCapacityExceeds(database: DatabaseBudget): boolean {
  if (database.budget === null || database.fits !== false || database.pooler !== null) return false;
  if (database.unassigned.length > 0) return false;
  const pools = database.services.flatMap((service) => service.pools);
  const usable = pools.map((pool) => (pool.reachIsStated && pool.reach !== null ? pool.reach : pool.total));
  const total = sumAmounts([...usable, ...database.extras.map((extra) => extra.connections.value)]);
  return typeof total === 'number' && total <= database.budget;
}
