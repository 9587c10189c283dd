/**
 * # pgbouncer-insecure-auth
 *
 * PgBouncer lets clients in without a password, or has them send it in the clear.
 *
 * ## Why it matters
 *
 * PgBouncer logs in to PostgreSQL with a password of its own, so whoever gets past PgBouncer is in the database.
 *
 * | `auth_type` | lets in |
 * | --- | --- |
 * | `any` | everybody, under any name, into the admin console as well |
 * | `trust` | everybody who names a user that exists |
 * | `plain` | who knows the password, which travels and is stored in the clear; PgBouncer's documentation calls it deprecated |
 *
 * Where PgBouncer listens on an address that others reach, this is an error.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * listen_addr = *
 * auth_type = trust
 * ```
 *
 * ## Right
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * listen_addr = *
 * auth_type = scram-sha-256
 * auth_file = /etc/pgbouncer/userlist.txt
 * ```
 *
 * ## Limits
 *
 * What firewalls and networks keep away is not known here. Rules in an `auth_hba_file` are not read. `plain` is no finding where
 * TLS is demanded of clients. Of the images that are configured by variables, edoburu's and bitnami's are read, in manifests that are not for
 * development.
 *
 * ## References
 *
 * - https://www.pgbouncer.org/config.html#auth_type
 */
import { hostKind } from '../../declarations/credentials.ts';
import type { PgbouncerInForce } from '../../declarations/pgbouncerInForce.ts';
import { readChoice } from '../../declarations/pgbouncerValues.ts';
import { settingNamed } from '../../facts/pgbouncer.ts';
import { openDoors } from '../pgbouncer/carriers.ts';
import { placeIn } from '../pgbouncer/edits.ts';
import { defineRule, type RuleResult } from '../rule.ts';

export const pgbouncerInsecureAuth = defineRule({
  id: 'pgbouncer-insecure-auth',
  group: 'pgbouncer',
  severity: 'warning',
  fix: 'none',
  summary: 'PgBouncer lets clients in without a password, or has them send it in the clear.',
  contexts: ['app', 'script'],
  *check({ pgbouncerFiles, poolerFacts }) {
    yield* openDoors(poolerFacts().filter((fact) => !fact.isForDevelopment));
    for (const { file, inForce } of pgbouncerFiles) {
      const result = judged(inForce);
      if (result !== undefined) yield { ...result, at: placeIn(file, result.span) };
    }
  },
});

function judged(
  configuration: PgbouncerInForce,
): (Omit<RuleResult, 'at'> & { span: { start: number; end: number } }) | undefined {
  const setting = configuration.setting('auth_type');
  if (setting.kind !== 'written') return undefined;
  const type = readChoice(setting.text, settingNamed('pgbouncer', 'auth_type')!.choices!);
  if (type !== 'any' && type !== 'trust' && (type !== 'plain' || demandsTls(configuration))) return undefined;
  const address = openAddress(configuration);
  const consequence = {
    any: 'everybody gets in under any name, and into the admin console',
    trust: 'everybody gets in who names a user that exists',
    plain: 'clients send their passwords in the clear',
  }[type];
  const admins =
    type === 'trust' && namesAdministrators(configuration) ? ' and administrators of the console are among them' : '';
  return {
    span: setting.statement.value!.span,
    severity: address === undefined ? 'warning' : 'error',
    message: `With auth_type = ${type} ${consequence}${admins === '' ? '' : `,${admins}`}.${address === undefined ? '' : ` PgBouncer listens on ${address}, where others reach it.`} scram-sha-256 asks for a password and does not send it.`,
  };
}

function demandsTls(configuration: PgbouncerInForce): boolean {
  const mode = configuration.setting('client_tls_sslmode');
  return mode.kind === 'unknown' || /^(?:require|verify-ca|verify-full)$/i.test(mode.text ?? '');
}

function namesAdministrators(configuration: PgbouncerInForce): boolean {
  const admins = configuration.setting('admin_users');
  return admins.kind === 'written' && admins.text !== '';
}

/** The first address that is not this machine's own; undefined where there is none, or where it is not known. */
function openAddress(configuration: PgbouncerInForce): string | undefined {
  const setting = configuration.setting('listen_addr');
  if (setting.kind !== 'written') return undefined;
  return setting.text
    .split(',')
    .map((address) => address.trim())
    .find((address) => ['*', '0.0.0.0', '::'].includes(address) || (address !== '' && hostKind(address) === 'remote'));
}
