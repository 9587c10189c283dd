/** What functions and their parameters are called where callers are looked at. */
import type { Node } from 'web-tree-sitter';
import type { ScriptFile, Segment } from './file.ts';

/** Tells a function from others of the same name. */
export function ownerOf(file: ScriptFile, segment: Segment, node: Node): string {
  return `${file.uri}#${segment.start + node.startIndex}`;
}

/** How a parameter is called where callers are looked at: by its name, or by its place where it is taken apart. */
export function parameterName(parameter: Node): string {
  const pattern = parameter.childForFieldName('pattern') ?? parameter;
  if (pattern.type === 'identifier') return pattern.text;
  if (pattern.type === 'rest_pattern') return pattern.namedChildren[0]?.text ?? '';
  const list = parameter.parent?.namedChildren.filter((each) => each?.type !== 'comment') ?? [];
  return `#${list.findIndex((each) => each?.id === parameter.id)}`;
}

/** The name a function goes by: its own, or that of the variable, property or export that takes it. */
export function functionNameOf(node: Node): string {
  const own = node.childForFieldName('name')?.text;
  if (own !== undefined) return own;
  let child = node;
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'variable_declarator':
      case 'public_field_definition':
        return parent.childForFieldName('name')?.text ?? '';
      case 'pair':
        return parent.childForFieldName('key')?.text.replace(/^['"]|['"]$/g, '') ?? '';
      case 'assignment_expression': {
        const left = parent.childForFieldName('left');
        return (left?.type === 'member_expression' ? left.childForFieldName('property') : left)?.text ?? '';
      }
      case 'export_statement':
        return 'default';
      case 'parenthesized_expression':
      case 'as_expression':
      case 'satisfies_expression':
        continue;
      case 'arguments': {
        // `const f = cache(async () => …)`: the wrapper hands the function on.
        const call: Node | null = parent.parent;
        const isFirst = parent.namedChildren[0]?.id === child.id;
        if (
          call?.type !== 'call_expression' ||
          !isFirst ||
          !/^(?:variable_declarator|export_statement)$/.test(call.parent?.type ?? '')
        )
          return '';
        parent = call;
        continue;
      }
      default:
        return '';
    }
  }
  return '';
}
