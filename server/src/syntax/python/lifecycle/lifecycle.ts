/** What the functions of one file do with connections and pools, and what the names they use stand for. */
import type { Node } from 'web-tree-sitter';
import type { FileLifecycle, FunctionLife, PlacedFunction } from '../../../declarations/lifecycle.ts';
import type { Origin } from '../../../declarations/origin.ts';
import type { LifecycleWords } from '../../frontEnd.ts';
import type { Segment } from '../../segmentedFile.ts';
import type { PythonFile } from '../file.ts';
import { headOf, segmentsBinding } from '../imports.ts';
import { enclosingClass, itemsOf } from '../nodes.ts';
import { readFunctions, readModuleStatement } from './functions.ts';
import { assignedInFunction, importedAs, originOfField, originsIn } from './names.ts';
import { originOf, severalOf } from './origins.ts';

export function lifecycleOf(file: PythonFile, words: LifecycleWords): FileLifecycle {
  return new PythonLifecycle(file, patternOf(words));
}

const patterns = new WeakMap<LifecycleWords, RegExp>();

/** One pattern per set of words: it is also the key under which segments remember their hits. */
function patternOf(words: LifecycleWords): RegExp {
  let pattern = patterns.get(words);
  if (pattern === undefined) {
    const calls = `\\b(?:${[...words.calls].join('|')})\\s*\\(`;
    const names = words.names.size === 0 ? '' : `|\\b(?:${[...words.names].join('|')})\\b`;
    pattern = new RegExp(calls + names, 'g');
    patterns.set(words, pattern);
  }
  return pattern;
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
    private readonly pattern: RegExp,
  ) {
    this.known = livesOf.get(file) ?? new Map();
    livesOf.set(file, this.kept);
    this.functions = file.segments.flatMap((segment) => this.functionsIn(segment));
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
    return unit && this.readUnit(segment, unit, () => true).find(isIt);
  };

  readonly isClass = (name: string): boolean =>
    segmentsBinding(this.file, name).some((each) => headOf(this.file, each).kind === 'class');

  readonly importedAs = (name: string): readonly string[] => importedAs(this.file, name);

  readonly isProgram = (): boolean => this.file.segments.some((segment) => this.startsProgram(segment));

  private functionsIn(segment: Segment): PlacedFunction[] {
    const { text } = this.file;
    const hits = segment.remember(this.pattern, () =>
      Array.from(text.slice(segment.start, segment.end).matchAll(this.pattern), (match) => match.index),
    );
    if (hits.length === 0) return [];
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
        found.push(...this.readUnit(segment, unit, (part) => part.search(this.pattern) !== -1));
      } else if (kind !== 'function' && kind !== 'class') {
        found.push(...this.readModuleLevel(segment, root));
        break;
      }
    }
    return found;
  }

  private readUnit(segment: Segment, unit: Node, isWanted: (text: string) => boolean): PlacedFunction[] {
    if (unit.hasError) return [];
    const start = segment.start + unit.startIndex;
    const owner = enclosingClass(unit);
    const className = owner?.childForFieldName('name')?.text;
    const key = `${className ?? ''}\n${this.file.text.slice(start, segment.start + unit.endIndex)}`;
    const lives = this.kept.get(key) ?? this.known.get(key) ?? readFunctions(unit, className);
    this.kept.set(key, lives);
    const superclasses = owner?.childForFieldName('superclasses');
    const bases = superclasses ? itemsOf(superclasses).map((each) => originOf(each, undefined)) : [];
    const place = (life: FunctionLife) => ({ life, start, className, bases });
    const textOf = ({ span }: FunctionLife) => this.file.text.slice(start + span.start, start + span.end);
    // Decorators stand before the outermost function.
    return lives.filter((life) => life.within.length === 0 || isWanted(textOf(life))).map(place);
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
