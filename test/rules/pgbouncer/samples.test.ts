/** Configurations as introductions print them: PgBouncer refuses them, and starts with what our safe fixes make of them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/core/text.ts';
import { compatibleEdits } from '../../../server/src/lsp/codeActions.ts';
import { loadParser } from '../../../server/src/syntax/parser.ts';
import { verdictOf } from '../../support/pgbouncerVerdict.ts';
import { grammarSource, projectRoot } from '../../support/python.ts';
import { analyseFiles } from '../../support/workspace.ts';

const folder = join(projectRoot, 'test/rules/pgbouncer/samples');
const parser = await loadParser('pgbouncer', grammarSource);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** All safe fixes, again and again, as fix-all does. */
async function fixed(text: string): Promise<string> {
  let current = text;
  for (let round = 0; round < 10; round++) {
    const { findings } = await analyseFiles({ 'pgbouncer.ini': current });
    const edits = compatibleEdits(findings);
    if (edits.length === 0) return current;
    current = applyEdits(current, edits);
  }
  throw new Error('the fixes never end');
}

for (const name of readdirSync(folder).filter((each) => !each.endsWith('.fixed.ini'))) {
  test(name, async () => {
    assert.notEqual(verdictOf(read(name), '1.18.0', parser), 'starts');
    const result = await fixed(read(name));
    assert.equal(result, read(name.replace('.ini', '.fixed.ini')));
    // That PgBouncer agrees is recorded with all other verdicts.
    assert.equal(verdictOf(result, '1.18.0', parser), 'starts');
  });
}
