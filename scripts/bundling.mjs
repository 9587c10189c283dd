// What every bundle shares: how rule documentation gets into it, and which grammars lie beside it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Every grammar that is shipped: taken from its package, or built in this repository. */
export function grammarFiles() {
  const { grammars } = JSON.parse(readFileSync(join(root, 'grammars/manifest.json'), 'utf8'));
  return grammars.map((each) => join(root, each.package ? `node_modules/${each.package}` : 'grammars', each.file));
}

/** The Markdown in the leading doc comment of a rule's file: its documentation has no other home. */
export function documentationOf(source) {
  const match = /^\/\*\*\n([\s\S]*?)\n \*\/\n/.exec(source);
  if (!match) return undefined;
  return match[1]
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .join('\n')
    .trim();
}

/** Documentation of every rule by id, read from the rules' own files. */
export function ruleDocumentation() {
  const folder = join(root, 'server/src/rules/catalogue');
  const pages = {};
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.ts')) continue;
    const text = documentationOf(readFileSync(join(folder, name), 'utf8'));
    if (text) pages[name.slice(0, -3)] = text;
  }
  return pages;
}

/** Resolves `virtual:rule-documentation` to the pages above. */
export const ruleDocumentationPlugin = {
  name: 'rule-documentation',
  setup(build) {
    build.onResolve({ filter: /^virtual:rule-documentation$/ }, (args) => ({
      path: args.path,
      namespace: 'rule-documentation',
    }));
    build.onLoad({ filter: /.*/, namespace: 'rule-documentation' }, () => ({
      contents: `export default ${JSON.stringify(ruleDocumentation())}`,
      loader: 'js',
    }));
  },
};

/** Resolves `virtual:search-thread` to the program of the thread that searches files, as one text. */
export const searchThreadPlugin = {
  name: 'search-thread',
  setup({ onResolve, onLoad, initialOptions }) {
    onResolve({ filter: /^virtual:search-thread$/ }, ({ path }) => ({ path, namespace: 'search-thread' }));
    onLoad({ filter: /.*/, namespace: 'search-thread' }, async () => {
      const { outputFiles } = await build({
        entryPoints: [join(root, 'server/src/workspace/nodeSearchThread.ts')],
        bundle: true,
        write: false,
        platform: 'node',
        format: 'cjs',
        target: 'node20',
        minify: initialOptions.minify ?? false,
      });
      return { contents: outputFiles[0].text, loader: 'text' };
    });
  },
};
