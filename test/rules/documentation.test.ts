/** Every rule's page says what it must, and its examples are true. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import pages from 'virtual:rule-documentation';
import { rules } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { examplesIn, sectionsOf } from '../support/markdown.ts';
import { projectRoot } from '../support/python.ts';
import { analyseFiles } from '../support/workspace.ts';

/** The catalogue as it was agreed: ids and severities are contracts. */
const catalogue: Readonly<Record<string, readonly [severity: string, fix: string]>> = {
  'hardcoded-credentials': ['warning', 'suggestion'],
  'missing-pre-ping': ['warning', 'safe'],
  'missing-health-checks': ['warning', 'safe'],
  'recycle-exceeds-idle-timeout': ['warning', 'suggestion'],
  'missing-recycle': ['hint', 'suggestion'],
  'missing-pool-error-handler': ['warning', 'suggestion'],
  'pool-timeout-too-long': ['warning', 'suggestion'],
  'no-acquire-timeout': ['warning', 'suggestion'],
  'fleet-exceeds-max-connections': ['error', 'suggestion'],
  'fleet-exceeds-during-rollout': ['warning', 'suggestion'],
  'unbounded-pool': ['error', 'suggestion'],
  'min-exceeds-max': ['error', 'suggestion'],
  'implicit-overflow': ['information', 'suggestion'],
  'overflow-too-large': ['information', 'suggestion'],
  'pool-too-large': ['warning', 'none'],
  'pool-exceeds-server-concurrency': ['hint', 'none'],
  'pool-too-small': ['information', 'suggestion'],
  'invalid-pool-arguments': ['error', 'safe'],
  'ignored-pool-options': ['warning', 'suggestion'],
  'self-defeating-pool-setting': ['warning', 'suggestion'],
  'null-pool-without-pooler': ['warning', 'suggestion'],
  'client-pool-behind-transaction-pooler': ['information', 'suggestion'],
  'clients-exceed-pooler-limit': ['error', 'suggestion'],
  'prepared-statements-behind-transaction-pooler': ['error', 'suggestion'],
  'session-state-behind-transaction-pooler': ['warning', 'none'],
  'server-side-cursors-behind-transaction-pooler': ['warning', 'safe'],
  'startup-parameter-rejected': ['warning', 'suggestion'],
  'persistent-connections-under-asgi': ['warning', 'safe'],
  'pool-created-per-request': ['warning', 'none'],
  'connection-leak': ['warning', 'suggestion'],
  'pool-inherited-over-fork': ['warning', 'none'],
  'engine-across-event-loops': ['warning', 'suggestion'],
  'connection-held-during-io': ['information', 'none'],
  'streaming-response-holds-connection': ['warning', 'none'],
  'unguarded-hot-reload': ['information', 'suggestion'],
  'root-client-in-transaction': ['warning', 'none'],
  'unneeded-pgbouncer-flag': ['information', 'suggestion'],
  'missing-connection-limit': ['information', 'suggestion'],
  'pgbouncer-syntax': ['error', 'safe'],
  'pgbouncer-invalid-value': ['error', 'suggestion'],
  'pgbouncer-unknown-setting': ['warning', 'suggestion'],
  'pgbouncer-section-repeated': ['error', 'suggestion'],
  'pgbouncer-pool-exceeds-limit': ['warning', 'suggestion'],
  'pgbouncer-insecure-auth': ['warning', 'none'],
  'pgbouncer-deprecated-setting': ['information', 'suggestion'],
  'topology-invalid': ['error', 'suggestion'],
  'topology-unknown-reference': ['error', 'suggestion'],
  'topology-drift': ['warning', 'suggestion'],
  'topology-path-matches-nothing': ['warning', 'none'],
  'topology-service-without-paths': ['information', 'none'],
  'reserved-too-small': ['warning', 'none'],
  'pooler-recommended': ['information', 'none'],
  'unused-suppression': ['warning', 'safe'],
  'suppression-without-rule': ['warning', 'none'],
};

const fixesSeen = new Map<string, Set<string>>();

