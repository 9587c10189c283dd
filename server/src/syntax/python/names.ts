/** Follows a name to what it stands for: through the function around it, the class, the module and its imports. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import type { Value } from '../../declarations/value.ts';
import { unknown } from '../../declarations/value.ts';
import {
  bindingsInClass,
  bindingsInFunction,
  bindingsInModule,
  isChangedElsewhere,
  type PlacedBinding,
} from './bindings.ts';
import { applyChange } from './changes.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { importIn, readImportStatement } from './imports.ts';
import { enclosingClass, enclosingFunction, locationOf, textOf } from './nodes.ts';

/** Chains of names longer than this are a loop. */
const longestChain = 30;

export function lookUpName(file: PythonFile, segment: Segment, node: Node, depth: number): Value {
  const at = locationOf(file, segment, node);
  const name = textOf(file, segment, node);
  if (depth > longestChain) return unknown(`${name} is defined in terms of itself`, at);
  for (let scope = enclosingFunction(node); scope !== null; scope = enclosingFunction(scope)) {
    if (scope.type === 'lambda') {
      if (scope.childForFieldName('parameters')?.text.match(new RegExp(`\\b${name}\\b`)))
        return unknown(`${name} is a parameter`, at);
      continue;
    }
    const bindings = bindingsInFunction(file, segment, scope, name, at.start);
    if (bindings.length > 0) return combine(file, name, bindings, at, depth, false);
  }
  const owner = enclosingClass(node)?.childForFieldName('body');
  if (owner) {
    // What the class binds later, or with this very statement, hides nothing yet: `pool = pool.Pool(…)`.
    const bindings = bindingsInClass(file, segment, owner, name).filter((each) => isBoundBefore(each, at));
    if (bindings.length > 0) return combine(file, name, bindings, at, depth, false);
  }
  return lookUpInModule(file, name, at, depth, enclosingFunction(node) !== null);
}

/** The value of a module-level name; `later` when the use runs after the whole module has run. */
export function lookUpInModule(file: PythonFile, name: string, at: Location, depth: number, later: boolean): Value {
  const bindings = bindingsInModule(file, name, at.start);
  if (bindings.length === 0) return unknown(`${name} is not defined in this file`, at);
  return combine(file, name, bindings, at, depth, later);
}

/** `Config.POOL_SIZE` where `Config` is a class of this file; undefined where the object is something else. */
export function lookUpAttribute(
  file: PythonFile,
  segment: Segment,
  object: Node,
  attribute: string,
  depth: number,
): Value | undefined {
  if (object.type !== 'identifier') return undefined;
  const name = textOf(file, segment, object);
  const at = locationOf(file, segment, object);
  if (name === 'self' || name === 'cls') {
    for (let parent = object.parent; parent !== null; parent = parent.parent) {
      if (parent.type === 'class_definition')
        return attributeOfClass(file, segment, parent, attribute, at, depth, name === 'cls');
    }
    return undefined;
  }
  return lookUpClassAttribute(file, name, attribute, at, depth);
}

/** A class-level constant of a class at module level. */
export function lookUpClassAttribute(
  file: PythonFile,
  className: string,
  attribute: string,
  at: Location,
  depth: number,
): Value | undefined {
  const last = bindingsInModule(file, className, at.start).at(-1);
  if (last?.binding.kind !== 'class') return undefined;
  return attributeOfClass(file, last.segment, last.binding.node.parent!, attribute, at, depth, true);
}

/** A class-level constant; one that instances may shadow (`self.x = …`) is left alone. */
function attributeOfClass(
  file: PythonFile,
  segment: Segment,
  definition: Node,
  attribute: string,
  at: Location,
  depth: number,
  onClass: boolean,
): Value | undefined {
  const body = definition.childForFieldName('body');
  if (body === null) return undefined;
  const className = definition.childForFieldName('name')?.text ?? 'cls';
  const owners = onClass ? `cls|${className}` : `self|cls|${className}`;
  const isSet = new RegExp(`\\b(?:${owners})\\.${attribute}[ \\t]*(?::[^=\\n]*)?=(?!=)`);
  if (isSet.test(textOf(file, segment, definition)))
    return unknown(`${attribute} of ${className} is set while the program runs`, at);
  const bindings = bindingsInClass(file, segment, body, attribute);
  if (bindings.length === 0) return undefined;
  if (!onClass && bindings.some(isField)) return unknown(`${attribute} of ${className} may differ per instance`, at);
  return combine(file, attribute, bindings, at, depth, true);
}

