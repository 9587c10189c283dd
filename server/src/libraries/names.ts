/**
 * What names mean across the files of a workspace: imports, re-exports, packages. Pure; files that were not read yet are
 * asked for in `demands`. What an answer rests on is noted, so that it can be kept while that stays the same.
 */
import type { Location } from '../core/text.ts';
import type { Member } from '../declarations/definitions.ts';
import type { SourceModel } from '../declarations/source.ts';
import { type CallSite, qualifiedName, type ReferenceValue, unknown, type Value } from '../declarations/value.ts';
import { type GeneratedPackage, generatedCallable } from './generated.ts';
import { heirKey, heldUnder, type Identity, libraryPath, ofLibrary } from './identity.ts';
import { attributeOf, placesOf, type ResolvedModule, rootOf } from './modules.ts';
import { isLibraryModule, libraryOf } from './registry.ts';
import { AttributesSetElsewhere } from './setElsewhere.ts';

export interface WorkspaceView {
  readonly model: (uri: string) => SourceModel | undefined;
  readonly models: () => Iterable<SourceModel>;
  readonly resolveModule: (fromUri: string, module: string, name: string, level: number) => ResolvedModule | undefined;
  /** The package whose place generated code takes that a module name leads to. */
  readonly generatedPackage: (fromUri: string, module: string) => GeneratedPackage | undefined;
  /** True for the copy of a schema that its generator writes. */
  readonly isCopy: (uri: string) => boolean;
  /** True for a module that only tests import. */
  readonly isOnlyTested: (uri: string) => boolean;
  /** Changes when files come or go. */
  readonly filesVersion: () => number;
}

/** What a file was asked, and what it answered. */
interface Consulted {
  model: SourceModel | undefined;
  readonly answers: Map<string, object | undefined>;
}

/** A result with all that it rests on: what files answered, and which files there were. */
export interface Kept<T> {
  readonly value: T;
  readonly consulted: ReadonlyMap<string, Consulted>;
  readonly filesVersion: number;
}

/** Names handed on from module to module more often than this are a circle. */
const longestImportChain = 12;

export class WorkspaceNames {
  /** Files that names lead to and that have not been read yet. */
  readonly demands = new Set<string>();
  private consulted: Map<string, Consulted> | undefined;
  /** Which file a name means, as long as the same files are there. */
  private readonly modules = new Map<string, ResolvedModule | undefined>();
  private modulesVersion = -1;
  private readonly setElsewhere = new AttributesSetElsewhere();
  private readonly identities = new WeakMap<CallSite, Kept<Identity | undefined>>();

  constructor(private readonly view: WorkspaceView) {}

  /** Computes a result and notes what it rests on. */
  trace<T>(compute: () => T): Kept<T> {
    const outer = this.consulted;
    const consulted = new Map<string, Consulted>();
    this.consulted = consulted;
    try {
      return { value: compute(), consulted, filesVersion: this.version() };
    } finally {
      this.consulted = outer;
      this.include(consulted);
    }
  }

  /** True while every file would answer the same; then whoever asks rests on that as well. */
  holds({ consulted, filesVersion }: Kept<unknown>): boolean {
    if (filesVersion !== this.version()) return false;
    for (const [uri, asked] of consulted) {
      const model = this.view.model(uri);
      if (model === asked.model) continue;
      if (model === undefined || asked.model === undefined) return false;
      for (const [question, before] of asked.answers) {
        const now = answerTo(question, model);
        if (signatureOf(now) !== signatureOf(before)) return false;
        asked.answers.set(question, now);
      }
      asked.model = model;
    }
    this.include(consulted);
    return true;
  }

  /** Differs where any answer may. */
  private readonly version = () => this.view.filesVersion() + this.setElsewhere.version;

  /** To be called before names are followed. */
  noteAttributes(): void {
    this.setElsewhere.update(this.view.models(), this.resolve);
  }

  private include(consulted: ReadonlyMap<string, Consulted>): void {
    if (this.consulted === undefined) return;
    for (const [uri, { model, answers }] of consulted) {
      const own = this.noteOf(uri, model);
      for (const [question, answer] of answers) own?.set(question, answer);
    }
  }

  private noteOf(uri: string, model: SourceModel | undefined): Map<string, object | undefined> | undefined {
    if (this.consulted === undefined) return undefined;
    let asked = this.consulted.get(uri);
    if (asked === undefined) this.consulted.set(uri, (asked = { model, answers: new Map() }));
    return asked.answers;
  }

