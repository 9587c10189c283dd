/** JSON as a {@link Value} with the place of everything in it. One pass; undefined for what is no JSON. */
import type { Location } from '../../core/text.ts';
import type { ArgumentInsertion, MappingEntry, Scalar, Value } from '../../declarations/value.ts';

/** Deeper than this nobody nests settings. */
const deepest = 50;
const blank = /[ \t\r\n]*/y;
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

export function parseJson(uri: string, source: string): Value | undefined {
  const parser = new Parser(uri, source);
  const value = parser.value(0);
  return value !== undefined && parser.isAtEnd() ? value : undefined;
}

class Parser {
  private at = 0;

  constructor(
    private readonly uri: string,
    private readonly source: string,
  ) {}

  isAtEnd(): boolean {
    this.skipBlank();
    return this.at === this.source.length;
  }

  value(depth: number): Value | undefined {
    this.skipBlank();
    if (depth > deepest) return undefined;
    const start = this.at;
    switch (this.source[start]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.list(depth);
      default: {
        const written = this.take(text) ?? this.take(number) ?? this.take(word);
        if (written === undefined) return undefined;
        return { kind: 'literal', value: JSON.parse(written) as Scalar, at: this.from(start) };
      }
    }
  }

  private object(depth: number): Value | undefined {
    const start = this.at++;
    const entries: MappingEntry[] = [];
    for (let isFirst = true; !this.sign('}'); isFirst = false) {
      if (!isFirst && !this.sign(',')) return undefined;
      this.skipBlank();
      const keyStart = this.at;
      const key = this.take(text);
      const keySpan = this.from(keyStart);
      if (key === undefined || !this.sign(':')) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      entries.push({ key: JSON.parse(key) as string, keySpan, value, span: this.from(keyStart) });
    }
    const at = this.from(start);
    return { kind: 'mapping', entries, complete: true, at, insertion: this.insertionAfter(entries.at(-1), start) };
  }

  private list(depth: number): Value | undefined {
    const start = this.at++;
    const items: Value[] = [];
    while (!this.sign(']')) {
      if (items.length > 0 && !this.sign(',')) return undefined;
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { kind: 'sequence', items, at: this.from(start) };
  }

  private insertionAfter(last: MappingEntry | undefined, start: number): ArgumentInsertion {
    const { uri } = this;
    const style = { kind: 'entry', quote: '"' } as const;
    if (last === undefined) return { uri, offset: start + 1, before: ' ', after: ' ', style };
    const line = this.source.lastIndexOf('\n', last.span.start);
    const before = this.source.slice(line, last.span.start);
    const isOnItsLine = line > start && before.trim() === '';
    return { uri, offset: last.span.end, before: isOnItsLine ? `,${before}` : ', ', after: '', style };
  }

  private skipBlank(): void {
    this.take(blank);
  }

  private sign(sign: string): boolean {
    this.skipBlank();
    if (this.source[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private from(start: number): Location {
    return { uri: this.uri, start, end: this.at };
  }
}
