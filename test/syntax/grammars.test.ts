/** The corpora of our own grammars, in the format of the tree-sitter command line, which is not needed to run them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type LanguageParser, loadParser } from '../../server/src/syntax/parser.ts';
import { grammarSource, projectRoot } from '../support/python.ts';

const grammars = ['pgbouncer', 'prisma'] as const;

interface Case {
  readonly name: string;
  readonly source: string;
  readonly tree: string;
}

function casesIn(text: string): Case[] {
  const parts = text.split(/^={20,}\n(.*)\n={20,}\n\n/m).slice(1);
  return parts.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const [source, tree] = parts[index + 1]!.split(/\n-{20,}\n\n/);
    return [{ name, source: source!, tree: tree!.replace(/\s+/g, ' ').replaceAll(' )', ')').trim() }];
  });
}

function treeOf(parser: LanguageParser, source: string): string {
  const tree = parser.parse(source);
  const result = tree.rootNode.toString();
  tree.delete();
  // Tokens without a name are not part of a corpus.
  return result;
}

for (const grammar of grammars) {
  const parser = await loadParser(grammar, grammarSource);
  const folder = join(projectRoot, 'grammars', grammar, 'test/corpus');
  for (const name of readdirSync(folder)) {
    describe(`${grammar}: ${name.replace('.txt', '')}`, () => {
      const cases = casesIn(readFileSync(join(folder, name), 'utf8'));
      assert.ok(cases.length > 0);
      for (const { name, source, tree } of cases) test(name, () => assert.equal(treeOf(parser, source), tree));
    });
  }
}
