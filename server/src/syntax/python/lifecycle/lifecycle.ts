/** What the functions of one file do with connections and pools, and what the names they use stand for. */
import type { Node } from 'web-tree-sitter';
import type { RestOfBlock } from '../../../declarations/enclosure.ts';
import type { Importing } from '../../../declarations/importing.ts';
import type { FileLifecycle, FunctionLife, PlacedFunction } from '../../../declarations/lifecycle.ts';
import { type Origin, severalOf } from '../../../declarations/origin.ts';
import { importUse } from '../../../facts/lifecycle/connections.ts';
import { waitingPackages } from '../../../facts/lifecycle/outside.ts';
import type { LifecycleWords } from '../../frontEnd.ts';
import type { TextFact } from '../../gathered.ts';
import type { Segment } from '../../segmentedFile.ts';
import type { PythonFile } from '../file.ts';
import { headOf, importedPackages, segmentsBinding } from '../imports.ts';
import { importingOf } from '../libraryImport.ts';
import { enclosingClass, itemsOf } from '../nodes.ts';
import { startsProgram } from '../programs.ts';
import { readFunctions, readModuleStatement } from './functions.ts';
import { assignedInFunction, importedAs, originOfField, originsIn } from './names.ts';
import { originOf } from './origins.ts';
import { restOfBlock } from './restOfBlock.ts';

/** `calls` are offsets of calls that may build a pool. */
export function lifecycleOf(file: PythonFile, words: LifecycleWords, calls: readonly number[]): FileLifecycle {
  return new PythonLifecycle(file, patternsOf(words), calls);
}

/** Where words stand, relative to the segment. */
interface Hits {
  readonly certain: readonly number[];
  /** Those that count where a connection is held as well. */
  readonly waiting: readonly number[];
  /** True where a connection may be held. */
  readonly isHeld: boolean;
}

interface Patterns {
  readonly hits: TextFact<Hits>;
  /** Names of the functions in which something is waited for. */
  readonly waiters: TextFact<readonly string[]>;
  readonly holds: RegExp;
}

const patterns = new WeakMap<LifecycleWords, Patterns>();

function patternsOf(words: LifecycleWords): Patterns {
  let known = patterns.get(words);
  if (known === undefined) {
    const pattern = patternOf(words);
    const { waits, holds, provides } = words;
    const waiting = new RegExp(`\\b${any(waits)}\\b`, 'g');
    const holding = new RegExp(`\\b(?:${any(holds)}\\s*\\(|${any(provides)}\\b)`);
    const read = (text: string): Hits | undefined => {
      const certain = offsetsIn(text, pattern) ?? [];
      // Both must be there in a function, so both are in its segment.
      const isHeld = waits.size > 0 && holding.test(text);
      const found = isHeld ? (offsetsIn(text, waiting) ?? []) : [];
      return certain.length > 0 || isHeld ? { certain, waiting: found, isHeld } : undefined;
    };
    const readWaiters = (text: string): readonly string[] | undefined => {
      const names = (offsetsIn(text, waiting) ?? []).flatMap((offset) => functionBefore(text, offset) ?? []);
      return names.length === 0 ? undefined : [...new Set(names)];
    };
    patterns.set(words, (known = { hits: { read }, waiters: { read: readWaiters }, holds: holding }));
  }
  return known;
}

/** The name of the last function that begins before a place. */
function functionBefore(text: string, offset: number): string | undefined {
  const at = text.lastIndexOf('def ', offset);
  return at === -1 ? undefined : /^def[ \t]+(\w+)/.exec(text.slice(at, offset))?.[1];
}

const any = (words: ReadonlySet<string>) => `(?:${[...words].join('|').replaceAll('.', '\\.') || '(?!)'})`;

function patternOf({ takes, names, provides }: LifecycleWords): RegExp {
  const taken = `(?:=|\\breturn\\b)[ \\t]*(?:await[ \\t]+)?[\\w.]{0,80}\\b${any(takes)}(?=\\s*\\()`;
  // `SessionDep = Annotated[Session, Depends(get_session)]`
  const alias = `^\\w+[ \\t]*=[ \\t]*(?:\\w+\\.)?Annotated\\[[^=]{0,200}?\\b${any(provides)}\\b`;
  return new RegExp(`${taken}|\\b${any(names)}\\b|${alias}|${importUse.source}`, 'gm');
}

