/** The parser runtime and its grammars, loaded once. The only place that knows how a grammar becomes a parser. */
import { Language, Parser, type Tree } from 'web-tree-sitter';

export type GrammarName = 'python';

/** Where the compiled runtime and grammars come from: the file system in Node, fetched bytes in a browser. */
export interface GrammarSource {
  readonly runtime: () => Uint8Array | Promise<Uint8Array>;
  readonly grammar: (name: GrammarName) => Uint8Array | Promise<Uint8Array>;
}

/** Parses text of one language. Trees that it returns belong to the caller, who must delete them. */
export interface LanguageParser {
  parse(text: string, previous?: Tree): Tree;
}

let runtime: Promise<void> | undefined;
const parsers = new Map<GrammarName, Promise<LanguageParser>>();

export function loadParser(name: GrammarName, source: GrammarSource): Promise<LanguageParser> {
  let parser = parsers.get(name);
  if (parser === undefined) {
    parser = createParser(name, source);
    parsers.set(name, parser);
  }
  return parser;
}

async function createParser(name: GrammarName, source: GrammarSource): Promise<LanguageParser> {
  runtime ??= (async () => Parser.init({ wasmBinary: await source.runtime() }))();
  await runtime;
  const parser = new Parser();
  parser.setLanguage(await Language.load(await source.grammar(name)));
  return {
    parse(text, previous) {
      const tree = parser.parse(text, previous ?? null);
      if (tree === null) throw new Error(`The ${name} parser returned no tree`);
      return tree;
    },
  };
}
