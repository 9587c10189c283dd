/** A source file as it may be shown: every line with its secrets masked. */
import { LineIndex, type Span } from '../core/text.ts';
import { mask, replaceSpans, secretSpans, textKindOf } from './mask.ts';

/** In larger files only the surroundings of what is shown are searched for secrets. */
const searchedWhole = 2_000_000;
/** Characters before and after a shown place that are searched in such a file. */
const surroundings = 100_000;

export class MaskedSource {
  readonly lines: LineIndex;
  private readonly secrets: readonly Span[] | undefined;

  /** `sightings` are places in this very text that are known to hold a secret. */
  constructor(
    private readonly uri: string,
    readonly text: string,
    private readonly sightings: readonly Span[] = [],
  ) {
    this.lines = LineIndex.of(text);
    this.secrets =
      text.length <= searchedWhole ? secretSpans(text, textKindOf(uri), this.inText(sightings)) : undefined;
  }

  /** Every place that is masked; of a very large file only those that were known before. */
  get hidden(): readonly Span[] {
    return this.secrets ?? this.sightings;
  }

  /** The text from `start` to `end`, masked. */
  slice(start: number, end: number): string {
    return replaceSpans(this.text, start, end, this.secretsAround(start, end));
  }

  /** A line (from 0) with its line break, masked. */
  line(number: number): string {
    return this.slice(this.lines.lineStart(number), this.lines.lineStart(number + 1));
  }

  /** Where a line (from 0) ends, without its line break. */
  lineEnd(number: number): number {
    const start = this.lines.lineStart(number);
    let end = this.lines.lineStart(number + 1);
    while (end > start && /[\r\n]/.test(this.text[end - 1]!)) end--;
    return end;
  }

  /** The characters to show from `start` to `end`, each with the offset it stands for. */
  characters(start: number, end: number): { readonly text: string; readonly offset: number }[] {
    const shown: { text: string; offset: number }[] = [];
    let at = start;
    const plain = (until: number) => {
      for (const character of this.text.slice(at, until)) {
        shown.push({ text: character, offset: at });
        at += character.length;
      }
    };
    for (const secret of this.secretsAround(start, end)) {
      if (secret.end <= start || secret.start >= end) continue;
      plain(Math.max(at, secret.start));
      for (const character of mask) shown.push({ text: character, offset: at });
      at = Math.min(end, secret.end);
    }
    plain(end);
    return shown;
  }

  private secretsAround(start: number, end: number): readonly Span[] {
    if (this.secrets !== undefined) return this.secrets;
    const from = Math.max(0, start - surroundings);
    const region = this.text.slice(from, end + surroundings);
    const sightings = this.inText(this.sightings).flatMap((span) =>
      span.end > from && span.start < from + region.length
        ? [{ start: Math.max(0, span.start - from), end: Math.min(region.length, span.end - from) }]
        : [],
    );
    return secretSpans(region, textKindOf(this.uri), sightings).map((span) => ({
      start: span.start + from,
      end: span.end + from,
    }));
  }

  private inText(spans: readonly Span[]): readonly Span[] {
    return spans.filter((span) => span.start >= 0 && span.end <= this.text.length);
  }
}
