/**
 * Keeps what was found out about functions from one analysis to the next. What was found depends on the function, which is
 * the same object while its text is, and on what names of the workspace stand for: those are compared, not followed again.
 */
import type { FileLifecycle, FunctionLife } from '../declarations/lifecycle.ts';
import type { LifecycleView, Question } from './resolve.ts';

interface Entry {
  readonly uri: string;
  /** What each thing asked for was. */
  readonly asked: ReadonlyMap<string, string>;
  /** The state of the workspace for which it is known to hold. */
  version: number;
  readonly value: unknown;
}

export class Memory {
  private version = 0;
  private filesVersion = 0;
  private readonly seen = new Map<string, FileLifecycle | undefined>();
  /** Everything that was asked of a file, with the answer. */
  private readonly answers = new Map<string, Map<string, string>>();
  private entries = new WeakMap<FunctionLife, Map<object, Entry>>();

  /** To be called before an analysis, with every file that was read. `filesVersion` differs when a file came or went. */
  update(files: readonly { readonly uri: string; readonly lifecycle?: FileLifecycle }[], filesVersion: number): void {
    // Which file a module name means may be another one now.
    if (filesVersion !== this.filesVersion) this.entries = new WeakMap();
    this.filesVersion = filesVersion;
    for (const { uri, lifecycle } of files) {
      if (lifecycle === this.seen.get(uri) && this.seen.has(uri)) continue;
      this.seen.set(uri, lifecycle);
      this.compare(uri, lifecycle);
    }
    if (files.length === this.seen.size) return;
    const present = new Set(files.map((each) => each.uri));
    for (const uri of this.seen.keys()) {
      if (present.has(uri)) continue;
      this.seen.delete(uri);
      this.compare(uri, undefined);
    }
  }

  /** What `compute` says of a function, unless something it asked for has changed. `view` is the one that `compute` asks. */
  recall<T>(question: object, uri: string, life: FunctionLife, view: TracingView, compute: () => T): T {
    let known = this.entries.get(life);
    if (known === undefined) this.entries.set(life, (known = new Map()));
    const entry = known.get(question);
    if (entry !== undefined && entry.uri === uri && this.holds(entry)) {
      view.include(entry.asked);
      return entry.value as T;
    }
    const { value, asked } = view.trace(compute);
    for (const [key, answer] of asked) this.answersOf(uriIn(key)).set(key, answer);
    known.set(question, { uri, asked, version: this.version, value });
    return value;
  }

  private holds(entry: Entry): boolean {
    if (entry.version === this.version) return true;
    for (const [key, before] of entry.asked) if (this.answersOf(uriIn(key)).get(key) !== before) return false;
    entry.version = this.version;
    return true;
  }

  private answersOf(uri: string): Map<string, string> {
    let answers = this.answers.get(uri);
    if (answers === undefined) this.answers.set(uri, (answers = new Map()));
    return answers;
  }

  /** Asks a changed file again what it was asked before. */
  private compare(uri: string, file: FileLifecycle | undefined): void {
    for (const [key, before] of this.answers.get(uri) ?? []) {
      const now = answerOf(key, file);
      if (now === before) continue;
      this.answers.get(uri)!.set(key, now);
      this.version++;
    }
  }
}

function keyOf(kind: Question, uri: string, name: string): string {
  return `${kind} ${name} ${uri}`;
}

function uriIn(key: string): string {
  return key.slice(key.indexOf(' ', key.indexOf(' ') + 1) + 1);
}

/** What a file says now, as a text to compare. */
function answerOf(key: string, file: FileLifecycle | undefined): string {
  if (file === undefined) return 'not read';
  const [kind, name] = key.split(' ', 2) as [Question, string];
  switch (kind) {
    case 'file':
      return 'read';
    case 'name':
      return describe(file.name(name));
    case 'field': {
      const [className, attribute] = name.split('.', 2) as [string, string];
      return describe(file.field(className, attribute));
    }
    case 'body': {
      const life = file.function(name)?.life;
      return life === undefined ? 'none' : numberOf(life);
    }
    case 'function': {
      const life = file.function(name)?.life;
      return life === undefined ? 'none' : signatureOf(life);
    }
  }
}

const signatures = new WeakMap<FunctionLife, string>();

function signatureOf(life: FunctionLife): string {
  let signature = signatures.get(life);
  if (signature === undefined) {
    const { isGenerator, decorators, parameters, returns, yields } = life;
    signatures.set(life, (signature = describe({ isGenerator, decorators, parameters, returns, yields })));
  }
  return signature;
}

/** A function is the same object while its text is. */
const numbers = new WeakMap<FunctionLife, string>();
let mostRecent = 0;

function numberOf(life: FunctionLife): string {
  let number = numbers.get(life);
  if (number === undefined) numbers.set(life, (number = String(++mostRecent)));
  return number;
}

const descriptions = new WeakMap<object, string>();

/** Numbers decide nothing across functions, and change while they are typed. */
function describe(part: object | undefined): string {
  if (part === undefined) return 'none';
  let text = descriptions.get(part);
  if (text === undefined) {
    text = JSON.stringify(part, (key, value) => (key === 'value' && typeof value === 'number' ? 0 : value));
    descriptions.set(part, text);
  }
  return text;
}

/** A view that notes what is asked, and what the answers were. */
export class TracingView implements LifecycleView {
  private asked: Map<string, string> | undefined;

  constructor(private readonly view: LifecycleView) {}

  readonly lifecycle: LifecycleView['lifecycle'] = (uri) => this.view.lifecycle(uri);
  readonly resolveModule: LifecycleView['resolveModule'] = (...place) => this.view.resolveModule(...place);

  readonly note = (kind: Question, uri: string, name: string): void => {
    if (this.asked === undefined) return;
    const key = keyOf(kind, uri, name);
    if (!this.asked.has(key)) this.asked.set(key, answerOf(key, this.view.lifecycle(uri)));
  };

  /** What an answer rests on, those who asked for it rest on as well. */
  include(asked: ReadonlyMap<string, string>): void {
    for (const [key, answer] of asked) this.asked?.set(key, answer);
  }

  trace<T>(compute: () => T): { value: T; asked: ReadonlyMap<string, string> } {
    const before = this.asked;
    const asked = new Map<string, string>();
    this.asked = asked;
    const value = compute();
    this.asked = before;
    this.include(asked);
    return { value, asked };
  }
}
