/** A pooler that opens more connections than its server accepts: told where its size is written, with the size that fits. */
import { type Location, locate } from '../core/text.ts';
import { type Amount, isUnknown } from '../declarations/resolved.ts';
import { explainBudget } from '../fleet/explain.ts';
import type { DatabaseBudget, Phase } from '../fleet/model.ts';
import { pgbouncerBudget } from '../fleet/pgbouncer.ts';
import { fittingPoolSize } from '../fleet/poolerFit.ts';
import { counted, explainTerm, formatAmount } from '../fleet/terms.ts';
import type { Fix, Severity } from './finding.ts';
import { lineAdded } from './pgbouncer/edits.ts';
import type { PgbouncerInContext, RuleResult } from './rule.ts';

const name = 'default_pool_size';

export function* findingsOnPooler(
  database: DatabaseBudget,
  phase: Phase,
  files: readonly PgbouncerInContext[],
  severity?: Severity,
): Iterable<RuleResult> {
  const { pooler } = database.database;
  if (pooler === undefined || database.pooler === null) return;
  const file = files.find(({ databases }) => databases.includes(database.database));
  const place = placeOf(database, file);
  if (place === undefined) return;
  const fitting = fittingPoolSize(database, phase, file);
  const opened = phase === 'steady' ? database.pooler.serverConnections : database.pooler.rolloutServerConnections;
  if (isUnknown(opened)) return;
  const opens = opened === 'unbounded' ? 'connections without limit' : counted(opened, 'connection');
  const when = phase === 'steady' ? '' : ' during a rolling deploy';
  const others = database.extras.filter((extra) => extra.via?.value !== 'pooler');
  const beside = others.map((extra) => `${extra.name} ${extra.connections.value}`).join(', ');
  const total = phase === 'steady' ? database.total.value : database.rolloutTotal.value;
  const together = beside === '' || typeof total !== 'number' ? '' : `; with ${beside} that makes ${total}`;
  const advice = fitting === undefined ? `No ${name} alone fits.` : `${name} ${fitting.size} fits.`;
  yield {
    at: place.at,
    severity,
    message: `The pooler of ${database.database.name} can open ${opens}${when}${sumOf(database, file, opened)}${together}; ${explainBudget(database)}. ${advice}`,
    related: [{ at: database.database.at, message: database.database.name }],
    // A number in the topology file says how the pooler is configured elsewhere: changing it mends nothing.
    fixes:
      fitting === undefined || place.at.uri === database.database.at.uri
        ? []
        : fixesOf(place, fitting.size, `${fitting.total} of ${database.budget}`),
  };
}

/** " (50 + 5 + 50 + 5)", " (20 × 3 instances)", " (80, no more than its clients)"; empty where the number says it all. */
function sumOf({ database }: DatabaseBudget, file: PgbouncerInContext | undefined, opened: Amount): string {
  const { instances, serverConnections: own } = database.pooler!;
  if (file === undefined || typeof own !== 'number') return '';
  const { term, serverConnections } = pgbouncerBudget(file.whole, file.users);
  const sum = serverConnections === own ? explainTerm(term) : formatAmount(own);
  const isProduct = instances > 1;
  const each = isProduct && sum.includes(' + ') ? `(${sum})` : sum;
  const all = isProduct ? `${each} × ${instances} instances` : each;
  const isLess = typeof opened === 'number' && opened < own * instances;
  if (!isLess && all === formatAmount(opened)) return '';
  return ` (${all}${isLess ? ', no more than its clients' : ''})`;
}

type Place =
  | { readonly at: Location; readonly isWritten: true }
  /** Below the header where it would stand. */
  | { readonly at: Location; readonly isWritten: false; readonly file: PgbouncerInContext };

function placeOf({ database }: DatabaseBudget, file: PgbouncerInContext | undefined): Place | undefined {
  const stated = database.pooler!.settings.get(name)?.at;
  // A default of a configuration file stands at the topology's `config`.
  if (stated !== undefined && stated !== database.pooler!.config?.at) return { at: stated, isWritten: true };
  const header = file?.whole.allHeaders.at(-1);
  if (file === undefined || header === undefined || header.include !== undefined) return undefined;
  return { at: locate(file.file.uri, header.header.span), isWritten: false, file };
}

function fixesOf(place: Place, size: number, outcome: string): Fix[] {
  const edit = place.isWritten
    ? { ...place.at, newText: String(size) }
    : lineAdded(place.file.file, place.at, `${name} = ${size}`);
  return [{ title: `Set ${name} to ${size} (${outcome})`, safety: 'suggestion', preferred: true, edits: [edit] }];
}
