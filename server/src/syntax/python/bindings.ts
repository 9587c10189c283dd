/** Where a name gets its value: every statement of a scope that binds or changes it, in order. */
import type { Node } from 'web-tree-sitter';
import type { PythonFile, Segment } from './file.ts';
import { headOf, segmentsBinding } from './imports.ts';
import { enclosingClass, enclosingFunction } from './nodes.ts';

/** What statements assign to: a name, or an attribute of one, such as `self.url` or `app.config`. */
export interface Place {
  readonly object?: string;
  readonly name: string;
}

/** `subject` is the node that stands for the place. */
export type Binding =
  | { readonly kind: 'value'; readonly subject: Node; readonly right: Node }
  | { readonly kind: 'augmented'; readonly subject: Node; readonly right: Node; readonly operator: string }
  /** `subject` is absent where the whole statement is an import or a definition: its first line says it all. */
  | { readonly kind: 'import' | 'function'; readonly subject?: Node }
  | { readonly kind: 'class' | 'parameter' | 'other'; readonly subject: Node }
  /** `place[key] = right`; several keys for `place[key][key]`. */
  | { readonly kind: 'item'; readonly subject: Node; readonly keys: readonly Node[]; readonly right: Node }
  /** `del place[key]` */
  | { readonly kind: 'removal'; readonly subject: Node; readonly keys: readonly Node[] }
  /** `place.update(…)`, `place[key].pop(…)` and the like */
  | {
      readonly kind: 'method';
      readonly subject: Node;
      readonly keys: readonly Node[];
      readonly method: string;
      readonly call: Node;
    };

export interface PlacedBinding {
  readonly binding: Binding;
  readonly segment: Segment;
  /** Absolute offset of the place. */
  readonly offset: number;
  /** Absolute offset from which on it has its effect: where its statement ends. */
  readonly end: number;
  /** True where it binds the object whose attribute the place is, not the place. */
  readonly replacesObject?: boolean;
}

const changingMethods = new Set([
  ...['update', 'pop', 'setdefault', 'clear', 'popitem'],
  // Those of Flask's configuration.
  ...['from_object', 'from_mapping', 'from_envvar', 'from_file', 'from_json', 'from_pyfile', 'from_prefixed_env'],
]);

/** Bindings of a place inside one function, in source order; parameters first. */
export function bindingsInFunction(file: PythonFile, segment: Segment, scope: Node, place: Place): PlacedBinding[] {
  const key = `${segment.start + scope.startIndex} ${scope.endIndex} ${place.object ?? ''}.${place.name}`;
  return file.rememberNodes(key, () => findInFunction(file, segment, scope, place));
}

function findInFunction(file: PythonFile, segment: Segment, scope: Node, place: Place): PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const subject of occurrences(file, segment, scope.startIndex, scope.endIndex, place)) {
    if (place.object === undefined && isParameterOf(subject, scope)) {
      found.push(placed({ kind: 'parameter', subject }, segment, scope.startIndex));
      continue;
    }
    if (enclosingFunction(subject)?.id !== scope.id && !isDefinitionIn(subject, scope)) continue;
    const binding = classify(subject);
    if (binding !== undefined) found.push(placed(binding, segment, effectOf(binding)));
  }
  return found;
}

/** The name of a function or class that is defined directly in `scope`. */
function isDefinitionIn(subject: Node, scope: Node): boolean {
  const definition = subject.parent;
  return (
    definition !== null &&
    (definition.type === 'function_definition' || definition.type === 'class_definition') &&
    definition.id !== scope.id &&
    enclosingFunction(definition)?.id === scope.id
  );
}

/** Bindings of a place at module level, in source order. */
export function bindingsInModule(file: PythonFile, place: Place): PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const segment of segmentsBinding(file, place.object ?? place.name)) {
    const { kind } = headOf(file, segment);
    if (kind === 'import' || kind === 'function') {
      // Most names are of these kinds, and neither needs a tree.
      if (place.object === undefined)
        found.push({ binding: { kind }, segment, offset: segment.start, end: segment.start });
      continue;
    }
    const root = file.tree(segment).rootNode;
    for (const subject of occurrences(file, segment, 0, root.endIndex, place)) {
      const binding = classify(subject);
      if (binding === undefined) continue;
      const owner = binding.kind === 'function' || binding.kind === 'class' ? subject.parent! : subject;
      if (enclosingFunction(owner) !== null || enclosingClass(owner) !== null) continue;
      found.push(placed(binding, segment, effectOf(binding)));
    }
  }
  return found;
}

