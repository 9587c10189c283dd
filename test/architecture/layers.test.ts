/** The layers, one way only, and what each may reach for; read from the imports themselves. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/python.ts';

/** Each folder of server/src imports from those before it and from itself. */
const layers = [
  'core',
  'facts',
  'declarations',
  'syntax',
  'libraries',
  'lifecycle',
  'topology',
  'fleet',
  'rules',
  'present',
  'workspace',
  'cli',
  'lsp',
] as const;

/** The two entries know nothing of each other. */
const strangers: readonly (readonly [string, string])[] = [['lsp', 'cli']];

/** Files of server/src beside the folders: they put everything together. */
const entries = [
  ...['server.ts', 'main.ts', 'browser.ts', 'cli.ts', 'commandLine.ts'],
  ...['launch.ts', 'writeCodeCache.ts', 'virtual.d.ts'],
];

/** Packages, and the files that may import them. Those that are not listed may be imported nowhere in server/src. */
const packages: readonly (readonly [RegExp, RegExp])[] = [
  [/^web-tree-sitter$/, /^syntax\//],
  [/^vscode-languageserver/, /^(?:lsp\/|main\.ts$|browser\.ts$)/],
  [/^vscode-uri$/, /^(?:lsp|workspace|cli|present)\//],
  [/^node:/, /^(?:workspace\/(?:node\w+|readBytes)\.ts$|cli\/|(?:commandLine|launch|writeCodeCache|main)\.ts$)/],
  [/^yaml$/, /^topology\//],
  [/^@cfworker\/json-schema$/, /^topology\//],
  [/^picomatch$/, /^(?:topology|workspace|cli)\//],
  [/^ignore$/, /^workspace\/nodeFileAccess\.ts$/],
  [/^(?:commander$|picocolors)/, /^(?:cli\/|present\/colors\.ts$)/],
  [/^virtual:search-thread$/, /^workspace\/nodeSearch\.ts$/],
  [/^virtual:rule-documentation$/, /^(?:lsp|cli|present)\//],
  // Types only.
  [/^sarif$/, /^present\/sarif\.ts$/],
];

/** Lines that one sitting allows. */
const longest = 300;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesBelow(path);
    if (!entry.name.endsWith('.ts')) return [];
    const text = readFileSync(join(projectRoot, path), 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^[ \t]*\/\/.*$/gm, '');
    const found = code.matchAll(
      /(?:^(?:import|export)\b[^;'"]*\bfrom\s*|^import\s*|\bimport\(\s*|\brequire\(\s*)(['"])([^'"\n]+)\1/gm,
    );
    return [{ path, text, imports: [...found].map((match) => match[2]!) }];
  });
}

const server = sourcesBelow('server/src');
const client = sourcesBelow('client/src');

function folderOf(path: string): string {
  return path.split('/')[0]!;
}

/** Path below server/src that a relative import leads to. */
function target(source: Source, specifier: string): string {
  return relative('server/src', join(dirname(source.path), specifier));
}

test('the reader of imports finds them', () => {
  assert.ok(server.length > 80 && client.length > 5);
  const session = server.find((source) => source.path.endsWith('lsp/session.ts'))!;
  assert.ok(session.imports.includes('vscode-languageserver') && session.imports.includes('../core/text.ts'));
});

test('imports run one way through the layers', () => {
  const wrong: string[] = [];
  for (const source of server) {
    const own = relative('server/src', source.path);
    const layer = layers.indexOf(folderOf(own) as (typeof layers)[number]);
    if (!own.includes('/')) assert.ok(entries.includes(own), `${own} is no entry that is known of`);
    else assert.ok(layer !== -1, `${own} lies in no layer`);
    for (const specifier of source.imports) {
      if (!specifier.startsWith('.')) continue;
      const path = target(source, specifier);
      if (path === '../../package.json' && folderOf(own) === 'cli') continue;
      if (path.startsWith('..')) wrong.push(`${own} → ${specifier}`);
      else if (own.includes('/')) {
        const folder = folderOf(path);
        const other = layers.indexOf(folder as (typeof layers)[number]);
        const isStranger = strangers.some(([a, b]) => own.startsWith(`${a}/`) && folder === b);
        if (other === -1 || other > layer || isStranger) wrong.push(`${own} → ${path}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('packages are imported where they belong, and nowhere else', () => {
  const wrong: string[] = [];
  for (const source of server) {
    const own = relative('server/src', source.path);
    for (const specifier of source.imports) {
      if (specifier.startsWith('.')) continue;
      const rule = packages.find(([name]) => name.test(specifier));
      if (rule === undefined || !rule[1].test(own)) wrong.push(`${own} → ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the client imports nothing of the server, and the server nothing of the client', () => {
  const crossing = [...client, ...server].flatMap((source) =>
    source.imports
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => join(dirname(source.path), specifier))
      .filter((path) => path !== 'package.json' && folderOf(path) !== folderOf(source.path))
      .map((path) => `${source.path} → ${path}`),
  );
  assert.deepEqual(crossing, []);
  const allowed = /^(?:vscode$|vscode-languageclient|node:)/;
  const others = client.flatMap((source) =>
    source.imports.filter((each) => !each.startsWith('.') && !allowed.test(each)),
  );
  assert.deepEqual(others, []);
  // The web extension's host has no Node.
  const byPath = new Map(client.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const follow = (path: string) => {
    const source = byPath.get(path);
    if (source === undefined || reached.has(path)) return;
    reached.add(path);
    for (const specifier of source.imports) if (specifier.startsWith('.')) follow(join(dirname(path), specifier));
  };
  follow('client/src/browser.ts');
  assert.ok(reached.size > 1);
  const needsNode = [...reached].flatMap((path) =>
    byPath.get(path)!.imports.filter((each) => /^node:|\/node$/.test(each)),
  );
  assert.deepEqual(needsNode, []);
});

test('the server in a browser reaches nothing of Node either', () => {
  const byPath = new Map(server.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const follow = (path: string) => {
    const source = byPath.get(path);
    if (source === undefined || reached.has(path)) return;
    reached.add(path);
    for (const specifier of source.imports) if (specifier.startsWith('.')) follow(join(dirname(path), specifier));
  };
  follow('server/src/browser.ts');
  assert.ok(reached.size > 50);
  assert.deepEqual(
    [...reached].filter((path) => byPath.get(path)!.imports.some((each) => /^node:|\/node$/.test(each))),
    [],
  );
});

test('files can be read in one sitting; those that cannot become fewer', () => {
  const lengths = [...server, ...client].map(
    (source) => [source.path, source.text.trimEnd().split('\n').length] as const,
  );
  assert.deepEqual(
    lengths.filter(([, length]) => length > longest),
    [],
  );
});

/** Files that read expressions, by language. */
const expressionReaders: readonly RegExp[] = [
  /syntax\/python\/(?:arguments|evaluate|functions|names)\.ts$/,
  /syntax\/typescript\/(?:arguments|callValues|changes|configServices|evaluate|members|names|objects|properties|returns)\.ts$/,
];

function isExpressionReader(path: string): boolean {
  return expressionReaders.some((each) => each.test(path));
}

test('no import goes round in a circle, but for expressions that hold expressions', () => {
  // Evaluating an expression means evaluating names and arguments, which are expressions.
  const isRecursion = (circle: readonly string[]) => circle.every(isExpressionReader);
  const byPath = new Map([...server, ...client].map((source) => [source.path, source]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      const circle = trail.slice(trail.indexOf(path));
      if (!isRecursion(circle)) circles.push([...circle, path].join(' → '));
      return;
    }
    const source = byPath.get(path);
    if (source === undefined || done.has(path)) return;
    // Types alone are gone when the program runs.
    const code = source.text.replace(/import type [^;]*;/g, '');
    for (const specifier of source.imports) {
      if (specifier.startsWith('.') && code.includes(specifier))
        visit(join(dirname(path), specifier), [...trail, path]);
    }
    done.add(path);
  };
  for (const path of byPath.keys()) visit(path, []);
  assert.deepEqual(circles, []);
});
