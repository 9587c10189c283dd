// The peers' rules: as near to Poolproof's as their languages allow. They see syntax only: no imports, no values, no totals.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Finding on an engine without pre-ping; the same id as Poolproof's. */
const missingPrePing = `id: missing-pre-ping
language: python
severity: warning
message: The pool hands out connections that may have died
rule:
  any:
    - pattern: create_engine($$$ARGUMENTS)
    - pattern: create_async_engine($$$ARGUMENTS)
    - pattern: $MODULE.create_engine($$$ARGUMENTS)
    - pattern: $MODULE.create_async_engine($$$ARGUMENTS)
  not:
    has:
      stopBy: end
      kind: keyword_argument
      has: {field: name, regex: ^pool_pre_ping$}
`;

/** Finding on a pool of node-postgres whose callers wait for ever; the same id as Poolproof's. */
const noAcquireTimeout = `id: no-acquire-timeout
language: typescript
severity: warning
message: Callers wait for a connection without end
rule:
  any:
    - pattern: new Pool($$$ARGUMENTS)
    - pattern: new $MODULE.Pool($$$ARGUMENTS)
  not:
    has:
      stopBy: end
      kind: pair
      has: {field: key, regex: ^connectionTimeoutMillis$}
`;

/** Finding on a literal PostgreSQL URL with a password in it. */
const hardcodedCredentials = `id: hardcoded-credentials
language: python
severity: error
message: A password in the source
rule:
  kind: string
  regex: ^["']postgres(ql)?([+]\\w+)?://[^:/@\\s]+:[^@\\s]+@
`;

/** Writes ast-grep's project file and rules; its language server needs them in the workspace's root. */
export function writeAstGrepProject(folder) {
  const rules = join(folder, 'ast-grep-rules');
  mkdirSync(rules, { recursive: true });
  writeFileSync(join(folder, 'sgconfig.yml'), 'ruleDirs: [ast-grep-rules]\n');
  writeFileSync(join(rules, 'missing-pre-ping.yml'), missingPrePing);
  writeFileSync(join(rules, 'no-acquire-timeout.yml'), noAcquireTimeout);
  writeFileSync(join(rules, 'hardcoded-credentials.yml'), hardcodedCredentials);
  return join(folder, 'sgconfig.yml');
}

/**
 * Ruff has no rule about pools. Commented-out code (ERA001) appears and disappears with the very edit that makes the other two
 * change their finding; the password rules are its share of the second.
 */
export function writeRuffProject(folder) {
  writeFileSync(join(folder, 'ruff.toml'), '[lint]\nselect = ["ERA001", "S105", "S106", "S107"]\n');
}

/** A topology, so that Poolproof's share of the work includes the fleet arithmetic. */
export function writeTopology(folder) {
  writeFileSync(
    join(folder, 'poolproof.yaml'),
    `databases:
  main:
    engine: postgresql
    version: 16
    max_connections: 400
    reserved: 10
    connect: [DATABASE_URL, db.internal]
services:
  api: {database: main, paths: ["services/**", "*.py", "*.ts"], server: gunicorn, workers: 4, replicas: 2}
  jobs: {database: main, paths: ["jobs/**"], server: celery, concurrency: 8, replicas: 1}
`,
  );
}
