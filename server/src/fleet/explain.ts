/** The sentences that messages, code lens, hover and command line share. Every number can be recomputed from them. */
import { type Amount, isUnknown, unknownAmount } from '../declarations/resolved.ts';
import type { Database, Service } from '../topology/model.ts';
import { Remainder, type TotalPart } from './amounts.ts';
import type { DatabaseBudget, Phase, PoolShare, ServiceShare, Total } from './model.ts';
import { growthUnit, processFactors } from './processes.ts';
import { usefulConcurrency, workloadNeed } from './recommend.ts';
import { counted, explainTerm, product } from './terms.ts';

/** "api can open 120 connections to main ((5 + 10) × 4 workers × 2 replicas)" */
export function explainCapacity(share: PoolShare, phase: Phase = 'steady'): string {
  const total = phase === 'steady' ? share.total : share.rolloutTotal;
  const term = explainTerm(phase === 'steady' ? share.term : share.rolloutTerm);
  const when = phase === 'steady' ? '' : ' during a rolling deploy';
  const opens = `${share.service.name} can open`;
  if (total === 'unbounded') return `${opens} connections to ${share.database.name} without limit${when}`;
  const count = isUnknown(total) ? 'an unknown number of connections' : counted(total, 'connection');
  const sum = term === String(total) ? '' : ` (${term})`;
  return `${opens} ${count} to ${share.database.name}${when}${sum}`;
}

/** "main accepts 90 (100 − 10 reserved)" */
export function explainBudget({ database, budget }: DatabaseBudget): string {
  if (budget === null || database.maxConnections === undefined) {
    return `what ${database.name} accepts is not known (max_connections is not stated)`;
  }
  const reserved = database.reserved.value;
  const sum = reserved === 0 ? '' : ` (${database.maxConnections.value} − ${reserved} reserved)`;
  return `${database.name} accepts ${budget}${sum}`;
}

/** Another consumer of a database with what it opens. */
export interface OtherConsumer {
  /** The service's name, or the extra connections' name. */
  readonly name: string;
  readonly opens: Amount;
}

/** A service with more pools than this is named as a whole: a sentence is no table. */
const mostNamedPools = 5;

/** Who else connects to the database of a pool: other services, other pools of this one, extra connections. */
export function otherConsumers(
  share: PoolShare,
  database: DatabaseBudget,
  phase: Phase = 'steady',
): readonly OtherConsumer[] {
  const others: OtherConsumer[] = [];
  for (const each of database.services) {
    const { service, pools } = each;
    const isOwn = service === share.service && database.database === share.database;
    const count = pools.length - (isOwn ? 1 : 0);
    if (count > mostNamedPools) {
      const name = `${service.name}'s ${count}${isOwn ? ' other' : ''} pools`;
      const { value } = remainderOf(each, phase).without(isOwn ? [partOf(share, phase)] : []);
      others.push({ name, opens: value ?? unknownAmount('what some of them open is not known') });
      continue;
    }
    for (const pool of pools.filter((other) => other !== share)) {
      others.push({
        name: pools.length > 1 ? nameAmong(pool, pools) : service.name,
        opens: partOf(pool, phase).amount,
      });
    }
  }
  for (const extra of database.extras) others.push({ name: extra.name, opens: extra.connections.value });
  return others.filter((other) => other.opens !== 0);
}

/**
 * All that the sentences about one pool's excess say of the others on its database: where these are equal and the pool is the
 * same object, so are its sentences.
 */
export function groundsOfExcess(database: DatabaseBudget, phase: Phase): unknown[] {
  const { value, atLeast, unknown } = phase === 'steady' ? database.total : database.rolloutTotal;
  return [
    ...[value, atLeast, unknown.join('; ')],
    ...database.extras,
    ...database.services.flatMap((each) => [
      ...[each.service, each.pools.length, remainderOf(each, phase).key],
      // One more than are named: a pool is not among its others.
      ...(each.pools.length > mostNamedPools + 1 ? [] : each.pools),
    ]),
  ];
}

/** What the pools of a service open together, made once: each of thousands asks what the others do. */
const remainders: Readonly<Record<Phase, WeakMap<ServiceShare, Remainder>>> = {
  steady: new WeakMap(),
  rollout: new WeakMap(),
};

