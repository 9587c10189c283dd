/** The real grammars for tests. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GrammarSource, Grammars, type LanguageParser, loadParser } from '../../server/src/syntax/parser.ts';

export const projectRoot = process.env['POOLPROOF_ROOT'] ?? process.cwd();

export const grammarSource: GrammarSource = {
  runtime: () => readFile(join(projectRoot, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  grammar: (name) => readFile(join(projectRoot, `node_modules/tree-sitter-${name}/tree-sitter-${name}.wasm`)),
};

export function pythonParser(): Promise<LanguageParser> {
  return loadParser('python', grammarSource);
}

/** Every grammar, loaded as it is needed. */
export function grammars(): Grammars {
  return new Grammars(grammarSource);
}
