/** The block of text for an AI assistant: what the workspace shows about pools and fleet, and what is asked for. */

import type { Location } from '../core/text.ts';
import { isUnknown } from '../declarations/resolved.ts';
import {
  explainBudget,
  explainMargin,
  explainReach,
  explainUsefulConcurrency,
  explainWorkload,
} from '../fleet/explain.ts';
import type { DatabaseBudget, Fleet } from '../fleet/model.ts';
import { rolloutInstances } from '../fleet/processes.ts';
import { counted, explainTerm, formatAmount } from '../fleet/terms.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { PoolInContext } from '../rules/rule.ts';
import type { Service, Topology } from '../topology/model.ts';
import { maskText } from './mask.ts';
import { isPerThread, plainValue, viewPool } from './poolView.ts';

/** `path` names a file for the reader; the analysis's own names are used where it is absent. */
export function assistantContext(analysis: Analysis, path = analysis.displayPath): string {
  const place = (at: Location) => `${path(at.uri)}:${(analysis.lines(at.uri)?.lineAt(at.start) ?? 0) + 1}`;
  const pools = analysis.pools.filter((each) => each.context === 'app' || each.shares.length > 0);
  const sections = [
    [
      '# Database connection pools: context and question',
      '',
      'Facts found by static analysis of the source and the topology file (Poolproof). What is marked unknown is not known: ask for it, assume nothing. Passwords are left out.',
    ],
    ...analysis.fleets.flatMap((fleet) => describeFleet(fleet, place)),
    ...(analysis.fleets.length === 0
      ? [
          [
            '## Deployment',
            '',
            '- unknown: there is no topology file (server, workers, replicas, max_connections, pooler)',
          ],
        ]
      : []),
    [
      '## Pools in the source',
      '',
      ...(pools.length === 0 ? ['- none found'] : pools.map((each) => describePool(each, place))),
    ],
    [
      '## Question',
      '',
      'Recommend the pool settings for each pool above.',
      '1. Show the arithmetic: connections per process × processes × replicas, summed over every service and extra consumer of a database, against max_connections − reserved; in steady state, during a rolling deploy and at the autoscaler’s maximum.',
      '2. Give each setting under the library’s own name with its unit, and say which are defaults that nobody chose.',
      '3. Name the risks: what breaks first when replicas grow, waiting under load, dead connections after a failover or an idle timeout, what a pooler in front changes.',
      '4. Say which of the unknown values would change the answer.',
    ],
  ];
  return `${maskText(sections.map((lines) => lines.join('\n')).join('\n\n'))}\n`;
}

type PlaceName = (at: Location) => string;

function describeFleet(fleet: Fleet, place: PlaceName): string[][] {
  const { topology } = fleet;
  return [
    ...fleet.databases.map((budget) => describeDatabase(budget)),
    ['## Services', '', ...[...topology.services.values()].map((service) => describeService(service))],
    ['## Sum over the fleet', '', ...fleet.databases.flatMap((budget) => describeSum(budget, place))],
    ...describeExtras(topology),
  ];
}

function describeDatabase(budget: DatabaseBudget): string[] {
  const { database } = budget;
  const pooler = database.pooler;
  const settings = [...(pooler?.settings ?? [])].map(([name, { value }]) => `${name} ${value}`);
  const server = [database.engine?.value ?? 'engine unknown', database.version?.value ?? 'version unknown'].join(' ');
  const useful = explainUsefulConcurrency(database);
  return [
    `## Database ${database.name}`,
    '',
    `- server: ${server}${database.provider === undefined ? '' : `, at ${database.provider.value}`}`,
    `- max_connections: ${database.maxConnections?.value ?? 'unknown'}; ${explainBudget(budget)}`,
    ...(useful === '' ? [] : [`- useful concurrency of the server: ${useful} active queries`]),
    `- idle connections are dropped after: ${database.idleTimeout === undefined ? 'unknown' : `${database.idleTimeout.value} s`}`,
    pooler === undefined
      ? '- pooler: none stated'
      : `- pooler: ${[pooler.kind.value, pooler.version?.value, pooler.mode?.value, ...settings].filter(Boolean).join(', ')}`,
  ];
}

