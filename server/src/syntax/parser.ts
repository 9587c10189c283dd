/** The parser runtime and its grammars, loaded once. The only place that knows how a grammar becomes a parser. */
import { Language, Parser, type Tree } from 'web-tree-sitter';

export type GrammarName = 'python' | 'typescript' | 'tsx' | 'pgbouncer' | 'prisma';

/** Where the compiled runtime and grammars come from: the file system in Node, fetched bytes in a browser. */
export interface GrammarSource {
  readonly runtime: () => Uint8Array | Promise<Uint8Array>;
  readonly grammar: (name: GrammarName) => Uint8Array | Promise<Uint8Array>;
}

/** Parses text of one language. Trees that it returns belong to the caller, who must delete them. */
export interface LanguageParser {
  parse(text: string, previous?: Tree): Tree;
}

/**
 * Milliseconds for one statement. Any that people write takes a few; some made up (thousands of continued lines) cost the
 * square of their length.
 */
const longestParse = 3000;

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
  // Compiled beside the runtime: one after the other takes twice as long.
  const [grammar] = await Promise.all([compiled(name, source), runtime]);
  const parser = new Parser();
  parser.setLanguage(Language.loadSync(grammar));
  return {
    parse(text, previous) {
      const deadline = Date.now() + longestParse;
      const tree = parser.parse(text, previous ?? null, { progressCallback: () => Date.now() > deadline });
      if (tree === null) {
        // Else the next text would be taken for the rest of this one.
        parser.reset();
        throw new Error(`The ${name} parser gave up`);
      }
      return tree;
    },
  };
}

async function compiled(name: GrammarName, source: GrammarSource): Promise<WebAssembly.Module> {
  return WebAssembly.compile((await source.grammar(name)) as BufferSource);
}

/** Where documents get their parsers. */
export interface ParserSource {
  /** A parser whose grammar begins to load now. Its `parse` throws before the grammar is there. */
  parser(name: GrammarName): LanguageParser;
  isLoaded(name: GrammarName): boolean;
  /** Resolves when every grammar that was asked for is there; rejects where one cannot be loaded. */
  ready(): Promise<void>;
}

/**
 * Parsers that documents can hold before their grammars are there: a grammar is fetched and compiled only when a file of its
 * language turns up, in the background. Whoever parses waits for `ready` first.
 */
export class Grammars implements ParserSource {
  private readonly loaded = new Map<GrammarName, LanguageParser>();
  private readonly loading = new Map<GrammarName, Promise<void>>();

  constructor(private readonly source: GrammarSource) {}

  parser(name: GrammarName): LanguageParser {
    this.load(name);
    return {
      parse: (text, previous) => {
        const parser = this.loaded.get(name);
        if (parser === undefined) throw new Error(`The ${name} grammar is not loaded`);
        return parser.parse(text, previous);
      },
    };
  }

  isLoaded(name: GrammarName): boolean {
    return this.loaded.has(name);
  }

  async ready(): Promise<void> {
    if (this.loading.size > 0) await Promise.all(this.loading.values());
  }

  private load(name: GrammarName): void {
    if (this.loaded.has(name) || this.loading.has(name)) return;
    const loading = loadParser(name, this.source).then((parser) => {
      this.loaded.set(name, parser);
      this.loading.delete(name);
    });
    // Whoever waits for `ready` is told; nobody else needs to be.
    loading.catch(() => undefined);
    this.loading.set(name, loading);
  }
}
