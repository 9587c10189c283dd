/** package.json and the code say the same: settings, commands, rules, and what goes into the package. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import picomatch from 'picomatch';
import { rules } from '../../server/src/rules/registry.ts';
import { defaultSettings, readSettings } from '../../server/src/workspace/settings.ts';
import { grammarPaths, projectRoot } from '../support/python.ts';

interface Property {
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
}

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly browser: string;
  readonly icon: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: boolean | string };
    readonly virtualWorkspaces?: unknown;
  };
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category?: string }[];
    readonly menus?: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly jsonValidation?: readonly { readonly url: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: Readonly<Record<string, string>> }[];
    }[];
  };
}

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const settings = manifest.contributes.configuration.properties;

/** Settings that the client alone follows. */
const ofTheClient = new Set(['trace.server', 'codeLens', 'inlayHints']);

test('the settings are those the server reads, with its defaults', () => {
  const keys = Object.keys(settings).map((key) => key.replace(/^poolproof\./, ''));
  const { respectIgnoreFiles, ...known } = defaultSettings;
  assert.equal(respectIgnoreFiles, true);
  assert.deepEqual(keys.filter((key) => !ofTheClient.has(key)).sort(), Object.keys(known).sort());
  const defaults = Object.fromEntries(keys.map((key) => [key, settings[`poolproof.${key}`]!.default]));
  assert.deepEqual(readSettings(defaults), defaultSettings);
  assert.deepEqual(readSettings(undefined), defaultSettings);
  const thresholds = settings['poolproof.thresholds']!.properties!;
  assert.deepEqual(Object.fromEntries(Object.entries(thresholds).map(([key, property]) => [key, property.default])), {
    acquireTimeout: defaultSettings.thresholds.acquireTimeoutSeconds,
    maxOverflow: defaultSettings.thresholds.maxOverflow,
    poolSizeWithoutTopology: defaultSettings.thresholds.poolSizeWithoutTopology,
  });
  const stated = { acquireTimeout: 7, maxOverflow: 8, poolSizeWithoutTopology: 9 };
  assert.deepEqual(Object.values(readSettings({ thresholds: stated }).thresholds), [7, 8, 9]);
});

test('every setting says what it does and for what it holds', () => {
  for (const [key, property] of Object.entries(settings)) {
    assert.ok(property.scope, `${key} has no scope`);
    assert.ok(property.markdownDescription ?? property.description, `${key} has no description`);
  }
});

test('the rules of the settings are the rules there are, with their severities', () => {
  const listed = settings['poolproof.rules']!.properties!;
  assert.deepEqual(Object.keys(listed).sort(), rules.map((rule) => rule.id).sort());
  for (const rule of rules) {
    const property = listed[rule.id]!;
    assert.deepEqual(property.enum, ['error', 'warning', 'information', 'hint', 'off'], rule.id);
    assert.equal(property.default, rule.severity, rule.id);
    assert.equal(property.description, rule.summary, rule.id);
  }
});

function sources(folder: string): string {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? sources(`${folder}/${entry.name}`) : read(`${folder}/${entry.name}`)))
    .join('\n');
}

