/** Entries of [databases] as listings of pools show them: each is a pool for every user, kept by PgBouncer itself. */
import { type Location, locate, spanContains } from '../../core/text.ts';
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import {
  type EntryInForce,
  numberInForce,
  numberOfEntry,
  type PgbouncerInForce,
} from '../../declarations/pgbouncerInForce.ts';
import type { SourceContext } from '../../declarations/pool.ts';
import type { Amount } from '../../declarations/resolved.ts';
import { pgbouncerBudget } from '../../fleet/pgbouncer.ts';
import { amongNames } from '../../fleet/poolerConfiguration.ts';
import type { Analysis } from '../../rules/analysis.ts';
import type { PgbouncerInContext } from '../../rules/rule.ts';

export interface EntrySetting {
  readonly name: string;
  /** Null where it is not known. */
  readonly value: string | number | null;
  readonly source: 'literal' | 'default' | 'unknown';
  readonly at?: Location;
}

export interface EntryView {
  readonly name: string;
  readonly at: Location;
  readonly context: SourceContext;
  readonly hasPassword: boolean;
  /** "transaction"; undefined where it is not known. */
  readonly mode: string | undefined;
  readonly settings: readonly EntrySetting[];
  readonly serverConnections: Amount;
}

/** Numbers of [pgbouncer] that an entry's pools depend on, each with the key by which an entry sets its own. */
const sizes = [
  ['default_pool_size', undefined],
  ['reserve_pool_size', 'reserve_pool_size'],
  ['min_pool_size', 'min_pool_size'],
  ['max_db_connections', 'max_db_connections'],
  ['max_user_connections', undefined],
] as const;

export function entriesOf(analysis: Analysis): EntryView[] {
  return wholeFiles(analysis).flatMap(entriesIn);
}

/** What others include is listed with them. */
function wholeFiles({ pgbouncerFiles }: Analysis): PgbouncerInContext[] {
  const parts = new Set(pgbouncerFiles.flatMap(({ whole }) => whole.included.map(({ uri }) => uri)));
  return pgbouncerFiles.filter(({ file }) => !parts.has(file.uri));
}

export function entryCount(analysis: Analysis): number {
  return wholeFiles(analysis).reduce((sum, { whole }) => sum + whole.databases.size, 0);
}

function entriesIn(context: PgbouncerInContext): EntryView[] {
  const { whole, file, users } = context;
  const credentials = [file, ...whole.included].flatMap((each) => each.credentials);
  return pgbouncerBudget(whole, users).entries.map((budget) => {
    const { entry } = budget;
    const { span, name } = entry.statement;
    const uri = whole.uriOf(entry.statement);
    const mode = modeOf(context, entry);
    return {
      name: name.text,
      at: locate(uri, name.span),
      context: file.context,
      hasPassword: credentials.some(({ at }) => at.uri === uri && spanContains(span, at)),
      mode: typeof mode.value === 'string' ? mode.value : undefined,
      settings: [mode, ...sizesOf(context, entry)],
      serverConnections: amongNames(whole, budget.serverConnections, [budget]),
    };
  });
}

function sizesOf({ whole }: PgbouncerInContext, entry: EntryInForce): EntrySetting[] {
  const own = numberOfEntry(entry, 'pool_size');
  const all = sizes.map(([name, key]) => {
    const stated = key && numberOfEntry(entry, key);
    return [name, stated ?? numberInForce(whole, name)] as const;
  });
  return [...(own === undefined ? [] : [['pool_size', own] as const]), ...all].map(([name, number]) =>
    number.kind === 'unknown'
      ? { name, value: null, source: 'unknown' }
      : { name, value: number.value, ...sourceOf(whole, number.at) },
  );
}

function modeOf({ whole }: PgbouncerInContext, entry: EntryInForce): EntrySetting {
  const name = 'pool_mode';
  const pair = entry.pair(name);
  if (pair !== undefined || entry.isTemplate) {
    const value = pair?.value?.isTemplate ? undefined : pair?.value?.text?.toLowerCase();
    return value === undefined ? { name, value: null, source: 'unknown' } : { name, value, ...sourceOf(whole, pair) };
  }
  const setting = whole.setting(name);
  if (setting.kind === 'unknown' || setting.text === null) return { name, value: null, source: 'unknown' };
  const at = setting.kind === 'written' ? setting.statement : undefined;
  return { name, value: setting.text.toLowerCase(), ...sourceOf(whole, at) };
}

function sourceOf(
  whole: PgbouncerInForce,
  at: SettingStatement | ConnectionPair | undefined,
): Pick<EntrySetting, 'source' | 'at'> {
  return at === undefined
    ? { source: 'default' }
    : { source: 'literal', at: locate(whole.uriOf(at), at.value?.span ?? at.span) };
}
