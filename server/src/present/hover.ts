/** What a hover over a pool shows: the answer first, the arithmetic second, the sources last. Markdown. */
import type { Location } from '../core/text.ts';
import { spanContains } from '../core/text.ts';
import type { Pool } from '../declarations/pool.ts';
import { type Amount, isUnknown } from '../declarations/resolved.ts';
import {
  explainCapacity,
  explainMargin,
  explainReach,
  explainShare,
  explainUsefulConcurrency,
  explainWorkload,
  listConsumers,
  otherConsumers,
} from '../fleet/explain.ts';
import { replicaTable } from '../fleet/growth.ts';
import type { DatabaseBudget, PoolShare } from '../fleet/model.ts';
import { growthUnit } from '../fleet/processes.ts';
import { explainTerm, formatAmount } from '../fleet/terms.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { PoolInContext } from '../rules/rule.ts';
import { parameterHover } from './parameterHover.ts';
import { isPerThread, standsForUrl } from './poolView.ts';
import { escapeMarkdown, parameterInMarkdown } from './values.ts';

export interface HoverOptions {
  /** True where the client runs `command:` links. */
  readonly commandLinks: boolean;
  /** The folder that a new topology file would govern. */
  readonly folder: string;
}

export interface HoverContent {
  readonly markdown: string;
  readonly at: Location;
}

/** The hover at an offset of a source file, or undefined where there is nothing to say. */
export function hoverAt(
  analysis: Analysis,
  uri: string,
  offset: number,
  options: HoverOptions,
): HoverContent | undefined {
  const point = { start: offset, end: offset };
  for (const entry of analysis.pools) {
    if (!entry.pool.address.isNetworkDatabase) continue;
    const { pool } = entry;
    if (pool.uri === uri && spanContains(pool.site.calleeSpan, point)) {
      return { markdown: poolsHover(analysis, pool, options), at: { uri, ...pool.site.calleeSpan } };
    }
    const { optionsAt } = pool;
    if (optionsAt?.uri === uri && spanContains(optionsAt, point))
      return { markdown: poolHover(analysis, entry, options), at: optionsAt };
    if (pool.uri === uri && standsForUrl(pool) && spanContains(pool.address.at!, point))
      return { markdown: poolsHover(analysis, pool, options), at: pool.address.at! };
    for (const parameter of pool.parameters.values()) {
      const at = parameter.written?.span;
      if (at === undefined || at.uri !== uri || !spanContains(at, point)) continue;
      const isSize = pool.peakTerms.some((term) => term.parameter === parameter.name);
      const explanation = parameterHover(entry, parameter);
      return { markdown: isSize ? `${poolHover(analysis, entry, options)}\n\n---\n\n${explanation}` : explanation, at };
    }
  }
  return undefined;
}

/** Every pool that one call builds, by name where there are several. */
function poolsHover(analysis: Analysis, { uri, site }: Pool, options: HoverOptions): string {
  const entries = analysis.pools.filter(
    ({ pool }) =>
      pool.uri === uri && pool.site.calleeSpan.start === site.calleeSpan.start && pool.address.isNetworkDatabase,
  );
  return entries
    .map((entry) => {
      const name = entries.length > 1 && entry.pool.key !== '' ? `**${escapeMarkdown(entry.pool.key)}**\n\n` : '';
      return `${name}${poolHover(analysis, entry, options)}`;
    })
    .join('\n\n---\n\n');
}

export function poolHover(analysis: Analysis, entry: PoolInContext, options: HoverOptions): string {
  if (entry.shares.length === 0) return hoverWithoutFleet(analysis, entry, options);
  return entry.shares.map((share) => hoverForShare(analysis, share)).join('\n\n---\n\n');
}

function hoverWithoutFleet(analysis: Analysis, entry: PoolInContext, options: HoverOptions): string {
  const { pool } = entry;
  const peak = pool.peakPerProcess;
  const answer = isPerThread(pool)
    ? 'Each thread that uses it opens **1** connection.'
    : isUnknown(peak)
      ? `How many connections one process can open is **not known**: ${escapeMarkdown(peak.unknown)}.`
      : peak === 'unbounded'
        ? 'One process can open connections **without limit**.'
        : `One process can open **${peak}** connection${peak === 1 ? '' : 's'}.`;
  const lines = [answer];
  const terms = perProcessRow(pool, peak);
  if (isPerThread(pool)) lines.push(`| | |\n|---|---|\n| kept | ${keptInWords(pool)} |`);
  else if (terms !== '') lines.push(`| | |\n|---|---|\n| per process | ${terms} |`);
  if (analysis.isBeingRead) {
    lines.push('The workspace is still being read: what the fleet opens follows.');
  } else if (analysis.fleets.length === 0) {
    lines.push(
      options.commandLinks
        ? `No topology file says how many processes there are. [Create poolproof.yaml](command:poolproof.createTopologyFile?${encodeURIComponent(JSON.stringify([options.folder]))})`
        : 'No topology file says how many processes there are: `poolproof init` writes one.',
    );
  } else if (entry.context !== 'app') {
    const what = pool.contextReason ?? `This is ${describeContext(entry.context)} code: it does not count`;
    lines.push(`${what} towards the fleet.`);
  } else {
    lines.push('No service of the topology file includes this file, or its database could not be decided.');
  }
  lines.push(versionLine(analysis, entry.pool));
  return lines.join('\n\n');
}

