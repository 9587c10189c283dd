// Writes what follows from the rules: docs/rules, a page per rule out of the rule's own doc comment, with the index, and the settings
// of package.json that set a rule's severity. `node scripts/generate-docs.mjs`
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root, ruleDocumentation } from './bundling.mjs';

const folder = join(root, 'docs/rules');
const bundle = join(root, 'out/rule-registry.mjs');

/** The rules as the program has them: severity and fix stand nowhere else. */
async function readRules() {
  await build({
    entryPoints: [join(root, 'server/src/rules/registry.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const { rules } = await import(pathToFileURL(bundle).href);
  rmSync(bundle);
  return rules;
}

const rules = await readRules();
const pages = ruleDocumentation();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.md')) rmSync(join(folder, name));

const groups = {
  credentials: 'Credentials',
  liveness: 'Liveness',
  timeouts: 'Timeouts',
  size: 'Size',
  arguments: 'Pool class and arguments',
  lifecycle: 'Lifecycle',
  pooler: 'Behind a pooler',
  pgbouncer: 'pgbouncer.ini',
  topology: 'Topology file',
  suppression: 'Suppressions',
};
const fixes = { safe: 'safe', suggestion: 'suggestion', none: '–' };
const index = [
  '# Rules',
  '',
  'Each severity can be changed, or the rule switched off, under `rules` in the topology file.',
];
for (const [group, title] of Object.entries(groups)) {
  const members = rules.filter((rule) => rule.group === group);
  if (members.length === 0) continue;
  index.push('', `## ${title}`, '', '| rule | severity | fix | what is wrong |', '| --- | --- | --- | --- |');
  for (const rule of members) {
    const page = pages[rule.id];
    if (page === undefined) throw new Error(`${rule.id} has no documentation`);
    index.push(`| [\`${rule.id}\`](${rule.id}.md) | ${rule.severity} | ${fixes[rule.fix]} | ${rule.summary} |`);
    const facts = `Severity: ${rule.severity} · fix: ${rule.fix === 'none' ? 'none' : rule.fix} · [all rules](README.md)`;
    const [heading, ...rest] = page.split('\n');
    writeFileSync(join(folder, `${rule.id}.md`), `${[heading, '', facts, ...rest].join('\n')}\n`);
  }
}
writeFileSync(join(folder, 'README.md'), `${index.join('\n')}\n`);
console.log(`docs/rules: ${rules.length} rules`);

const manifestFile = join(root, 'package.json');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
const severities = ['error', 'warning', 'information', 'hint', 'off'];
const sections = [manifest.contributes.configuration].flat();
const setting = sections.map((each) => each.properties['poolproof.rules']).find(Boolean);
setting.properties = Object.fromEntries(
  rules.map(({ id, severity, summary }) => [
    id,
    { type: 'string', enum: severities, default: severity, description: summary },
  ]),
);
writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
