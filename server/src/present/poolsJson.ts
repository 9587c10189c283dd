/** The JSON of `poolproof pools`; its shape is a contract. */
import type { Pool, PoolParameter } from '../declarations/pool.ts';
import { toJson } from './json.ts';
import { amountToJson, plainValue, viewPool } from './poolView.ts';
import type { Report } from './report.ts';

export function presentPoolsJson(report: Report): string {
  return toJson({
    version: 1,
    pools: report.analysis.pools.map((each) => {
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
    }),
  });
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
