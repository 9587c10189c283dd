/**
 * # pgbouncer-invalid-value
 *
 * PgBouncer does not take a value, or takes another one than is written.
 *
 * ## Why it matters
 *
 * Most wrong values keep PgBouncer from starting, at the next restart and not before. Others are taken without a word:
 *
 * - Switches are 0 or 1. `yes`, `on` and `true` are refused.
 * - Times are numbers of seconds. `10min` is refused, `600` is meant.
 * - In a connection string a number ends at the first other character, and a word is 0: `pool_size=2O` is a pool of 2.
 * - `unix_socket_mode = 777` is a decimal number, the mode 01411; octal numbers begin with 0.
 * - In an entry `max_db_connections=0` does not lift the limit that `[pgbouncer]` sets.
 * - Settings can be right one by one and contradict each other: TLS towards clients needs a key and a certificate.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 Port=5432 pool_size=2O
 *
 * [pgbouncer]
 * server_lifetime = 30min
 * log_connections = yes
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * auth_type = cert
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * default_pool_size = 0
 * ```
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {max_connections: 100, pooler: {kind: pgbouncer, version: "1.18", config: pgbouncer.ini}}
 * ```
 *
 * ## Right
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 port=5432 pool_size=20
 *
 * [pgbouncer]
 * server_lifetime = 1800
 * log_connections = 1
 * pool_mode = Transaction
 * ```
 *
 * ## Limits
 *
 * Values that a template fills in are left alone. Whether a file, a user or a host exists on PgBouncer's machine, and whether
 * OpenSSL knows a cipher, cannot be told from here. The version is the one that the topology states for the pooler whose `config`
 * the file is, else the newest that Poolproof knows. Of the variables of edoburu's and bitnami's images, and of CloudNativePG's
 * `parameters`, the pool mode and the sizes are looked at.
 *
 * ## Fix safety
 *
 * Suggestion: the value that was probably meant, in the unit that PgBouncer reads.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html
 */
import { nearest } from '../../core/nearest.ts';
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import { readChoice } from '../../declarations/pgbouncerValues.ts';
import {
  isBeyondFacts,
  isSection,
  newestPgbouncer,
  type PgbouncerSetting,
  settingNamed,
  settingsOf,
} from '../../facts/pgbouncer.ts';
import type { Fix } from '../finding.ts';
import { invalidVariables } from '../pgbouncer/carriers.ts';
import { contradictionResult } from '../pgbouncer/contradictionResult.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import type { EntryRefusal } from '../pgbouncer/entryRefusals.ts';
import { isBehindComment } from '../pgbouncer/entrySlips.ts';
import { oddNumber, oddPairs } from '../pgbouncer/numberSlips.ts';
import { type Refusal, refusals } from '../pgbouncer/refusals.ts';
import { expectation, shownValue, suggestedValue } from '../pgbouncer/valueAdvice.ts';
import { valueSlip } from '../pgbouncer/valueSlips.ts';
import { defineRule, everyContext, type PgbouncerInContext, type RuleResult } from '../rule.ts';

export const pgbouncerInvalidValue = defineRule({
  id: 'pgbouncer-invalid-value',
  group: 'pgbouncer',
  severity: 'error',
  fix: 'suggestion',
  summary: 'PgBouncer does not take a value, or takes another one than is written.',
  contexts: everyContext,
  *check({ pgbouncerFiles, poolerFacts }) {
    yield* invalidVariables(poolerFacts(), newestPgbouncer);
    for (const context of pgbouncerFiles) {
      const blamed = new Set<SettingStatement>();
      for (const refusal of refusals(context.inForce)) {
        // Two missing settings are one contradiction.
        if (refusal.reason === 'contradiction' && blamed.has(refusal.statement)) continue;
        if (refusal.reason === 'contradiction') blamed.add(refusal.statement);
        const result = resultOf(context, refusal);
        if (result !== undefined) yield result;
      }
      for (const statement of context.file.statements) {
        if (statement.kind !== 'setting' || statement.isBehindInclude || blamed.has(statement)) continue;
        const odd = oddNumber(context, statement);
        if (odd !== undefined) yield odd;
        yield* oddPairs(context, statement);
      }
    }
  },
});

function resultOf(context: PgbouncerInContext, refusal: Refusal): RuleResult | undefined {
  if (refusal.reason === 'contradiction') return contradictionResult(context, refusal);
  if (refusal.reason === 'invalid-value') return refusedValue(context, refusal.statement, refusal.setting);
  return 'stopsStart' in refusal && !isBehindComment(refusal.statement, refusal.pair)
    ? entryResult(context, refusal)
    : undefined;
}

