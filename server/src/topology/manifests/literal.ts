/**
 * Object literals of JavaScript, JSON and HCL as the nodes YAML is read into, without running anything. What is no literal
 * is kept as an expression: a scalar without a value, whose text is the source. Bounded, total, one pass.
 */
import type { DataEntry, DataNode, MapNode, ScalarNode } from '../yaml.ts';

export type LiteralSyntax = 'javascript' | 'hcl';

const deepest = 60;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

/** Key of an entry that spreads another object: what that sets is not known. */
export const spreadKey = '...';

export class LiteralReader {
  private depth = 0;

  constructor(
    readonly text: string,
    /** Where to read next. */
    public at = 0,
    private readonly syntax: LiteralSyntax = 'javascript',
    private readonly end = text.length,
  ) {}

  /** The value at the cursor, which moves behind it. */
  value(): DataNode {
    this.skipSpace();
    const character = this.text[this.at] ?? '';
    if (this.depth >= deepest) return this.expression();
    const start = this.at;
    let node: DataNode | undefined;
    this.depth++;
    if (character === '{') node = this.object();
    else if (character === '[') node = this.list();
    else if (character === '"' || (this.syntax === 'javascript' && (character === "'" || character === '`'))) {
      node = this.string();
    } else if (this.text.startsWith('<<', this.at) && this.syntax === 'hcl') node = this.hereDocument();
    this.depth--;
    node ??= this.word();
    // `"a" + x`, `[1].concat(y)`: the literal is only a part of it.
    return node && this.isAtEndOfValue() ? node : this.expression(start);
  }

  /** Blanks and comments. */
  skipSpace(): void {
    while (this.at < this.end) {
      const character = this.text[this.at]!;
      if (/\s/.test(character)) this.at++;
      else if (this.text.startsWith('//', this.at) || (character === '#' && this.syntax === 'hcl')) this.skipLine();
      else if (this.text.startsWith('/*', this.at)) this.skipTo('*/');
      else return;
    }
  }

  isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** A name or a text in quotes, as a key. */
  key(): { readonly key: string; readonly span: { start: number; end: number } } | undefined {
    this.skipSpace();
    const start = this.at;
    const character = this.text[this.at];
    if (character === '"' || character === "'") {
      const { value, span } = this.string();
      return typeof value === 'string' ? { key: value, span } : undefined;
    }
    while (this.at < this.end && /[\w$-]/.test(this.text[this.at]!)) this.at++;
    return this.at > start ? { key: this.text.slice(start, this.at), span: { start, end: this.at } } : undefined;
  }

  /** Entries up to the closing bracket, which the cursor passes. */
  private object(): MapNode {
    const start = this.at++;
    const entries: DataEntry[] = [];
    while (!this.isAtEnd()) {
      this.skipSpace();
      const character = this.text[this.at];
      if (character === '}') {
        this.at++;
        break;
      }
      if (character === ',') {
        this.at++;
        continue;
      }
      const begin = this.at;
      if (this.text.startsWith('...', this.at)) {
        this.at += 3;
        entries.push({ key: spreadKey, keySpan: { start: begin, end: this.at }, value: this.expression() });
        continue;
      }
      const key = this.key();
      this.skipSpace();
      const separator = this.text[this.at];
      if (key && (separator === ':' || (separator === '=' && this.syntax === 'hcl'))) {
        this.at++;
        entries.push({ key: key.key, keySpan: key.span, value: this.value() });
      } else {
        // A shorthand, a method or a computed key.
        const value = this.expression(begin);
        entries.push({ key: key?.key ?? spreadKey, keySpan: key?.span ?? value.span, value });
      }
      if (this.at === begin) this.at = Math.min(this.at + 1, this.end);
    }
    return { kind: 'map', entries, span: { start, end: this.at } };
  }

  private list(): DataNode {
    const start = this.at++;
    const items: DataNode[] = [];
    while (!this.isAtEnd()) {
      this.skipSpace();
      const character = this.text[this.at];
      if (character === ']') {
        this.at++;
        break;
      }
      const begin = this.at;
      if (character === ',') this.at++;
      else items.push(this.value());
      if (this.at === begin) this.at = Math.min(this.at + 1, this.end);
    }
    return { kind: 'list', items, span: { start, end: this.at } };
  }

