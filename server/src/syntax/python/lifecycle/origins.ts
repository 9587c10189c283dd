/** Expressions as {@link Origin}s. */
import type { Node } from 'web-tree-sitter';
import { type Origin, type OriginArgument, opaque, severalOf } from '../../../declarations/origin.ts';
import type { ImportedName } from '../imports.ts';
import { itemsOf } from '../nodes.ts';
import type { Scope, ScopeBinding } from './scope.ts';

/** Chains of names and calls longer than this are not followed. */
const deepest = 24;

export function originOf(node: Node | null | undefined, scope: Scope | undefined, depth = 0): Origin {
  if (!node || depth > deepest) return opaque;
  const inner = (child: Node | null | undefined) => originOf(child, scope, depth + 1);
  switch (node.type) {
    case 'identifier':
      return originOfName(node.text, scope, depth);
    case 'attribute': {
      const object = node.childForFieldName('object');
      const name = node.childForFieldName('attribute')?.text ?? '';
      if (object?.type === 'identifier' && scope !== undefined) {
        const owner = scope.ownerOf(object.text);
        if (owner?.selfName === object.text && owner.className !== undefined)
          return { kind: 'own', className: owner.className, name };
      }
      return { kind: 'member', of: inner(object), name };
    }
    case 'call':
      return {
        kind: 'result',
        of: inner(node.childForFieldName('function')),
        arguments: argumentsOf(node, scope, depth),
      };
    case 'await':
    case 'parenthesized_expression':
    case 'type':
      return inner(itemsOf(node)[0]);
    case 'named_expression':
      return inner(node.childForFieldName('value'));
    case 'subscript':
      return {
        kind: 'item',
        of: inner(node.childForFieldName('value')),
        items: node.childrenForFieldName('subscript').map((each) => inner(each)),
      };
    case 'generic_type': {
      const [of, parameters] = itemsOf(node);
      return { kind: 'item', of: inner(of), items: parameters ? itemsOf(parameters).map(inner) : [] };
    }
    case 'member_type':
      return { kind: 'member', of: inner(itemsOf(node)[0]), name: itemsOf(node)[1]?.text ?? '' };
    case 'union_type':
      return severalOf(itemsOf(node).map(inner));
    case 'conditional_expression': {
      const [whenTrue, , whenFalse] = itemsOf(node);
      return severalOf([inner(whenTrue), inner(whenFalse)]);
    }
    case 'boolean_operator':
      return severalOf([inner(node.childForFieldName('left')), inner(node.childForFieldName('right'))]);
    case 'none':
      return { kind: 'literal', value: null };
    case 'true':
      return { kind: 'literal', value: true };
    case 'false':
      return { kind: 'literal', value: false };
    case 'integer':
    case 'float':
      return { kind: 'literal', value: Number(node.text.replaceAll('_', '')) };
    case 'string': {
      const parts = itemsOf(node).filter((child) => child.type === 'interpolation');
      if (parts.length > 0)
        return { kind: 'made', from: parts.map((each) => inner(each.childForFieldName('expression'))) };
      return /^\w*(["'])(?:\/[^"']*)?\1$/.test(node.text) ? { kind: 'literal', isPath: true } : { kind: 'literal' };
    }
    case 'keyword_argument':
    case 'pair':
      return inner(node.childForFieldName('value'));
    case 'lambda':
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'generator_expression':
      return opaque;
    default:
      return { kind: 'made', from: itemsOf(node).map(inner) };
  }
}

export function argumentsOf(call: Node, scope: Scope | undefined, depth = 0): OriginArgument[] {
  const list = call.childForFieldName('arguments');
  if (list?.type !== 'argument_list') return [];
  return itemsOf(list).map((item): OriginArgument => {
    if (item.type !== 'keyword_argument') return { origin: originOf(item, scope, depth + 1) };
    const name = item.childForFieldName('name')?.text ?? '';
    const value = item.childForFieldName('value');
    const word = name === 'scope' ? /^["']([a-z]{1,12})["']$/.exec(value?.text ?? '')?.[1] : undefined;
    return { name, origin: word === undefined ? originOf(value, scope, depth + 1) : { kind: 'literal', scope: word } };
  });
}

function originOfName(name: string, scope: Scope | undefined, depth: number): Origin {
  const owner = scope?.ownerOf(name);
  if (owner === undefined) return { kind: 'global', name };
  let origin = owner.origins.get(name);
  if (origin === undefined) {
    // `conn = conn or connect()`: of itself nothing is known.
    owner.origins.set(name, opaque);
    const choices = owner.bindings.get(name)!.map((binding) => originOfBinding(name, binding, owner, depth));
    owner.origins.set(name, (origin = severalOf(choices)));
  }
  return origin;
}

/** What one binding of `name` makes it; without `owner` at module level. */
export function originOfBinding(name: string, binding: ScopeBinding, owner: Scope | undefined, depth: number): Origin {
  switch (binding.kind) {
    case 'parameter':
      return { kind: 'parameter', name };
    case 'value':
      return originOf(binding.right, owner, depth + 1);
    case 'entered':
      return { kind: 'entered', of: originOf(binding.value, owner, depth + 1) };
    case 'import':
      return importOrigin(binding.imported);
    case 'definition':
      return owner === undefined ? { kind: 'definition', name } : opaque;
    default:
      return opaque;
  }
}

export function importOrigin({ module, name, level }: ImportedName): Origin {
  return { kind: 'import', module, name, level };
}
