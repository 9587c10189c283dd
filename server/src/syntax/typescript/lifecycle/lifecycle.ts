/** What the functions of one file do with connections and pools, and what the names they use stand for. */
import type { Node } from 'web-tree-sitter';
import type { FileLifecycle, FunctionLife, PlacedFunction } from '../../../declarations/lifecycle.ts';
import type { Origin } from '../../../declarations/origin.ts';
import { scriptTakes } from '../../../facts/lifecycle/scriptConnections.ts';
import type { LifecycleWords } from '../../frontEnd.ts';
import { matchesOf, type TextFact } from '../../gathered.ts';
import type { ScriptFile, Segment } from '../file.ts';
import { functionNameOf } from '../functionNames.ts';
import { headOf, segmentsBinding } from '../heads.ts';
import { enclosingClass, itemsOf } from '../nodes.ts';
import { mayMean } from '../search.ts';
import { exportedNames } from './exportedNames.ts';
import { readFunctions, readModuleStatement } from './functions.ts';
import { importedAs, originOfField, originOfName } from './names.ts';
import { originOf } from './origins.ts';
import { type FileTraits, startOfSurroundings } from './traits.ts';
import { callbackAfter, callsOfMethods, fieldAt, methodOf, outermostNamed, unitAt } from './units.ts';

/**
 * `calls` are offsets of calls that may build a pool. Of files that are no application's, functions are read when somebody asks for
 * them, which is rare: tests take connections by the thousand.
 */
export function lifecycleOf(
  file: ScriptFile,
  words: LifecycleWords,
  calls: readonly number[],
  isApplication: boolean,
): FileLifecycle {
  const lifecycle = new ScriptLifecycle(file, words, calls);
  // Its tree is there now.
  if (isApplication) void lifecycle.functions;
  return lifecycle;
}

/** Calls that may hand out a connection to a variable, a callback or a caller. */
const takes = matchesOf(scriptTakes);

const patterns = new WeakMap<LifecycleWords, TextFact<readonly number[]>>();

/** Where names of the workspace stand: any way, or as what a variable takes. */
function matchesOfWords(words: LifecycleWords): TextFact<readonly number[]> {
  let known = patterns.get(words);
  if (known === undefined) {
    const any = (names: ReadonlySet<string>) => [...names].map((name) => name.replace(/\$/g, '\\$')).join('|');
    const parts = [
      ...(words.names.size === 0 ? [] : [`(?<![\\w$])(?:${any(words.names)})(?![\\w$])`]),
      ...(words.takes.size === 0 ? [] : [`=\\s*(?:await\\s+)?[\\w$.]{0,80}\\b(?:${any(words.takes)})(?=\\s*\\()`]),
    ];
    known = parts.length === 0 ? { read: () => undefined } : matchesOf(new RegExp(parts.join('|'), 'g'));
    patterns.set(words, known);
  }
  return known;
}

/** The last name of what such a match begins with. */
const nameFound = /(?:=\s*(?:await\s+)?(?:[\w$]{1,80}\.){0,20})?([\w$]{1,80})/y;

const moduleLevel = {};