/** The last letter of each name: what stands before it may begin a class. */
function offsetsIn(text: string, pattern: RegExp): readonly number[] | undefined {
  const offsets = Array.from(text.matchAll(pattern), (match) => match.index + match[0].length - 1);
  return offsets.length === 0 ? undefined : offsets;
}

const moduleLevel = {};

/** Functions by their text: they stay the same while text around them changes. */
const livesOf = new WeakMap<PythonFile, Map<string, readonly FunctionLife[]>>();

class PythonLifecycle implements FileLifecycle {
  readonly functions: readonly PlacedFunction[];
  private readonly names = new Map<string, Origin | undefined>();
  private readonly fields = new Map<string, Origin | undefined>();
  private readonly known: ReadonlyMap<string, readonly FunctionLife[]>;
  private readonly kept = new Map<string, readonly FunctionLife[]>();

  constructor(
    private readonly file: PythonFile,
    { hits: words, waiters, holds }: Patterns,
    calls: readonly number[],
  ) {
    this.known = livesOf.get(file) ?? new Map();
    livesOf.set(file, this.kept);
    const gathered = file.gather(words);
    const hits = new Map<Segment, number[]>(gathered.map(({ segment, value }) => [segment, [...value.certain]]));
    const waits = new Map(gathered.map(({ segment, value }) => [segment, new Set(value.waiting)]));
    const held = gathered.filter(({ value }) => value.isHeld);
    const packages = held.length === 0 ? undefined : importedPackages(file);
    if (packages !== undefined && waitingPackages.some((each) => packages.has(each))) {
      const names = new Set(file.gather(waiters).flatMap(({ value }) => value));
      const calling = new RegExp(`\\b${any(names)}(?=\\()`, 'g');
      for (const { segment } of names.size === 0 ? [] : held) {
        const found = offsetsIn(file.text.slice(segment.start, segment.end), calling);
        if (found === undefined) continue;
        for (const offset of found) waits.get(segment)!.add(offset);
        if (!hits.has(segment)) hits.set(segment, []);
      }
    }
    for (const call of calls) {
      const segment = file.segmentAt(call);
      hits.set(segment, [...(hits.get(segment) ?? []), call - segment.start]);
    }
    const inOrder = [...hits].sort(([a], [b]) => a.start - b.start);
    this.functions = inOrder.flatMap(([segment, offsets]) => {
      const waiting = waits.get(segment) ?? new Set();
      if (offsets.length + waiting.size === 0) return [];
      return this.functionsIn(segment, [...offsets, ...waiting], new Set(offsets), holds);
    });
  }

  readonly name = (name: string): Origin | undefined => {
    if (!this.names.has(name)) this.names.set(name, this.originOfName(name));
    return this.names.get(name);
  };

  readonly field = (className: string, name: string): Origin | undefined => {
    const key = `${className}.${name}`;
    if (!this.fields.has(key)) this.fields.set(key, originOfField(this.file, className, name));
    return this.fields.get(key);
  };

  readonly function = (path: string): PlacedFunction | undefined => {
    const [first, second] = path.split('.') as [string, string | undefined];
    const kind = second === undefined ? 'function' : 'class';
    const segment = segmentsBinding(this.file, first).findLast((each) => headOf(this.file, each).kind === kind);
    if (segment === undefined) return undefined;
    const root = this.file.tree(segment).rootNode;
    const unit = second === undefined ? itemsOf(root).find(isUnit) : methodOf(root, first, second);
    const isIt = ({ life }: PlacedFunction) => life.name === (second ?? first) && life.within.length === 0;
    return unit && this.readUnit(segment, unit).find(isIt);
  };

  readonly isClass = (name: string): boolean =>
    segmentsBinding(this.file, name).some((each) => headOf(this.file, each).kind === 'class');

  readonly importedAs = (name: string): readonly string[] => importedAs(this.file, name);

  readonly restOfBlock = (functionStart: number, callStart: number): RestOfBlock | undefined => {
    const segment = this.file.segmentAt(callStart);
    const offset = callStart - segment.start;
    let node = this.file.tree(segment).rootNode.descendantForIndex(offset, offset + 1);
    while (node !== null && node.startIndex === offset && node.parent?.startIndex === offset && node.type !== 'call')
      node = node.parent;
    // `a().b()`: the outermost call that begins here.
    while (
      node?.parent !== undefined &&
      node.parent?.startIndex === offset &&
      /^(?:call|attribute)$/.test(node.parent.type)
    )
      node = node.parent;
    return node?.type === 'call' ? restOfBlock(node, functionStart - segment.start) : undefined;
  };

