/**
 * # pgbouncer-unknown-setting
 *
 * A setting that PgBouncer does not know, or that the version in use does not know yet.
 *
 * ## Why it matters
 *
 * PgBouncer does not start with a setting in `[pgbouncer]` that it does not know. Names that belong elsewhere are the usual reason:
 * `pool_size` is a key of an entry, for all pools it is `default_pool_size`; `max_connections` is PostgreSQL's.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * pool_size = 20
 * max_client_con = 500
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * max_prepared_statements = 100
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
 * [pgbouncer]
 * default_pool_size = 20
 * max_client_conn = 500
 * max_prepared_statements = 100
 * ```
 *
 * ## Limits
 *
 * A version newer than the newest that Poolproof knows (1.25.2) may know more: there only names that are nearly those of a setting are told. That a setting came later than the version in use is
 * only said where the topology states that version. Of the images that write the file from variables, edoburu's is known to take
 * `POOL_SIZE`, which keeps it from starting; it is told in compose files and in manifests of Kubernetes.
 *
 * ## Fix safety
 *
 * Suggestion: the nearest name that PgBouncer knows.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html
 */
import { nearest } from '../../core/nearest.ts';
import type { SettingStatement } from '../../declarations/pgbouncer.ts';
import {
  isBeyondFacts,
  newestPgbouncer,
  type PgbouncerSetting,
  settingNamed,
  settingsOf,
} from '../../facts/pgbouncer.ts';
import { fatalVariables } from '../pgbouncer/carriers.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import { isBehindComment } from '../pgbouncer/entrySlips.ts';
import { refusals } from '../pgbouncer/refusals.ts';
import { wrongCase } from '../pgbouncer/valueSlips.ts';
import { defineRule, type PgbouncerInContext, type RuleResult } from '../rule.ts';

export const pgbouncerUnknownSetting = defineRule({
  id: 'pgbouncer-unknown-setting',
  group: 'pgbouncer',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A setting that PgBouncer, or the version in use, does not know.',
  contexts: ['app', 'script'],
  *check({ pgbouncerFiles, poolerFacts }) {
    yield* fatalVariables(poolerFacts());
    for (const context of pgbouncerFiles) {
      const { file, versionEvidence } = context;
      for (const refusal of refusals(context.inForce)) {
        if (refusal.reason === 'unknown-setting') {
          if (wrongCase(context, refusal.statement) !== undefined) continue;
          const result = unknownSetting(context, refusal.statement);
          // A later release may know more; what is nearly the name of a setting is a slip all the same.
          if (!isBeyondFacts(context.version) || result.fixes?.length) yield result;
        } else if (versionEvidence === undefined) {
          // Which version reads the file is only assumed.
        } else if (refusal.reason === 'other-version') {
          yield laterSetting(context, refusal.setting, placeIn(file, refusal.statement.name.span));
        } else if (refusal.reason === 'other-version-key' && !isBehindComment(refusal.statement, refusal.pair)) {
          yield laterSetting(context, refusal.setting, placeIn(file, refusal.pair.key.span));
        }
      }
    }
  },
});

function laterSetting(
  { version, versionEvidence }: PgbouncerInContext,
  setting: PgbouncerSetting,
  at: RuleResult['at'],
): RuleResult {
  const since =
    setting.since === 'unreleased' ? `no release up to ${newestPgbouncer} has it` : `it exists since ${setting.since}`;
  const what = setting.isWindowsOnly
    ? `${setting.name} exists on Windows only`
    : `${version} does not know ${setting.name}, ${since}`;
  return {
    at,
    severity: 'error',
    message: `PgBouncer ${what}: it does not start.`,
    related: [{ at: versionEvidence!.at, message: `PgBouncer ${version}` }],
  };
}

function unknownSetting({ file }: PgbouncerInContext, { name, value, span }: SettingStatement): RuleResult {
  const at = placeIn(file, name.text === '' ? span : name.span);
  if (value?.isLikeEntry) {
    return {
      at,
      message: `${name.text} looks like an entry of [databases], but stands in [pgbouncer]: PgBouncer does not start.`,
    };
  }
  const elsewhere = namesElsewhere[name.text];
  const near =
    elsewhere ??
    nearest(
      name.text,
      settingsOf('pgbouncer').map((setting) => setting.name),
    );
  const hint =
    near === undefined ? '' : elsewhere === undefined ? ` ${near} is a setting.` : ` For all pools it is ${near}.`;
  return {
    at,
    message: `PgBouncer has no setting ${name.text === '' ? 'without a name' : name.text}, and does not start with one.${hint}`,
    fixes: near === undefined ? [] : [fix(`Change to ${near}`, 'suggestion', [replaced(file, name.span, near)])],
  };
}

/** Keys of an entry, and what they are called for all entries. */
const namesElsewhere: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['pool_size', 'default_pool_size'],
    ['reserve_pool', 'reserve_pool_size'],
  ].filter(([key]) => settingNamed('databases', key!) !== undefined),
);
