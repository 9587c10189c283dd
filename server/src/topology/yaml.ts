/**
 * YAML (and JSON, which is YAML) as plain nodes that know their spans. Bounded and total: any text yields nodes or
 * problems, never an exception, and aliases cannot make a small file large.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { Span } from '../core/text.ts';

export type DataNode = ScalarNode | MapNode | ListNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `1.20` stays "1.20". */
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly DataEntry[];
  readonly span: Span;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
  readonly span: Span;
}

export interface DataEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: DataNode;
}

export interface YamlProblem {
  readonly message: string;
  readonly span: Span;
  /** True where the text cannot be trusted as a whole. */
  readonly fatal: boolean;
}

export interface YamlResult {
  /** One per document; undefined for an empty one. */
  readonly documents: readonly (DataNode | undefined)[];
  readonly problems: readonly YamlProblem[];
}

/** Longest text that is read, in UTF-16 code units; topology files and manifests are far smaller. */
const longestText = 1_000_000;
/** Most nodes after aliases are followed. */
const mostNodes = 50_000;
const deepest = 100;

/** Reads every document of a text. */
export function readYaml(text: string): YamlResult {
  if (text.length > longestText) {
    return failed(text, `The file is larger than ${longestText} characters and is not read.`);
  }
  try {
    return readDocuments(text);
  } catch (error) {
    // The composer recurses; a text made of ten thousand brackets exhausts the stack.
    if (error instanceof RangeError) return failed(text, 'The file is nested too deeply to be read.');
    return failed(text, 'The file cannot be read as YAML.');
  }
}

/** The entry of a key; where a key is repeated, the first. */
export function entryOf(node: DataNode | undefined, key: string): DataEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

export function nodeAt(node: DataNode | undefined, ...path: readonly string[]): DataNode | undefined {
  return path.reduce<DataNode | undefined>((current, key) => entryOf(current, key)?.value, node);
}

/** The node as plain data; objects have no prototype, so that any key is just a key. */
export function plainValue(node: DataNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  const result: Record<string, unknown> = Object.create(null);
  for (const entry of node.entries) if (!(entry.key in result)) result[entry.key] = plainValue(entry.value);
  return result;
}

function readDocuments(text: string): YamlResult {
  const parsed = parseAllDocuments<ParsedNode>(text, {
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
    merge: false,
  });
  const problems: YamlProblem[] = [];
  const documents: (DataNode | undefined)[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    // One mistake makes the parser stumble several times; the first error of each document names it.
    const first = document.errors[0];
    if (first) problems.push(syntaxProblem(text, first));
    const builder = new Builder(text, document as Document<ParsedNode>);
    documents.push(document.contents ? builder.build(document.contents, 0) : undefined);
    problems.push(...builder.problems);
  }
  return { documents, problems };
}

class Builder {
  readonly problems: YamlProblem[] = [];
  private readonly open = new Set<unknown>();
  private nodes = 0;

  constructor(
    private readonly text: string,
    private readonly document: Document<ParsedNode>,
  ) {}

  build(node: unknown, depth: number): DataNode {
    const span = this.spanOf(node);
    this.nodes++;
    if (depth > deepest) return this.refuse(span, `Nothing here is nested more than ${deepest} levels deep.`);
    if (this.nodes > mostNodes) {
      return this.refuse(span, `The file stands for more than ${mostNodes} values; aliases may be repeating them.`);
    }
    if (isAlias(node)) return this.follow(node, span, depth);
    if (!isMap(node) && !isSeq(node)) return this.scalar(node, span);
    this.open.add(node);
    const built: DataNode = isMap(node)
      ? { kind: 'map', entries: this.entries(node.items as Pair[], depth), span }
      : { kind: 'list', items: node.items.map((item) => this.build(item, depth + 1)), span };
    this.open.delete(node);
    return built;
  }

  private scalar(node: unknown, span: Span): ScalarNode {
    const raw = isScalar(node) ? node.value : null;
    const quoted = isScalar(node) && node.type !== 'PLAIN' && node.type !== undefined;
    const isPlainData = raw === null || ['string', 'number', 'boolean'].includes(typeof raw);
    const value = isPlainData ? (raw as ScalarNode['value']) : String(raw);
    const text = isScalar(node) && typeof node.source === 'string' ? node.source : value === null ? '' : String(value);
    return { kind: 'scalar', value, text, quoted, span };
  }

