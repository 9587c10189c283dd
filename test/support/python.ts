/** The real grammars for tests. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GrammarSource, Grammars, type LanguageParser, loadParser } from '../../server/src/syntax/parser.ts';

export const projectRoot = process.env['POOLPROOF_ROOT'] ?? process.cwd();

/** Where the grammars that are shipped lie, by name: in the package they come from, or in this repository. */
export const grammarPaths: ReadonlyMap<string, string> = new Map(
  (
    JSON.parse(readFileSync(join(projectRoot, 'grammars/manifest.json'), 'utf8')) as {
      grammars: { name: string; file: string; package?: string }[];
    }
  ).grammars.map((each) => [
    each.name,
    join(projectRoot, each.package === undefined ? 'grammars' : `node_modules/${each.package}`, each.file),
  ]),
);

export const grammarSource: GrammarSource = {
  runtime: () => readFile(join(projectRoot, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: (name) => readFile(grammarPaths.get(name)!),
};

export function pythonParser(): Promise<LanguageParser> {
  return loadParser('python', grammarSource);
}

/** The parser of a TypeScript or JavaScript file. */
export function scriptParser(name: 'typescript' | 'tsx'): Promise<LanguageParser> {
  return loadParser(name, grammarSource);
}

/** Every grammar, loaded as it is needed. */
export function grammars(): Grammars {
  return new Grammars(grammarSource);
}
