/**
 * # hardcoded-credentials
 *
 * A password stands in source code and reaches a database connection.
 *
 * ## Why it matters
 *
 * Whoever can read the repository, a build log, a container image or a backup of any of them can read the password. It
 * cannot be changed without a release, and it stays in the history after it was removed: a password that was committed
 * must be replaced, not only taken out.
 *
 * | severity | when |
 * | --- | --- |
 * | error | a password that is no placeholder, for a host that is not this machine, also as the fallback of an environment variable and in migrations and scripts |
 * | warning | any other password in application code |
 * | hint | the same as the fallback of an environment variable, any other in migrations and scripts, and any in tests and examples |
 *
 * ## Wrong
 *
 * ```python
 * from sqlalchemy import create_engine
 *
 * engine = create_engine("postgresql://shop:s3kDq91xv@db.example.com/shop", pool_pre_ping=True)
 * ```
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.getenv("DATABASE_URL", "postgresql://postgres:postgres@localhost/shop"))
 * ```
 *
 * `pgbouncer.ini`
 * ```ini
 * [databases]
 * shop = host=db.example.com user=app password=s3kDq91xv
 * [pgbouncer]
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
 * ```
 *
 * `userlist.txt`
 * ```text
 * "app" "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2E=$q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c=:m9n8b7v6c5x4z3l2k1j0h9g8f7d6s5a4p3o2i1u0y9t="
 * ```
 *
 * ## Limits
 *
 * Templates and masks (`${PASSWORD}`, `<password>`, `***`, `%s`), f-strings whose password is an expression, empty
 * passwords and URLs without one are no finding. Words such as `postgres` or `changeme` are taken for placeholders, and so
 * is a password that repeats the user's name. A host that is only known when the program runs counts as neither near nor
 * far: a warning. In `userlist.txt` SCRAM secrets and MD5 hashes are no finding; PgBouncer reads neither file's
 * values from the environment, so there is no fix for them. The password itself is never shown, nor kept.
 *
 * ## Fix safety
 *
 * Suggestion: without the variable the program no longer starts. The second fix also moves the value to `.env`, so that
 * nothing is lost on the machine where it is applied. In a schema of Prisma 7, which may hold no URL, it moves to
 * prisma.config.ts.
 *
 * ## References
 *
 * - https://12factor.net/config
 */
import type { TextEdit } from '../../core/text.ts';
import type { CredentialFixPlan, CredentialSighting, SourceContext } from '../../declarations/pool.ts';
import type { Fix, Severity } from '../finding.ts';
import { defineRule, everyContext } from '../rule.ts';

export const hardcodedCredentials = defineRule({
  id: 'hardcoded-credentials',
  group: 'credentials',
  severity: 'warning',
  fix: 'suggestion',
  summary: 'A password stands in source code and reaches a database connection.',
  contexts: everyContext,
  *check({ credentials }) {
    for (const sighting of credentials) {
      // `postgresql://user:password@your-host/name` explains what a URL looks like.
      if (sighting.isPlaceholderWord && sighting.host === 'placeholder') continue;
      yield {
        at: sighting.at,
        severity: grade(sighting, sighting.context),
        message: `${describe(sighting)} (The value is not shown here.)`,
        fixes: sighting.fixes.flatMap((plan, index) => fixesFor(plan, sighting.uri, index === 0)),
      };
    }
  },
});

function describe({ form, isEnvironmentFallback, variable }: CredentialSighting): string {
  if (form === 'environment-file')
    return 'Password in a file that git tracks: everyone with the repository has it. Take the file out of version control (git rm --cached) and change the password.';
  if (form === 'connection-string')
    return "Password in plain text: without it PgBouncer takes the user's secret from auth_file, which can stay out of the repository.";
  if (form === 'userlist')
    return 'Password in plain text: PgBouncer also takes the SCRAM secret that PostgreSQL stores for the user.';
  const what = form === 'keyword' ? 'the password' : form === 'dsn' ? 'the address' : 'the URL';
  return isEnvironmentFallback
    ? `Password in source, in force without ${variable || 'the environment variable'}; read ${what} from the environment alone.`
    : `Password in source: read ${what} from the environment.`;
}

/** Files beside the code hold what a machine of one's own needs as well; there only what opens a server is grave. */
const configurationForms: ReadonlySet<CredentialSighting['form']> = new Set(['environment-file', 'configuration']);

function grade(sighting: CredentialSighting, context: SourceContext): Severity {
  if (context === 'test' || context === 'example') return 'hint';
  // What opens a server somewhere does so whatever the file is for.
  if (!sighting.isPlaceholderWord && sighting.host === 'remote') return 'error';
  if (context !== 'app') return 'hint';
  if (configurationForms.has(sighting.form))
    return sighting.isPlaceholderWord || sighting.host === 'loopback' ? 'hint' : 'warning';
  return sighting.isEnvironmentFallback ? 'hint' : 'warning';
}

function fixesFor(plan: CredentialFixPlan, uri: string, preferred: boolean): Fix[] {
  const edits: TextEdit[] = [{ ...plan.replace, newText: plan.replacement }];
  if (plan.importEdit !== undefined) {
    const { offset, text } = plan.importEdit;
    edits.unshift({ uri, start: offset, end: offset, newText: text });
  }
  const { schema, setting, variable } = plan;
  const isMoved = schema !== undefined && setting !== undefined;
  const title = isMoved
    ? `Move ${setting.name} to prisma.config.ts and read it from ${variable}`
    : `Read it from the environment variable ${variable}`;
  const move = isMoved ? { moveToPrismaConfig: { schema, setting: setting.name, variable } } : {};
  return [
    { title, safety: 'suggestion', preferred, edits, ...move },
    {
      title: isMoved ? `${title} in .env` : `${title} and move the value to .env`,
      safety: 'suggestion',
      preferred: false,
      edits,
      ...move,
      moveToEnvironmentFile: { variable: plan.variable, literal: plan.literal },
    },
  ];
}