  /** Asks a file; undefined where it has not been read. */
  private ask(uri: string, question: string): { readonly answer: object | undefined } | undefined {
    const model = this.view.model(uri);
    const note = this.noteOf(uri, model);
    if (model === undefined) {
      this.demands.add(uri);
      return undefined;
    }
    const answer = answerTo(question, model);
    note?.set(question, answer);
    return { answer };
  }

  /** The value an imported name stands for; undefined where its module is not in the workspace. */
  readonly reference = (reference: ReferenceValue): Value | undefined => {
    const found = this.referenceTo(reference);
    const isElsewhere = found === undefined || (found.kind === 'unknown' && found.isAbsent);
    return reference.otherwise !== undefined && isElsewhere ? this.reference(reference.otherwise) : found;
  };

  private referenceTo(reference: ReferenceValue): Value | undefined {
    if (reference.level === 0 && (reference.module === '' || isLibraryModule(reference.module))) return undefined;
    const target = this.resolve(reference);
    if (target === undefined) return undefined;
    const bound = this.boundInPackage(reference, target);
    if (bound !== undefined) return bound;
    if (target.rest === '') return unknown('it is a module', reference.at);
    const { at } = reference;
    const exported = this.setElsewhere.on(target, at, () => this.exported(target, at));
    return exported ?? unknown(`${qualifiedName(reference)} has not been read yet`, at);
  }

  /** `from app.config import settings`, where the package binds a name that is also a module of its own. */
  private boundInPackage(reference: ReferenceValue, target: ResolvedModule): Value | undefined {
    const { name, at } = reference;
    const parts = name.split('.');
    const taken = parts.length - (target.rest === '' ? 0 : target.rest.split('.').length);
    if (name === '' || taken !== 1) return undefined;
    const around = this.resolve({ ...reference, name: '' });
    if (around?.rest !== '' || around.uri === target.uri || !around.uri.endsWith('/__init__.py')) return undefined;
    const value = this.exported({ uri: around.uri, rest: name }, at);
    const bound = value?.kind === 'attribute' ? rootOf(value) : value;
    if (bound === undefined || bound.kind === 'unknown') return undefined;
    // `from . import settings` binds the module itself.
    const isModule =
      bound.kind === 'reference' && this.resolve(bound)?.uri === target.uri && this.resolve(bound)?.rest === '';
    return isModule ? undefined : value;
  }

  private readonly resolve = ({ at, module, name, level }: ReferenceValue): ResolvedModule | undefined => {
    if (this.modulesVersion !== this.view.filesVersion()) this.modules.clear();
    this.modulesVersion = this.view.filesVersion();
    const key = `${level} ${module} ${name} ${at.uri}`;
    if (!this.modules.has(key)) this.modules.set(key, this.view.resolveModule(at.uri, module, name, level));
    return this.modules.get(key);
  };

  /** The value of a name of a file, attributes after it included; undefined where the file has not been read. */
  private exported({ uri, rest }: ResolvedModule, at: Location): Value | undefined {
    const [name, ...attributes] = rest.split('.');
    const value = this.ask(uri, `value ${name}`)?.answer as Value | undefined;
    if (value === undefined) return undefined;
    const isItself = value.kind === 'reference' || value.kind === 'call' || value.kind === 'unknown';
    const named: Value = isItself || value.kind === 'constant' ? value : { kind: 'constant', name: name!, value, at };
    return attributes.reduce<Value>((object, each) => attributeOf(object, each, at), named);
  }

  /** The class, function or member that a file defines. */
  readonly definition = (uri: string, path: string): Member | undefined =>
    this.ask(uri, `definition ${path}`)?.answer as Member | undefined;

  /** The names that a module of the workspace binds. */
  readonly moduleNames = (module: ReferenceValue): readonly string[] | undefined => {
    const target = this.resolve(module);
    return target?.rest === '' ? (this.ask(target.uri, 'names')?.answer as readonly string[] | undefined) : undefined;
  };

  /** The dotted name of the library callable that a callee is in the end. */
  readonly pathOf = (callee: Value): string | undefined => {
    const identity = this.identify(callee);
    return identity?.kind === 'library' ? identity.path : undefined;
  };

  /** What a call calls in the end. */
  identityOf(call: CallSite): Identity | undefined {
    let kept = this.identities.get(call);
    if (kept === undefined || !this.holds(kept))
      this.identities.set(call, (kept = this.trace(() => this.identifyCall(call))));
    return kept.value;
  }

