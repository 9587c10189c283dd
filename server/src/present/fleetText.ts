/** The view of `poolproof fleet`: per database the sum, whose share it is, and what breaks next. */
import { isUnknown } from '../declarations/resolved.ts';
import { explainBreakingPoint, explainFit, explainMargin } from '../fleet/explain.ts';
import type { DatabaseBudget, Fleet, PoolShare, ServiceShare, Total, UnassignedPool } from '../fleet/model.ts';
import { counted, formatAmount } from '../fleet/terms.ts';
import type { Colors } from './colors.ts';
import { presentPoolsText } from './poolsText.ts';
import { placeOf } from './poolView.ts';
import { padTo, printable } from './printable.ts';
import type { Report } from './report.ts';

/** Characters of the bar that shows the budget and what exceeds it. */
const barLength = 43;

export function presentFleetText(report: Report, colors: Colors): string {
  const { fleets, pools } = report.analysis;
  if (fleets.length === 0) {
    const listing = pools.length === 0 ? '' : `\n${presentPoolsText(report, colors)}`;
    return `No topology file: "poolproof init" writes poolproof.yaml from what the workspace shows.\n${listing}`;
  }
  return fleets
    .flatMap((fleet) => [
      ...fleet.databases.map((database) => describeDatabase(report, database, colors)),
      ...describeUnassigned(report, fleet),
    ])
    .map((block) => block.map((line) => `${report.say(line)}\n`).join(''))
    .join('\n');
}

function describeDatabase(report: Report, budget: DatabaseBudget, colors: Colors): string[] {
  const { database, total } = budget;
  const engine = [database.engine?.value, database.version?.value].filter(Boolean).join(' ');
  const paint = budget.fits === false ? colors.red : budget.fits === null ? colors.yellow : colors.green;
  const used = `${describeTotal(total)} of ${budget.budget ?? '?'}`;
  const margin = explainMargin(total, budget.budget);
  const head = [
    colors.bold(printable(database.name)),
    printable(engine),
    paint(used),
    bar(total, budget.budget, colors),
    paint(margin),
  ];
  const lines = [head.filter((part) => part !== '').join('   ')];
  lines.push(...serviceRows(report, budget, colors));
  if (budget.pooler !== null) lines.push(...describePooler(budget, colors));
  for (const { pool, service } of budget.unassigned) {
    lines.push(`  ${colors.dim('may connect too:')} ${whereOf(report, pool)} in ${printable(service.name)}`);
  }
  for (const reason of total.unknown) lines.push(`  ${colors.yellow('unknown:')} ${printable(report.say(reason))}`);
  const next = [explainBreakingPoint(budget), describeRollout(budget), describeFit(budget)].filter(Boolean);
  if (next.length > 0) lines.push(`  ${next.join(' · ')}`);
  return lines;
}

/** Blocks for connections within the budget, shade for those beyond it, light shade for what is free. */
function bar(total: Total, budget: number | null, colors: Colors): string {
  if (budget === null || budget <= 0 || total.value === 'unbounded') return '';
  const used = total.value ?? total.atLeast;
  const whole = Math.max(used, budget);
  const cells = (connections: number) => Math.round((connections / whole) * barLength);
  if (used <= budget) {
    const filled = used > 0 ? Math.max(1, cells(used)) : 0;
    return colors.green('█'.repeat(filled)) + colors.dim('░'.repeat(barLength - filled));
  }
  const within = Math.min(barLength - 1, cells(budget));
  return colors.green('█'.repeat(within)) + colors.red('▒'.repeat(barLength - within));
}

interface Row {
  readonly name: string;
  readonly sum: string;
  readonly total: string;
  readonly place: string;
}

function serviceRows(report: Report, budget: DatabaseBudget, colors: Colors): string[] {
  const rows: Row[] = budget.services.flatMap((service) => rowsOf(report, service));
  for (const extra of budget.extras) {
    const via = extra.via === undefined ? '' : ` via ${extra.via.value}`;
    rows.push({
      name: extra.name,
      sum: `outside this workspace${via}`,
      total: String(extra.connections.value),
      place: '',
    });
  }
  const widthOfColumn = (column: 'name' | 'sum' | 'total') => Math.max(0, ...rows.map((row) => row[column].length));
  const [name, sum, total] = [widthOfColumn('name'), widthOfColumn('sum'), widthOfColumn('total')];
  return rows.map((row) =>
    [
      ` ${padTo(printable(row.name), name)}`,
      padTo(printable(row.sum), sum),
      padTo(row.total, total, 'left'),
      colors.dim(row.place),
    ]
      .join('  ')
      .replace(/^/, ' ')
      .trimEnd(),
  );
}