function describeContext(context: string): string {
  return context === 'test'
    ? 'test'
    : context === 'migration'
      ? 'migration'
      : context === 'script'
        ? 'script'
        : 'example';
}

function perProcessRow(pool: Pool, peak: Amount): string {
  const parameters = pool.peakTerms.flatMap((term) => pool.parameters.get(term.parameter) ?? []);
  if (parameters.length === 0) return '';
  const shown = parameters.map((each) => parameterInMarkdown(each, pool.site.language));
  return `${shown.join(' + ')} = **${formatAmount(peak)}**`;
}

/** "up to 600 s *(CONN_MAX_AGE)*": how long a thread keeps its connection. */
function keptInWords({ idleLimit }: Pool): string {
  const by =
    'parameter' in idleLimit && idleLimit.parameter !== undefined ? ` *(${escapeMarkdown(idleLimit.parameter)})*` : '';
  switch (idleLimit.kind) {
    case 'seconds':
      return `up to ${idleLimit.seconds} s${by}`;
    case 'forever':
      return `for ever${by}`;
    case 'keeps-none':
      return 'until the request ends';
    case 'unknown':
      return 'for how long is not known';
  }
}

function hoverForShare(analysis: Analysis, share: PoolShare): string {
  const database = budgetOf(analysis, share);
  const parts = [answerLine(share, database), arithmeticTable(share, database), fitLines(share, database)];
  if (database.pooler === null && database.budget !== null) parts.push(growthTable(share, database));
  parts.push(notes(share, database));
  parts.push(sourcesLine(analysis, share, database));
  return parts.filter((part) => part !== '').join('\n\n');
}

function budgetOf(analysis: Analysis, share: PoolShare): DatabaseBudget {
  for (const fleet of analysis.fleets) {
    const found = fleet.databases.find((each) => each.database === share.database);
    if (found !== undefined) return found;
  }
  throw new Error('a share without its database');
}

function answerLine(share: PoolShare, database: DatabaseBudget): string {
  const service = `**${escapeMarkdown(share.service.name)}**`;
  const name = `**${escapeMarkdown(share.database.name)}**`;
  if (isUnknown(share.total)) {
    const fits = share.recommendation.choices[0]?.label;
    const most = fits === undefined ? '' : ` The largest that fits: ${fits}.`;
    return `How many connections ${service} can open to ${name} is **not known**: ${escapeMarkdown(share.total.unknown)}.${most}`;
  }
  const opens = share.total === 'unbounded' ? '**without limit**' : `**${share.total}**`;
  const what =
    share.total === 'unbounded' ? `connections ${opens}` : `${opens} connection${share.total === 1 ? '' : 's'}`;
  const target = database.pooler === null ? name : `the pooler of ${name}`;
  const accepts = database.budget === null || database.pooler !== null ? '' : `, which accepts **${database.budget}**`;
  const margin = database.pooler === null ? explainMargin(database.total, database.budget) : '';
  return `${service} can open ${what} to ${target}${accepts}.${margin === '' ? '' : ` ${capitalised(margin)}.`}`;
}

function arithmeticTable(share: PoolShare, database: DatabaseBudget): string {
  const rows: [string, string][] = [];
  const perProcess = perProcessRow(share.pool, share.peakPerProcess);
  const className = isPerThread(share.pool) ? '1 per thread' : share.pool.poolClass || 'pool';
  rows.push([
    'per process',
    perProcess === '' ? `${className}: **${formatAmount(share.peakPerProcess)}**` : perProcess,
  ]);
  if (isPerThread(share.pool)) rows.push(['kept', keptInWords(share.pool)]);
  rows.push(['fleet', `${explainTerm(share.term)} = **${formatAmount(share.total)}**`]);
  const { maxConnections, reserved } = database.database;
  if (maxConnections !== undefined && database.budget !== null) {
    rows.push([
      'budget',
      `max_connections ${maxConnections.value} − reserved ${reserved.value} = **${database.budget}**`,
    ]);
  } else {
    rows.push(['budget', 'not known: max_connections is not stated']);
  }
  const others = listConsumers(otherConsumers(share, database));
  rows.push(['also on ' + database.database.name, others === '' ? 'nothing else' : escapeMarkdown(others)]);
  return ['| | |', '|---|---|', ...rows.map(([name, content]) => `| ${escapeMarkdown(name)} | ${content} |`)].join(
    '\n',
  );
}

