/** Settings that PgBouncer takes one by one and with which it then does not start: sbuf.c, pooler.c and tls_config.c. */
import type { SettingStatement } from '../../declarations/pgbouncer.ts';
import { numberInForce, type PgbouncerInForce } from '../../declarations/pgbouncerInForce.ts';
import { readChoice } from '../../declarations/pgbouncerValues.ts';
import { isRemovedCipherWord, isTlsProtocol, settingNamed } from '../../facts/pgbouncer.ts';

export interface Contradiction {
  readonly reason: 'contradiction';
  readonly kind:
    | 'client-tls-without-certificate'
    | 'cert-without-verification'
    | 'verification-without-authority'
    | 'unknown-protocol'
    | 'removed-ciphers'
    | 'unknown-key-exchange'
    | 'nowhere-to-listen'
    /** Below 0, and there are addresses to listen on. */
    | 'no-port';
  /** The setting to blame. */
  readonly statement: SettingStatement;
  /** The setting that is missing or wrong. */
  readonly needs: string;
}

export function* contradictions(configuration: PgbouncerInForce): Iterable<Contradiction> {
  yield* clientTls(configuration);
  yield* tlsWords(configuration);
  yield* listening(configuration);
}

/** The value of a setting; undefined where it is not known. */
function textOf(configuration: PgbouncerInForce, name: string): string | undefined {
  const setting = configuration.setting(name);
  return setting.kind === 'unknown' ? undefined : (setting.text ?? '');
}

function choiceOf(configuration: PgbouncerInForce, name: string): string | undefined {
  const text = textOf(configuration, name);
  return text === undefined ? undefined : readChoice(text, settingNamed('pgbouncer', name)!.choices!);
}

function writtenAt(configuration: PgbouncerInForce, name: string): SettingStatement | undefined {
  const setting = configuration.setting(name);
  return setting.kind === 'written' ? setting.statement : undefined;
}

function* clientTls(configuration: PgbouncerInForce): Iterable<Contradiction> {
  const mode = choiceOf(configuration, 'client_tls_sslmode');
  const authentication = choiceOf(configuration, 'auth_type');
  const modeAt = writtenAt(configuration, 'client_tls_sslmode');
  const authenticationAt = writtenAt(configuration, 'auth_type');
  if (modeAt !== undefined && mode !== undefined && mode !== 'disable') {
    for (const needs of ['client_tls_key_file', 'client_tls_cert_file']) {
      if (textOf(configuration, needs) === '')
        yield { reason: 'contradiction', kind: 'client-tls-without-certificate', statement: modeAt, needs };
    }
  }
  const lacksAuthority = textOf(configuration, 'client_tls_ca_file') === '';
  const needsAuthority = {
    reason: 'contradiction',
    kind: 'verification-without-authority',
    needs: 'client_tls_ca_file',
  } as const;
  if (authenticationAt !== undefined && authentication === 'cert') {
    if (mode !== undefined && mode !== 'verify-full')
      yield {
        reason: 'contradiction',
        kind: 'cert-without-verification',
        statement: authenticationAt,
        needs: 'client_tls_sslmode',
      };
    else if (mode !== undefined && lacksAuthority) yield { ...needsAuthority, statement: authenticationAt };
  } else if (modeAt !== undefined && mode === 'verify-full' && lacksAuthority) {
    yield { ...needsAuthority, statement: modeAt };
  }
}

/** Words that are only looked at while TLS is on. */
function* tlsWords(configuration: PgbouncerInForce): Iterable<Contradiction> {
  for (const side of ['server', 'client']) {
    const mode = choiceOf(configuration, `${side}_tls_sslmode`);
    if (mode === undefined || mode === 'disable') continue;
    yield* wrongWords(configuration, `${side}_tls_protocols`, 'unknown-protocol', (text) =>
      text.split(/[,:]/).every((word) => isTlsProtocol(word.replace(/^[ \t]*!?/, ''), configuration.version)),
    );
    yield* wrongWords(
      configuration,
      `${side}_tls_ciphers`,
      'removed-ciphers',
      (text) => !isRemovedCipherWord(text, configuration.version),
    );
    if (side === 'client') {
      const known = settingNamed('pgbouncer', 'client_tls_dheparams')!.choices!;
      yield* wrongWords(
        configuration,
        'client_tls_dheparams',
        'unknown-key-exchange',
        (text) => readChoice(text, known) !== undefined,
      );
    }
  }
}

function* wrongWords(
  configuration: PgbouncerInForce,
  name: string,
  kind: Contradiction['kind'],
  isRight: (text: string) => boolean,
): Iterable<Contradiction> {
  const statement = writtenAt(configuration, name);
  // An empty value leaves it to OpenSSL.
  if (statement?.value?.text === undefined || isRight(statement.value.text)) return;
  yield { reason: 'contradiction', kind, statement, needs: name };
}

function* listening(configuration: PgbouncerInForce): Iterable<Contradiction> {
  const folderAt = writtenAt(configuration, 'unix_socket_dir');
  const portAt = writtenAt(configuration, 'listen_port');
  const addresses = textOf(configuration, 'listen_addr');
  if (addresses === undefined) return;
  const listens = addresses.split(',').some((address) => address.trim() !== '');
  if (folderAt !== undefined && folderAt.value === undefined && !listens)
    yield { reason: 'contradiction', kind: 'nowhere-to-listen', statement: folderAt, needs: 'listen_addr' };
  const port = numberInForce(configuration, 'listen_port');
  if (portAt !== undefined && listens && port.kind === 'known' && port.value < 0)
    yield { reason: 'contradiction', kind: 'no-port', statement: portAt, needs: 'listen_port' };
}