/** `export const runtime = 'edge'`, `export const config = { runtime: 'edge' }`, and what only workers at the edge have. */
const edge =
  /\bruntime\s*[:=]\s*["'](?:experimental-)?edge["']|\bHYPERDRIVE\b|\bDeno\.|cloudflare|\bExportedHandler\b/i;
const runsAtEdge: TextFact<true> = { read: (text) => edge.test(text) || undefined };
const actions = /^(?:\s|\/\/[^\n]*\n)*["']use server["']/;

/** Functions by their text and what stands around it: they stay the same while the rest of the file changes. */
const livesOf = new WeakMap<ScriptFile, Map<string, readonly FunctionLife[]>>();

/** Of what stands around a function this much tells it from others. */
const mostSurroundings = 4000;

class ScriptLifecycle implements FileLifecycle {
  private found: readonly PlacedFunction[] | undefined;
  private readonly names = new Map<string, Origin | undefined>();
  private readonly fields = new Map<string, Origin | undefined>();
  private readonly known: ReadonlyMap<string, readonly FunctionLife[]>;
  private readonly kept = new Map<string, readonly FunctionLife[]>();
  private knownTraits: FileTraits | undefined;

  constructor(
    private readonly file: ScriptFile,
    private readonly words: LifecycleWords,
    private readonly calls: readonly number[],
  ) {
    this.known = livesOf.get(file) ?? new Map();
    livesOf.set(file, this.kept);
  }

  get functions(): readonly PlacedFunction[] {
    return (this.found ??= this.read());
  }

  private read(): readonly PlacedFunction[] {
    const hits = new Map<Segment, readonly number[]>();
    for (const { segment, value } of this.file.gather(matchesOfWords(this.words))) {
      const certain = value.filter((offset) => this.isMeant(segment.start + offset));
      if (certain.length > 0) hits.set(segment, certain);
    }
    for (const { segment, value } of this.file.gather(takes))
      hits.set(segment, [...(hits.get(segment) ?? []), ...value]);
    for (const call of [...this.calls, ...callsOfMethods(this.file, this.calls)]) {
      const segment = this.file.segmentAt(call);
      hits.set(segment, [...(hits.get(segment) ?? []), call - segment.start]);
    }
    const inOrder = [...hits].sort(([a], [b]) => a.start - b.start);
    return inOrder.flatMap(([segment, its]) => this.functionsIn(segment, its));
  }

  /** True where the name that was found can be one of the workspace's. */
  private isMeant(offset: number): boolean {
    nameFound.lastIndex = offset;
    const name = nameFound.exec(this.file.text)?.[1];
    return name === undefined || mayMean(this.file, name, this.words.modules.get(name));
  }

  readonly name = (name: string): Origin | undefined => {
    if (!this.names.has(name)) this.names.set(name, originOfName(this.file, name));
    return this.names.get(name);
  };

  readonly field = (className: string, name: string): Origin | undefined => {
    const key = `${className}.${name}`;
    if (!this.fields.has(key)) this.fields.set(key, originOfField(this.file, className, name));
    return this.fields.get(key);
  };

  readonly function = (path: string): PlacedFunction | undefined => {
    const [name, method] = path.split('.') as [string, string | undefined];
    for (const segment of this.segmentsDefining(name)) {
      const root = this.file.tree(segment).rootNode;
      const unit = method === undefined ? outermostNamed(root, name) : methodOf(root, name, method);
      if (unit !== undefined) return this.readUnit(segment, unit)[0];
    }
    return undefined;
  };

  readonly isClass = (name: string): boolean =>
    segmentsBinding(this.file, name).some((each) => headOf(this.file, each).kind === 'class');

  readonly importedAs = (name: string): readonly string[] => importedAs(this.file, name);

  readonly isProgram = (): boolean => this.file.text.startsWith('#!');

  /** Statements that declare a function of this name, or export one under it. */
  private segmentsDefining(name: string): readonly Segment[] {
    const binding = segmentsBinding(this.file, name).filter((each) => headOf(this.file, each).kind !== 'import');
    if (binding.length > 0) return binding;
    const exported = name === 'default' ? /\bexport\s+default\b|\bexports\s*=/ : /\bexports\b/;
    return this.file.segments.filter((segment) => {
      const text = this.file.text.slice(segment.start, segment.end);
      return (name === 'default' || text.includes(name)) && exported.test(text);
    });
  }

  private functionsIn(segment: Segment, hits: readonly number[]): PlacedFunction[] {
    const { kind } = headOf(this.file, segment);
    if (kind === 'import' || kind === 'type') return [];
    const root = this.file.tree(segment).rootNode;
    const found: PlacedFunction[] = [];
    let after = -1;
    let isRead = false;
    for (const offset of hits.toSorted((a, b) => a - b)) {
      if (offset < after) continue;
      const unit = unitAt(root, offset);
      const field = unit === undefined ? fieldAt(root, offset) : undefined;
      if (unit !== undefined || field !== undefined) {
        after = (unit ?? field)!.endIndex;
        found.push(...this.readUnit(segment, (unit ?? field)!));
      } else if (kind !== 'class') {
        if (!isRead) found.push(...this.readModuleLevel(segment, root));
        isRead = true;
        const callback = callbackAfter(root, offset);
        if (callback === undefined) continue;
        after = callback.endIndex;
        found.push(...this.readUnit(segment, callback));
      }
    }
    return found;
  }

  private readUnit(segment: Segment, unit: Node): PlacedFunction[] {
    if (unit.hasError) return [];
    const start = segment.start + unit.startIndex;
    const owner = enclosingClass(unit);
    const className = owner?.childForFieldName('name')?.text;
    const { isActionFile, isEdge, exported } = this.traits();
    const names = owner === null ? (exported.get(functionNameOf(unit)) ?? []) : [];
    const around = this.file.text.slice(segment.start + startOfSurroundings(unit), start).slice(-mostSurroundings);
    const text = this.file.text.slice(start, segment.start + unit.endIndex);
    const key = `${className ?? ''} ${isActionFile} ${isEdge} ${names.join()}\n${around}\n${text}`;
    const lives = this.kept.get(key) ?? this.known.get(key) ?? readFunctions(unit, className, this.traits());
    this.kept.set(key, lives);
    const heritage = owner && itemsOf(owner).find((each) => each.type === 'class_heritage');
    const base = heritage && (itemsOf(heritage).find((each) => each.type === 'extends_clause') ?? heritage);
    const bases = base
      ? itemsOf(base)
          .slice(0, 1)
          .map((each) => originOf(each, undefined))
      : [];
    return lives.map((life) => ({ life, start, className: life.within.length === 0 ? className : undefined, bases }));
  }

  private readModuleLevel(segment: Segment, root: Node): PlacedFunction[] {
    if (root.hasError) return [];
    const life = segment.remember(moduleLevel, () => readModuleStatement(root));
    return [{ life, start: segment.start, className: undefined, bases: [] }];
  }

  private traits(): FileTraits {
    this.knownTraits ??= {
      isActionFile: actions.test(this.file.text.slice(0, 2000)),
      isEdge: this.file.gather(runsAtEdge).length > 0,
      exported: exportedNames(this.file),
    };
    return this.knownTraits;
  }
}