function fitLines(share: PoolShare, database: DatabaseBudget): string {
  const { choices, share: perProcess } = share.recommendation;
  if (perProcess === null || database.budget === null || share.pool.peakTerms.length === 0) return '';
  const sum = explainShare(share, database);
  if (choices.length === 0)
    return `**Nothing fits** at ${formatAmount(share.processes)} processes: use a pooler or fewer processes.  \n${sum}`;
  const list = choices
    .map((choice) => `${choice.label.replaceAll('=', ' ')} → ${choice.total} of ${database.budget}`)
    .join(' · or ');
  return `**Fits:** ${list}  \n${sum}`;
}

function growthTable(share: PoolShare, database: DatabaseBudget): string {
  const columns = replicaTable(share, database);
  if (isUnknown(share.peakPerProcess) || columns.length === 0) return '';
  const bold = (text: string, isStated: boolean) => (isStated ? `**${text}**` : text);
  const size = share.pool.peakTerms[0]?.parameter;
  const rows = [
    `| ${growthUnit(share.service).noun}s | ${columns.map((each) => bold(String(each.replicas), each.isStated)).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    `| this pool opens | ${columns.map((each) => bold(formatAmount(each.opens), each.isStated)).join(' | ')} |`,
  ];
  if (size !== undefined && columns.some((each) => each.largestSize !== null)) {
    rows.push(
      `| largest ${size} that fits | ${columns.map((each) => bold(each.largestSize === null ? '?' : each.largestSize < 1 ? 'none' : String(each.largestSize), each.isStated)).join(' | ')} |`,
    );
  }
  return rows.join('\n');
}

function notes(share: PoolShare, database: DatabaseBudget): string {
  const lines: string[] = [];
  const { maxSurge, replicas } = share.service;
  if (maxSurge !== undefined && maxSurge.value > 0 && !isUnknown(share.rolloutTotal)) {
    const surge = maxSurge.kind === 'percent' ? `${maxSurge.value} %` : String(maxSurge.value);
    const extra = maxSurge.kind === 'percent' ? Math.ceil((replicas.steady * maxSurge.value) / 100) : maxSurge.value;
    lines.push(
      `A rolling deploy (max_surge ${surge}) runs ${replicas.steady + extra} replicas for a while: ${explainCapacity(share, 'rollout')}.`,
    );
  }
  const reach = explainReach(share);
  if (reach !== '') lines.push(`${capitalised(reach)}.`);
  const useful = explainUsefulConcurrency(database.database);
  if (useful !== '') lines.push(`Server's useful concurrency: ${useful} active queries.`);
  const workload = explainWorkload(share.service);
  if (workload !== '') lines.push(`The workload needs about ${workload} connections.`);
  return lines.map(escapeLight).join('  \n');
}

/** Sentences hold × and − but may hold names with underscores. */
function escapeLight(text: string): string {
  return text.replace(/[<>|]/g, (character) => `\\${character}`);
}

function sourcesLine(analysis: Analysis, share: PoolShare, database: DatabaseBudget): string {
  const links: string[] = [];
  const link = (at: Location | undefined, what: string) => {
    const line = at && analysis.lines(at.uri)?.lineAt(at.start);
    if (at === undefined || line === undefined) return;
    const path = analysis.displayPath(at.uri);
    const shown =
      links.length === 0 || !links.some((each) => each.includes(`[${path}:`)) ? `${path}:${line + 1}` : `:${line + 1}`;
    links.push(`[${escapeMarkdown(shown)}](${at.uri}#L${line + 1}) (${what})`);
  };
  const { service } = share;
  link(service.workers?.at ?? service.concurrency?.at, service.workers ? 'workers' : 'concurrency');
  link(service.replicas.at, 'replicas');
  link(database.database.maxConnections?.at, 'max_connections');
  for (const term of share.pool.peakTerms) {
    if (!term.value.known) continue;
    for (const origin of term.value.origins) if (origin.source !== 'default') link(origin.at, term.parameter);
  }
  const from = links.length === 0 ? '' : `From ${links.join(', ')} · `;
  return `${from}${versionLine(analysis, share.pool)}`;
}

function versionLine(analysis: Analysis, pool: PoolInContext['pool']): string {
  const evidence = pool.versionEvidence;
  const line = evidence && analysis.lines(evidence.at.uri)?.lineAt(evidence.at.start);
  if (evidence === undefined)
    return `${pool.libraryName} ${pool.libraryVersion} assumed (no dependency file names a version)`;
  const path = analysis.displayPath(evidence.at.uri);
  return `${pool.libraryName} ${pool.libraryVersion} ([${escapeMarkdown(path)}${line === undefined ? '' : `:${line + 1}`}](${evidence.at.uri}${line === undefined ? '' : `#L${line + 1}`}))`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
