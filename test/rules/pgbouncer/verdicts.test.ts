/** What a real PgBouncer 1.18 did with thousands of configurations (recorded by `npm run oracle:pgbouncer`) is what we say it does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadParser } from '../../../server/src/syntax/parser.ts';
import { type Verdict, verdictOf } from '../../support/pgbouncerVerdict.ts';
import { grammarSource, projectRoot } from '../../support/python.ts';

const recorded = readFileSync(join(projectRoot, 'test/rules/pgbouncer/verdicts.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as [text: string, verdict: Verdict]);
const parser = await loadParser('pgbouncer', grammarSource);

test('PgBouncer 1.18 starts, or stops at a line, exactly where we say it does', () => {
  const wrong = recorded
    .map(([text, verdict]) => ({ text, verdict, ours: verdictOf(text, '1.18.0', parser) }))
    .filter(({ verdict, ours }) => verdict !== ours);
  assert.deepEqual(wrong, []);
});

test('the record holds enough of every kind', () => {
  const count = (isKind: (verdict: Verdict) => boolean) => recorded.filter(([, verdict]) => isKind(verdict)).length;
  assert.ok(count((verdict) => verdict === 'starts') > 500);
  assert.ok(count((verdict) => verdict === 'refuses') > 10);
  assert.ok(count((verdict) => typeof verdict === 'number') > 500);
});

test('later versions differ where the facts say so', () => {
  const verdicts = (text: string) => ['1.18.0', '1.21.0', '1.25.0'].map((version) => verdictOf(text, version, parser));
  assert.deepEqual(verdicts('[pgbouncer]\nmax_prepared_statements = 100\n'), [2, 'starts', 'starts']);
  assert.deepEqual(verdicts('[pgbouncer]\ntransaction_timeout = 60\n'), [2, 2, 'starts']);
  assert.deepEqual(verdicts('[pgbouncer]\n[peers]\n1 = host=10.0.0.7\n'), [2, 'starts', 'starts']);
  assert.deepEqual(verdicts("[databases]\n'my db' = host=a\n[pgbouncer]\n"), [2, 2, 'starts']);
  assert.deepEqual(verdicts('[pgbouncer]\nauth_type = ldap\n'), [2, 2, 'starts']);
  assert.deepEqual(verdicts('[databases]\ndb = auth_dbname=x\n[pgbouncer]\n'), [2, 'starts', 'starts']);
});