async function findingsOf(rule: Rule, files: Readonly<Record<string, string>>) {
  const { findings } = await analyseFiles(files);
  for (const finding of findings) {
    const seen = fixesSeen.get(finding.rule) ?? new Set();
    for (const fix of finding.fixes) seen.add(fix.safety);
    fixesSeen.set(finding.rule, seen);
  }
  return findings.filter((finding) => finding.rule === rule.id);
}

test('the registry holds the agreed rules', () => {
  const actual = Object.fromEntries(rules.map((rule) => [rule.id, [rule.severity, rule.fix]]));
  assert.deepEqual(actual, catalogue);
});

test('every file of the catalogue is a registered rule of the same name, and the other way round', () => {
  const files = readdirSync(join(projectRoot, 'server/src/rules/catalogue')).map((name) => name.replace(/\.ts$/, ''));
  assert.deepEqual(files.sort(), rules.map((rule) => rule.id).sort());
});

test('no two fixes of a finding have the same title, and one at most is preferred', async () => {
  for (const rule of rules) {
    for (const { files } of examplesIn(sectionsOf(pages[rule.id]!).get('Wrong') ?? '')) {
      for (const finding of (await analyseFiles(files)).findings) {
        assert.equal(new Set(finding.fixes.map((fix) => fix.title)).size, finding.fixes.length);
        assert.ok(finding.fixes.filter((fix) => fix.preferred).length <= 1, finding.rule);
      }
    }
  }
});

for (const rule of rules) {
  describe(rule.id, () => {
    const page = pages[rule.id] ?? '';
    const sections = sectionsOf(page);

    test('id and summary are well formed', () => {
      assert.match(rule.id, /^[a-z]+(?:-[a-z]+)*$/);
      assert.match(rule.summary, /^[\w].*\.$/);
      assert.ok(rule.summary.length <= 110, rule.summary);
    });

    test('the page has the headings every page has, in order', () => {
      assert.ok(page.startsWith(`# ${rule.id}\n`));
      const headings = ['Why it matters', 'Wrong', 'Right', 'Limits', 'Fix safety', 'References'].filter(
        (heading) => heading !== 'Fix safety' || rule.fix !== 'none',
      );
      assert.deepEqual([...sections.keys()], ['', ...headings]);
      for (const [heading, text] of sections) assert.notEqual(text.trim(), '', heading);
      assert.match(sections.get('References')!, /^- https:\/\/\S+$/m);
    });

    test('every wrong example raises it', async () => {
      const examples = examplesIn(sections.get('Wrong')!);
      assert.ok(examples.length > 0);
      for (const { files, line } of examples) {
        assert.ok((await findingsOf(rule, files)).length > 0, `example in line ${line} of "Wrong"`);
      }
    });

    test('no right example raises it', async () => {
      const examples = examplesIn(sections.get('Right')!);
      assert.ok(examples.length > 0);
      for (const { files } of examples) {
        assert.deepEqual(
          (await findingsOf(rule, files)).map((finding) => finding.message),
          [],
        );
      }
    });

    test('it offers the kind of fix that it declares', () => {
      const safeties = fixesSeen.get(rule.id) ?? new Set();
      const strongest = safeties.has('safe') ? 'safe' : safeties.has('suggestion') ? 'suggestion' : 'none';
      assert.equal(strongest, rule.fix);
    });
  });
}

test('the pages in docs/rules are those of the rules (node scripts/generate-docs.mjs)', () => {
  for (const rule of rules) {
    const path = join(projectRoot, 'docs/rules', `${rule.id}.md`);
    assert.ok(readFileSync(path, 'utf8').includes(pages[rule.id]!.slice(pages[rule.id]!.indexOf('\n'))), path);
  }
  const index = readFileSync(join(projectRoot, 'docs/rules/README.md'), 'utf8');
  for (const rule of rules)
    assert.ok(index.includes(`| [\`${rule.id}\`](${rule.id}.md) | ${rule.severity} |`), rule.id);
  const files = readdirSync(join(projectRoot, 'docs/rules')).filter((name) => name !== 'README.md');
  assert.deepEqual(files.sort(), rules.map((rule) => `${rule.id}.md`).sort());
});
