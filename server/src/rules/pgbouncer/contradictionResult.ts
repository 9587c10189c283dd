/** Settings that contradict each other, in words. */
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import type { Contradiction } from './contradictions.ts';
import { placeIn } from './edits.ts';

export function contradictionResult(
  { file }: PgbouncerInContext,
  { statement, kind, needs }: Contradiction,
): RuleResult {
  const name = statement.name.text;
  const value = statement.value?.text;
  return {
    at: placeIn(file, statement.value?.span ?? statement.name.span),
    message: `${reason(kind, name, value, needs)} PgBouncer does not start.`,
  };
}

function reason(kind: Contradiction['kind'], name: string, value: string | undefined, needs: string): string {
  switch (kind) {
    case 'client-tls-without-certificate':
      return `TLS towards clients needs client_tls_key_file and client_tls_cert_file, and ${needs} is not set.`;
    case 'cert-without-verification':
      return 'auth_type = cert needs client_tls_sslmode = verify-full.';
    case 'verification-without-authority':
      return `${name} = ${value} needs client_tls_ca_file.`;
    case 'unknown-protocol':
      return `${name} takes tlsv1.0 to tlsv1.3, all, secure and default, separated by commas.`;
    case 'removed-ciphers':
      return `The word ${value} stands for no ciphers any more since PgBouncer 1.21.0; default is what OpenSSL chooses.`;
    case 'unknown-key-exchange':
      return `${name} is none, auto or legacy.`;
    case 'nowhere-to-listen':
      return 'Without unix_socket_dir and listen_addr there is nowhere to listen.';
    case 'no-port':
      return 'A port below 0 is none.';
  }
}
