/** Which names a function binds, and to what; read once per function, from its statements. Blocks are not told apart. */
import type { Node } from 'web-tree-sitter';
import type { Origin } from '../../../declarations/origin.ts';
import { isFunction, itemsOf } from '../nodes.ts';

export type ScopeBinding =
  /** `type` is what the parameter is declared to be. */
  | { readonly kind: 'parameter'; readonly type?: Node }
  /** A part of `right`, by the properties that lead to it. */
  | { readonly kind: 'value'; readonly right: Node; readonly path: readonly string[] }
  /** A function or class. */
  | { readonly kind: 'definition'; readonly node: Node }
  | { readonly kind: 'other' };

/** What is nested more deeply is generated, or hostile. */
const deepest = 60;

export class Scope {
  readonly bindings = new Map<string, ScopeBinding[]>();
  /** What names have been found to stand for. */
  readonly origins = new Map<string, Origin>();
  private readonly assigned: { readonly name: string; readonly right: Node }[] = [];

  constructor(
    /** The function, or the statement at module level. */
    readonly node: Node,
    readonly parent: Scope | undefined,
    /** The class whose instance `this` is. */
    readonly className: string | undefined,
  ) {
    if (isFunction(node)) {
      for (const parameter of parametersOf(node)) this.bindParameter(parameter);
      const body = node.childForFieldName('body');
      if (body !== null) this.readAll(body);
    } else this.readAll(node);
    // What is not declared here belongs to somebody else.
    for (const { name, right } of this.assigned)
      if (this.bindings.has(name)) this.bind(name, { kind: 'value', right, path: [] });
  }

  /** No variable is a function's own at module level. */
  static ofModule(root: Node): Scope {
    const scope = new Scope(root, undefined, undefined);
    scope.bindings.clear();
    return scope;
  }

  isLocal(name: string): boolean {
    return this.bindings.has(name);
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

  private bindParameter(parameter: Node): void {
    const pattern = parameter.childForFieldName('pattern') ?? parameter;
    const type = parameter.childForFieldName('type') ?? undefined;
    if (pattern.type === 'identifier') this.bind(pattern.text, { kind: 'parameter', ...(type ? { type } : {}) });
    else for (const { name } of namesIn(pattern)) this.bind(name, { kind: 'parameter' });
  }

  private readAll(node: Node, depth = 0): void {
    if (depth > deepest) return;
    this.read(node);
    if (isFunction(node) && node.id !== this.node.id) return;
    if (node.type === 'class_declaration' || node.type === 'class' || node.type === 'abstract_class_declaration')
      return;
    for (const child of node.namedChildren) if (child !== null) this.readAll(child, depth + 1);
  }

  private read(node: Node): void {
    switch (node.type) {
      case 'function_declaration':
      case 'generator_function_declaration':
      case 'class_declaration':
      case 'abstract_class_declaration':
      case 'enum_declaration': {
        const name = node.childForFieldName('name')?.text;
        if (name !== undefined && node.id !== this.node.id) this.bind(name, { kind: 'definition', node });
        return;
      }
      case 'variable_declarator':
        this.bindPattern(node.childForFieldName('name'), node.childForFieldName('value'));
        return;
      case 'assignment_expression': {
        const left = node.childForFieldName('left');
        const right = node.childForFieldName('right');
        if (left?.type !== 'identifier' || right === null) return;
        if (isUsing(node)) this.bind(left.text, { kind: 'value', right, path: [] });
        else this.assigned.push({ name: left.text, right });
        return;
      }
      case 'for_in_statement':
        this.bindNames(node.childForFieldName('left'));
        return;
      case 'catch_clause':
        this.bindNames(node.childForFieldName('parameter'));
        return;
    }
  }

  private bindPattern(pattern: Node | null, right: Node | null): void {
    if (pattern === null) return;
    for (const { name, path } of namesIn(pattern)) {
      if (right === null) this.bind(name, { kind: 'value', right: pattern, path: [] });
      else this.bind(name, path === undefined ? { kind: 'other' } : { kind: 'value', right, path });
    }
  }

  private bindNames(pattern: Node | null): void {
    if (pattern !== null) for (const { name } of namesIn(pattern)) this.bind(name, { kind: 'other' });
  }
}

/** `using x = …`, which the grammar takes for an assignment. */
export function isUsing(assignment: Node): boolean {
  return assignment.children.some((child) => child?.type === 'using');
}

interface PatternName {
  readonly name: string;
  /** The properties that lead to it; undefined where one is not plain. */
  readonly path: readonly string[] | undefined;
}

/** Every name that a pattern binds. */
export function namesIn(pattern: Node, path: readonly string[] | undefined = [], depth = 0): PatternName[] {
  if (depth > deepest) return [];
  const inner = (node: Node | null | undefined, its: readonly string[] | undefined) =>
    node ? namesIn(node, its, depth + 1) : [];
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return [{ name: pattern.text, path: pattern.type === 'identifier' ? path : path && [...path, pattern.text] }];
    case 'object_pattern':
      return itemsOf(pattern).flatMap((each) => inner(each, path));
    case 'pair_pattern': {
      const key = pattern.childForFieldName('key');
      const isPlain = key?.type === 'property_identifier';
      return inner(pattern.childForFieldName('value'), isPlain && path ? [...path, key.text] : undefined);
    }
    case 'object_assignment_pattern':
    case 'assignment_pattern':
      return inner(pattern.childForFieldName('left'), path);
    case 'array_pattern':
    case 'rest_pattern':
      return itemsOf(pattern).flatMap((each) => inner(each, undefined));
    default:
      return [];
  }
}

/** Parameters as nodes: patterns with their types and defaults, or the one name of an arrow function. */
export function parametersOf(definition: Node): Node[] {
  const single = definition.childForFieldName('parameter');
  if (single !== null) return [single];
  const list = definition.childForFieldName('parameters');
  return list === null ? [] : itemsOf(list);
}

/** The name of a parameter; empty where it is taken apart. */
export function plainName(parameter: Node): string {
  const pattern = parameter.childForFieldName('pattern') ?? parameter;
  return pattern.type === 'identifier' ? pattern.text : '';
}