/** A value that is wrong in form (a comment in it, quotes around it, nothing at all) is another rule's. */
function refusedValue(
  context: PgbouncerInContext,
  statement: SettingStatement,
  setting: PgbouncerSetting,
): RuleResult | undefined {
  const text = statement.value?.text;
  if (text === undefined || valueSlip(context, statement) !== undefined) return undefined;
  const at = placeIn(context.file, statement.value!.span);
  const later = readChoice(text, setting.choices ?? []);
  if (later !== undefined)
    return {
      at,
      message: `${setting.name} ${later} exists since PgBouncer ${setting.choicesSince![later]}; ${context.version} does not start.`,
    };
  if (setting.name === 'auth_dbname')
    return {
      at,
      message: `The database pgbouncer is PgBouncer's own console: it cannot be ${setting.name}, and PgBouncer does not start.`,
    };
  return {
    at,
    message: `PgBouncer does not start with ${shownValue(text)}: ${setting.name} is ${expectation(setting, context.version)}.`,
    fixes: valueFixes(context, at, suggestedValue(setting, text, context.version)),
  };
}

function valueFixes({ file }: PgbouncerInContext, at: RuleResult['at'], value: string | undefined): Fix[] {
  return value === undefined ? [] : [fix(`Write ${value}`, 'suggestion', [replaced(file, at, value)])];
}

function entryResult(context: PgbouncerInContext, refusal: EntryRefusal): RuleResult | undefined {
  const { file } = context;
  const { statement, stopsStart } = refusal;
  const then = stopsStart ? 'PgBouncer does not start.' : 'PgBouncer refuses every client that needs this entry.';
  const name = placeIn(file, statement.name.span);
  switch (refusal.reason) {
    case 'reserved-name':
      return { at: name, message: `The name pgbouncer is taken by PgBouncer's own console: ${then}` };
    case 'invalid-peer-id':
      return { at: name, message: `A peer's name is its peer_id, a number from 1 to 65535: ${then}` };
    case 'missing-peer-host':
      return { at: name, message: `A peer needs a host: ${then}` };
    case 'unknown-key':
      // The first letter of the key went with the quote before it, which another rule says.
      return isBehindDropped(statement, refusal.pair) ? undefined : unknownKey(context, statement, refusal.pair, then);
    case 'invalid-pair-value': {
      const text = refusal.pair.value?.text;
      if (text === undefined || refusal.pair.value?.tab || refusal.pair.value?.isDoubleQuoted) return undefined;
      const { setting } = refusal;
      const expected = setting.unit === 'port' ? 'a number from 1 to 65535' : expectation(setting, context.version);
      const at = placeIn(file, refusal.pair.value!.span);
      return {
        at,
        message: `${setting.name} is ${expected}, not ${shownValue(text)}: ${then}`,
        fixes: valueFixes(context, at, suggestedValue(setting, text, context.version)),
      };
    }
    default:
      return undefined;
  }
}

function isBehindDropped({ value }: SettingStatement, pair: ConnectionPair): boolean {
  const pairs = value?.pairs ?? [];
  return pairs[pairs.indexOf(pair) - 1]?.dropped !== undefined;
}

/** Tools that speak to PostgreSQL take these in a connection string; PgBouncer has settings for them, or none. */
const foreignKeys: Readonly<Record<string, string>> = {
  sslmode: 'TLS to the server is server_tls_sslmode in [pgbouncer], for all entries.',
  options: 'Parameters for a new connection go into connect_query.',
  connect_timeout: 'It is server_connect_timeout in [pgbouncer].',
  max_connections: 'The limit of an entry is max_db_connections.',
  max_client_conn: 'The limit of clients is max_client_conn in [pgbouncer], or max_db_client_connections of an entry.',
};

function unknownKey(
  { file, version }: PgbouncerInContext,
  { section }: SettingStatement,
  { key }: ConnectionPair,
  then: string,
): RuleResult | undefined {
  if (key.isUrl || key.tab !== undefined || section === undefined || !isSection(section)) return undefined;
  const at = placeIn(file, key.span);
  if (key.text === undefined)
    return {
      at,
      message: `This is no key of [${section}]; a value with spaces in it stands in single quotes. ${then}`,
    };
  const foreign = foreignKeys[key.text];
  if (foreign !== undefined) return { at, message: `${key.text} is no key of [${section}]. ${foreign} ${then}` };
  const lower = settingNamed(section, key.text.toLowerCase())?.name;
  const near =
    lower ??
    nearest(
      key.text,
      settingsOf(section).map((each) => each.name),
    );
  if (near === undefined && isBeyondFacts(version)) return undefined;
  const edits = near === undefined ? [] : [replaced(file, key.span, near)];
  return {
    at,
    message:
      lower === undefined
        ? `${key.text} is no key of [${section}]${near === undefined ? '' : `; ${near} is`}. ${then}`
        : `Keys are compared letter by letter: PgBouncer knows ${lower}, not ${key.text}. ${then}`,
    fixes: near === undefined ? [] : [fix(`Write ${near}`, 'suggestion', edits)],
  };
}
