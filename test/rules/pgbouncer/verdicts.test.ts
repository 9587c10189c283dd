/** What real PgBouncers did with thousands of configurations (recorded by `npm run oracle:pgbouncer`) is what we say they do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadParser } from '../../../server/src/syntax/parser.ts';
import { type Verdict, verdictOf } from '../../support/pgbouncerVerdict.ts';
import { grammarSource, projectRoot } from '../../support/python.ts';

const versions = ['1.18.0', '1.25.2'] as const;
const recorded = readFileSync(join(projectRoot, 'test/rules/pgbouncer/verdicts.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as [text: string, ...verdicts: Verdict[]]);
const parser = await loadParser('pgbouncer', grammarSource);

for (const [column, version] of versions.entries()) {
  test(`PgBouncer ${version} starts, or stops at a line, exactly where we say it does`, () => {
    const answers = recorded.map(([text, ...verdicts]) => ({
      text,
      verdict: verdicts[column]!,
      ours: verdictOf(text, version, parser),
    }));
    assert.deepEqual(
      answers.filter(({ verdict, ours }) => verdict !== ours && ours !== 'unknown'),
      [],
    );
    assert.ok(answers.filter(({ ours }) => ours === 'unknown').length < 10, 'only ciphers are left to OpenSSL');
    const count = (isKind: (verdict: Verdict) => boolean) => answers.filter(({ verdict }) => isKind(verdict)).length;
    assert.ok(count((verdict) => verdict === 'starts') > 500);
    assert.ok(count((verdict) => verdict === 'refuses') > 10);
    assert.ok(count((verdict) => typeof verdict === 'number') > 500);
  });
}

test('versions in between differ where the facts say so', () => {
  const verdicts = (text: string) => ['1.18.0', '1.21.0', '1.25.0'].map((version) => verdictOf(text, version, parser));
  assert.deepEqual(verdicts('[pgbouncer]\nmax_prepared_statements = 100\n'), [2, 'starts', 'starts']);
  assert.deepEqual(verdicts('[pgbouncer]\ntransaction_timeout = 60\n'), [2, 2, 'starts']);
  assert.deepEqual(verdicts('[pgbouncer]\n[peers]\n1 = host=10.0.0.7\n'), [2, 'starts', 'starts']);
  assert.deepEqual(verdicts("[databases]\n'my db' = host=a\n[pgbouncer]\n"), [2, 2, 'starts']);
  assert.deepEqual(verdicts('[pgbouncer]\nauth_type = ldap\n'), [2, 2, 'starts']);
  assert.deepEqual(verdicts('[databases]\ndb = auth_dbname=x\n[pgbouncer]\n'), [2, 'starts', 'starts']);
});
