/** Where a name gets its value: every statement of a scope that binds or changes it, in order. */
import type { Node } from 'web-tree-sitter';
import type { PythonFile, Segment } from './file.ts';
import { headOf, segmentsBinding } from './imports.ts';
import { enclosingClass, enclosingFunction, isConditionalFor } from './nodes.ts';

export type Binding =
  | { readonly kind: 'value'; readonly node: Node; readonly right: Node; readonly index?: number }
  | { readonly kind: 'augmented'; readonly node: Node; readonly right: Node; readonly operator: string }
  /** `node` is absent where the whole statement is an import or a definition: its first line says it all. */
  | { readonly kind: 'import' | 'function'; readonly node?: Node }
  | { readonly kind: 'class'; readonly node: Node }
  | { readonly kind: 'parameter'; readonly node: Node }
  /** `name[key] = right`; `path` holds the keys before the last in `name["a"]["b"] = right`. */
  | {
      readonly kind: 'item';
      readonly node: Node;
      readonly path: readonly Node[];
      readonly key: Node;
      readonly right: Node;
    }
  /** `name.update(…)`, `name.pop(…)`, `del name[…]` and the like; `path` as in `name["a"].update(…)`. */
  | {
      readonly kind: 'method';
      readonly node: Node;
      readonly path: readonly Node[];
      readonly method: string;
      readonly call: Node;
    }
  | { readonly kind: 'other'; readonly node: Node };

export interface PlacedBinding {
  readonly binding: Binding;
  readonly segment: Segment;
  /** Absolute offset of the name. */
  readonly offset: number;
  readonly conditional: boolean;
}

const changingMethods = new Set(['update', 'pop', 'setdefault', 'clear', 'popitem']);

/** Bindings of `name` inside one function, in source order. */
export function bindingsInFunction(
  file: PythonFile,
  segment: Segment,
  scope: Node,
  name: string,
  use: number,
): PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const node of occurrences(file, segment, scope.startIndex, scope.endIndex, name)) {
    const parent = node.parent;
    const isParameter = parent !== null && isParameterOf(node, scope);
    if (!isParameter && enclosingFunction(node)?.id !== scope.id) {
      const isOwnDefinition =
        parent !== null &&
        (parent.type === 'function_definition' || parent.type === 'class_definition') &&
        parent.id !== scope.id &&
        enclosingFunction(parent)?.id === scope.id;
      if (!isOwnDefinition) continue;
    }
    const binding: Binding | undefined = isParameter ? { kind: 'parameter', node } : classify(node);
    if (binding === undefined) continue;
    found.push({
      binding,
      segment,
      offset: segment.start + node.startIndex,
      conditional: isConditionalFor(node, use - segment.start),
    });
  }
  return found;
}

/** Bindings of `name` at module level, in source order. */
export function bindingsInModule(file: PythonFile, name: string, use: number): PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const segment of segmentsBinding(file, name)) {
    const head = headOf(file, segment);
    if (head.kind === 'import' || head.kind === 'function') {
      // Most names are of these kinds, and neither needs a tree.
      found.push({ binding: { kind: head.kind }, segment, offset: segment.start, conditional: false });
      continue;
    }
    const root = file.tree(segment).rootNode;
    for (const node of occurrences(file, segment, 0, root.endIndex, name)) {
      const binding = classify(node);
      if (binding === undefined) continue;
      const owner = binding.kind === 'function' || binding.kind === 'class' ? node.parent! : node;
      if (enclosingFunction(owner) !== null || enclosingClass(owner) !== null) continue;
      const inThisSegment = segment.start <= use && use < segment.end;
      found.push({
        binding,
        segment,
        offset: segment.start + node.startIndex,
        conditional: isConditionalFor(owner, inThisSegment ? use - segment.start : -1),
      });
    }
  }
  return found;
}

/** Bindings of `name` directly in a class body. */
export function bindingsInClass(file: PythonFile, segment: Segment, body: Node, name: string): PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const node of occurrences(file, segment, body.startIndex, body.endIndex, name)) {
    const binding = classify(node);
    if (binding === undefined || enclosingClass(node)?.childForFieldName('body')?.id !== body.id) continue;
    if (enclosingFunction(node) !== null && enclosingFunction(node)!.startIndex > body.startIndex) continue;
    found.push({ binding, segment, offset: segment.start + node.startIndex, conditional: isConditionalFor(node, -1) });
  }
  return found;
}

/** True where a function changes the mapping a module-level name stands for: then its content is not known. */
export function isChangedElsewhere(file: PythonFile, name: string): boolean {
  const pattern = new RegExp(
    `^[ \\t]+(?:.*[^\\w.])?${name}[ \\t]*(?:(?:\\[[^\\]\\n]*\\][ \\t]*)+=(?!=)|(?:\\[[^\\]\\n]*\\])*\\.(?:update|pop|setdefault|clear|popitem)\\()`,
    'm',
  );
  return file.segments.some((segment) => {
    const kind = headOf(file, segment).kind;
    if (kind !== 'function' && kind !== 'class') return false;
    return pattern.test(file.text.slice(segment.start, segment.end));
  });
}