function remainderOf(service: ServiceShare, phase: Phase): Remainder {
  let known = remainders[phase].get(service);
  if (known === undefined) {
    known = Remainder.of(service.pools.map((pool) => partOf(pool, phase)));
    remainders[phase].set(service, known);
  }
  return known;
}

function partOf(pool: PoolShare, phase: Phase): TotalPart {
  const amount = phase === 'steady' ? pool.total : pool.rolloutTotal;
  return { amount, atLeast: typeof amount === 'number' ? amount : 0, unknown: [] };
}

/** "api's engine", with its file where another pool of the service is called the same or neither has a name. */
function nameAmong(share: PoolShare, pools: readonly PoolShare[]): string {
  const { pool, service } = share;
  const isAlone = pools.every((each) => each === share || each.pool.name !== pool.name);
  const file = pool.uri.slice(pool.uri.lastIndexOf('/') + 1);
  const own = pool.name === '' ? 'pool' : pool.name;
  return isAlone && pool.name !== '' ? `${service.name}'s ${own}` : `${service.name}'s ${own} in ${file}`;
}

/** "jobs 8 and metabase 10"; empty where nothing else connects. */
export function listConsumers(consumers: readonly OtherConsumer[]): string {
  const parts = consumers.map(({ name, opens }) => {
    if (isUnknown(opens)) return `${name} unknown`;
    return opens === 'unbounded' ? `${name} without limit` : `${name} ${opens}`;
  });
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/**
 * The whole message of a pool in a sum that is too large: what it can open, with whom it shares, what the database
 * accepts, and what fits.
 */
export function explainExcess(share: PoolShare, database: DatabaseBudget, phase: Phase = 'steady'): string {
  const total = phase === 'steady' ? database.total : database.rolloutTotal;
  const others = listConsumers(otherConsumers(share, database, phase));
  const together = others === '' ? '' : `; with ${others} that makes ${describeTotal(total)}`;
  const problem = `${explainCapacity(share, phase)}${together}; ${explainBudget(database)}.`;
  return [problem, explainFit(share, phase)].filter(Boolean).join(' ');
}

function describeTotal(total: Total): string {
  if (total.value === 'unbounded') return 'a sum without limit';
  return total.value === null ? `at least ${total.atLeast}` : String(total.value);
}

/** "pool_size=11, max_overflow=0 fits." Empty where an unknown input leaves nothing to say. */
export function explainFit(share: PoolShare, phase: Phase = 'steady'): string {
  const { choices, share: perProcess } = phase === 'steady' ? share.recommendation : share.rolloutRecommendation;
  if (choices.length > 0) return `${choices[0]!.label} fits.`;
  if (perProcess === null) return '';
  const size = share.pool.peakTerms[0];
  if (size === undefined) return 'A pooler in front of the database or fewer processes would help.';
  return `No ${size.parameter} of this pool alone fits: use a pooler or fewer processes.`;
}

/** "over by 30", "2 spare", "no limit"; empty where the budget or an input is not known and nothing is proven. */
export function explainMargin(total: Total, budget: number | null): string {
  if (total.value === 'unbounded') return 'no limit';
  if (budget === null) return '';
  if (total.value === null) return total.atLeast > budget ? `over by at least ${total.atLeast - budget}` : '';
  return total.value > budget ? `over by ${total.value - budget}` : `${budget - total.value} spare`;
}

/** "breaks at 3 replicas", with the service's name where it is not the one the reader looks at. Empty where it never does. */
export function explainBreakingPoint({ breaksAt }: DatabaseBudget, reader?: Service): string {
  if (breaksAt === null) return '';
  const owner = breaksAt.service === reader ? '' : ` of ${breaksAt.service.name}`;
  return `breaks at ${counted(breaksAt.replicas, growthUnit(breaksAt.service).noun)}${owner}`;
}

/** What stands over a pool: "120 of 90 connections on main · pool_size 11 fits", "88 of 90 on main · 2 spare · …". */
export function explainInOneLine(share: PoolShare, database: DatabaseBudget): string {
  const { budget, total, rolloutTotal } = database;
  const name = database.database.name;
  if (database.pooler !== null) return explainClients(database);
  if (database.fits === false) {
    const used =
      total.value === 'unbounded'
        ? `no limit on connections to ${name}`
        : `${describeTotal(total)} of ${budget} connections on ${name}`;
    return joined([used, explainFitShortly(share, 'steady')]);
  }
  if (total.value === null) {
    return `unknown: ${isUnknown(share.peakPerProcess) ? share.peakPerProcess.unknown : total.unknown[0]}`;
  }
  if (budget === null) {
    return joined([`${counted(total.value as number, 'connection')} on ${name}`, 'max_connections not stated']);
  }
  const used = `${total.value} of ${budget} on ${name}`;
  if (database.fitsDuringRollout === false) {
    return joined([used, `${describeTotal(rolloutTotal)} during a rollout`, explainFitShortly(share, 'rollout')]);
  }
  return joined([used, explainMargin(total, budget), explainBreakingPoint(database, share.service)]);
}

function explainClients({ database, pooler }: DatabaseBudget): string {
  const { clients, maxClientConnections } = pooler!;
  const limit = maxClientConnections === null ? '' : ` of ${maxClientConnections}`;
  const count = clients.value === null && clients.atLeast === 0 ? 'unknown' : describeTotal(clients);
  return `${count}${limit} clients on the pooler of ${database.name}`;
}

function explainFitShortly(share: PoolShare, phase: Phase): string {
  const { choices, share: perProcess } = phase === 'steady' ? share.recommendation : share.rolloutRecommendation;
  const size = share.pool.peakTerms[0]?.parameter;
  if (size === undefined || perProcess === null) return '';
  return choices.length === 0 ? `no ${size} fits` : `${size} ${choices[0]!.parameters[size]} fits`;
}

function joined(parts: readonly string[]): string {
  return parts.filter(Boolean).join(' · ');
}

/** "(100 − 10) ÷ (4 × 2) = 11.25"; empty where the share is not known. */
export function explainShare(share: PoolShare, { database, budget }: DatabaseBudget): string {
  const { share: perProcess, others, processes } = share.recommendation;
  if (perProcess === null || budget === null || database.maxConnections === undefined) return '';
  const left = [database.maxConnections.value, database.reserved.value, others].filter(
    (part, index) => index === 0 || part !== 0,
  );
  const dividend = left.length === 1 ? String(left[0]) : `(${left.join(' − ')})`;
  const count = share.service.processesPerInstance;
  const isOwn = processes === share.processes && count.known;
  const divisor = isOwn ? `(${count.value} × ${share.service.replicas.steady})` : String(processes);
  return `${dividend} ÷ ${divisor} = ${rounded(perProcess)}`;
}

/**
 * "api can open 120 by its settings; 4 sync workers × 2 replicas use at most 8 at a time"; empty where that is not known, and
 * where they can use all of it.
 */
export function explainReach(share: PoolShare): string {
  const use = explainUse(share);
  if (use === '' || share.reach === share.total) return '';
  const capacity = share.total === 'unbounded' ? 'without limit' : String(share.total);
  return `${share.service.name} can open ${capacity} by its settings; ${use}`;
}

function explainUse({ service, reach }: PoolShare): string {
  if (reach === null) return '';
  const factors = processFactors(service, service.replicas.steady).map((factor) => ({
    ...factor,
    text: withWorkerClass(factor.text, service),
  }));
  const processes = explainTerm(product(factors));
  return `${processes} ${/^1 /.test(processes) ? 'uses' : 'use'} at most ${reach} at a time`;
}

/** "4 workers" as "4 sync workers"; a class written as a dotted path says less than it costs to read. */
function withWorkerClass(text: string | undefined, { workerClass }: Service): string | undefined {
  if (workerClass === undefined || workerClass.value.includes('.')) return text;
  return text?.replace(/\bworkers?\b/, `${workerClass.value} $&`);
}

/** "(4 cores × 2) + 1 = 9"; empty where the topology names no cores. */
export function explainUsefulConcurrency(database: Database): string {
  const useful = usefulConcurrency(database);
  if (useful === null || database.cpuCores === undefined) return '';
  return `(${counted(database.cpuCores.value, 'core')} × 2) + ${database.effectiveSpindles.value} = ${useful}`;
}

/** "(100 ÷ 3) × 1.5 = 50"; empty without a workload. */
export function explainWorkload(service: Service): string {
  const need = workloadNeed(service);
  if (need === null || service.workload === undefined) return '';
  const { concurrentRequests, queriesPerRequest } = service.workload;
  return `(${concurrentRequests.value} ÷ ${queriesPerRequest.value}) × 1.5 = ${rounded(need)}`;
}

/** At most two decimals, none where there are none. */
function rounded(number: number): string {
  return String(Math.round(number * 100) / 100);
}
