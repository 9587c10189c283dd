/** The real Python grammar for tests. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LanguageParser, loadParser } from '../../server/src/syntax/parser.ts';

export const projectRoot = process.env['POOLPROOF_ROOT'] ?? process.cwd();

export function pythonParser(): Promise<LanguageParser> {
  return loadParser('python', {
    runtime: () => readFile(join(projectRoot, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: () => readFile(join(projectRoot, 'node_modules/tree-sitter-python/tree-sitter-python.wasm')),
  });
}
