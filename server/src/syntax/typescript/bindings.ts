/** Where a name gets its value: every place of a segment that declares or changes it, and the scope it belongs to. */
import type { Node, Tree } from 'web-tree-sitter';
import { type Change, changeAt, patternParts } from './changeNodes.ts';
import type { ScriptFile, Segment } from './file.ts';
import { isIdentifierCode } from './lexical.ts';
import { isFunction } from './nodes.ts';

/** One step from a destructured value to a part of it. */
export type PatternStep =
  | { readonly kind: 'property'; readonly key: string; readonly fallback?: Node }
  /** What the keys named leave over. */
  | { readonly kind: 'rest'; readonly without: readonly string[] }
  | { readonly kind: 'other' };

export type Declaration =
  /** `right` is absent where the declaration gives no value. */
  | { readonly kind: 'value'; readonly node: Node; readonly right?: Node; readonly steps: readonly PatternStep[] }
  | {
      readonly kind: 'parameter';
      readonly node: Node;
      /** The whole parameter, of which the name may be a part. */
      readonly parameter: Node;
      readonly steps: readonly PatternStep[];
    }
  | { readonly kind: 'import' | 'function' | 'class' | 'enum' | 'other'; readonly node: Node };

export interface ScopedDeclaration {
  readonly declaration: Declaration;
  /** The block, function or class that can see the name; null for the module. */
  readonly scope: Node | null;
}

export interface NameUses {
  readonly declarations: readonly ScopedDeclaration[];
  readonly changes: readonly Change[];
}

const known = new WeakMap<Tree, Map<string, NameUses>>();

/** Everything in a segment that declares or changes a name; kept as long as its tree. */
export function usesOf(file: ScriptFile, segment: Segment, name: string): NameUses {
  const tree = file.tree(segment);
  let byName = known.get(tree);
  if (byName === undefined) known.set(tree, (byName = new Map()));
  let uses = byName.get(name);
  if (uses === undefined) byName.set(name, (uses = readUses(file, segment, name)));
  return uses;
}

/** Asking a node for its parent takes longer the deeper it lies. What takes more of it all together is generated. */
const mostOccurrences = 1000;
const mostDepth = 200_000;

function readUses(file: ScriptFile, segment: Segment, name: string): NameUses {
  const declarations: ScopedDeclaration[] = [];
  const changes: Change[] = [];
  let count = 0;
  let depth = 0;
  for (const node of occurrences(file, segment, name)) {
    if (++count % occurrencesPerLook === 0) depth += occurrencesPerLook * depthOf(node, file.tree(segment).rootNode);
    if (count > mostOccurrences || depth > mostDepth) {
      const root = file.tree(segment).rootNode;
      return { declarations: [{ declaration: { kind: 'other', node: root }, scope: root }], changes: [] };
    }
    const declaration = declarationAt(node);
    if (declaration !== undefined) declarations.push({ declaration, scope: scopeOf(declaration) });
    else {
      const change = changeAt(node);
      if (change !== undefined) changes.push(change);
    }
  }
  return { declarations, changes };
}

const occurrencesPerLook = 20;

/** How many nodes there are around a node. */
function depthOf(node: Node, root: Node): number {
  const cursor = root.walk();
  let depth = 0;
  while (cursor.gotoFirstChildForIndex(node.startIndex)) depth++;
  cursor.delete();
  return depth;
}

/**
 * `.env.PORT ??`, `.string(`: what follows a name of which a property is read or a method called. An assignment to it, or a
 * step up, ends otherwise.
 */
const readOfProperty = /(?:\??\.[\w$]{1,100}){1,20}!?[ \t]*(?:\?\?(?!=)|\|\|(?!=)|&&(?!=)|[;,:(}\]]|[!=]==)/y;
const changesWhatFollows = /(?:\bdelete|\+\+|--)\s*$/;

/** True where the text alone says that the name is neither declared nor changed: no tree is asked then. */
function isPlainRead(text: string, start: number, end: number): boolean {
  readOfProperty.lastIndex = end;
  return readOfProperty.test(text) && !changesWhatFollows.test(text.slice(Math.max(0, start - 12), start));
}

const nameNodes = new Set([
  'identifier',
  'shorthand_property_identifier_pattern',
  'shorthand_property_identifier',
  'type_identifier',
]);

function* occurrences(file: ScriptFile, segment: Segment, name: string): Generator<Node> {
  const root = file.tree(segment).rootNode;
  const { text } = file;
  for (let at = text.indexOf(name, segment.start); at !== -1 && at < segment.end; at = text.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (isIdentifierCode(text.charCodeAt(at - 1)) || isIdentifierCode(text.charCodeAt(end))) continue;
    if (isPlainRead(text, at, end)) continue;
    const node = root.descendantForIndex(at - segment.start, at - segment.start + name.length - 1);
    if (node !== null && nameNodes.has(node.type) && node.startIndex === at - segment.start) yield node;
  }
}