function describeService(service: Service): string {
  const { processesPerInstance: count, processConcurrency: concurrency, replicas } = service;
  const instances =
    replicas.minimum === replicas.steady
      ? counted(replicas.steady, 'replica')
      : `${replicas.minimum} to ${replicas.steady} replicas`;
  const parts = [
    [service.server?.value ?? 'server unknown', service.workerClass?.value].filter(Boolean).join(' '),
    count.known ? count.label : `processes per replica unknown (${count.reason})`,
    instances,
    `${rolloutInstances(service)} during a rolling deploy`,
    concurrency.known
      ? `${concurrency.value} at once per process (${concurrency.label})`
      : 'concurrency per process unknown',
    describeWorkload(service),
  ];
  const databases = service.databases.map(({ value }) => value).join(', ');
  return `- ${service.name} on ${databases === '' ? 'unknown' : databases}: ${parts.join('; ')}`;
}

function describeWorkload(service: Service): string {
  if (service.workload === undefined) return 'workload unknown';
  const { concurrentRequests, queriesPerRequest } = service.workload;
  const load = `${concurrentRequests.value} concurrent requests, ${queriesPerRequest.value} queries each`;
  return `workload ${load}, guidance ${explainWorkload(service)} connections`;
}

function describeSum(budget: DatabaseBudget, place: PlaceName): string[] {
  const { database, total, rolloutTotal, pooler } = budget;
  const number = (sum: typeof total) =>
    sum.value === null
      ? `unknown, at least ${sum.atLeast}`
      : sum.value === 'unbounded'
        ? 'unlimited'
        : String(sum.value);
  const margin = explainMargin(total, budget.budget);
  const lines = [
    `- ${database.name}: ${number(total)} of ${budget.budget ?? 'unknown'}${margin === '' ? '' : ` (${margin})`}; ${number(rolloutTotal)} during a rolling deploy`,
  ];
  for (const share of budget.services.flatMap((service) => service.pools)) {
    const at = place({ uri: share.pool.uri, ...share.pool.site.calleeSpan });
    const reach = explainReach(share);
    const opens = `${explainTerm(share.term)} = ${formatAmount(share.total, 'unknown')}`;
    lines.push(`  - ${share.service.name}, ${at}: ${opens}${reach === '' ? '' : `; ${reach}`}`);
  }
  if (pooler !== null) {
    const limit = pooler.maxClientConnections ?? 'unknown';
    lines.push(
      `  - pooler: ${number(pooler.clients)} clients of ${limit}; ${formatAmount(pooler.serverConnections, 'unknown')} connections to the server`,
    );
  }
  for (const reason of total.unknown) lines.push(`  - unknown: ${reason}`);
  return lines;
}

function describeExtras({ extraConnections }: Topology): string[][] {
  if (extraConnections.length === 0) return [];
  const lines = extraConnections.map(
    ({ name, database, connections }) => `- ${name}: ${connections.value} connections to ${database.value}`,
  );
  return [['## Other consumers', '', ...lines]];
}

function describePool(each: PoolInContext, place: PlaceName): string {
  const { pool, peakPerProcess, at } = viewPool(each);
  const { address } = pool;
  const driver = [address.dialect ?? 'dialect unknown', address.driver ?? 'driver unknown'].join(' with ');
  const url =
    address.source === 'environment'
      ? `address from ${address.variable ?? 'the environment'}`
      : address.source === 'literal'
        ? 'address written in the source'
        : 'address unknown';
  const settings = [...pool.parameters.values()].map((parameter) => {
    const { value } = parameter;
    if (!value.known) return `${parameter.name} unknown (${value.reason})`;
    const plain = plainValue(parameter);
    const shown = plain === null && value.value !== null ? 'not a plain value' : String(plain);
    return `${parameter.name} ${shown} (${value.source === 'default' ? 'library default' : value.source})`;
  });
  const version = `${pool.libraryName} ${pool.libraryVersion}${pool.versionEvidence === undefined ? ' (newest, no version stated)' : ''}`;
  const peak = isUnknown(peakPerProcess) ? `unknown (${peakPerProcess.unknown})` : formatAmount(peakPerProcess);
  return [
    `- ${place(at)}${pool.name === '' ? '' : ` ${pool.name}`}: ${pool.callable} of ${version}, ${isPerThread(pool) ? 'no pool but a connection per thread' : pool.poolClass || 'pool class unknown'}, ${driver}, ${url}`,
    `  - at most per process: ${peak}`,
    `  - settings: ${settings.join(', ')}`,
  ].join('\n');
}