/** `name: type = default`, as models and data classes declare what their instances take. */
function isField({ binding }: PlacedBinding): boolean {
  const declaration = binding.node?.parent;
  const type = declaration?.type === 'assignment' ? declaration.childForFieldName('type') : null;
  return type !== null && !/^(?:\w+\.)?(?:ClassVar|Final)\b/.test(type.text);
}

/** What the bindings of one scope amount to at the use. */
function combine(
  file: PythonFile,
  name: string,
  all: PlacedBinding[],
  at: Location,
  depth: number,
  later: boolean,
): Value {
  const isDefinite = (each: PlacedBinding) => isAssignment(each) && !each.conditional;
  const before = later ? all : all.filter((each) => isBoundBefore(each, at));
  const relevant = before.length > 0 ? before : all;
  const from = Math.max(0, relevant.findLastIndex(isDefinite));
  let value: Value | undefined;
  const choices: Value[] = [];
  for (const placed of relevant.slice(from)) {
    if (isAssignment(placed)) {
      const assigned = assignedValue(file, name, placed, at, depth);
      if (isDefinite(placed)) {
        value = assigned;
        choices.length = 0;
      } else choices.push(assigned);
    } else {
      const base =
        value ?? (choices.length < 2 ? choices[0] : { kind: 'alternatives' as const, values: [...choices], at });
      if (value === undefined) choices.length = 0;
      value = applyChange(file, base ?? unknown(`${name} is changed before it is set`, at), placed, at, depth);
    }
  }
  if (choices.length > 0) return { kind: 'alternatives', values: value ? [value, ...choices] : choices, at };
  if (value === undefined) return unknown(`${name} is not assigned where it can be seen`, at);
  const content = value.kind === 'constant' ? value.value : value;
  if (content.kind === 'mapping' && content.complete && later && isChangedElsewhere(file, name)) {
    return { kind: 'constant', name, value: { ...content, complete: false }, at };
  }
  return value;
}

/** False too for the statement that the use is part of: its right side is worked out before the name is bound. */
function isBoundBefore({ binding, segment, offset }: PlacedBinding, at: Location): boolean {
  if (offset >= at.start) return false;
  if (binding.kind !== 'value') return true;
  const { startIndex, endIndex } = binding.right;
  return at.start < segment.start + startIndex || at.end > segment.start + endIndex;
}

function isAssignment({ binding }: PlacedBinding): boolean {
  return binding.kind !== 'item' && binding.kind !== 'method' && binding.kind !== 'augmented';
}

function assignedValue(file: PythonFile, name: string, placed: PlacedBinding, at: Location, depth: number): Value {
  const { binding, segment } = placed;
  switch (binding.kind) {
    case 'value': {
      const value = evaluate(file, segment, binding.right, depth + 1);
      // Imports and look-ups keep their own identity; only what has a value of its own gets this name.
      if (value.kind === 'reference' || value.kind === 'call' || value.kind === 'unknown') return value;
      return { kind: 'constant', name, value, at };
    }
    case 'import':
      return importedValue(file, name, placed, at);
    case 'parameter':
      return { kind: 'parameter', name, functionName: functionNameOf(binding.node), at };
    case 'function':
    case 'class':
      return { kind: 'reference', module: '', name, level: 0, at };
    default:
      return unknown(`${name} is set by a loop, a context manager or the like`, at);
  }
}

function functionNameOf(parameter: Node): string {
  for (let parent = parameter.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'function_definition') return parent.childForFieldName('name')?.text ?? '';
  }
  return '';
}

function importedValue(file: PythonFile, name: string, placed: PlacedBinding, at: Location): Value {
  const { segment, binding } = placed;
  const whole = importIn(file, segment, name);
  if (whole !== undefined) return { ...whole, at };
  for (let node: Node | null | undefined = binding.node; node; node = node.parent) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    const imported = readImportStatement(textOf(file, segment, node)).findLast((each) => each.local === name);
    if (imported) return { kind: 'reference', module: imported.module, name: imported.name, level: imported.level, at };
  }
  return unknown(`${name} is imported in a way that is not followed here`, at);
}