function declarationAt(node: Node): Declaration | undefined {
  const parent = node.parent;
  if (parent === null) return undefined;
  switch (parent.type) {
    case 'variable_declarator':
      if (parent.childForFieldName('name')?.id !== node.id) return undefined;
      return { kind: 'value', node, right: parent.childForFieldName('value') ?? undefined, steps: [] };
    case 'required_parameter':
    case 'optional_parameter':
      if (parent.childForFieldName('pattern')?.id !== node.id) return undefined;
      return { kind: 'parameter', node, parameter: parent, steps: [] };
    case 'arrow_function':
      return parent.childForFieldName('parameter')?.id === node.id
        ? { kind: 'parameter', node, parameter: node, steps: [] }
        : undefined;
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'function_signature':
    case 'function_expression':
    case 'generator_function':
      return parent.childForFieldName('name')?.id === node.id ? { kind: 'function', node } : undefined;
    case 'class_declaration':
    case 'abstract_class_declaration':
    case 'class':
      return parent.childForFieldName('name')?.id === node.id ? { kind: 'class', node } : undefined;
    case 'enum_declaration':
      return parent.childForFieldName('name')?.id === node.id ? { kind: 'enum', node } : undefined;
    case 'internal_module':
    case 'catch_clause':
      return { kind: 'other', node };
    case 'for_in_statement':
      return parent.childForFieldName('left')?.id === node.id ? { kind: 'other', node } : undefined;
    case 'import_clause':
    case 'import_specifier':
    case 'namespace_import':
    case 'import_require_clause':
      return { kind: 'import', node };
    default:
      return destructured(node);
  }
}

/** A name inside `{ a: { b = 5 }, ...rest }` or `[a, b]`, with the way from the whole value to it. */
function destructured(node: Node): Declaration | undefined {
  const steps: PatternStep[] = [];
  let child = node;
  let fallback: Node | undefined;
  for (let parent = node.parent; parent !== null && patternParts.has(parent.type); parent = parent.parent) {
    switch (parent.type) {
      case 'object_assignment_pattern':
      case 'assignment_pattern':
        if (parent.childForFieldName('left')?.id !== child.id) return undefined;
        fallback = parent.childForFieldName('right') ?? undefined;
        break;
      case 'pair_pattern': {
        const key = parent.childForFieldName('key');
        if (key?.id === child.id) return undefined;
        steps.unshift(keyOf(key) === undefined ? { kind: 'other' } : { kind: 'property', key: keyOf(key)!, fallback });
        fallback = undefined;
        break;
      }
      case 'object_pattern':
        if (child.type === 'rest_pattern') steps.unshift({ kind: 'rest', without: keysIn(parent) });
        else if (child.type !== 'pair_pattern') steps.unshift({ kind: 'property', key: node.text, fallback });
        fallback = undefined;
        break;
      case 'array_pattern': {
        const index = parent.children.filter((each) => each?.type === ',' && each.startIndex < child.startIndex).length;
        steps.unshift(
          child.type === 'rest_pattern' ? { kind: 'other' } : { kind: 'property', key: String(index), fallback },
        );
        fallback = undefined;
        break;
      }
    }
    child = parent;
  }
  const holder = child.parent;
  if (child.id === node.id || holder === null) return undefined;
  if (holder.type === 'variable_declarator' && holder.childForFieldName('name')?.id === child.id)
    return { kind: 'value', node, right: holder.childForFieldName('value') ?? undefined, steps };
  if (holder.type === 'required_parameter' || holder.type === 'optional_parameter')
    return { kind: 'parameter', node, parameter: holder, steps };
  // `for (const { a } of list)`, `catch ({ message })`, `({ a } = b)`.
  return holder.type === 'for_in_statement' || holder.type === 'catch_clause' ? { kind: 'other', node } : undefined;
}

function keyOf(key: Node | null): string | undefined {
  if (key?.type === 'property_identifier' || key?.type === 'number') return key.text;
  return key?.type === 'string' ? key.text.slice(1, -1) : undefined;
}

function keysIn(pattern: Node): string[] {
  return pattern.namedChildren.flatMap((each) => {
    if (each?.type === 'shorthand_property_identifier_pattern') return [each.text];
    if (each?.type === 'pair_pattern') return keyOf(each.childForFieldName('key')) ?? [];
    return each?.type === 'object_assignment_pattern' ? (each.childForFieldName('left')?.text ?? []) : [];
  });
}

const blocks = new Set(['statement_block', 'switch_body', 'class_static_block', 'for_statement', 'for_in_statement']);

function scopeOf(declaration: Declaration): Node | null {
  const { node, kind } = declaration;
  if (kind === 'import') return null;
  if (kind === 'parameter') return functionAround(declaration.parameter);
  const parent = node.parent!;
  // The name of a function or class expression is seen inside it alone.
  if (/^(?:function_expression|generator_function|class)$/.test(parent.type)) return parent;
  if (parent.type === 'catch_clause' || parent.type === 'for_in_statement') return parent;
  let statement: Node = node;
  while (statement.parent !== null && !/_declaration$|^catch_clause$|^for_in_statement$/.test(statement.type))
    statement = statement.parent;
  const isVariable = statement.type === 'variable_declaration';
  for (
    let around = statement.type === 'for_in_statement' ? statement : statement.parent;
    around !== null;
    around = around.parent
  ) {
    if (isFunction(around)) return around;
    if (!isVariable && blocks.has(around.type)) return around;
    if (around.type === 'catch_clause') return around;
  }
  return null;
}

function functionAround(node: Node): Node | null {
  for (let parent = node.parent; parent !== null; parent = parent.parent) if (isFunction(parent)) return parent;
  return null;
}

/** The innermost declaration of a segment that a place can see, with those of the same scope; none where the module's counts. */
export function declarationsSeenFrom(uses: NameUses, place: Node): readonly ScopedDeclaration[] {
  let innermost: ScopedDeclaration | undefined;
  for (const each of uses.declarations) {
    if (each.scope === null || !holds(each.scope, place)) continue;
    if (innermost === undefined || each.scope.startIndex > innermost.scope!.startIndex) innermost = each;
  }
  if (innermost === undefined) return [];
  return uses.declarations.filter((each) => each.scope?.id === innermost.scope!.id);
}

function holds(scope: Node, place: Node): boolean {
  return scope.startIndex <= place.startIndex && place.endIndex <= scope.endIndex;
}
