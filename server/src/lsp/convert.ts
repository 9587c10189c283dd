/** Our findings and places as the protocol's. */
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type Range } from 'vscode-languageserver';
import type { LineIndex, Location, Span } from '../core/text.ts';
import { maskText } from '../present/mask.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { Finding, Severity } from '../rules/finding.ts';
import type { Capabilities } from './capabilities.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tags = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

export function rangeOf(lines: LineIndex, span: Span): Range {
  return { start: lines.position(span.start), end: lines.position(span.end) };
}

/** Undefined where the file's lines are not known (it was never read). */
export function locationRange(analysis: Analysis, at: Location): Range | undefined {
  const lines = analysis.lines(at.uri);
  return lines && rangeOf(lines, at);
}

/** Where a rule's documentation is found; the extension opens it offline. */
export function documentationLink(rule: string): string {
  return `https://github.com/poolproof/poolproof/blob/main/docs/rules/${rule}.md`;
}

interface MaskedTexts {
  readonly message: string;
  readonly related: readonly string[];
}

/** Findings outlive many keystrokes, and looking for secrets takes longer than anything else that is done with them. */
const maskedTexts = new WeakMap<Finding, MaskedTexts>();

function maskedTextsOf(finding: Finding): MaskedTexts {
  let texts = maskedTexts.get(finding);
  if (texts === undefined) {
    texts = {
      message: maskText(finding.help === undefined ? finding.message : `${finding.message} ${finding.help}`),
      related: finding.related.map(({ message }) => maskText(message)),
    };
    maskedTexts.set(finding, texts);
  }
  return texts;
}

/** `clientUri` gives the client's own spelling of a URI. */
export function toDiagnostic(
  finding: Finding,
  analysis: Analysis,
  capabilities: Capabilities,
  clientUri: (uri: string) => string,
): Diagnostic | undefined {
  const range = locationRange(analysis, finding.at);
  if (range === undefined) return undefined;
  const masked = maskedTextsOf(finding);
  const diagnostic: Diagnostic = {
    range,
    severity: severities[finding.severity],
    code: finding.rule,
    source: 'poolproof',
    message: masked.message,
  };
  if (capabilities.showsCodeDescription) diagnostic.codeDescription = { href: documentationLink(finding.rule) };
  if (finding.tags.length > 0) diagnostic.tags = finding.tags.map((tag) => tags[tag]);
  if (capabilities.showsRelatedInformation && finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.flatMap((related, index) => {
      const place = locationRange(analysis, related.at);
      return place
        ? [{ location: { uri: clientUri(related.at.uri), range: place }, message: masked.related[index]! }]
        : [];
    });
  }
  return diagnostic;
}
