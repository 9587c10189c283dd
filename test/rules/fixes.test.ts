/** Every fix of every example and specification, applied: the finding is gone, nothing new appears, nothing else moves. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import pages from 'virtual:rule-documentation';
import { transformSync } from 'esbuild';
import { applyEdits, spansOverlap } from '../../server/src/core/text.ts';
import type { Analysis } from '../../server/src/rules/analysis.ts';
import type { Finding, Fix } from '../../server/src/rules/finding.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { examplesIn, sectionsOf } from '../support/markdown.ts';
import { pythonParser } from '../support/python.ts';
import { specifications } from '../support/specifications.ts';
import { analyseFiles, type Files, uriOf } from '../support/workspace.ts';

const workspaces: readonly { readonly name: string; readonly files: Files }[] = [
  ...rules.flatMap((rule) =>
    ['Wrong', 'Right'].flatMap((heading) =>
      examplesIn(sectionsOf(pages[rule.id]!).get(heading)!).map(({ files, line }) => ({
        name: `${rule.id}, ${heading}, line ${line}`,
        files,
      })),
    ),
  ),
  ...specifications(),
];

/** Python files that fixes produced, by what produced them. */
const produced = new Map<string, string>();

for (const { name, files } of workspaces) {
  test(name, async () => {
    const before = await analyseFiles(files);
    const withReturns = mapTexts(files, (text) => text.replaceAll('\n', '\r\n'));
    const beforeWithReturns = await analyseFiles(withReturns);
    for (const [index, finding] of before.findings.entries()) {
      for (const [position, fix] of finding.fixes.entries()) {
        const what = `${finding.rule}: ${fix.title}`;
        const fixed = applied(files, fix);
        assert.notDeepEqual(fixed, files, `${what} changes nothing`);
        await parsesAsBefore(files, fixed, what);
        const after = await analyseFiles(fixed);
        assert.ok(!isStillThere(finding, before, after), `${what}: the finding is still there`);
        assert.deepEqual(newFindings(finding, before, after, fix), [], what);
        const twin = beforeWithReturns.findings[index]!.fixes[position]!;
        assert.equal(twin.title, fix.title);
        assert.deepEqual(
          applied(withReturns, twin),
          mapTexts(fixed, (text) => text.replaceAll('\n', '\r\n')),
          `${what}: line endings`,
        );
      }
    }
  });
}

test('Python compiles what the fixes made', (context) => {
  const script =
    'import json, sys\nfor name, text in json.load(sys.stdin).items():\n' +
    '    try:\n        compile(text, name, "exec")\n    except SyntaxError as error:\n        print(name, error)\n';
  const run = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(Object.fromEntries(produced)),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (run.error) return context.skip('no python3');
  assert.ok(produced.size > 0);
  assert.equal(run.stderr, '');
  assert.equal(run.stdout, '');
});

function mapTexts(files: Files, change: (text: string) => string): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text)]));
}

function applied(files: Files, fix: Fix): Files {
  for (const [index, edit] of fix.edits.entries()) {
    assert.ok(
      Object.keys(files).some((path) => uriOf(path) === edit.uri),
      `${fix.title} edits an unknown file`,
    );
    for (const other of fix.edits.slice(index + 1))
      assert.ok(edit.uri !== other.uri || !spansOverlap(edit, other), `${fix.title} has overlapping edits`);
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      applyEdits(
        text,
        fix.edits.filter((edit) => edit.uri === uriOf(path)),
      ),
    ]),
  );
}

async function parsesAsBefore(before: Files, after: Files, what: string): Promise<void> {
  const parser = await pythonParser();
  const hasError = (text: string) => {
    const tree = parser.parse(text);
    const result = tree.rootNode.hasError;
    tree.delete();
    return result;
  };
  for (const [path, text] of Object.entries(after)) {
    if (/\.[cm]?[jt]sx?$/.test(path) && text !== before[path] && compiles(path, before[path]!))
      assert.ok(compiles(path, text), `${what}: ${path} does not compile\n${text}`);
    if (!path.endsWith('.py') || text === before[path]) continue;
    assert.ok(!hasError(text) || hasError(before[path]!), `${what}: ${path} does not parse\n${text}`);
    if (!hasError(before[path]!)) produced.set(`${what} (${produced.size})`, text);
  }
}

function compiles(path: string, text: string): boolean {
  try {
    transformSync(text, { loader: /\.[cm]?ts$/.test(path) ? 'ts' : 'tsx', logLevel: 'silent' });
    return true;
  } catch {
    return false;
  }
}

/** True where the file still has as many findings of the rule; a second application would then change something. */
function isStillThere(finding: Finding, before: Analysis, after: Analysis): boolean {
  const count = (analysis: Analysis) =>
    analysis.findings.filter((each) => each.rule === finding.rule && each.at.uri === finding.at.uri).length;
  return count(after) >= count(before);
}

/**
 * What a fix may bring to light because it was hidden before: a limit makes the wait for it real, another pool class has
 * settings of its own, a URL that was SQLite's is anybody's in the environment.
 */
function broughtToLight(finding: Finding, fix: Fix, before: Analysis): readonly string[] | 'everything' {
  if (fix.title.startsWith('Remove poolclass=')) return 'everything';
  const hasOtherDatabase = before.pools.some(({ pool }) => !pool.address.isNetworkDatabase);
  if (finding.rule === 'hardcoded-credentials' && hasOtherDatabase) return 'everything';
  if (fix.title === 'Write True for the default sizes') return 'everything';
  if (fix.title === 'Change to CONN_MAX_AGE') return ['missing-health-checks'];
  if (fix.title.startsWith('Set pool_pre_ping=False')) return ['missing-pre-ping', 'missing-recycle'];
  // What a pool opens at once is there before a fork.
  if (fix.title.startsWith('Set minconn=')) return ['pool-inherited-over-fork'];
  // psycopg_pool's pool that keeps none has no limit either, whatever a process makes of it.
  const isUnbounded =
    finding.rule === 'unbounded-pool' || before.pools.some(({ pool }) => pool.peakPerProcess === 'unbounded');
  const wait = isUnbounded ? ['pool-timeout-too-long', 'no-acquire-timeout'] : [];
  return finding.rule === 'fleet-exceeds-max-connections' ? [...wait, 'fleet-exceeds-during-rollout'] : wait;
}

/** Rules with more findings than before, those left out that the fix only brought to light. */
function newFindings(finding: Finding, before: Analysis, after: Analysis, fix: Fix): string[] {
  const expected = broughtToLight(finding, fix, before);
  if (expected === 'everything') return [];
  const counts = new Map<string, number>();
  for (const finding of before.findings) counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
  return after.findings
    .filter((each) => {
      const left = counts.get(each.rule) ?? 0;
      counts.set(each.rule, left - 1);
      return left <= 0 && !expected.includes(each.rule);
    })
    .map((each) => `${each.rule}: ${each.message}`);
}
