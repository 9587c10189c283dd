/** The table of `poolproof pools`. */
import type { Pool, PoolParameter, SourceContext } from '../declarations/pool.ts';
import { isUnknown } from '../declarations/resolved.ts';
import { formatAmount } from '../fleet/terms.ts';
import type { Colors } from './colors.ts';
import { type EntryView, entriesOf } from './pgbouncer/entries.ts';
import { isPerThread, plainValue, viewPool } from './poolView.ts';
import { padTo, printable, widthOf } from './printable.ts';
import type { Report } from './report.ts';

/** The settings that decide how many connections there are and how long they live come first. */
const rolesFirst = ['size', 'overflow', 'minimum', 'acquire-timeout', 'lifetime', 'idle-timeout', 'health-check'];

export function presentPoolsText(report: Report, colors: Colors): string {
  const { pools } = report.analysis;
  const entries = entriesOf(report.analysis);
  if (pools.length + entries.length === 0) return 'No pools found.\n';
  const header = ['PLACE', 'SYSTEM', 'DATABASE', 'CLASS', 'PER PROCESS', 'SETTINGS'];
  const rows = countedOnce(
    pools.map((each) => {
      const { pool, peakPerProcess, at } = viewPool(each);
      const { path, line } = report.place(at);
      return [
        `${path}:${line}${contextNote(each.context)}`,
        pool.system,
        describeDatabase(pool),
        isPerThread(pool) ? 'per thread' : pool.poolClass || '?',
        isUnknown(peakPerProcess) ? '?' : formatAmount(peakPerProcess),
        describeSettings(pool, colors),
      ].map((cell, index) => (index === 0 ? cell : report.say(cell)));
    }),
  );
  const all = [...rows, ...entries.map((entry) => entryRow(report, entry, colors))];
  return table([header.map((name) => colors.dim(name)), ...all.map((row) => row.map(printableCell))], 4);
}

/** Pools that one line builds alike, each for a caller of its own, as one row: `db.ts:49 ×3`. */
function countedOnce(rows: readonly string[][]): string[][] {
  const counts = new Map<string, { row: string[]; count: number }>();
  for (const row of rows) {
    const key = row.join('\0');
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { row, count: 1 });
    else known.count++;
  }
  return Array.from(counts.values(), ({ row: [place, ...rest], count }) => [
    count === 1 ? place! : `${place} ×${count}`,
    ...rest,
  ]);
}

/** What PgBouncer keeps for one name that clients ask for. */
function entryRow(report: Report, entry: EntryView, colors: Colors): string[] {
  const { path, line } = report.place(entry.at);
  const hasSize = entry.settings.some(({ name }) => name === 'pool_size');
  const settings = entry.settings
    .filter(({ name, source }) =>
      name === 'default_pool_size' ? !hasSize : name !== 'pool_mode' && source !== 'default',
    )
    .map(({ name, value, source }) => {
      if (value === null) return `${name} ?`;
      return source === 'default' ? `${name} ${value} ${colors.dim('(default)')}` : `${name} ${value}`;
    });
  return [
    `${path}:${line}${contextNote(entry.context)}`,
    'pgbouncer',
    `postgresql${entry.hasPassword ? ' (password in source)' : ''}`,
    entry.mode ?? '?',
    isUnknown(entry.serverConnections) ? '?' : formatAmount(entry.serverConnections),
    settings.join(', '),
  ].map((cell, index) => (index === 0 ? cell : report.say(cell)));
}

function contextNote(context: SourceContext): string {
  return context === 'app' ? '' : ` (${context})`;
}

/** Colour codes are this presenter's own; everything that came from files has been made printable before. */
function printableCell(cell: string, index: number): string {
  return index === 5 ? cell : printable(cell);
}

function describeDatabase({ address }: Pool): string {
  const kind = [address.dialect ?? '?', address.driver].filter(Boolean).join('+');
  const from = address.source === 'environment' && address.variable !== undefined ? ` from ${address.variable}` : '';
  return `${kind}${from}${address.hardcodedCredentials ? ' (password in source)' : ''}`;
}

/** "pool_size 5 (default), max_overflow 10 (default)": what is written or decides the size. */
function describeSettings(pool: Pool, colors: Colors): string {
  const order = ({ fact }: PoolParameter) =>
    fact?.role === undefined ? rolesFirst.length : rolesFirst.indexOf(fact.role);
  return [...pool.parameters.values()]
    .filter((parameter) => parameter.written !== undefined || parameter.fact?.role !== undefined)
    .sort((a, b) => order(a) - order(b))
    .map((parameter) => {
      const { value } = parameter;
      if (!value.known) return `${parameter.name} ? ${colors.dim(`(${printable(value.reason)})`)}`;
      const plain = plainValue(parameter);
      if (value.value === undefined) return `${parameter.name} undefined`;
      const shown = plain === null && value.value !== null ? '…' : printable(String(plain));
      return value.source === 'literal'
        ? `${parameter.name} ${shown}`
        : `${parameter.name} ${shown} ${colors.dim(`(${value.source})`)}`;
    })
    .join(', ');
}

/** Columns as wide as their widest cell; the column `right`, if any, is aligned to the right. */
export function table(rows: readonly (readonly string[])[], right?: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => widthOf(plain(row[column]!)))));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => {
        const padding = padTo(plain(cell), widths[column]!).length - plain(cell).length;
        const space = ' '.repeat(padding);
        return column === right ? space + cell : cell + space;
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

function plain(cell: string): string {
  return cell.replace(/\u001B\[\d+m/g, '');
}