  private string(): ScalarNode {
    const start = this.at;
    const quote = this.text[this.at++]!;
    let value = '';
    let isLiteral = true;
    while (this.at < this.end && this.text[this.at] !== quote) {
      const character = this.text[this.at]!;
      if (character === '\\') {
        const next = this.text[this.at + 1] ?? '';
        value += escapes[next] ?? next;
        this.at += 2;
        continue;
      }
      if (this.text.startsWith('${', this.at) && quote !== "'") {
        if (quote === '`' || this.syntax === 'hcl') {
          isLiteral = false;
          this.skipInterpolation();
          continue;
        }
      }
      value += character;
      this.at++;
    }
    this.at = Math.min(this.at + 1, this.end);
    const span = { start, end: this.at };
    if (!isLiteral) return { kind: 'scalar', value: null, text: this.text.slice(start, this.at), quoted: false, span };
    return { kind: 'scalar', value, text: value, quoted: true, span };
  }

  private skipInterpolation(): void {
    let depth = 0;
    while (this.at < this.end) {
      const character = this.text[this.at++];
      if (character === '{') depth++;
      else if (character === '}' && --depth === 0) return;
    }
  }

  private hereDocument(): ScalarNode | undefined {
    const head = /^<<-?(\w+)[ \t]*\r?\n/.exec(this.text.slice(this.at, this.at + 80));
    if (!head) return undefined;
    const start = this.at + head[0].length;
    let line = start;
    while (line < this.end) {
      const end = this.endOfLine(line);
      if (this.text.slice(line, end).trim() === head[1]) {
        this.at = end;
        const text = this.text.slice(start, line);
        return { kind: 'scalar', value: text, text, quoted: true, span: { start, end: line } };
      }
      line = end + 1;
    }
    return undefined;
  }

  /** A number, a boolean or null. */
  private word(): ScalarNode | undefined {
    const start = this.at;
    while (this.at < this.end && /[\w.+-]/.test(this.text[this.at]!)) this.at++;
    const text = this.text.slice(start, this.at);
    const span = { start, end: this.at };
    if (/^-?\d{1,15}(\.\d+)?$/.test(text)) return { kind: 'scalar', value: Number(text), text, quoted: false, span };
    if (text === 'true' || text === 'false')
      return { kind: 'scalar', value: text === 'true', text, quoted: false, span };
    if (text === 'null' || text === 'undefined') return { kind: 'scalar', value: null, text: '', quoted: false, span };
    this.at = start;
    return undefined;
  }

  /** Everything up to the next comma or closing bracket that is not inside brackets or quotes. */
  private expression(from = this.at): ScalarNode {
    this.at = Math.max(this.at, from);
    let depth = 0;
    while (this.at < this.end) {
      const character = this.text[this.at]!;
      if (depth === 0 && this.isAtEndOfValue(false)) break;
      if (character === '"' || character === "'" || character === '`') this.string();
      else if (this.text.startsWith('/*', this.at)) this.skipTo('*/');
      else if (this.text.startsWith('//', this.at)) this.skipLine();
      else {
        if ('([{'.includes(character)) depth++;
        else if (')]}'.includes(character)) depth--;
        this.at++;
      }
    }
    const text = this.text.slice(from, this.at).trimEnd();
    return { kind: 'scalar', value: null, text, quoted: false, span: { start: from, end: from + text.length } };
  }

  /** True where a comma, a closing bracket, a semicolon, or in HCL a line's end comes next. */
  private isAtEndOfValue(skip = true): boolean {
    let at = this.at;
    if (skip) while (at < this.end && /[ \t\r]/.test(this.text[at]!)) at++;
    if (at >= this.end) return true;
    const character = this.text[at]!;
    if (',;)]}'.includes(character)) return true;
    if (character === '\n' || character === '#') return this.syntax === 'hcl' || (skip && this.endsWithLine(at));
    return skip && (this.text.startsWith('//', at) || this.text.startsWith('/*', at));
  }

  /** In JavaScript a value may go on in the next line; then that begins with an operator. */
  private endsWithLine(lineEnd: number): boolean {
    const next = /[^\s]/.exec(this.text.slice(lineEnd, lineEnd + 400))?.[0] ?? '';
    return !/[+\-*/.|&?([`]/.test(next);
  }

  private skipLine(): void {
    this.at = this.endOfLine(this.at);
  }

  private skipTo(mark: string): void {
    const found = this.text.indexOf(mark, this.at + 2);
    this.at = found === -1 || found + mark.length > this.end ? this.end : found + mark.length;
  }

  private endOfLine(from: number): number {
    const found = this.text.indexOf('\n', from);
    return found === -1 || found > this.end ? this.end : found;
  }
}

/** True where a node is source that is no literal. */
export function isExpression(node: DataNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null && node.text !== '';
}

/** JSON as nodes, many times faster than YAML would read it; undefined where it is no object or list. */
export function readJson(text: string): DataNode | undefined {
  const root = new LiteralReader(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text).value();
  return root.kind === 'scalar' ? undefined : root;
}
