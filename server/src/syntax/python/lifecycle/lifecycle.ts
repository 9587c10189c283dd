/** What the functions of one file do with connections and pools, and what the names they use stand for. */
import type { Node } from 'web-tree-sitter';
import type { FileLifecycle, FunctionLife, PlacedFunction } from '../../../declarations/lifecycle.ts';
import { type Origin, severalOf } from '../../../declarations/origin.ts';
import { matchesOf, type TextFact } from '../../gathered.ts';
import type { Segment } from '../../segmentedFile.ts';
import type { PythonFile } from '../file.ts';
import { headOf, segmentsBinding } from '../imports.ts';
import { enclosingClass, itemsOf } from '../nodes.ts';
import { readFunctions, readModuleStatement } from './functions.ts';
import { assignedInFunction, importedAs, originOfField, originsIn } from './names.ts';
import { originOf } from './origins.ts';

/** Names in `names` make the function around them worth reading; so do `calls`, offsets of calls that may build a pool. */
export function lifecycleOf(file: PythonFile, names: ReadonlySet<string>, calls: readonly number[]): FileLifecycle {
  return new PythonLifecycle(file, patternOf(names), calls);
}

const patterns = new WeakMap<ReadonlySet<string>, TextFact<readonly number[]>>();

/** Where the names stand. */
function patternOf(names: ReadonlySet<string>): TextFact<readonly number[]> {
  let known = patterns.get(names);
  if (known === undefined) {
    const none = { read: () => undefined };
    known = names.size === 0 ? none : matchesOf(new RegExp(`\\b(?:${[...names].join('|')})\\b`, 'g'));
    patterns.set(names, known);
  }
  return known;
}

const moduleLevel = {};
const programFact = {};

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
    pattern: TextFact<readonly number[]>,
    calls: readonly number[],
  ) {
    this.known = livesOf.get(file) ?? new Map();
    livesOf.set(file, this.kept);
    const hits = new Map<Segment, number[]>(file.gather(pattern).map(({ segment, value }) => [segment, [...value]]));
    for (const call of calls) {
      const segment = file.segmentAt(call);
      hits.set(segment, [...(hits.get(segment) ?? []), call - segment.start]);
    }
    const inOrder = [...hits].sort(([a], [b]) => a.start - b.start);
    this.functions = inOrder.flatMap(([segment, offsets]) => this.functionsIn(segment, offsets));
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

  readonly function = (name: string): PlacedFunction | undefined => {
    const isIt = ({ life, className }: PlacedFunction) =>
      life.name === name && className === undefined && life.within.length === 0;
    const segment = segmentsBinding(this.file, name).findLast((each) => headOf(this.file, each).kind === 'function');
    if (segment === undefined) return this.functions.find(isIt);
    const unit = itemsOf(this.file.tree(segment).rootNode).find(isUnit);
    return unit && this.readUnit(segment, unit).find(isIt);
  };

  readonly isClass = (name: string): boolean =>
    segmentsBinding(this.file, name).some((each) => headOf(this.file, each).kind === 'class');

  readonly importedAs = (name: string): readonly string[] => importedAs(this.file, name);

  readonly isProgram = (): boolean => this.file.segments.some((segment) => this.startsProgram(segment));

  private functionsIn(segment: Segment, offsets: readonly number[]): PlacedFunction[] {
    const hits = [...offsets].sort((a, b) => a - b);
    const { kind } = headOf(this.file, segment);
    if (kind === 'import') return [];
    const root = this.file.tree(segment).rootNode;
    const found: PlacedFunction[] = [];
    let after = -1;
    for (const offset of hits) {
      if (offset < after) continue;
      const unit = unitAt(root, offset);
      if (unit !== undefined) {
        after = unit.endIndex;
        found.push(...this.readUnit(segment, unit));
      } else if (kind !== 'function' && kind !== 'class') {
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
    if (root.hasError || this.startsProgram(segment)) return [];
    const life = segment.remember(moduleLevel, () => readModuleStatement(root));
    return [{ life, start: segment.start, className: undefined, bases: [] }];
  }

  /** `if __name__ == "__main__":` that does not start a server. */
  private startsProgram(segment: Segment): boolean {
    const { isProgram } = segment.remember(programFact, () => {
      const text = this.file.text.slice(segment.start, segment.end);
      return { isProgram: /^if[ \t]+__name__[ \t]*==/m.test(text) && !startsServer.test(text) };
    });
    return isProgram;
  }

  private originOfName(name: string): Origin | undefined {
    const segments = segmentsBinding(this.file, name);
    if (segments.length === 0) return undefined;
    const origin = severalOf(segments.flatMap((segment) => originsIn(this.file, segment).get(name) ?? []));
    const isEmpty = origin.kind === 'literal' && origin.value === null;
    return isEmpty ? (assignedInFunction(this.file, name) ?? origin) : origin;
  }
}

const startsServer = /\b(?:uvicorn|hypercorn|granian|waitress|gunicorn|daphne|serve_forever|run_app|serve)\b|\.run\(/;

function isUnit(node: Node): boolean {
  return (
    node.type === 'function_definition' ||
    (node.type === 'decorated_definition' && node.childForFieldName('definition')?.type === 'function_definition')
  );
}

/** The top-level function or method around a place, decorators included. */
function unitAt(root: Node, offset: number): Node | undefined {
  let unit: Node | undefined;
  for (let node = root.descendantForIndex(offset, offset + 1); node !== null; node = node.parent) {
    if (isUnit(node)) unit = node;
  }
  return unit;
}