  readonly importing = (module: string, name: string): Importing | undefined => importingOf(this.file, module, name);

  readonly isProgram = (): boolean => this.file.segments.some((segment) => startsProgram(this.file, segment));

  /** `certain` are those among the offsets that count by themselves. */
  private functionsIn(
    segment: Segment,
    offsets: readonly number[],
    certain: ReadonlySet<number>,
    holds: RegExp,
  ): PlacedFunction[] {
    const hits = [...offsets].sort((a, b) => a - b);
    const { kind } = headOf(this.file, segment);
    if (kind === 'import') return [];
    const root = this.file.tree(segment).rootNode;
    const found: PlacedFunction[] = [];
    let after = -1;
    let silentUntil = -1;
    for (const offset of hits) {
      if (offset < after) continue;
      const unit = unitAt(root, offset);
      if (unit !== undefined) {
        if (!certain.has(offset)) {
          if (offset < silentUntil) continue;
          silentUntil = unit.endIndex;
          if (!holds.test(this.textOf(segment, unit))) continue;
        }
        after = unit.endIndex;
        found.push(...this.readUnit(segment, unit));
      } else if (kind !== 'function' && kind !== 'class' && certain.has(offset)) {
        found.push(...this.readModuleLevel(segment, root));
        break;
      }
    }
    return found;
  }

  private textOf(segment: Segment, node: Node): string {
    return this.file.text.slice(segment.start + node.startIndex, segment.start + node.endIndex);
  }

  private readUnit(segment: Segment, unit: Node): PlacedFunction[] {
    if (unit.hasError) return [];
    const start = segment.start + unit.startIndex;
    const owner = enclosingClass(unit);
    const className = owner?.childForFieldName('name')?.text;
    const key = `${className ?? ''}\n${this.textOf(segment, unit)}`;
    const lives = this.kept.get(key) ?? this.known.get(key) ?? readFunctions(unit, className);
    this.kept.set(key, lives);
    const superclasses = owner?.childForFieldName('superclasses');
    const bases = superclasses ? itemsOf(superclasses).map((each) => originOf(each, undefined)) : [];
    return lives.map((life) => ({ life, start, className, bases }));
  }

  private readModuleLevel(segment: Segment, root: Node): PlacedFunction[] {
    if (root.hasError || startsProgram(this.file, segment)) return [];
    const life = segment.remember(moduleLevel, () => readModuleStatement(root));
    return [{ life, start: segment.start, className: undefined, bases: [] }];
  }

  private originOfName(name: string): Origin | undefined {
    const segments = segmentsBinding(this.file, name);
    if (segments.length === 0) return undefined;
    const origin = severalOf(segments.flatMap((segment) => originsIn(this.file, segment).get(name) ?? []));
    const isEmpty = origin.kind === 'literal' && origin.value === null;
    return isEmpty ? (assignedInFunction(this.file, name) ?? origin) : origin;
  }
}

function isUnit(node: Node): boolean {
  return (
    node.type === 'function_definition' ||
    (node.type === 'decorated_definition' && node.childForFieldName('definition')?.type === 'function_definition')
  );
}

function methodOf(root: Node, className: string, name: string): Node | undefined {
  for (const item of itemsOf(root)) {
    const definition = item.type === 'decorated_definition' ? item.childForFieldName('definition') : item;
    if (definition?.type !== 'class_definition' || definition.childForFieldName('name')?.text !== className) continue;
    return itemsOf(definition.childForFieldName('body') ?? definition).findLast(
      (each) => isUnit(each) && (each.childForFieldName('definition') ?? each).childForFieldName('name')?.text === name,
    );
  }
  return undefined;
}

/** The top-level function or method around a place, decorators included. */
function unitAt(root: Node, offset: number): Node | undefined {
  let unit: Node | undefined;
  for (let node = root.descendantForIndex(offset, offset + 1); node !== null; node = node.parent) {
    if (isUnit(node)) unit = node;
  }
  return unit;
}
