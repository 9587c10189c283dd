/**
 * # pgbouncer-deprecated-setting
 *
 * A setting that has another name, or no effect, in the version in use.
 *
 * ## Why it matters
 *
 * `reserve_pool` of an entry is called `reserve_pool_size` since PgBouncer 1.24; the old name is kept for old files. Before 1.23
 * what `[users]` says of a user does not reach connections of an entry that forces this user (`user=`): the limit that stands
 * there limits nothing.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 reserve_pool=5
 *
 * [pgbouncer]
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=10.0.0.5 user=app
 *
 * [users]
 * app = max_user_connections=15
 *
 * [pgbouncer]
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
 * shop = host=10.0.0.5 user=app reserve_pool_size=5
 *
 * [users]
 * app = max_user_connections=15
 *
 * [pgbouncer]
 * ```
 *
 * ## Limits
 *
 * The version is the one that the topology states for the pooler whose `config` the file is, else the newest that Poolproof knows.
 * PgBouncer never removed a setting of `[pgbouncer]`.
 *
 * ## Fix safety
 *
 * Suggestion: versions before 1.24 do not know the new name.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#section-databases
 * - https://www.pgbouncer.org/changelog.html
 */
import type { ConnectionPair, SettingStatement } from '../../declarations/pgbouncer.ts';
import { isSection, settingNamed, usersReachForcedUsersSince } from '../../facts/pgbouncer.ts';
import { isAtLeast } from '../../facts/versions.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import { versionNote } from '../pgbouncer/version.ts';
import { defineRule, type PgbouncerInContext, type RuleResult } from '../rule.ts';

export const pgbouncerDeprecatedSetting = defineRule({
  id: 'pgbouncer-deprecated-setting',
  group: 'pgbouncer',
  severity: 'information',
  fix: 'suggestion',
  summary: 'A setting that has another name, or no effect, in the version in use.',
  contexts: ['app', 'script'],
  *check({ pgbouncerFiles }) {
    for (const context of pgbouncerFiles) {
      for (const statement of context.file.statements) {
        if (statement.kind !== 'setting' || statement.isBehindInclude) continue;
        for (const pair of statement.value?.pairs ?? []) yield* renamed(context, statement, pair);
      }
      yield* withoutEffect(context);
    }
  },
});

function* renamed(
  context: PgbouncerInContext,
  { section, value }: SettingStatement,
  { key }: ConnectionPair,
): Iterable<RuleResult> {
  if (section === undefined || !isSection(section) || key.text === undefined || key.tab !== undefined) return;
  const replacedBy = settingNamed(section, key.text)?.replacedBy;
  if (replacedBy === undefined || !isAtLeast(context.version, replacedBy.since)) return;
  const isThere = value!.pairs!.some((pair) => pair.key.text === replacedBy.name);
  yield {
    at: placeIn(context.file, key.span),
    message: `${key.text} is called ${replacedBy.name} since PgBouncer ${replacedBy.since}.${versionNote(context)}`,
    tags: ['deprecated'],
    fixes: isThere
      ? []
      : [fix(`Change to ${replacedBy.name}`, 'suggestion', [replaced(context.file, key.span, replacedBy.name)])],
  };
}

function* withoutEffect({ file, version, inForce }: PgbouncerInContext): Iterable<RuleResult> {
  if (isAtLeast(version, usersReachForcedUsersSince)) return;
  for (const [name, user] of inForce.users) {
    if (user.isOpen) continue;
    const forcing = [...inForce.databases.values()].find(
      (entry) => !entry.isOpen && entry.pair('user')?.value?.text === name,
    );
    if (forcing === undefined || (user.statement.value?.pairs ?? []).length === 0) continue;
    yield {
      at: placeIn(file, user.statement.name.span),
      message: `PgBouncer ${version} does not apply what [users] says of ${name} to the connections of ${forcing.name}, which forces this user; ${usersReachForcedUsersSince} and later do.`,
      related: [{ at: placeIn(file, forcing.pair('user')!.span), message: `${forcing.name} forces ${name}` }],
    };
  }
}
