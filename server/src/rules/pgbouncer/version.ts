/** What a message says of the version that its verdict depends on. */
import type { PgbouncerInContext } from '../rule.ts';

/** Empty where the version is stated. */
export function versionNote({ version, versionEvidence }: PgbouncerInContext): string {
  return versionEvidence === undefined ? ` (PgBouncer ${version} assumed: no topology states a version.)` : '';
}