/** Bindings of `name` directly in a class body. */
export function bindingsInClass(file: PythonFile, segment: Segment, body: Node, name: string): PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const subject of occurrences(file, segment, body.startIndex, body.endIndex, { name })) {
    const binding = classify(subject);
    if (binding === undefined) continue;
    const owner = binding.kind === 'function' || binding.kind === 'class' ? subject.parent! : subject;
    if (enclosingClass(owner)?.childForFieldName('body')?.id !== body.id) continue;
    if (enclosingFunction(owner) !== null && enclosingFunction(owner)!.startIndex > body.startIndex) continue;
    found.push(placed(binding, segment, effectOf(binding)));
  }
  return found;
}

function placed(binding: Binding, segment: Segment, end: number): PlacedBinding {
  return { binding, segment, offset: segment.start + binding.subject!.startIndex, end: segment.start + end };
}

/** Where the statement, or the expression, that makes a binding ends. */
function effectOf(binding: Binding): number {
  const subject = binding.subject!;
  if (binding.kind === 'method') return binding.call.endIndex;
  if (binding.kind === 'other') return subject.endIndex;
  for (let parent = subject.parent; parent !== null; parent = parent.parent) {
    if (/^(?:assignment|augmented_assignment|named_expression|delete_statement|.*_definition)$/.test(parent.type))
      return parent.endIndex;
    if (parent.type === 'block' || parent.type.endsWith('_statement')) return parent.endIndex;
  }
  return subject.endIndex;
}

/** Nodes that stand for a place in a part of a segment (offsets relative to it). */
function* occurrences(
  file: PythonFile,
  segment: Segment,
  from: number,
  to: number,
  { object, name }: Place,
): Generator<Node> {
  const root = file.tree(segment).rootNode;
  const text = file.text;
  const end = segment.start + to;
  const prefix = object === undefined ? '' : `${object}.`;
  const wanted = prefix + name;
  for (
    let at = text.indexOf(wanted, segment.start + from);
    at !== -1 && at < end;
    at = text.indexOf(wanted, at + wanted.length)
  ) {
    if (isWordCharacter(text.charCodeAt(at - 1)) || isWordCharacter(text.charCodeAt(at + wanted.length))) continue;
    const start = at + prefix.length - segment.start;
    const node = root.descendantForIndex(start, start + name.length);
    if (node === null || node.type !== 'identifier' || node.startIndex !== start) continue;
    if (object === undefined) yield node;
    else if (node.parent?.type === 'attribute' && node.parent.startIndex === at - segment.start) yield node.parent;
  }
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code >= 128
  );
}

function isParameterOf(node: Node, scope: Node): boolean {
  const parameters = scope.childForFieldName('parameters');
  if (parameters === null || node.startIndex < parameters.startIndex || node.endIndex > parameters.endIndex)
    return false;
  const parent = node.parent!;
  if (parent.id === parameters.id) return true;
  if (parent.type === 'default_parameter' || parent.type === 'typed_default_parameter') {
    return parent.childForFieldName('name')?.id === node.id;
  }
  return (
    parent.type === 'typed_parameter' ||
    parent.type === 'list_splat_pattern' ||
    parent.type === 'dictionary_splat_pattern'
  );
}

