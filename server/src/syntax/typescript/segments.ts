/**
 * Cuts a JavaScript or TypeScript file into top-level statements without parsing it. A piece may hold several statements
 * (where their lines are indented, or where one might continue the other), never a part of one: a keystroke costs the piece
 * it falls into, and only pieces in which something of interest stands are ever parsed.
 */
import type { Cut } from '../segmentedFile.ts';
import {
  backslash,
  endOfComment,
  endOfRegularExpression,
  endOfString,
  expectsOperand,
  isIdentifierCode,
  newline,
  slash,
  star,
} from './lexical.ts';
import { beginsDeclaration, endsStatement } from './statements.ts';

const parenthesis = 40;
const bracket = 91;
const brace = 123;
/** Inside a template literal, inside a tag, between an element's tags. */
const template = 96;
const tag = 60;
const element = 62;

/**
 * The end of the statement that begins at `start`, which must be 0 or the beginning of a line. Something left open ends
 * where a declaration begins in the first column that nothing later encloses.
 */
export function cutStatement(text: string, start: number, hasElements: boolean): Cut {
  return new Cutter(text, start, hasElements).cut();
}

class Cutter {
  /** Kinds and offsets of what stands open, outermost first. */
  private readonly kinds: number[] = [];
  private readonly offsets: number[] = [];
  /** Lines at which a declaration begins while something stands open: offset, what is open, and since where. */
  private readonly candidates: { readonly at: number; readonly depth: number; readonly since: number }[] = [];
  private last: number;
  private first = -1;
  private endsOperand = false;
  private lastParenthesis = 0;

  constructor(
    private readonly text: string,
    private readonly start: number,
    private readonly hasElements: boolean,
  ) {
    this.last = start - 1;
  }

  cut(): Cut {
    const { text } = this;
    const { length } = text;
    let at = this.start;
    while (at < length) {
      const top = this.kinds[this.kinds.length - 1];
      if (top === template) at = this.inTemplate(at);
      else if (top === element) at = this.inElement(at);
      else if (top === tag) at = this.inTag(at);
      else {
        const code = text.charCodeAt(at);
        if (code === newline) {
          at++;
          if (at < length && this.endsAt(at)) return { ends: [at], isOpen: false };
        } else at = this.inCode(at, code);
      }
    }
    if (this.kinds.length === 0) return { ends: [length], isOpen: false };
    const open = this.candidates.filter(({ depth, since }) => this.offsets[depth - 1] === since);
    return { ends: [...open.map((each) => each.at), length], isOpen: true };
  }

  /** Looks at the beginning of a line in code. */
  private endsAt(lineStart: number): boolean {
    const { kinds, text } = this;
    if (kinds.length > 0) {
      this.noteCandidate(lineStart);
      return false;
    }
    const { first, last, endsOperand } = this;
    return first !== -1 && endsStatement(text, { first, last, endsOperand }, lineStart);
  }

  private noteCandidate(lineStart: number): void {
    if (!beginsDeclaration(this.text, lineStart)) return;
    const depth = this.kinds.length;
    this.candidates.push({ at: lineStart, depth, since: this.offsets[depth - 1]! });
  }

  private open(kind: number, at: number): void {
    this.kinds.push(kind);
    this.offsets.push(at);
  }

  private pop(): void {
    this.kinds.pop();
    this.offsets.pop();
  }

  /** Takes what stands open down to the nearest `kind`, that included; nothing where there is none. */
  private close(kind: number): void {
    const { kinds } = this;
    if (kind !== brace && kinds[kinds.length - 1] !== kind) return;
    const found = kinds.lastIndexOf(kind);
    if (found === -1) return;
    if (kind === parenthesis) this.lastParenthesis = this.offsets[found]!;
    kinds.length = found;
    this.offsets.length = found;
  }

  private inCode(at: number, code: number): number {
    const { text } = this;
    if (code === 32 || code === 9 || code === 13 || code === 12 || code === 0xa0 || code === 0xfeff) return at + 1;
    if (isIdentifierCode(code)) {
      let end = at + 1;
      while (isIdentifierCode(text.charCodeAt(end))) end++;
      return this.take(at, end);
    }
    switch (code) {
      case 34:
      case 39:
        return this.take(at, endOfString(text, at, code));
      case template:
        this.open(template, at);
        return this.take(at, at + 1);
      case slash: {
        const next = text.charCodeAt(at + 1);
        if (next === slash || next === star) return endOfComment(text, at);
        const end = expectsOperand(text, at, this.preceding()) ? endOfRegularExpression(text, at) : undefined;
        return end === undefined ? this.take(at, at + 1) : this.takeOperand(at, end);
      }
      case tag:
        if (this.hasElements && this.beginsElement(at)) {
          this.take(at, at + 1);
          return this.beginTag(at);
        }
        return this.take(at, at + 1);
      case parenthesis:
      case bracket:
      case brace:
        this.open(code, at);
        return this.take(at, at + 1);
      case 41:
        this.close(parenthesis);
        return this.take(at, at + 1);
      case 93:
        this.close(bracket);
        return this.take(at, at + 1);
      case 125:
        this.close(brace);
        return this.take(at, at + 1);
      default:
        return this.take(at, at + 1);
    }
  }

