/** What the object or class around a function makes of it: a resolver of GraphQL, a part of what lives for one request. */
import type { Node } from 'web-tree-sitter';
import type { Origin } from '../../../declarations/origin.ts';
import { isWrapper, itemsOf } from '../nodes.ts';
import { originOf } from './origins.ts';
import { parametersOf, plainName, type Scope } from './scope.ts';

const operation = /^(?:Query|Mutation|Subscription)$/;
/** As the first of a resolver's parameters is mostly called; the others are what the query says and the context. */
const parentName = /^_*(?:parent|root|obj|source)?_*$/;

/** True for `users` of `const resolvers = { Query: { users: () => … } }`. */
export function isResolver(node: Node): boolean {
  const path: string[] = [];
  let child = node;
  for (let { parent } = node; parent !== null; child = parent, { parent } = parent) {
    if (parent.type === 'pair') path.push(keyOf(parent));
    else if (parent.type === 'object' && child.type === 'method_definition') path.push(keyOf(child));
    else if (parent.type === 'variable_declarator') {
      path.push(parent.childForFieldName('name')?.text ?? '');
      break;
    } else if (parent.type !== 'object' && !isWrapper(parent)) break;
  }
  const [, type, ...outer] = path;
  if (type === undefined || outer.length > 1) return false;
  if (outer[0] !== undefined) return /resolvers?$/i.test(outer[0]) && !/^[a-z]/.test(type);
  const names = parametersOf(node).map(plainName);
  return operation.test(type) && names.length > 1 && parentName.test(names[0]!);
}

/** `Scope.REQUEST` of a class that is built for each request, at its constructor, or of a provider, at its factory. */
export function lifetimeOf(node: Node, scope: Scope | undefined): Origin | undefined {
  const key = keyOf(node.type === 'method_definition' ? node : (node.parent ?? node));
  if (key === 'useFactory') {
    const provider = node.type === 'method_definition' ? node.parent : node.parent?.parent;
    return provider?.type === 'object' ? scopeIn(provider, scope) : undefined;
  }
  const owner = key === 'constructor' ? node.parent?.parent : null;
  return owner ? lifetimeOfClass(owner, scope) : undefined;
}

/** What the decorator of a class says of it. */
export function lifetimeOfClass(owner: Node, scope: Scope | undefined): Origin | undefined {
  if (!/class/.test(owner.type)) return undefined;
  for (const decorator of [...itemsOf(owner), ...(owner.parent ? itemsOf(owner.parent) : [])]) {
    const call = decorator.type === 'decorator' ? itemsOf(decorator)[0] : undefined;
    const [options] = itemsOf(call?.childForFieldName('arguments') ?? decorator);
    const found = call?.type === 'call_expression' && options?.type === 'object' ? scopeIn(options, scope) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function scopeIn(options: Node, scope: Scope | undefined): Origin | undefined {
  const option = itemsOf(options).find((each) => each.type === 'pair' && keyOf(each) === 'scope');
  const value = option?.childForFieldName('value');
  return value?.type === 'member_expression' ? originOf(value, scope) : undefined;
}

function keyOf(member: Node): string {
  const key = member.childForFieldName('key') ?? member.childForFieldName('name');
  return key?.text.replace(/^['"]|['"]$/g, '') ?? '';
}
