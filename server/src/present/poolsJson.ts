/** The JSON of `poolproof pools`; its shape is a contract. */
import type { Pool, PoolParameter } from '../declarations/pool.ts';
import type { PoolInContext } from '../rules/rule.ts';
import { toJson } from './json.ts';
import { type EntryView, entriesOf } from './pgbouncer/entries.ts';
import { amountToJson, plainValue, viewPool } from './poolView.ts';
import type { Report } from './report.ts';

export function presentPoolsJson(report: Report): string {
  return toJson({
    version: 1,
    pools: [
      ...report.analysis.pools.map((each) => describePool(report, each)),
      ...entriesOf(report.analysis).map((entry) => describeEntry(report, entry)),
    ],
  });
}

function describePool(report: Report, each: PoolInContext): object {
  const { pool, peakPerProcess, at } = viewPool(each);
  const { path, line, column } = report.place(at);
  return {
    system: pool.system,
    path,
    line,
    column,
    name: pool.name,
    callable: pool.callable,
    context: each.context,
    database: {
      dialect: pool.address.dialect ?? null,
      driver: pool.address.driver ?? null,
      source: pool.address.source,
      variable: pool.address.variable ?? null,
      hardcodedCredentials: pool.address.hardcodedCredentials,
    },
    poolClass: pool.poolClass === '' ? null : pool.poolClass,
    parameters: Object.fromEntries(
      [...pool.parameters.values()].map((parameter) => [parameter.name, describe(report, pool, parameter)]),
    ),
    peakPerProcess: amountToJson(peakPerProcess),
  };
}

/** PgBouncer pools by its mode, and has no class; `callable` is the section. */
function describeEntry(report: Report, entry: EntryView): object {
  const { path, line, column } = report.place(entry.at);
  return {
    system: 'pgbouncer',
    path,
    line,
    column,
    name: report.say(entry.name),
    callable: 'databases',
    context: entry.context,
    database: {
      dialect: 'postgresql',
      driver: null,
      source: 'literal',
      variable: null,
      hardcodedCredentials: entry.hasPassword,
    },
    poolClass: entry.mode ?? null,
    parameters: Object.fromEntries(
      entry.settings.map(({ name, value, source, at }) => [
        name,
        { value, source, line: at === undefined ? null : report.place(at).line },
      ]),
    ),
    peakPerProcess: amountToJson(entry.serverConnections),
  };
}

function describe(report: Report, pool: Pool, parameter: PoolParameter): object {
  const { value, written } = parameter;
  // An argument out of an unpacked dictionary may stand in another file, whose lines would mislead here.
  const isHere = written !== undefined && written.span.uri === pool.uri;
  const line = written === undefined ? null : report.place(isHere ? written.span : placeOfCall(pool)).line;
  if (!value.known) return { value: null, source: 'unknown', line };
  const plain = plainValue(parameter);
  return { value: typeof plain === 'string' ? report.say(plain) : plain, source: value.source, line };
}

function placeOfCall(pool: Pool) {
  return { uri: pool.uri, ...pool.site.calleeSpan };
}
