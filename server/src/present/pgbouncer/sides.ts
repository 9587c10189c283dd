/** Both sides of a PgBouncer that the topology ties to its databases: the services' clients, and the server's budget. */
import { isUnknown } from '../../declarations/resolved.ts';
import { explainBudget, explainMargin } from '../../fleet/explain.ts';
import type { DatabaseBudget, Fleet, Total } from '../../fleet/model.ts';
import { fittingPoolSize } from '../../fleet/poolerFit.ts';
import { counted, formatAmount } from '../../fleet/terms.ts';
import type { PgbouncerInContext } from '../../rules/rule.ts';

/** The databases whose pooler is configured by the file. */
export function budgetsBehind({ databases }: PgbouncerInContext, fleets: readonly Fleet[]): DatabaseBudget[] {
  return fleets.flatMap((fleet) => fleet.databases).filter(({ database }) => databases.includes(database));
}

/** "120 of 90 connections on main, 80 of 50 clients · default_pool_size 35 fits" */
export function sidesInShort(budget: DatabaseBudget, context: PgbouncerInContext): string {
  const { pooler, database, total } = budget;
  const accepted = budget.budget === null ? '' : ` of ${budget.budget}`;
  const limit = pooler?.maxClientConnections ?? null;
  const accepts = limit === null ? '' : ` of ${limit}`;
  const connections = `${totalInShort(total)}${accepted} connections on ${database.name}`;
  const fitting = budget.fits === false ? fittingPoolSize(budget, 'steady', context) : undefined;
  const advice = fitting === undefined ? '' : ` · default_pool_size ${fitting.size} fits`;
  return pooler === null ? connections : `${connections}, ${totalInShort(pooler.clients)}${accepts} clients${advice}`;
}

function totalInShort({ value, atLeast }: Total): string {
  if (value === 'unbounded') return 'unlimited';
  if (value !== null) return String(value);
  return atLeast === 0 ? 'unknown' : `at least ${atLeast}`;
}

/** The same as sentences, with the arithmetic. */
export function explainSides(budget: DatabaseBudget, context: PgbouncerInContext): string[] {
  const { pooler } = budget;
  const fitting = fittingPoolSize(budget, 'steady', context);
  const advice = fitting === undefined ? '' : ` The largest default_pool_size that fits is ${fitting.size}.`;
  return [serverSide(budget) + advice, ...(pooler === null ? [] : [clientSide(budget, pooler)])];
}

function serverSide(budget: DatabaseBudget): string {
  const { total, extras } = budget;
  const direct = extras.filter((extra) => extra.via?.value !== 'pooler');
  const parts = [
    `the pooler ${poolerPart(budget)}`,
    ...direct.map(({ name, connections }) => `${name} ${connections.value}`),
  ];
  const margin = explainMargin(total, budget.budget);
  const together = parts.length > 1 ? `, together ${totalInShort(total)}` : '';
  return `${explainBudget(budget)}; ${parts.join(', ')}${together}${margin === '' ? '' : `: ${margin}`}.`;
}

function poolerPart({ pooler, database }: DatabaseBudget): string {
  const opened = pooler?.serverConnections ?? 0;
  if (isUnknown(opened)) return 'opens an unknown number';
  const instances = database.pooler?.instances ?? 1;
  const own = database.pooler?.serverConnections;
  if (instances === 1 || typeof own !== 'number') return `opens up to ${formatAmount(opened)}`;
  const isLess = typeof opened === 'number' && opened < own * instances;
  const bound = isLess ? ', no more than its clients' : '';
  return `opens up to ${formatAmount(opened)} (${own} × ${counted(instances, 'instance')}${bound})`;
}

function clientSide({ services, database }: DatabaseBudget, pooler: NonNullable<DatabaseBudget['pooler']>): string {
  const { clients, maxClientConnections } = pooler;
  const limit = database.pooler?.settings.get('max_client_conn')?.value;
  const instances = database.pooler?.instances ?? 1;
  const sum = instances > 1 && limit !== undefined ? ` (${limit} × ${counted(instances, 'instance')})` : '';
  const accepts = maxClientConnections === null ? '' : `; it accepts ${maxClientConnections}${sum}`;
  const reason = clients.value === null ? ` (${clients.unknown[0]})` : '';
  const whose = services.length === 1 ? services[0]!.service.name : counted(services.length, 'service');
  const opens =
    clients.value === 'unbounded'
      ? 'connections to it without limit'
      : clients.value === null && clients.atLeast === 0
        ? 'an unknown number of connections to it'
        : `up to ${totalInShort(clients)} connections to it`;
  return `In front, ${whose} can open ${opens}${reason}${accepts}.`;
}
