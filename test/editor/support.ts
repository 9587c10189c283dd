/** A test runner small enough for both extension hosts: nothing here but the editor's API and plain JavaScript. */
import * as vscode from 'vscode';

/** scripts/editor/suite.mjs looks for it among everything else an extension host prints. */
const marker = '[poolproof-test] ';
const deadlineMilliseconds = 15_000;
const pollMilliseconds = 25;

interface Test {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly isPrerequisite: boolean;
}

const tests: Test[] = [];

export function test(name: string, run: () => Promise<void>): void {
  tests.push({ name, run, isPrerequisite: false });
}

/** A test without which every later one would only wait in vain: where it fails, they fail at once. */
export function prerequisite(name: string, run: () => Promise<void>): void {
  tests.push({ name, run, isPrerequisite: true });
}

function report(event: object): void {
  console.log(marker + JSON.stringify(event));
}

/** Runs every test in order; rejects where one failed, as the contract of @vscode/test-electron wants it. */
export async function runTests(): Promise<void> {
  let failed = 0;
  let unmet: string | undefined;
  report({ host: 'importScripts' in globalThis ? 'web' : 'node' });
  for (const { name, run, isPrerequisite } of tests) {
    const started = performance.now();
    const milliseconds = () => Math.round(performance.now() - started);
    try {
      ok(unmet === undefined, `not run, because this failed: ${unmet}`);
      await run();
      report({ name, ok: true, milliseconds: milliseconds() });
    } catch (error) {
      failed += 1;
      if (isPrerequisite) unmet = name;
      const message = error instanceof Error ? error.message : String(error);
      report({ name, ok: false, milliseconds: milliseconds(), error: message });
    }
  }
  report({ done: true });
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed.`);
}

export function ok(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function equal<T>(actual: T, expected: T, what: string): void {
  ok(actual === expected, `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

export function includes(text: string, part: string, what: string): void {
  ok(text.includes(part), `${what} does not contain ${JSON.stringify(part)}:\n${text}`);
}

/**
 * Asks again and again until `ask` gives something other than undefined or false. Where that does not happen in time,
 * fails with what was awaited and what `state` says then.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  state: () => unknown = () => '',
): Promise<T> {
  const deadline = Date.now() + deadlineMilliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}. ${JSON.stringify(await state())}`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

export function folder(): vscode.WorkspaceFolder {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  ok(first, 'The window has no folder.');
  return first;
}

export function file(path: string): vscode.Uri {
  return vscode.Uri.joinPath(folder().uri, path);
}

export async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file(path));
  await vscode.window.showTextDocument(document);
  return document;
}

export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

/** Poolproof's findings in a file, opened or not. */
export function findings(path: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file(path)).filter(({ source }) => source?.toLowerCase() === 'poolproof');
}

export function finding(path: string, rule: string): vscode.Diagnostic | undefined {
  return findings(path).find((diagnostic) => ruleOf(diagnostic) === rule);
}

export function untilFound(path: string, rule: string): Promise<vscode.Diagnostic> {
  return until(
    `${rule} in ${path}`,
    () => finding(path, rule),
    () => findings(path).map(ruleOf),
  );
}

export function untilGone(path: string, rule: string): Promise<true> {
  return until(`${rule} to leave ${path}`, () => finding(path, rule) === undefined);
}

export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  ok(offset >= 0, `${document.uri.path} does not contain ${text}`);
  return document.positionAt(offset);
}

/** Replaces the first occurrence of a text in an open document, without saving it. */
export async function replace(document: vscode.TextDocument, text: string, by: string): Promise<void> {
  const start = positionOf(document, text);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(start, document.positionAt(document.offsetAt(start) + text.length)), by);
  ok(await vscode.workspace.applyEdit(edit), `The edit of ${document.uri.path} was refused.`);
}

export function markdownOf(hovers: readonly vscode.Hover[]): string {
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n\n');
}
