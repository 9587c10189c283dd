/** The budget of every database as one Markdown page: the status bar's tooltip in short, the fleet page in full. */
import { isUnknown } from '../declarations/resolved.ts';
import { explainBreakingPoint, explainMargin } from '../fleet/explain.ts';
import type { DatabaseBudget } from '../fleet/model.ts';
import { explainTerm, formatAmount } from '../fleet/terms.ts';
import type { Analysis } from '../rules/analysis.ts';
import { maskUrls } from './mask.ts';
import { escapeMarkdown } from './values.ts';

export function fleetReport(analyses: readonly Analysis[]): string {
  const parts: string[] = ['# Fleet budget'];
  const databases = analyses.flatMap((analysis) =>
    analysis.fleets.flatMap((fleet) => fleet.databases.map((each) => ({ analysis, each }))),
  );
  if (databases.length === 0) {
    parts.push(
      'No topology file describes the databases and services of this workspace. **Poolproof: Create topology file** writes one from what the workspace shows.',
    );
  }
  for (const { analysis, each } of databases) parts.push(databaseSection(analysis, each));
  return maskUrls(parts.join('\n\n'));
}

function databaseSection(analysis: Analysis, database: DatabaseBudget): string {
  const lines = [`## ${escapeMarkdown(database.database.name)}: ${headline(database)}`, tableOf(analysis, database)];
  const notes = [
    explainMargin(database.total, database.budget),
    explainBreakingPoint(database),
    database.rolloutTotal.value !== null && database.rolloutTotal.value !== database.total.value
      ? `${database.rolloutTotal.value} during a rolling deploy`
      : '',
  ].filter(Boolean);
  if (notes.length > 0) lines.push(`${notes.join(' · ')}.`);
  const fits = database.services
    .flatMap((service) => service.pools)
    .map((share) => share.recommendation.choices[0]?.label);
  if (database.fits === false && fits[0] !== undefined)
    lines.push(`**Fits:** ${[...new Set(fits.filter(Boolean))].join(' · or ')}`);
  for (const unknown of database.total.unknown) lines.push(`Not known: ${escapeMarkdown(unknown)}`);
  return lines.join('\n\n');
}

/** "120 of 90 connections" */
export function headline({ total, budget, database }: DatabaseBudget): string {
  const used =
    total.value === null ? `at least ${total.atLeast}` : total.value === 'unbounded' ? 'no limit' : String(total.value);
  return budget === null
    ? `${used} connections, max_connections of ${escapeMarkdown(database.name)} not stated`
    : `${used} of ${budget} connections`;
}

export function tableOf(analysis: Analysis, database: DatabaseBudget): string {
  const rows = ['| consumer | sum | connections | where |', '|---|---|---:|---|'];
  for (const service of database.services) {
    if (service.pools.length === 0) rows.push(`| ${escapeMarkdown(service.service.name)} | no pool found | 0 | |`);
    for (const share of service.pools) {
      const line = analysis.lines(share.pool.uri)?.lineAt(share.pool.site.calleeSpan.start) ?? 0;
      const place = `[${escapeMarkdown(analysis.displayPath(share.pool.uri))}:${line + 1}](${share.pool.uri}#L${line + 1})`;
      const total = isUnknown(share.total) ? 'unknown' : formatAmount(share.total);
      rows.push(`| ${escapeMarkdown(service.service.name)} | ${explainTerm(share.term)} | ${total} | ${place} |`);
    }
  }
  for (const extra of database.extras)
    rows.push(`| ${escapeMarkdown(extra.name)} | | ${extra.connections.value} | outside this workspace |`);
  return rows.join('\n');
}
