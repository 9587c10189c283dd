/** Handlers, registered; each is a few lines over the session. */

import documentation from 'virtual:rule-documentation';
import {
  type CodeAction,
  CodeActionKind,
  CompletionItemKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  InlayHintKind,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { assistantContext } from '../present/assistantContext.ts';
import { fleetReport } from '../present/fleetReport.ts';
import { hoverAt } from '../present/hover.ts';
import { defaultHintsOf, lensesOf } from '../present/lenses.ts';
import { maskUrls } from '../present/mask.ts';
import { hoverPrismaUrl } from '../present/prismaUrl.ts';
import { topologyDraft } from '../present/topologyDraft.ts';
import { ruleIds } from '../rules/registry.ts';
import { completeTopology, hoverTopology } from '../topology/assist.ts';
import { describeFailure } from '../workspace/failure.ts';
import { codeActions, fixAllKind, resolveAction } from './codeActions.ts';
import { locationRange, rangeOf } from './convert.ts';
import { offsetIn } from './documents.ts';
import type { ServerHost } from './host.ts';
import { isPgbouncer, pgbouncerCompletion, pgbouncerFoldings, pgbouncerHover, pgbouncerSymbols } from './pgbouncer.ts';
import { prismaUrlCompletion } from './prismaUrl.ts';
import {
  assistantContextRequest,
  draftTopologyRequest,
  fleetReportRequest,
  type MarkdownResult,
  ruleDocumentationRequest,
} from './protocol.ts';
import { Session } from './session.ts';

export function startServer(connection: Connection, host: ServerHost): void {
  let session: Session;
  let isReady = false;
  /** Notifications that arrived before the parser was loaded, in order. */
  const early: (() => void)[] = [];
  const inOrder = (task: () => void) => {
    session?.heard();
    if (isReady) task();
    else early.push(task);
  };
  let isStarted: () => void;
  const ready = new Promise<void>((resolve) => {
    isStarted = resolve;
  });
  /** Every folder has been read once: what is asked about a whole workspace waits for it. */
  let begun: Promise<void> = Promise.resolve();
  const start = async () => {
    try {
      await session.start();
    } catch (error) {
      session.log(`The parser could not be loaded: ${error instanceof Error ? error.message : 'unknown error'}`);
      // Nobody waits for what will not come: requests are answered with nothing.
      isStarted();
      return;
    }
    isReady = true;
    for (const task of early.splice(0)) task();
    isStarted();
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    session = new Session(connection, host, params);
    if (!host.readsThroughClient) void start();
    return { capabilities: capabilitiesOf(session), serverInfo: { name: 'poolproof', version: '0.1.0' } };
  });
  connection.onInitialized(() => {
    // Only now does the client answer requests, and the parser's bytes may have to come from it.
    if (host.readsThroughClient) void start();
    begun = ready.then(() => session.begin()).catch((error) => session.log(`start failed: ${describeFailure(error)}`));
  });
  connection.onShutdown(() => session?.dispose());

  connection.onDidOpenTextDocument(({ textDocument }) =>
    inOrder(() => session.opened(textDocument.uri, textDocument.version, textDocument.text)),
  );
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) =>
    inOrder(() => session.changed(textDocument.uri, textDocument.version, contentChanges)),
  );
  connection.onDidCloseTextDocument(({ textDocument }) => inOrder(() => session.closed(textDocument.uri)));
  connection.onDidChangeWatchedFiles(({ changes }) =>
    inOrder(() => session.watchedFilesChanged(changes.map((each) => each.uri))),
  );
  connection.onDidChangeConfiguration(({ settings }) => inOrder(() => session.configurationChanged(settings)));

  /** Runs a request on the newest analysis; a failure is logged and answered neutrally. */
  const about = async <T>(
    uri: string,
    neutral: T,
    answer: (at: NonNullable<Awaited<ReturnType<Session['at']>>>) => T | Promise<T>,
  ): Promise<T> => {
    await ready;
    try {
      const at = await session.at(uri);
      return at === undefined ? neutral : await answer(at);
    } catch (error) {
      session.log(`request failed: ${describeFailure(error)}`);
      return neutral;
    }
  };

  connection.onHover(({ textDocument, position }) =>
    about(textDocument.uri, null, (at) => {
      const { uri, document, state, analysis } = at;
      const offset = offsetIn(document, position);
      if (isPgbouncer(at)) return pgbouncerHover(at, offset);
      if (state.project.kindOf(uri) === 'topology') {
        const found = hoverTopology(uri, document.text, offset);
        return found
          ? {
              contents: { kind: MarkupKind.Markdown, value: maskUrls(found.markdown) },
              range: rangeOf(document.lines, found.span),
            }
          : null;
      }
      const options = { commandLinks: session.capabilities.runsExtensionCommands, folder: state.project.root };
      const found =
        hoverPrismaUrl(analysis, uri, document.text, offset, options) ?? hoverAt(analysis, uri, offset, options);
      return found
        ? {
            contents: { kind: MarkupKind.Markdown, value: maskUrls(found.markdown) },
            range: rangeOf(document.lines, found.at),
          }
        : null;
    }),
  );

  connection.onCodeAction(({ textDocument, range, context }) =>
    about<CodeAction[]>(textDocument.uri, [], (at) => {
      const span = { start: offsetIn(at.document, range.start), end: offsetIn(at.document, range.end) };
      return codeActions({ session, ...at }, span, context.only);
    }),
  );
  connection.onCodeActionResolve((action) => {
    const uri = (action.data as { uri?: string } | undefined)?.uri;
    return uri === undefined
      ? action
      : about<CodeAction>(uri, action, (at) => resolveAction({ session, ...at }, action));
  });

  connection.onCodeLens(({ textDocument }) =>
    about(textDocument.uri, [], ({ uri, state, analysis }) =>
      lensesOf(analysis, uri).flatMap(({ at, text: shown, action }) => {
        const text = maskUrls(shown);
        const range = locationRange(analysis, at);
        if (range === undefined) return [];
        if (!session.capabilities.runsExtensionCommands) return [{ range, command: { title: text, command: '' } }];
        const command =
          action === 'createTopology'
            ? { title: text, command: 'poolproof.createTopologyFile', arguments: [state.project.root] }
            : action === 'fleet'
              ? { title: text, command: 'poolproof.showFleetBudget' }
              : { title: text, command: 'poolproof.offerFixes', arguments: [textDocument.uri, range.start] };
        return [{ range, command }];
      }),
    ),
  );

  connection.languages.inlayHint.on(({ textDocument, range }) =>
    about(textDocument.uri, [], ({ uri, document, analysis }) => {
      const from = offsetIn(document, range.start);
      const to = offsetIn(document, range.end);
      return defaultHintsOf(analysis, uri)
        .filter((hint) => from <= hint.offset && hint.offset <= to)
        .map((hint) => ({
          position: document.lines.position(hint.offset),
          label: hint.text,
          tooltip: hint.tooltip,
          kind: InlayHintKind.Parameter,
          paddingLeft: true,
        }));
    }),
  );

  connection.onCompletion(({ textDocument, position }) =>
    about(textDocument.uri, [], (at) => {
      const { uri, document, state } = at;
      if (isPgbouncer(at)) return pgbouncerCompletion(at, offsetIn(document, position));
      if (state.project.kindOf(uri) !== 'topology') return prismaUrlCompletion(at, offsetIn(document, position));
      const context = { knownRules: ruleIds, environmentVariables: state.project.environmentVariables };
      const items = completeTopology(uri, document.text, offsetIn(document, position), context);
      return items
        .filter(({ insertText }) => maskUrls(insertText) === insertText)
        .map((item) => ({
          label: item.label,
          kind: item.kind === 'key' ? CompletionItemKind.Property : CompletionItemKind.Value,
          detail: item.detail,
          documentation:
            item.documentation === undefined ? undefined : { kind: MarkupKind.Markdown, value: item.documentation },
          textEdit: { range: rangeOf(document.lines, item.replace), newText: item.insertText },
        }));
    }),
  );

  // Null, not an empty list, for every other language: a list would take the place of the editor's own folding.
  connection.onDocumentSymbol(({ textDocument }) => about(textDocument.uri, null, pgbouncerSymbols));
  connection.onFoldingRanges(({ textDocument }) => about(textDocument.uri, null, pgbouncerFoldings));

  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }) => {
    await ready;
    await session.folders.owner(session.normalise(textDocument.uri))?.ground;
    const at = await session.at(textDocument.uri);
    return session.publisher.document(at?.uri ?? session.normalise(textDocument.uri), previousResultId);
  });
  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token) => {
    await ready;
    const previous = new Map(previousResultIds.map((each) => [session.normalise(each.uri), each.value]));
    return session.publisher.workspace(previous, (handler) => token.onCancellationRequested(handler));
  });

  connection.onRequest(ruleDocumentationRequest, ({ rule }: { rule: string }): MarkdownResult | null => {
    const markdown = Object.hasOwn(documentation, rule) ? documentation[rule] : undefined;
    return markdown === undefined ? null : { markdown };
  });
  connection.onRequest(fleetReportRequest, async (): Promise<MarkdownResult> => {
    await ready;
    await begun;
    const analyses = await Promise.all(session.folders.all().map((state) => session.analysis(state)));
    return { markdown: fleetReport(analyses) };
  });
  connection.onRequest(assistantContextRequest, async ({ uri }: { uri?: string }): Promise<MarkdownResult> => {
    await ready;
    await begun;
    const state =
      (uri === undefined ? undefined : session.folders.owner(session.normalise(uri))) ?? session.folders.all()[0];
    if (state === undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, 'Open a folder first.');
    return { markdown: assistantContext(await session.analysis(state)) };
  });
  connection.onRequest(draftTopologyRequest, async ({ folder }: { folder: string }) => {
    await ready;
    await begun;
    const state = session.folders.get(session.normalise(folder).replace(/\/$/, '')) ?? session.folders.all()[0];
    if (state === undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, 'Open a folder first.');
    return { text: topologyDraft(await session.analysis(state), state.project.manifestFacts) };
  });
  connection.listen();
}

function capabilitiesOf(session: Session): InitializeResult['capabilities'] {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: true },
    codeLensProvider: { resolveProvider: false },
    inlayHintProvider: true,
    completionProvider: { triggerCharacters: [':', ' ', '=', '[', '%', '?', '&'] },
    documentSymbolProvider: { label: 'PgBouncer' },
    foldingRangeProvider: true,
    diagnosticProvider: session.capabilities.pullsDiagnostics
      ? { identifier: 'poolproof', interFileDependencies: true, workspaceDiagnostics: true }
      : undefined,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