  /** Of several libraries that a name may come from (`try` one, `except ImportError` another) the one that takes the call. */
  private identifyCall({ callee, arguments: list }: CallSite): Identity | undefined {
    if (callee.kind !== 'reference' || callee.otherwise === undefined) return this.identify(callee);
    const found = placesOf(callee).flatMap((each) => this.identify(each) ?? []);
    const takes = (each: Identity) => each.kind !== 'library' || libraryOf(each.path)?.takes?.(list) !== false;
    return found.find(takes) ?? found[0];
  }

  private identify(callee: Value, depth = 0): Identity | undefined {
    if (callee.kind === 'constant') return this.identify(callee.value, depth + 1);
    if (callee.kind === 'altered' || callee.kind === 'changed') return this.identify(callee.object, depth + 1);
    if (depth > longestImportChain) return undefined;
    // `pgp(options)` of pg-promise is a callable in turn.
    if (callee.kind === 'call') return ofLibrary(libraryPath(callee));
    if (callee.kind === 'function')
      return { kind: 'function', uri: callee.definition.uri, name: callee.definition.name };
    if (callee.kind === 'attribute') {
      const known = ofLibrary(libraryPath(callee));
      if (known !== undefined) return known;
      const held = heldUnder(callee).flatMap((each) => this.identify(each, depth + 1) ?? []);
      if (held.length > 0) return held[0];
      // `Database.connect`: a method is known by its own name, in the file of its class.
      const owner = this.identify(callee.object, depth + 1);
      return owner?.kind === 'function' ? { ...owner, name: callee.name } : undefined;
    }
    if (callee.kind !== 'reference') return undefined;
    const { otherwise } = callee;
    if (otherwise !== undefined)
      return this.identify({ ...callee, otherwise: undefined }, depth + 1) ?? this.identify(otherwise, depth + 1);
    const path = qualifiedName(callee);
    if (callee.module === '' && callee.level === 0)
      return (
        this.libraryBase(callee, depth) ?? {
          kind: 'function',
          uri: callee.at.uri,
          name: callee.name.split('.').at(-1)!,
        }
      );
    const generated = this.generated(callee);
    if (generated !== undefined) return generated;
    const library = callee.level === 0 ? libraryOf(path) : undefined;
    if (library !== undefined && library.mayBeShadowed !== true) return { kind: 'library', path };
    const target = this.resolve(callee);
    if (target === undefined) return ofLibrary(library === undefined ? generatedCallable(callee) : path);
    if (target.rest === '') return undefined;
    const exported = this.exported(target, callee.at);
    if (exported === undefined) return undefined;
    // A module of the workspace that has no such name is not the one that is imported.
    if (exported.kind === 'unknown' && library !== undefined) return { kind: 'library', path };
    return this.identify(exported, depth + 1) ?? ofLibrary(generatedCallable(callee));
  }

  /** Code that is generated stands for the package, whether it is there or not. */
  private generated({ at, module, name }: ReferenceValue): Identity | undefined {
    const found = this.view.generatedPackage(at.uri, module);
    const identity = found && ofLibrary(`${found.package}.${name}`);
    return identity?.kind === 'library' ? { ...identity, generatedFrom: found!.from } : undefined;
  }

  /** `class Database(SQLAlchemy)`: what it builds; its own constructor may pass anything on. */
  private libraryBase({ at, name }: ReferenceValue, depth: number): Identity | undefined {
    const definition = this.definition(at.uri, name);
    // In JavaScript the call of `super` in a constructor of its own builds it.
    if (definition?.kind !== 'class' || definition.members.has('constructor')) return undefined;
    for (const base of definition.bases) {
      const identity = this.identify(base, depth + 1);
      if (identity?.kind !== 'library') continue;
      const heir = { ...identity, heir: heirKey(name, at.uri) };
      return definition.members.has('__init__') ? { ...heir, hasOwnConstructor: true } : heir;
    }
    return undefined;
  }
}

function answerTo(question: string, { exports }: SourceModel): object | undefined {
  const [kind, name = ''] = question.split(' ', 2);
  switch (kind) {
    case 'value':
      return exports.value(name);
    case 'definition':
      return exports.definition(name);
    default:
      return exports.names?.();
  }
}

const signatures = new WeakMap<object, string>();

/** An answer as text, with every place in it: findings point there. */
function signatureOf(answer: object | undefined): string {
  if (answer === undefined) return '';
  let signature = signatures.get(answer);
  if (signature === undefined) {
    signature = JSON.stringify(answer, (_, value) => (value instanceof Set ? [...value] : value));
    signatures.set(answer, signature);
  }
  return signature;
}
