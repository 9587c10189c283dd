/** The Markdown specifications in specs/: every finding that is expected, and no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleIds } from '../../server/src/rules/registry.ts';
import { expectationsIn, specifications } from '../support/specifications.ts';
import { analyseFiles, uriOf } from '../support/workspace.ts';

const all = specifications();

for (const { name, rules, files } of all) {
  test(name, async () => {
    const analysis = await analyseFiles(files);
    const actual = analysis.findings.filter((finding) => rules.includes(finding.rule));
    const open = expectationsIn(files);
    const unexpected: string[] = [];
    for (const finding of actual) {
      const line = analysis.lines(finding.at.uri)!.lineAt(finding.at.start);
      const found = open.findIndex(
        (each) =>
          uriOf(each.path) === finding.at.uri &&
          each.line === line &&
          each.rule === finding.rule &&
          each.severity === finding.severity &&
          finding.message.includes(each.text),
      );
      const place = `${analysis.displayPath(finding.at.uri)}:${line + 1}`;
      if (found === -1) unexpected.push(`${place} ${finding.severity}: [${finding.rule}] ${finding.message}`);
      else open.splice(found, 1);
    }
    assert.deepEqual(
      {
        unexpected,
        missing: open.map((each) => `${each.path}:${each.line + 1} ${each.severity}: [${each.rule}] ${each.text}`),
      },
      { unexpected: [], missing: [] },
    );
  });
}

test('every rule has a specification, and every specification names known rules', () => {
  const named = new Set(all.flatMap((each) => each.rules));
  assert.deepEqual([...named].sort(), [...ruleIds].sort());
});

test('every rule is expected somewhere, and somewhere in its own specification nothing is', () => {
  const expected = new Set(all.flatMap((each) => expectationsIn(each.files).map((one) => one.rule)));
  assert.deepEqual([...expected].sort(), [...ruleIds].sort());
  for (const rule of ruleIds) {
    const silent = all.some(
      (each) => each.rules.includes(rule) && !expectationsIn(each.files).some((one) => one.rule === rule),
    );
    assert.ok(silent, rule);
  }
});
