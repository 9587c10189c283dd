/** Which names a function binds, and to what; read once per function, from its statements. */
import type { Node } from 'web-tree-sitter';
import type { Origin } from '../../../declarations/origin.ts';
import { type ImportedName, readImportStatement } from '../imports.ts';
import { itemsOf } from '../nodes.ts';

export type ScopeBinding =
  | { readonly kind: 'parameter' }
  | { readonly kind: 'value'; readonly right: Node }
  /** `with value as name` */
  | { readonly kind: 'entered'; readonly value: Node }
  | { readonly kind: 'import'; readonly imported: ImportedName }
  /** A function or class. */
  | { readonly kind: 'definition' }
  | { readonly kind: 'other' };

export class Scope {
  readonly bindings = new Map<string, ScopeBinding[]>();
  /** Names declared `global` or `nonlocal`. */
  readonly shared = new Set<string>();
  /** What names have been found to stand for. */
  readonly origins = new Map<string, Origin>();

  constructor(
    /** The function, or the statement at module level. */
    readonly node: Node,
    readonly parent: Scope | undefined,
    /** The class it is a method of. */
    readonly className: string | undefined,
    /** The name of the instance inside a method. */
    readonly selfName: string | undefined,
    isModule = false,
  ) {
    for (const name of parameterNames(node)) this.bind(name, { kind: 'parameter' });
    const body = node.type === 'function_definition' ? node.childForFieldName('body') : node;
    if (body !== null && !isModule) this.readBlock(body);
  }

  /** No variable is a function's own at module level. */
  static ofModule(root: Node): Scope {
    return new Scope(root, undefined, undefined, undefined, true);
  }

  /** True for a name that is this function's own variable, or a parameter. */
  isLocal(name: string): boolean {
    return this.bindings.has(name) && !this.shared.has(name);
  }

  /** The nearest function that binds the name; undefined where the module does. */
  ownerOf(name: string): Scope | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent)
      if (scope.isLocal(name)) return scope;
    return undefined;
  }

  private bind(name: string, binding: ScopeBinding): void {
    const list = this.bindings.get(name);
    if (list === undefined) this.bindings.set(name, [binding]);
    else list.push(binding);
  }

  private readBlock(node: Node, depth = 0): void {
    if (depth > deepest) return;
    switch (node.type) {
      case 'function_definition':
      case 'class_definition':
        if (node.id === this.node.id) break;
        this.bind(node.childForFieldName('name')?.text ?? '', { kind: 'definition' });
        return;
      case 'import_statement':
      case 'import_from_statement':
        for (const imported of readImportStatement(node.text)) this.bind(imported.local, { kind: 'import', imported });
        return;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const name of itemsOf(node)) this.shared.add(name.text);
        return;
      case 'assignment':
      case 'augmented_assignment':
        this.readAssignment(node);
        return;
      case 'for_statement':
        this.bindTargets(node.childForFieldName('left'), { kind: 'other' });
        break;
      case 'with_item':
        this.readWithItem(node);
        return;
      case 'as_pattern_target':
        this.bindTargets(node, { kind: 'other' });
        return;
      case 'named_expression': {
        const value = node.childForFieldName('value');
        const name = node.childForFieldName('name')?.text;
        if (name !== undefined && value !== null) this.bind(name, { kind: 'value', right: value });
        return;
      }
      case 'expression_statement':
      case 'block':
        for (const child of node.namedChildren) if (child !== null) this.readBlock(child, depth + 1);
        return;
      case 'case_pattern':
        for (const each of node.descendantsOfType('identifier'))
          if (each !== null) this.bind(each.text, { kind: 'other' });
        return;
    }
    if (!holdsBindings.has(node.type)) return;
    for (const child of node.namedChildren) if (child !== null) this.readBlock(child, depth + 1);
  }

  private readAssignment(node: Node, depth = 0): void {
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    if (right?.type === 'assignment' && depth < deepest) this.readAssignment(right, depth + 1);
    let value = right;
    while (value?.type === 'assignment') value = value.childForFieldName('right');
    if (left?.type === 'identifier' && value && node.type === 'assignment')
      this.bind(left.text, { kind: 'value', right: value });
    else this.bindTargets(left, { kind: 'other' });
  }

  private readWithItem(node: Node): void {
    const pattern = node.childForFieldName('value');
    if (pattern?.type !== 'as_pattern') return;
    const target = pattern.namedChildren.find((child) => child?.type === 'as_pattern_target');
    const value = pattern.namedChildren[0];
    const name = target?.namedChildren[0];
    if (name?.type === 'identifier' && value) this.bind(name.text, { kind: 'entered', value });
    else this.bindTargets(target, { kind: 'other' });
  }

  private bindTargets(node: Node | null | undefined, binding: ScopeBinding): void {
    if (!node) return;
    if (node.type === 'identifier') this.bind(node.text, binding);
    else if (targetLists.has(node.type))
      for (const each of node.descendantsOfType('identifier'))
        if (each !== null && targetLists.has(each.parent?.type ?? '')) this.bind(each.text, binding);
  }
}

/** What is nested more deeply is generated, or hostile. */
const deepest = 60;

const targetLists = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'as_pattern_target',
  'tuple',
]);

/** Statements in which other statements or bindings lie. */
const holdsBindings = new Set([
  'function_definition',
  'decorated_definition',
  'module',
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'while_statement',
  'try_statement',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'with_statement',
  'with_clause',
  'match_statement',
  'case_clause',
  'as_pattern',
  // Expressions in which a walrus may stand.
  'parenthesized_expression',
  'boolean_operator',
  'comparison_operator',
  'not_operator',
]);

export function parameterNodes(definition: Node): Node[] {
  const list = definition.type === 'function_definition' ? definition.childForFieldName('parameters') : null;
  return list === null ? [] : itemsOf(list);
}

/** The name of a parameter; undefined for separators. */
export function parameterName(node: Node): string | undefined {
  switch (node.type) {
    case 'identifier':
      return node.text;
    case 'default_parameter':
    case 'typed_default_parameter':
      return node.childForFieldName('name')?.text;
    case 'typed_parameter':
      return node.namedChildren[0] ? parameterName(node.namedChildren[0]) : undefined;
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern':
      return node.namedChildren[0]?.text;
    default:
      return undefined;
  }
}

function parameterNames(definition: Node): string[] {
  return parameterNodes(definition).flatMap((node) => parameterName(node) ?? []);
}
