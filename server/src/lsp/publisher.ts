/** Findings to the client: pushed by difference, or pulled with result ids; one truth behind both. */

import type { Connection, WorkspaceDiagnosticReport } from 'vscode-languageserver';
import {
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { haveSameItems, saysTheSame } from '../core/same.ts';
import type { LineIndex, Span } from '../core/text.ts';
import type { Analysis } from '../rules/analysis.ts';
import type { Finding } from '../rules/finding.ts';
import type { Capabilities } from './capabilities.ts';
import { rangeOf, toDiagnostic } from './convert.ts';

interface FileState {
  diagnostics: Diagnostic[];
  /** The diagnostics as text: equal text, nothing to send. */
  key: string;
  resultId: string;
}

interface Waiting {
  readonly previous: ReadonlyMap<string, string>;
  readonly answer: (report: WorkspaceDiagnosticReport) => void;
}

interface Made {
  /** Tables of the lines on which the finding and its related places stand. */
  lines: readonly (LineIndex | undefined)[];
  readonly diagnostic: Diagnostic | undefined;
}

function isOnSameLines(span: Span, now: LineIndex | undefined, before: LineIndex | undefined): boolean {
  if (now === before) return true;
  if (now === undefined || before === undefined) return false;
  return saysTheSame(rangeOf(now, span), rangeOf(before, span));
}

export class Publisher {
  private readonly files = new Map<string, FileState>();
  private readonly made = new WeakMap<Finding, Made>();
  private waiting: Waiting | undefined;
  private isDisposed = false;
  private counter = 0;

  constructor(
    private readonly connection: Connection,
    private readonly capabilities: Capabilities,
    private readonly clientUri: (uri: string) => string,
    private readonly versionOf: (uri: string) => number | undefined,
  ) {}

  /** Takes over the findings of a folder in the files that belong to it; files that became clean are cleared. */
  update(analysis: Analysis, belongs: (uri: string) => boolean): void {
    const byUri = new Map<string, Diagnostic[]>();
    for (const finding of analysis.findings) {
      const { uri } = finding.at;
      let list = byUri.get(uri);
      if (list === undefined) {
        if (!belongs(uri)) continue;
        byUri.set(uri, (list = []));
      }
      const diagnostic = this.diagnosticOf(finding, analysis);
      if (diagnostic !== undefined) list.push(diagnostic);
    }
    let isChanged = false;
    for (const [uri, diagnostics] of byUri) isChanged = this.set(uri, diagnostics) || isChanged;
    isChanged = this.empty((uri) => !byUri.has(uri) && belongs(uri)) || isChanged;
    if (isChanged) this.announce();
  }

  /** The same object as before for the same finding in the same places. */
  private diagnosticOf(finding: Finding, analysis: Analysis): Diagnostic | undefined {
    const places = [finding.at, ...finding.related.map(({ at }) => at)];
    const lines = places.map(({ uri }) => analysis.lines(uri));
    const before = this.made.get(finding);
    // Most edits leave the lines of what stands above them, and of what is only related, as they were.
    if (before !== undefined && places.every((at, index) => isOnSameLines(at, lines[index], before.lines[index]))) {
      before.lines = lines;
      return before.diagnostic;
    }
    const diagnostic = toDiagnostic(finding, analysis, this.capabilities, this.clientUri);
    this.made.set(finding, { lines, diagnostic });
    return diagnostic;
  }

  /** Takes back what was said about files. */
  clear(isGone: (uri: string) => boolean): void {
    if (this.empty(isGone)) this.announce();
  }

  private empty(isClean: (uri: string) => boolean): boolean {
    let isChanged = false;
    for (const [uri, state] of this.files) {
      if (state.diagnostics.length > 0 && isClean(uri)) isChanged = this.set(uri, []) || isChanged;
    }
    return isChanged;
  }

  private set(uri: string, diagnostics: Diagnostic[]): boolean {
    const previous = this.files.get(uri);
    if (previous !== undefined && haveSameItems(diagnostics, previous.diagnostics)) return false;
    const key = JSON.stringify(diagnostics);
    if (previous?.key === key || (previous === undefined && diagnostics.length === 0)) return false;
    this.files.set(uri, { diagnostics, key, resultId: String(++this.counter) });
    if (!this.capabilities.pullsDiagnostics) {
      void this.connection.sendDiagnostics({ uri: this.clientUri(uri), version: this.versionOf(uri), diagnostics });
    }
    return true;
  }

  private announce(): void {
    if (!this.capabilities.pullsDiagnostics) return;
    const waiting = this.waiting;
    if (waiting !== undefined) {
      const items = this.changedSince(waiting.previous);
      if (items.length > 0) {
        this.waiting = undefined;
        waiting.answer({ items });
      }
    }
    if (this.capabilities.refreshesDiagnostics) this.connection.languages.diagnostics.refresh();
  }

  document(uri: string, previousResultId: string | undefined) {
    const state = this.files.get(uri);
    const resultId = state?.resultId ?? '0';
    if (previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId } as const;
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items: state?.diagnostics ?? [] } as const;
  }

  /** Answers at once where something changed since, else when something does, or when the client gives up. */
  workspace(
    previous: ReadonlyMap<string, string>,
    onCancel: (handler: () => void) => void,
  ): Promise<WorkspaceDiagnosticReport> {
    const items = this.changedSince(previous);
    if (items.length > 0 || this.isDisposed) return Promise.resolve({ items });
    this.waiting?.answer({ items: [] });
    return new Promise((resolve) => {
      const waiting: Waiting = { previous, answer: resolve };
      this.waiting = waiting;
      onCancel(() => {
        if (this.waiting === waiting) this.waiting = undefined;
        resolve({ items: [] });
      });
    });
  }

  private changedSince(previous: ReadonlyMap<string, string>): WorkspaceDocumentDiagnosticReport[] {
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    for (const [uri, { resultId, diagnostics }] of this.files) {
      const known = previous.get(uri);
      if (known === resultId || (known === undefined && diagnostics.length === 0)) continue;
      items.push({
        kind: DocumentDiagnosticReportKind.Full,
        uri: this.clientUri(uri),
        version: this.versionOf(uri) ?? null,
        resultId,
        items: diagnostics,
      });
    }
    // An id that nothing here matches any more: the file must be cleared.
    for (const uri of previous.keys()) {
      if (!this.files.has(uri))
        items.push({ kind: DocumentDiagnosticReportKind.Full, uri: this.clientUri(uri), version: null, items: [] });
    }
    return items;
  }

  /** Ends a request that is held open; none is held from here on. */
  dispose(): void {
    this.isDisposed = true;
    this.waiting?.answer({ items: [] });
    this.waiting = undefined;
  }
}
