/** Follows a name to what it stands for: through the function around it, the class, the module and its imports. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { Evaluation } from '../evaluation.ts';
import { altered, withReplacements } from './altered.ts';
import { readArguments } from './arguments.ts';
import { bindingsInClass, bindingsInFunction, bindingsInModule, type Place, type PlacedBinding } from './bindings.ts';
import { afterMethod, augmented, mayBeChanged, withItem, withoutItem } from './changes.ts';
import { globalsOf, isChangedElsewhere, isChangedUnderAnotherName } from './elsewhere.ts';
import { evaluate, evaluateOnce } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { type FlowReader, type FlowRequest, runBody, runModule } from './flow.ts';
import { functionValue, ownerOf, parameterValue } from './functions.ts';
import { importedValue, notBound } from './importedNames.ts';
import { enclosingClass, enclosingFunction, locationOf, textOf } from './nodes.ts';

export function lookUpName(file: PythonFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const name = textOf(file, segment, node);
  if (isBoundInComprehension(node, name)) return unknown(`${name} is set by a loop`, at);
  const { value, isOfModule } = assignedTo(file, segment, node, name, at);
  return altered(file, name, value, at, isOfModule, (attribute) =>
    lookUpAttribute(file, segment, node, { object: name, name: attribute }),
  );
}

/** What a name stands for, without what statements set on it. */
function assignedTo(
  file: PythonFile,
  segment: Segment,
  node: Node,
  name: string,
  at: Location,
): { readonly value: Value; readonly isOfModule: boolean } {
  const inScopes = lookUpInScopes(file, segment, node, { name }, at);
  if (inScopes !== undefined) return { value: inScopes, isOfModule: false };
  const later = enclosingFunction(node) !== null;
  return { value: lookUpInModule(file, { name }, at, later) ?? notBound(file, name, at), isOfModule: true };
}

/** What was assigned to `object.name` where its use stands; undefined where nothing visible was. */
export function lookUpAttribute(file: PythonFile, segment: Segment, node: Node, place: Place): Value | undefined {
  const at = locationOf(file, segment, node);
  const object = place.object!;
  // Methods of an object may have run before; what those set is told with the class.
  const isReceiver = object === 'self' || object === 'cls';
  let before: Value | undefined;
  const initial = () =>
    isReceiver
      ? undefined
      : (before ??= {
          kind: 'attribute',
          object: assignedTo(file, segment, node, object, at).value,
          name: place.name,
          at,
        });
  const value = lookUpInScopes(file, segment, node, place, at, initial);
  if (value !== undefined) return value === before ? undefined : value;
  const isLocal = lookUpInScopes(file, segment, node, { name: object }, at) !== undefined;
  const inModule = isLocal ? undefined : lookUpInModule(file, place, at, enclosingFunction(node) !== null, initial);
  return inModule === before ? undefined : inModule;
}

function isBoundInComprehension(node: Node, name: string): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (!/(?:comprehension|generator_expression)$/.test(parent.type)) {
      if (parent.type.endsWith('_statement') || parent.type === 'block') return false;
      continue;
    }
    const targets = parent.namedChildren.filter((each) => each?.type === 'for_in_clause');
    if (targets.some((each) => new RegExp(`\\b${name}\\b`).test(each!.childForFieldName('left')?.text ?? '')))
      return true;
  }
  return false;
}

