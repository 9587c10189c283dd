/** Expressions as {@link Origin}s. */
import type { Node } from 'web-tree-sitter';
import { type Origin, type OriginArgument, opaque, severalOf } from '../../../declarations/origin.ts';
import type { ImportedName } from '../imports.ts';
import { isFunction, itemsOf } from '../nodes.ts';
import type { Scope, ScopeBinding } from './scope.ts';

/** Chains of names and calls longer than this are not followed. */
const deepest = 24;

export function originOf(node: Node | null | undefined, scope: Scope | undefined, depth = 0): Origin {
  if (!node || depth > deepest) return opaque;
  const inner = (child: Node | null | undefined) => originOf(child, scope, depth + 1);
  switch (node.type) {
    case 'identifier':
    case 'shorthand_property_identifier':
    case 'type_identifier':
      return originOfName(node.text, scope, depth);
    case 'member_expression':
      return memberOf(node, scope, depth);
    case 'call_expression':
    case 'new_expression':
      return originOfCall(node, scope, depth);
    case 'await_expression':
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'type_annotation':
      return inner(itemsOf(node)[0]);
    case 'type_assertion':
      return inner(itemsOf(node)[1]);
    case 'subscript_expression':
      return {
        kind: 'item',
        of: inner(node.childForFieldName('object')),
        items: [inner(node.childForFieldName('index'))],
      };
    case 'generic_type': {
      const name = node.childForFieldName('name');
      const list = itemsOf(node).find((each) => each.type === 'type_arguments');
      return { kind: 'item', of: inner(name), items: list ? itemsOf(list).map(inner) : [] };
    }
    case 'nested_type_identifier':
      return {
        kind: 'member',
        of: inner(node.childForFieldName('module')),
        name: node.childForFieldName('name')?.text ?? '',
      };
    case 'ternary_expression':
      return severalOf([inner(node.childForFieldName('consequence')), inner(node.childForFieldName('alternative'))]);
    case 'binary_expression': {
      const isChoice = /^(?:\|\||\?\?|&&)$/.test(node.childForFieldName('operator')?.text ?? '');
      const both = [inner(node.childForFieldName('left')), inner(node.childForFieldName('right'))];
      return isChoice ? severalOf(both) : { kind: 'made', from: both };
    }
    case 'assignment_expression':
    case 'augmented_assignment_expression':
      return inner(node.childForFieldName('right'));
    case 'null':
    case 'undefined':
      return { kind: 'literal', value: null };
    case 'true':
    case 'false':
      return { kind: 'literal', value: node.type === 'true' };
    case 'number':
      return { kind: 'literal', value: Number(node.text.replaceAll('_', '')) };
    case 'string':
      return /^["']\//.test(node.text) || node.text.length === 2
        ? { kind: 'literal', isPath: true }
        : { kind: 'literal' };
    case 'template_string': {
      const parts = itemsOf(node).filter((child) => child.type === 'template_substitution');
      if (parts.length > 0) return { kind: 'made', from: parts.map((each) => inner(itemsOf(each)[0])) };
      return node.text.startsWith('`/') ? { kind: 'literal', isPath: true } : { kind: 'literal' };
    }
    case 'pair':
      return inner(node.childForFieldName('value'));
    case 'spread_element':
      return { kind: 'made', from: itemsOf(node).map(inner) };
    case 'this':
    case 'class':
      return opaque;
    case 'object':
      return { kind: 'made', from: itemsOf(node).map(inner) };
    default:
      // The code of a function is the same whoever calls the one around it.
      return { kind: 'made', from: isFunction(node) ? [] : itemsOf(node).map(inner) };
  }
}

function memberOf(node: Node, scope: Scope | undefined, depth: number): Origin {
  const object = node.childForFieldName('object');
  const name = node.childForFieldName('property')?.text ?? '';
  if (object?.type === 'this') {
    const className = scope === undefined ? undefined : classOfThis(scope);
    return className === undefined ? opaque : { kind: 'own', className, name };
  }
  const of = originOf(object, scope, depth + 1);
  // What a package exports by default is what it is, as bundlers and Node have it.
  if (of.kind === 'import' && of.name === '' && name === 'default') return { ...of, name: of.level > 0 ? name : '' };
  return { kind: 'member', of, name };
}

/** Arrow functions have the `this` of what is around them. */
function classOfThis(scope: Scope): string | undefined {
  let around: Scope | undefined = scope;
  while (around !== undefined && around.className === undefined && around.node.type === 'arrow_function')
    around = around.parent;
  return around?.className;
}

function originOfCall(node: Node, scope: Scope | undefined, depth: number): Origin {
  const callee = node.childForFieldName('function') ?? node.childForFieldName('constructor');
  const module = moduleOf(node);
  if (module !== undefined) return importOrigin(module, '');
  return { kind: 'result', of: originOf(callee, scope, depth + 1), arguments: argumentsOf(node, scope, depth) };
}

/** The module of `require('m')` and `import('m')`. */
export function moduleOf(call: Node): string | undefined {
  const callee = call.childForFieldName('function');
  if (callee?.type !== 'import' && callee?.text !== 'require') return undefined;
  const list = call.childForFieldName('arguments');
  const first = list && itemsOf(list)[0];
  return first?.type === 'string' ? first.text.slice(1, -1) : undefined;
}

/** Arguments by position; those after `until`, an offset, are left out. */
export function argumentsOf(call: Node, scope: Scope | undefined, depth = 0, until?: number): OriginArgument[] {
  const list = call.childForFieldName('arguments');
  if (list?.type !== 'arguments') return [];
  return itemsOf(list)
    .filter((item) => until === undefined || item.startIndex < until)
    .map((item) => ({ origin: originOf(item, scope, depth + 1) }));
}

function originOfName(name: string, scope: Scope | undefined, depth: number): Origin {
  const owner = scope?.ownerOf(name);
  if (owner === undefined) return { kind: 'global', name };
  let origin = owner.origins.get(name);
  if (origin === undefined) {
    // `pool = pool ?? create()`: of itself nothing is known.
    owner.origins.set(name, opaque);
    const choices = owner.bindings.get(name)!.map((binding) => originOfBinding(name, binding, owner, depth));
    owner.origins.set(name, (origin = severalOf(choices)));
  }
  return origin;
}

/** What one binding of `name` makes it; without `owner` at module level. */
export function originOfBinding(name: string, binding: ScopeBinding, owner: Scope | undefined, depth: number): Origin {
  switch (binding.kind) {
    case 'parameter': {
      const type = binding.type && originOf(binding.type, owner?.parent, depth + 1);
      return type?.kind === 'global' || type?.kind === 'member'
        ? { kind: 'parameter', name, type }
        : { kind: 'parameter', name };
    }
    case 'value': {
      if (binding.right.type === 'identifier' && binding.right.text === name && binding.path.length === 0)
        return { kind: 'literal', value: null };
      if (owner === undefined && binding.path.length === 0 && isDefinition(binding.right))
        return { kind: 'definition', name };
      let origin = originOf(binding.right, owner, depth + 1);
      for (const each of binding.path) origin = { kind: 'member', of: origin, name: each };
      return origin;
    }
    case 'definition':
      return owner === undefined ? { kind: 'definition', name } : opaque;
    default:
      return opaque;
  }
}

function isDefinition(node: Node): boolean {
  if (node.type === 'as_expression' || node.type === 'satisfies_expression' || node.type === 'parenthesized_expression')
    return itemsOf(node)[0] !== undefined && isDefinition(itemsOf(node)[0]!);
  return isFunction(node) || node.type === 'class';
}

export function importedOrigin({ module, name }: ImportedName): Origin {
  return importOrigin(module, name);
}

/** A package's default export is what `require` yields, as most packages and tools have it. */
export function importOrigin(module: string, name: string): Origin {
  const level = module.startsWith('.') ? 1 : 0;
  return { kind: 'import', module, name: level === 0 && name === 'default' ? '' : name, level };
}
