// Builds everything into dist/: the extension's client, the language server and the command line.
// `--production` minifies and leaves source maps out; entries that are not written yet are skipped.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { LanguageClient } from './bench/lsp-client.mjs';
import { grammarFiles, root, ruleDocumentationPlugin, searchThreadPlugin } from './bundling.mjs';

const nodeBundle = { platform: 'node', format: 'cjs', target: 'node20' };
// A web extension's entry is CommonJS as well; its worker is a script of its own.
const browserBundle = { platform: 'browser', target: 'es2022' };

const bundles = [
  { entry: 'client/src/extension.ts', outfile: 'dist/client.js', ...nodeBundle, external: ['vscode'] },
  {
    entry: 'client/src/browser.ts',
    outfile: 'dist/browser/client.js',
    ...browserBundle,
    format: 'cjs',
    external: ['vscode'],
  },
  {
    entry: 'server/src/server.ts',
    outfile: 'dist/server.js',
    platform: 'neutral',
    format: 'cjs',
    target: ['node20', 'es2022'],
    conditions: ['node', 'browser'],
    mainFields: ['module', 'main'],
    external: builtinModules.flatMap((name) => [name, `node:${name}`]),
    // The JSON Schema validator makes a base address of the worker's own, which a worker started from a blob has not;
    // "null" is what it takes for none.
    define: { 'self.location.origin': '"null"' },
  },
  { entry: 'server/src/cli.ts', outfile: 'dist/cli.js', ...nodeBundle, banner: { js: '#!/usr/bin/env node' } },
  { entry: 'server/src/commandLine.ts', outfile: 'dist/commandLine.js', ...nodeBundle },
  { entry: 'server/src/writeCodeCache.ts', outfile: 'dist/writeCodeCache.js', ...nodeBundle },
];

/** Loaded at run time, by name, from the folder the bundles lie in. */
const resources = [join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'), ...grammarFiles()];

// The parser's ESM build reads `import.meta.url`, which CommonJS and workers do not have; its CommonJS build does not,
// and asks for Node's modules only when it runs in Node.
const parser = join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs');

/** The argument parser asks for child processes that it never starts here, and loading them takes longer than parsing. */
const withoutChildProcesses = {
  name: 'without-child-processes',
  setup(builder) {
    builder.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'child-processes', namespace: 'unused' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

function options({ entry, ...bundle }, production) {
  return {
    ...bundle,
    entryPoints: [join(root, entry)],
    outfile: join(root, bundle.outfile),
    bundle: true,
    minify: production,
    // Names stay readable in stack traces of the packaged extension.
    keepNames: false,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    // Of YAML's two builds the one for browsers runs everywhere.
    alias: { 'web-tree-sitter': parser, yaml: join(root, 'node_modules/yaml/browser/index.js') },
    external: [
      ...(bundle.external ?? []),
      ...(bundle.platform === 'browser' ? ['fs', 'fs/promises', 'path', 'module'] : []),
    ],
    plugins: [ruleDocumentationPlugin, searchThreadPlugin, withoutChildProcesses],
    logLevel: 'warning',
    metafile: true,
  };
}

/** Builds the bundles; resolves to esbuild's metafile of each, by output path. */
export async function buildAll({ production = false } = {}) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'dist'), { recursive: true });
  const present = bundles.filter(({ entry }) => existsSync(join(root, entry)));
  const results = await Promise.all(present.map((bundle) => build(options(bundle, production))));
  for (const resource of resources) {
    copyFileSync(resource, join(root, 'dist', basename(resource)));
  }
  await writeCodeCaches();
  return Object.fromEntries(present.map(({ outfile }, index) => [outfile, results[index].metafile]));
}

/** What a user of either does first, so that this is what is compiled. Without the files both run all the same, a little later. */
async function writeCodeCaches() {
  const writer = join(root, 'dist/writeCodeCache.js');
  const sample = join(root, 'examples/shop');
  spawnSync(process.execPath, [writer, 'commandLine', 'check', sample], { stdio: 'ignore' });
  const client = new LanguageClient(process.execPath, [writer, 'server', '--stdio'], sample);
  try {
    await client.initialize();
    const source = join(sample, 'services/api/app/db.py');
    const published = client.nextPublish(({ diagnostics }) => diagnostics.length > 0);
    const { uri } = client.open(source, readFileSync(source, 'utf8'));
    await published;
    const [start, end] = [
      { line: 0, character: 0 },
      { line: 1000, character: 0 },
    ];
    const textDocument = { uri };
    await client.request('textDocument/codeLens', { textDocument });
    await client.request('textDocument/codeAction', {
      textDocument,
      range: { start, end },
      context: { diagnostics: [] },
    });
    await client.stop();
  } catch (error) {
    console.warn(`The server was not compiled ahead: ${error.message}`);
  }
  rmSync(writer, { force: true });
  rmSync(`${writer}.map`, { force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await buildAll({ production: process.argv.includes('--production') });
  for (const [outfile, { outputs }] of Object.entries(built)) {
    const bytes = Object.entries(outputs).find(([name]) => name.endsWith(outfile.split('/').pop()))?.[1].bytes;
    console.log(`${outfile}  ${Math.round(bytes / 1024)} KB`);
  }
}