function rowsOf(report: Report, { service, processes, pools, total }: ServiceShare): Row[] {
  const count = isUnknown(processes) ? '? processes' : describeCount(processes);
  if (pools.length === 0) {
    return [{ name: service.name, sum: `${count}, no pool`, total: describeTotal(total), place: '' }];
  }
  return pools.map((share, index) => ({
    name: index === 0 ? service.name : '',
    sum: `${count} × ${formatAmount(share.peakPerProcess)}${describeReach(share)}`,
    total: formatAmount(share.total),
    place: whereOf(report, share.pool),
  }));
}

/** What the process model can use, where that is less than the settings allow. */
function describeReach({ reach, total }: PoolShare): string {
  if (reach === null || isUnknown(total) || (total !== 'unbounded' && total <= reach)) return '';
  return `, uses at most ${reach} at a time`;
}

function describeCount(processes: number | 'unbounded'): string {
  if (processes === 'unbounded') return 'unlimited processes';
  return processes === 1 ? '1 process' : `${processes} processes`;
}

function describePooler({ database, pooler }: DatabaseBudget, colors: Colors): string[] {
  const { clients, maxClientConnections, serverConnections, fits } = pooler!;
  const kind = [database.pooler?.kind.value, database.pooler?.version?.value, database.pooler?.mode?.value];
  const paint = fits === false ? colors.red : fits === null ? colors.yellow : colors.green;
  const limit = maxClientConnections === null ? '' : ` of ${maxClientConnections}`;
  const server = `${formatAmount(serverConnections)} connections to the server`;
  return [
    `  ${printable(kind.filter(Boolean).join(' '))}   ${paint(`${describeTotal(clients)}${limit} clients`)} · ${server}`,
  ];
}

function describeTotal(total: Total): string {
  if (total.value === 'unbounded') return 'unlimited';
  if (total.value !== null) return String(total.value);
  return total.atLeast > 0 ? `at least ${total.atLeast}` : 'unknown';
}

function describeRollout({ rolloutTotal, total, fitsDuringRollout, fits }: DatabaseBudget): string {
  if (rolloutTotal.value === total.value && rolloutTotal.atLeast === total.atLeast) return '';
  const over = fits === true && fitsDuringRollout === false ? ' (too many)' : '';
  return `rollout ${describeTotal(rolloutTotal)}${over}`;
}

/** What would fit, for the pool that takes most; nothing where today's sizes do. */
function describeFit(budget: DatabaseBudget): string {
  const phase = budget.fits === false ? 'steady' : 'rollout';
  if (budget.fits !== false && budget.fitsDuringRollout !== false) return '';
  const shares = budget.services.flatMap((service) => service.pools);
  const size = ({ total }: PoolShare) => (isUnknown(total) ? -1 : total === 'unbounded' ? Number.MAX_VALUE : total);
  const largest = shares.reduce<PoolShare | undefined>(
    (best, share) => (best === undefined || size(share) > size(best) ? share : best),
    undefined,
  );
  if (largest === undefined) return '';
  const fit = explainFit(largest, phase).replace(/\.$/, '');
  return fit === '' || shares.length === 1 ? fit : `${largest.service.name}: ${fit}`;
}

function describeUnassigned(report: Report, fleet: Fleet): string[][] {
  if (fleet.unassigned.length === 0) return [];
  const describe = ({ pool, service }: UnassignedPool) => `  ${whereOf(report, pool)} in ${printable(service.name)}`;
  return [
    [
      `${counted(fleet.unassigned.length, 'pool')} not counted: the source does not say on which database`,
      ...fleet.unassigned.map(describe),
    ],
  ];
}

function whereOf(report: Report, pool: PoolShare['pool']): string {
  const { path, line } = report.place(placeOf(pool));
  return `${printable(path)}:${line}`;
}