/** Looks through the functions around, innermost first, and a class body that the use stands directly in. */
function lookUpInScopes(
  file: PythonFile,
  segment: Segment,
  node: Node,
  place: Place,
  at: Location,
  initially?: () => Value | undefined,
): Value | undefined {
  const innermost = enclosingFunction(node);
  for (let scope = innermost; scope !== null; scope = enclosingFunction(scope)) {
    if (scope.type === 'lambda') {
      const value = lambdaParameter(file, segment, scope, place, at);
      if (value !== undefined) return value;
      continue;
    }
    const within = scope;
    const found = withReplacements(place, (each) => bindingsInFunction(file, segment, within, each));
    if (found.length === 0) continue;
    if (new RegExp(`\\bnonlocal\\b[^\\n]*\\b${place.name}\\b`).test(textOf(file, segment, scope)))
      return unknown(`${place.name} is set while the program runs`, at);
    const isGlobal = new RegExp(`\\bglobal\\b[^\\n]*\\b${place.name}\\b`).test(textOf(file, segment, scope));
    const initial = isGlobal ? lookUpInModule(file, place, at, true, initially) : initially?.();
    // What a function around it assigns, an inner one sees as it is when it runs.
    const value = valueInFunction(
      file,
      segment,
      scope,
      place,
      found,
      initial,
      scope === innermost ? at.start : Number.POSITIVE_INFINITY,
      at,
    );
    if (value !== undefined || place.object === undefined)
      return value ?? unknown(`${place.name} is not assigned where it can be seen`, at);
  }
  const body = innermost === null ? enclosingClass(node)?.childForFieldName('body') : undefined;
  if (!body || place.object !== undefined) return undefined;
  const found = bindingsInClass(file, segment, body, place.name);
  return found.length === 0 ? undefined : valueInClass(file, segment, body, place.name, found, at);
}

function lambdaParameter(
  file: PythonFile,
  segment: Segment,
  lambda: Node,
  place: Place,
  at: Location,
): Value | undefined {
  const parameters = lambda.childForFieldName('parameters');
  if (place.object !== undefined || parameters === null) return undefined;
  if (!new RegExp(`\\b${place.name}\\b`).test(parameters.text)) return undefined;
  return { kind: 'parameter', name: place.name, functionName: 'a lambda', owner: ownerOf(file, segment, lambda), at };
}

/** What a place holds at `use` (absolute; infinite for the end) in a function. */
export function valueInFunction(
  file: PythonFile,
  segment: Segment,
  scope: Node,
  place: Place,
  bindings: readonly PlacedBinding[],
  initial: Value | undefined,
  use: number,
  at: Location,
): Value | undefined {
  const body = scope.childForFieldName('body');
  if (body === null) return initial;
  const request = requestFor(file, place, bindings, use, at);
  let state = initial;
  for (const each of bindings) if (each.binding.kind === 'parameter') state = request.reader.apply(each, state);
  return runBody(request, body, segment, state);
}

/** What a name is bound to in a class body: at its end, or where a use in it stands. */
export function valueInClass(
  file: PythonFile,
  segment: Segment,
  body: Node,
  name: string,
  bindings: readonly PlacedBinding[],
  at: Location,
): Value | undefined {
  const use =
    body.startIndex + segment.start <= at.start && at.end <= body.endIndex + segment.start
      ? at.start
      : Number.POSITIVE_INFINITY;
  return runBody(requestFor(file, { name }, bindings, use, at), body, segment, undefined);
}

/** The value of a module-level place; `later` when the use runs after the whole module has run. */
export function lookUpInModule(
  file: PythonFile,
  place: Place,
  at: Location,
  later: boolean,
  initially?: () => Value | undefined,
): Value | undefined {
  if (!later || place.object !== undefined) return valueInModule(file, place, at, later, initially);
  // The same for every use, but for where that stands.
  const value = Evaluation.of(file).once(place.name, at, () => valueInModule(file, place, at, true));
  return value && standingAt(value, at);
}

function standingAt(value: Value, at: Location): Value {
  const isNamed = value.kind === 'constant' || value.kind === 'reference' || value.kind === 'unknown';
  return isNamed ? { ...value, at } : value;
}