  private follow(node: { source: string; resolve: (doc: never) => unknown }, span: Span, depth: number): DataNode {
    const target = node.resolve(this.document as never);
    if (!target) return this.refuse(span, 'This alias names no anchor above it.');
    if (this.open.has(target)) return this.refuse(span, 'This alias stands inside the value it repeats.');
    return this.build(target, depth + 1);
  }

  private entries(pairs: readonly Pair[], depth: number): DataEntry[] {
    const entries: DataEntry[] = [];
    const merged: DataEntry[] = [];
    for (const pair of pairs) {
      const keySpan = this.spanOf(pair.key);
      if (isMap(pair.key) || isSeq(pair.key)) {
        this.refuse(keySpan, 'A key is a plain name; a mapping or list cannot be one.');
        continue;
      }
      const keyNode = this.build(pair.key, depth + 1);
      // A lone surrogate cannot be written into a JSON pointer, which the schema validator makes of every key.
      const key = keyNode.kind === 'scalar' ? keyNode.text.replace(/\p{Surrogate}/gu, '\uFFFD') : '';
      const value = this.build(pair.value, depth + 1);
      if (key === '<<' && keyNode.kind === 'scalar' && !keyNode.quoted) {
        const sources = value.kind === 'list' ? value.items : [value];
        for (const source of sources) if (source.kind === 'map') merged.push(...source.entries);
      } else {
        // An empty value has no text of its own; it stands where its key ends.
        const isEmpty = value.kind === 'scalar' && value.value === null && value.span.start === value.span.end;
        entries.push({
          key,
          keySpan,
          value: isEmpty ? { ...value, span: { start: keySpan.end, end: keySpan.end } } : value,
        });
      }
    }
    const own = new Set(entries.map((entry) => entry.key));
    for (const entry of merged) {
      if (own.has(entry.key)) continue;
      own.add(entry.key);
      entries.push(entry);
    }
    return entries;
  }

  private refuse(span: Span, message: string): ScalarNode {
    if (!this.problems.some((problem) => problem.message === message)) {
      this.problems.push({ message, span: visible(this.text, span), fatal: true });
    }
    return { kind: 'scalar', value: null, text: '', quoted: false, span };
  }

  private spanOf(node: unknown): Span {
    const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
    if (!range) return { start: 0, end: 0 };
    const start = Math.min(range[0], this.text.length);
    let end = Math.min(range[1], this.text.length);
    // Block collections end before the next token, after their line break.
    while (end > start && ' \t\r\n'.includes(this.text[end - 1]!)) end--;
    return { start, end };
  }
}

const wordings: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'YAML does not allow a tab as indentation. Use spaces.',
  MISSING_CHAR: 'A closing bracket, quote or colon is missing here.',
  BAD_INDENT: 'The indentation here does not match the lines above.',
  BLOCK_AS_IMPLICIT_KEY: 'A key cannot start here: the line above already has a value. Check the indentation.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line, with a colon after it.',
  MISSING_ALIAS: 'This alias names no anchor above it.',
  BAD_ALIAS: 'This alias or anchor is not written correctly.',
};

function syntaxProblem(text: string, error: YAMLError): YamlProblem {
  const message = wordings[error.code] ?? `Not valid YAML here: ${describeCode(error.code)}.`;
  return { message, span: visible(text, { start: error.pos[0], end: error.pos[1] }), fatal: true };
}

/** The parser's own sentences may quote the file, which may hold a password; its codes cannot. */
function describeCode(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}

/** A span with at least one character, inside the text and not reaching over the end of its line. */
function visible(text: string, span: Span): Span {
  let start = Math.max(0, Math.min(span.start, text.length));
  while (start > 0 && (start >= text.length || '\r\n'.includes(text[start]!))) start--;
  let end = Math.max(start + 1, Math.min(span.end, text.length));
  const lineBreak = text.slice(start, end).search(/[\r\n]/);
  if (lineBreak > 0) end = start + lineBreak;
  return { start, end: Math.min(end, text.length) };
}

function failed(text: string, message: string): YamlResult {
  return { documents: [], problems: [{ message, span: visible(text, { start: 0, end: text.length }), fatal: true }] };
}