test('every command that code mentions is contributed or registered, and every contributed one is registered', () => {
  const code = sources('client/src') + sources('server/src/lsp') + sources('server/src/present');
  const contributed = manifest.contributes.commands.map((each) => each.command);
  const handlers = /const handlers: .* = \{\n([\s\S]*?)\n {2}\};/.exec(read('client/src/commands.ts'))?.[1] ?? '';
  const registered = [...handlers.matchAll(/^ {4}(\w+):/gm)].map((match) => `poolproof.${match[1]}`);
  const mentioned = [...code.matchAll(/command: ?['"]?(poolproof\.[a-z]\w+)/g)].map((match) => match[1]!);
  assert.ok(mentioned.length > 0 && registered.length > 5);
  assert.deepEqual(
    mentioned.filter((command) => !registered.includes(command)),
    [],
  );
  assert.deepEqual(
    contributed.filter((command) => !registered.includes(command)),
    [],
  );
  const offered = Object.values(manifest.contributes.menus ?? {}).flatMap((items) =>
    items.flatMap((item) => item.command ?? []),
  );
  assert.deepEqual(
    offered.filter((command) => !contributed.includes(command)),
    [],
  );
  const links = [...JSON.stringify(manifest.contributes.walkthroughs).matchAll(/command:(poolproof\.\w+)/g)].map(
    (match) => match[1]!,
  );
  assert.deepEqual(
    links.filter((command) => !contributed.includes(command)),
    [],
  );
  for (const { title, category } of manifest.contributes.commands)
    assert.ok(`${category ?? ''}${title}`.includes('Poolproof'), title);
});

test('the package holds what the extension needs, and nothing of its making', () => {
  // Everything is left out but what a line with an exclamation mark keeps.
  const lines = read('.vscodeignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines[0], '**');
  assert.ok(lines.slice(1).every((line) => line.startsWith('!')));
  const isKept = picomatch(lines.slice(1).map((line) => line.slice(1)));
  const needed = [
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    manifest.icon,
    'dist/server.js',
    'dist/web-tree-sitter.wasm',
    ...[...grammarPaths.values()].map((path) => `dist/${basename(path)}`),
    ...[manifest.main, manifest.browser].map((path) => (path.endsWith('.js') ? path : `${path}.js`)),
    ...(manifest.contributes.jsonValidation ?? []).map((each) => each.url),
    ...manifest.contributes.walkthroughs.flatMap((each) =>
      each.steps.flatMap((step) => step.media['svg'] ?? step.media['image'] ?? []),
    ),
  ].map((path) => path.replace(/^\.\//, ''));
  assert.deepEqual(
    needed.filter((path) => !isKept(path)),
    [],
  );
  assert.deepEqual(
    needed.filter((path) => !path.startsWith('dist/') && !existsSync(join(projectRoot, path))),
    [],
  );
  const unwanted = [
    'server/src/main.ts',
    'test/support/python.ts',
    'node_modules/yaml/package.json',
    'scripts/build.mjs',
    '.env',
    'dist/server.js.map',
    'out/x.js',
  ];
  assert.deepEqual(
    unwanted.filter((path) => isKept(path)),
    [],
  );
});

test('the version is the same wherever it stands', () => {
  assert.ok(read('CHANGELOG.md').includes(manifest.version));
  const lock = JSON.parse(read('package-lock.json')) as { version: string };
  assert.equal(lock.version, manifest.version);
});

test('no file of the repository holds a path of a machine or the name of a registry', (t) => {
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: projectRoot, encoding: 'utf8' });
  if (listed.status !== 0) return t.skip('a copy without its history has nothing to list');
  const machine = new RegExp(['/(?:ho', 'me|Us', 'ers)/[a-z]+/|/wo', 'rk/main/|/ro', 'ot/'].join(''), 'g');
  const registry = new RegExp(
    ['registry\\.(?:np', 'mjs|yar', 'npkg)|artif', 'actory|pypi\\.or', 'g/simple'].join(''),
    'i',
  );
  const found: string[] = [];
  for (const path of listed.stdout.split('\0')) {
    if (path === '' || !existsSync(join(projectRoot, path)) || /\.(?:png|wasm|gif|ico|vsix)$/.test(path)) continue;
    const text = read(path);
    const paths = [...text.matchAll(machine)].map((match) => text.slice(match.index, match.index + 30).split('\n')[0]!);
    found.push(...paths.filter((each) => !isExample(each)).map((each) => `${path}: ${each}`));
    if (registry.test(text)) found.push(`${path}: ${registry.exec(text)![0]}`);
  }
  assert.deepEqual(found, []);
});

/** Paths that stand in documentation and tests for anybody's. */
function isExample(path: string): boolean {
  return /^\/(?:home|Users)\/(?:me|you|user|name|someone|shop)\//.test(path);
}