  private take(at: number, end: number): number {
    if (this.first === -1) this.first = at;
    this.last = end - 1;
    this.endsOperand = false;
    return end;
  }

  private takeOperand(at: number, end: number): number {
    this.take(at, end);
    this.endsOperand = true;
    return end;
  }

  private preceding() {
    const { last, endsOperand, lastParenthesis, start } = this;
    return { last, endsOperand, lastParenthesis, start };
  }

  private inTemplate(from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === backslash) at++;
      else if (code === template) {
        this.pop();
        return this.take(at, at + 1);
      } else if (code === 36 && text.charCodeAt(at + 1) === brace) {
        this.open(brace, at + 1);
        return this.take(at, at + 2);
      } else if (code === newline) this.noteCandidate(at + 1);
    }
    return text.length;
  }

  private beginsElement(at: number): boolean {
    const { text } = this;
    const next = text.charCodeAt(at + 1);
    if (next !== element && (!isIdentifierCode(next) || (next >= 48 && next <= 57))) return false;
    return expectsOperand(text, at, this.preceding()) && !beginsTypeParameters(text, at);
  }

  /** After the `<` of a tag that opens an element. */
  private beginTag(at: number): number {
    const { text } = this;
    this.open(tag, at);
    let end = at + 1;
    while (isIdentifierCode(text.charCodeAt(end)) || /[.:-]/.test(text.charAt(end))) end++;
    if (text.charCodeAt(end) !== tag) return end;
    // Type arguments: `<List<string> items={…}>`.
    for (let depth = 0; end < text.length && text.charCodeAt(end) !== newline; end++) {
      const code = text.charCodeAt(end);
      if (code === tag) depth++;
      else if (code === element && --depth === 0) return end + 1;
    }
    return end;
  }

  private inTag(from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === element) {
        this.kinds[this.kinds.length - 1] = element;
        return at + 1;
      }
      if (code === slash && text.charCodeAt(at + 1) === element) {
        this.pop();
        return this.takeOperand(at, at + 2);
      }
      if (code === slash && (text.charCodeAt(at + 1) === slash || text.charCodeAt(at + 1) === star)) {
        at = endOfComment(text, at) - 1;
      } else if (code === 34 || code === 39) {
        const end = text.indexOf(text.charAt(at), at + 1);
        at = end === -1 ? at : end;
      } else if (code === brace) {
        this.open(brace, at);
        return this.take(at, at + 1);
      } else if (code === 125 || code === 59) {
        // Half-typed: no tag holds these.
        this.pop();
        return at;
      } else if (code === newline) this.noteCandidate(at + 1);
    }
    return text.length;
  }

  private inElement(from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === brace) {
        this.open(brace, at);
        return this.take(at, at + 1);
      }
      if (code === 125) {
        // Text cannot hold it: the element's end is missing.
        this.close(brace);
        return this.take(at, at + 1);
      }
      if (code === tag && text.charCodeAt(at + 1) === slash) {
        const end = text.indexOf('>', at);
        this.pop();
        return this.takeOperand(at, end === -1 ? text.length : end + 1);
      }
      if (code === tag && (text.charCodeAt(at + 1) === element || isIdentifierCode(text.charCodeAt(at + 1)))) {
        return this.beginTag(at);
      }
      if (code === newline) this.noteCandidate(at + 1);
    }
    return text.length;
  }
}

const typeParameters = /<\s*(?:const\s+)?[\w$]+\s*(?:,|=(?!>)\s*[\w$({["']|extends\s+[^\s={/>])/y;
const functionType = /<\s*[\w$]+>\(/y;

/** `<T,>(x) => …`, `<T extends X>(…)`, and `<T>(x: T) => U` where a type stands. */
function beginsTypeParameters(text: string, at: number): boolean {
  typeParameters.lastIndex = at;
  if (typeParameters.test(text)) return true;
  functionType.lastIndex = at;
  if (!functionType.test(text)) return false;
  let depth = 0;
  const limit = Math.min(text.length, at + 1000);
  for (let end = functionType.lastIndex - 1; end < limit; end++) {
    const code = text.charCodeAt(end);
    if (code === parenthesis) depth++;
    else if (code === 41 && --depth === 0) return /^\s*(?::|=>)/.test(text.slice(end + 1, end + 20));
  }
  return false;
}