/** Identifiers called `name` in a part of a segment (offsets relative to it). */
function* occurrences(file: PythonFile, segment: Segment, from: number, to: number, name: string): Generator<Node> {
  const root = file.tree(segment).rootNode;
  const text = file.text;
  const end = segment.start + to;
  for (
    let at = text.indexOf(name, segment.start + from);
    at !== -1 && at < end;
    at = text.indexOf(name, at + name.length)
  ) {
    if (isWordCharacter(text.charCodeAt(at - 1)) || isWordCharacter(text.charCodeAt(at + name.length))) continue;
    const node = root.descendantForIndex(at - segment.start, at - segment.start + name.length);
    if (node !== null && node.type === 'identifier' && node.startIndex === at - segment.start) yield node;
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

function classify(node: Node): Binding | undefined {
  const parent = node.parent;
  if (parent === null) return undefined;
  switch (parent.type) {
    case 'assignment': {
      if (parent.childForFieldName('left')?.id !== node.id) return undefined;
      const right = parent.childForFieldName('right');
      return right === null ? undefined : { kind: 'value', node, right: lastOfChain(right) };
    }
    case 'named_expression':
      return parent.childForFieldName('name')?.id === node.id
        ? { kind: 'value', node, right: parent.childForFieldName('value')! }
        : undefined;
    case 'augmented_assignment': {
      if (parent.childForFieldName('left')?.id !== node.id) return undefined;
      const operator = parent.childForFieldName('operator')?.text ?? '';
      return { kind: 'augmented', node, right: parent.childForFieldName('right')!, operator: operator.slice(0, -1) };
    }
    case 'pattern_list':
    case 'tuple_pattern':
      return unpacked(node, parent);
    case 'function_definition':
      return parent.childForFieldName('name')?.id === node.id ? { kind: 'function', node } : undefined;
    case 'class_definition':
      return parent.childForFieldName('name')?.id === node.id ? { kind: 'class', node } : undefined;
    case 'subscript':
      return itemChange(node, parent);
    case 'attribute':
      return methodChange(node, node, parent, []);
    case 'as_pattern_target':
    case 'for_in_clause':
    case 'list_splat_pattern':
      return { kind: 'other', node };
    case 'for_statement':
      return parent.childForFieldName('left')?.id === node.id ? { kind: 'other', node } : undefined;
    case 'dotted_name':
    case 'aliased_import':
      return isImported(node) ? { kind: 'import', node } : undefined;
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

function unpacked(node: Node, pattern: Node): Binding {
  const assignment = pattern.parent;
  if (assignment?.type !== 'assignment' || assignment.childForFieldName('left')?.id !== pattern.id)
    return { kind: 'other', node };
  const right = assignment.childForFieldName('right');
  const index = pattern.namedChildren.findIndex((each) => each?.id === node.id);
  if (right === null || (right.type !== 'expression_list' && right.type !== 'tuple')) return { kind: 'other', node };
  const value = right.namedChildren[index];
  return value ? { kind: 'value', node, right: value } : { kind: 'other', node };
}

function itemChange(node: Node, innermost: Node): Binding | undefined {
  if (innermost.childForFieldName('value')?.id !== node.id) return undefined;
  // `d["a"]["b"]`: outwards to the last key.
  const path: Node[] = [];
  let subscript = innermost;
  let parent = subscript.parent;
  while (parent?.type === 'subscript' && parent.childForFieldName('value')?.id === subscript.id) {
    const key = subscript.childForFieldName('subscript');
    if (key === null) return undefined;
    path.push(key);
    subscript = parent;
    parent = subscript.parent;
  }
  const key = subscript.childForFieldName('subscript');
  if (key === null) return undefined;
  if (parent?.type === 'attribute') return methodChange(node, subscript, parent, [...path, key]);
  if (parent?.type === 'assignment' && parent.childForFieldName('left')?.id === subscript.id) {
    const right = parent.childForFieldName('right');
    return right === null ? undefined : { kind: 'item', node, path, key, right: lastOfChain(right) };
  }
  // `d["a"], d["b"] = …`: which part goes where is not followed, but both keys are set.
  if (/^(?:pattern_list|tuple_pattern|list_pattern)$/.test(parent?.type ?? ''))
    return { kind: 'item', node, path, key, right: parent! };
  if (parent?.type === 'augmented_assignment' && parent.childForFieldName('left')?.id === subscript.id)
    return { kind: 'other', node };
  return parent?.type === 'delete_statement' ? { kind: 'other', node } : undefined;
}

function methodChange(node: Node, object: Node, attribute: Node, path: readonly Node[]): Binding | undefined {
  if (attribute.childForFieldName('object')?.id !== object.id) return undefined;
  const call = attribute.parent;
  if (call?.type !== 'call' || call.childForFieldName('function')?.id !== attribute.id) return undefined;
  const method = attribute.childForFieldName('attribute')?.text ?? '';
  return changingMethods.has(method) ? { kind: 'method', node, path, method, call } : undefined;
}

function isImported(node: Node): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'import_statement' || parent.type === 'import_from_statement') return true;
    if (parent.type !== 'dotted_name' && parent.type !== 'aliased_import') return false;
  }
  return false;
}