function classify(subject: Node): Binding | undefined {
  const parent = subject.parent;
  if (parent === null) return undefined;
  const isField = (name: string) => parent.childForFieldName(name)?.id === subject.id;
  switch (parent.type) {
    case 'assignment': {
      if (!isField('left')) return undefined;
      const right = parent.childForFieldName('right');
      return right === null ? undefined : { kind: 'value', subject, right: lastOfChain(right) };
    }
    case 'named_expression':
      return isField('name') ? { kind: 'value', subject, right: parent.childForFieldName('value')! } : undefined;
    case 'augmented_assignment': {
      if (!isField('left')) return undefined;
      const operator = parent.childForFieldName('operator')?.text ?? '';
      return { kind: 'augmented', subject, right: parent.childForFieldName('right')!, operator: operator.slice(0, -1) };
    }
    case 'pattern_list':
    case 'tuple_pattern':
      return unpacked(subject, parent);
    case 'function_definition':
      return isField('name') ? { kind: 'function', subject } : undefined;
    case 'class_definition':
      return isField('name') ? { kind: 'class', subject } : undefined;
    case 'subscript':
    case 'attribute':
      return contentChange(subject);
    case 'as_pattern_target':
    case 'list_splat_pattern':
      return { kind: 'other', subject };
    case 'for_statement':
      return isField('left') ? { kind: 'other', subject } : undefined;
    case 'dotted_name':
    case 'aliased_import':
      return isImported(subject) ? { kind: 'import', subject } : undefined;
    default:
      return undefined;
  }
}

/** `a = b = 5`: the value of both is the last. */
function lastOfChain(right: Node): Node {
  let value = right;
  while (value.type === 'assignment') {
    const next = value.childForFieldName('right');
    if (next === null) return value;
    value = next;
  }
  return value;
}

function unpacked(subject: Node, pattern: Node): Binding {
  const assignment = pattern.parent;
  if (assignment?.type !== 'assignment' || assignment.childForFieldName('left')?.id !== pattern.id)
    return { kind: 'other', subject };
  const right = assignment.childForFieldName('right');
  const index = pattern.namedChildren.findIndex((each) => each?.id === subject.id);
  if (right === null || (right.type !== 'expression_list' && right.type !== 'tuple')) return { kind: 'other', subject };
  const value = right.namedChildren[index];
  return value ? { kind: 'value', subject, right: value } : { kind: 'other', subject };
}

/** Something is done to what the place holds: `place[key] = …`, `del place[key]`, `place.update(…)`. */
function contentChange(subject: Node): Binding | undefined {
  const keys: Node[] = [];
  let holder = subject;
  let parent = subject.parent;
  while (parent?.type === 'subscript' && parent.childForFieldName('value')?.id === holder.id) {
    const key = parent.childForFieldName('subscript');
    if (key === null) return undefined;
    keys.push(key);
    holder = parent;
    parent = parent.parent;
  }
  if (parent?.type === 'attribute') return methodChange(subject, keys, holder, parent);
  if (keys.length === 0 || parent === null) return undefined;
  if (parent.type === 'assignment' && parent.childForFieldName('left')?.id === holder.id) {
    const right = parent.childForFieldName('right');
    return right === null ? undefined : { kind: 'item', subject, keys, right: lastOfChain(right) };
  }
  // `d["a"], d["b"] = …`: which part goes where is not followed, but both keys are set.
  if (/^(?:pattern_list|tuple_pattern|list_pattern)$/.test(parent.type))
    return { kind: 'item', subject, keys, right: parent };
  if (parent.type === 'augmented_assignment' && parent.childForFieldName('left')?.id === holder.id)
    return { kind: 'item', subject, keys, right: parent };
  const isDeleted =
    parent.type === 'delete_statement' ||
    (parent.type === 'expression_list' && parent.parent?.type === 'delete_statement');
  return isDeleted ? { kind: 'removal', subject, keys } : undefined;
}

function methodChange(subject: Node, keys: readonly Node[], holder: Node, attribute: Node): Binding | undefined {
  if (attribute.childForFieldName('object')?.id !== holder.id) return undefined;
  const call = attribute.parent;
  if (call?.type !== 'call' || call.childForFieldName('function')?.id !== attribute.id) return undefined;
  const method = attribute.childForFieldName('attribute')?.text ?? '';
  return changingMethods.has(method) ? { kind: 'method', subject, keys, method, call } : undefined;
}

function isImported(node: Node): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'import_statement' || parent.type === 'import_from_statement') return true;
    if (parent.type !== 'dotted_name' && parent.type !== 'aliased_import') return false;
  }
  return false;
}