function valueInModule(
  file: PythonFile,
  place: Place,
  at: Location,
  later: boolean,
  initially?: () => Value | undefined,
): Value | undefined {
  const bindings = withReplacements(place, (each) => bindingsInModule(file, each));
  const { name } = place;
  if (bindings.length === 0) return undefined;
  if (later && place.object === undefined && globalsOf(file).has(name) && bindings.every(isPlain))
    return unknown(`${name} is set while the program runs`, at);
  const use = later ? Number.POSITIVE_INFINITY : at.start;
  const run = (end: number) =>
    runModule(requestFor(file, place, bindings, end, at), (segment) => file.tree(segment).rootNode, initially?.());
  const value = run(use) ?? (place.object === undefined ? run(Number.POSITIVE_INFINITY) : undefined);
  if (value === undefined)
    return place.object === undefined ? unknown(`${name} is not assigned where it can be seen`, at) : undefined;
  const content = value.kind === 'constant' ? value.value : value;
  if (
    content.kind === 'mapping' &&
    ((later && isChangedElsewhere(file, name)) || isChangedUnderAnotherName(file, name))
  )
    return { kind: 'constant', name, value: mayBeChanged(content, at), at };
  return value;
}

function isPlain({ binding }: PlacedBinding): boolean {
  return binding.kind === 'value' || binding.kind === 'augmented' || binding.kind === 'other';
}

function requestFor(
  file: PythonFile,
  place: Place,
  bindings: readonly PlacedBinding[],
  use: number,
  at: Location,
): FlowRequest {
  const reader: FlowReader = {
    apply: (placed, before) => apply(file, place, placed, before, at),
    test: (segment, condition) => evaluateOnce(file, segment, condition),
  };
  return { bindings, use, at, reader };
}

/** What a place holds after one statement. */
function apply(file: PythonFile, place: Place, placed: PlacedBinding, before: Value | undefined, at: Location): Value {
  const { binding, segment, replacesObject } = placed;
  const { name } = place;
  if (replacesObject === true) {
    const object = apply(file, { name: place.object! }, { ...placed, replacesObject: false }, undefined, at);
    return { kind: 'attribute', object, name, at };
  }
  const read = (node: Node) => evaluateOnce(file, segment, node);
  const keysOf = (keys: readonly Node[]) =>
    keys.map((key) => ({ value: read(key), at: locationOf(file, segment, key) }));
  const held = before ?? initialContent(file, place, placed, at);
  switch (binding.kind) {
    case 'value':
      return named(name, read(binding.right), at);
    case 'import':
      return importedValue(file, name, placed, at);
    case 'parameter':
      return parameterValue(file, segment, name, binding.subject, at);
    case 'function':
      return functionValue(file, placed, name, at);
    case 'class':
      return { kind: 'reference', module: '', name, level: 0, at };
    case 'augmented':
      return augmented(held, binding.operator, read(binding.right), at);
    case 'item':
      return withItem(held, keysOf(binding.keys), read(binding.right), at);
    case 'removal':
      return withoutItem(held, keysOf(binding.keys), at);
    case 'method': {
      const list = readArguments(file, segment, binding.call);
      return afterMethod(held, keysOf(binding.keys), binding.method, list, at);
    }
    case 'other':
      return unknown(`${name} is set by a loop, a context manager or the like`, at);
  }
}

/** What a place holds before the first statement that changes it: what a star import brings, or the object says. */
function initialContent(file: PythonFile, place: Place, placed: PlacedBinding, at: Location): Value {
  if (place.object === undefined) {
    const elsewhere = notBound(file, place.name, at);
    return elsewhere.kind === 'reference' ? elsewhere : unknown(`${place.name} is changed before it is set`, at);
  }
  const subject = placed.binding.subject?.childForFieldName('object');
  if (!subject) return unknown(`${place.name} is changed before it is set`, at);
  return { kind: 'attribute', object: evaluate(file, placed.segment, subject), name: place.name, at };
}

/** Imports and look-ups keep their own identity; only what has a value of its own gets this name. */
function named(name: string, value: Value, at: Location): Value {
  switch (value.kind) {
    case 'reference':
    case 'call':
    case 'unknown':
    case 'attribute':
      return value;
    default:
      return { kind: 'constant', name, value, at };
  }
}
