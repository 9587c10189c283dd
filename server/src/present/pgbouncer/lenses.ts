/** One line over [databases]: both sides of the PgBouncer, or the offer to say what it stands in front of. */
import { locate } from '../../core/text.ts';
import { isUnknown } from '../../declarations/resolved.ts';
import { pgbouncerBudget } from '../../fleet/pgbouncer.ts';
import { amongNames } from '../../fleet/poolerConfiguration.ts';
import { formatAmount } from '../../fleet/terms.ts';
import type { Analysis } from '../../rules/analysis.ts';
import type { PgbouncerInContext } from '../../rules/rule.ts';
import { type TieTarget, tieTargets } from '../../topology/tie.ts';
import type { PoolLens } from '../lenses.ts';
import { budgetsBehind, sidesInShort } from './sides.ts';

export function pgbouncerLensesOf(analysis: Analysis, uri: string): PoolLens[] {
  const context = analysis.pgbouncerFiles.find(({ file }) => file.uri === uri);
  const span = context && databasesHeader(context);
  if (context === undefined || span === undefined) return [];
  const at = locate(uri, span);
  const budgets = budgetsBehind(context, analysis.fleets);
  if (budgets.length > 0) return budgets.map((each) => ({ at, text: sidesInShort(each, context), action: 'fleet' }));
  const connections = connectionsInShort(context);
  if (analysis.isBeingRead) return [{ at, text: `${connections} · reading the workspace`, action: 'fleet' }];
  if (analysis.fleets.length === 0)
    return [{ at, text: `${connections} · create topology file`, action: 'createTopology' }];
  const targets = targetsOf(analysis, context);
  if (targets.length === 0) return [{ at, text: connections, action: 'fleet' }];
  const [{ database }] = targets as [TieTarget];
  const whose = targets.length === 1 ? `the pooler of ${database.name}` : 'the pooler of a database';
  return [{ at, text: `${connections} · make it ${whose}`, action: 'fixes' }];
}

/** Databases whose pooler a file may be: none where it is part of another, or for tests. */
export function targetsOf({ fleets }: Analysis, context: PgbouncerInContext): TieTarget[] {
  const { file, databases, isIncluded } = context;
  if (databases.length > 0 || isIncluded || file.context !== 'app') return [];
  return tieTargets(
    fleets.map((fleet) => fleet.topology),
    file.uri,
  );
}

/** The header that entries stand under: the first one. */
export function databasesHeader({ file }: PgbouncerInContext): { start: number; end: number } | undefined {
  const header = file.statements.find(
    (statement) => statement.kind === 'section' && statement.isClosed && statement.name.text === 'databases',
  );
  return header?.span;
}

function connectionsInShort({ whole, users }: PgbouncerInContext): string {
  const { serverConnections, entries } = pgbouncerBudget(whole, users);
  const amount = amongNames(whole, serverConnections, entries);
  if (isUnknown(amount)) return `server connections unknown: ${amount.unknown}`;
  return amount === 'unbounded' ? 'no limit on server connections' : `up to ${formatAmount(amount)} server connections`;
}
