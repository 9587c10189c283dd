/** What every presenter of findings starts from: one analysis, the findings to show, and how places are named. */
import { LineIndex, type Location, type Span } from '../core/text.ts';
import { isPlaceholderWord } from '../declarations/credentials.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { Finding, Fix, Severity } from '../rules/finding.ts';
import { mask, maskText } from './mask.ts';
import { MaskedSource } from './maskedSource.ts';
import { entryCount } from './pgbouncer/entries.ts';

/** A place for people: lines and columns from 1, columns in UTF-16 code units. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ReportInput {
  readonly analysis: Analysis;
  /** The findings to show: those of the analysis, or what filters left of them. */
  readonly findings: readonly Finding[];
  /** Path relative to where the user stands, with `/`. */
  readonly path: (uri: string) => string;
  /** The text that was analysed; undefined where it cannot be read any more. */
  readonly text: (uri: string) => string | undefined;
}

export const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

export class Report {
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
  readonly path: (uri: string) => string;
  private readonly readText: ReportInput['text'];
  private readonly sources = new Map<string, MaskedSource | undefined>();
  private knownSecrets: readonly string[] | undefined;

  constructor(input: ReportInput) {
    this.analysis = input.analysis;
    this.findings = input.findings;
    this.path = input.path;
    this.readText = input.text;
  }

  /** Declarations in source, and entries of PgBouncer: as many as `poolproof pools` lists. */
  get poolCount(): number {
    return this.analysis.pools.length + entryCount(this.analysis);
  }

  place({ uri, start, end }: Location): Place {
    const lines = this.analysis.lines(uri) ?? this.source(uri)?.lines ?? LineIndex.of('');
    const from = lines.position(start);
    const to = lines.position(end);
    return {
      path: this.path(uri),
      line: from.line + 1,
      column: from.character + 1,
      endLine: to.line + 1,
      endColumn: to.character + 1,
    };
  }

  /** The file's text, to be shown only through the masks. */
  source(uri: string): MaskedSource | undefined {
    if (!this.sources.has(uri)) {
      const text = this.readText(uri);
      this.sources.set(uri, text === undefined ? undefined : new MaskedSource(uri, text, this.sightings(uri)));
    }
    return this.sources.get(uri);
  }

  /** Places of a file that hold a password, whether or not a finding about them is shown. */
  sightings(uri: string): Span[] {
    return this.allSightings().filter((at) => at.uri === uri);
  }

  private allSightings(): readonly Location[] {
    const reported = this.analysis.findings.filter((finding) => finding.rule === 'hardcoded-credentials');
    return [...reported.map((finding) => finding.at), ...(this.analysis.credentials ?? [])];
  }

  /** Messages, titles and labels, without any secret that found its way into them. */
  say(text: string): string {
    let result = maskText(text);
    for (const secret of this.secretsInSource()) result = result.replaceAll(secret, mask);
    return result;
  }

  private secretsInSource(): readonly string[] {
    this.knownSecrets ??= [
      ...new Set(this.allSightings().map(({ uri, start, end }) => this.source(uri)?.text.slice(start, end) ?? '')),
    ].filter((secret) => secret.length > 3 && !isPlaceholderWord(secret, undefined));
    return this.knownSecrets;
  }

  /** Fixes in the order they are offered. One that would also write another file needs an editor and is left out. */
  fixes(finding: Finding): readonly Fix[] {
    const shown = finding.fixes.filter(
      (fix) => fix.moveToEnvironmentFile === undefined && fix.moveToPrismaConfig === undefined,
    );
    return [...shown.filter((fix) => fix.preferred), ...shown.filter((fix) => !fix.preferred)];
  }

  /**
   * Fixes whose edits may be handed on as data. One that repeats a secret in its new text is left out: masked it would
   * destroy the value, unmasked it would carry it.
   */
  transferableFixes(finding: Finding): readonly Fix[] {
    return this.fixes(finding).filter((fix) => fix.edits.every((edit) => this.say(edit.newText) === edit.newText));
  }

  count(severity: Severity): number {
    return this.findings.filter((finding) => finding.severity === severity).length;
  }
}
