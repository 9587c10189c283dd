/** Functions as rules and callers see them: names, parameters, what they are handed to. */
import type { Node } from 'web-tree-sitter';
import { locate } from '../../core/text.ts';
import type { EnclosingFunction, FunctionParameter } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { functionNameOf, ownerOf, parameterName } from './functionNames.ts';
import { enclosingClass, enclosingFunction, isWrapper, itemsOf, locationOf } from './nodes.ts';

export function readFunction(file: ScriptFile, segment: Segment, node: Node): EnclosingFunction {
  const isMember = node.type === 'method_definition' && node.parent?.type === 'class_body';
  const owner = isMember || isFieldOf(node) ? enclosingClass(node) : null;
  const outer = enclosingFunction(node);
  return {
    name: functionNameOf(node),
    owner: ownerOf(file, segment, node),
    className: owner?.childForFieldName('name')?.text,
    isAsync: node.children.some((child) => child?.type === 'async'),
    // No parameter stands for the instance.
    isMethod: false,
    decorators: isMember ? decoratorsBefore(node) : [],
    parameters: readParameters(file, segment, node),
    construction: constructionOf(file, segment, owner),
    span: locate(file.uri, locationOf(file, segment, node)),
    isExported: isExported(node),
    handedTo: takerOf(node),
    outer: outer === null ? undefined : readFunction(file, segment, outer),
  };
}

function constructionOf(file: ScriptFile, segment: Segment, owner: Node | null): EnclosingFunction['construction'] {
  const members = owner?.childForFieldName('body')?.namedChildren ?? [];
  const found = members.find((each) => each?.childForFieldName('name')?.text === 'constructor');
  return found ? { owner: ownerOf(file, segment, found), parameters: readParameters(file, segment, found) } : undefined;
}

/** `create = () => new Pool()` in a class. */
function isFieldOf(node: Node): boolean {
  let parent = node.parent;
  while (parent !== null && isWrapper(parent)) parent = parent.parent;
  return parent?.type === 'public_field_definition';
}

function decoratorsBefore(method: Node): string[] {
  const names: string[] = [];
  for (let node = method.previousNamedSibling; node !== null; node = node.previousNamedSibling) {
    if (node.type === 'comment') continue;
    if (node.type !== 'decorator') break;
    names.unshift(/^@\s*([\w$.]+)/.exec(node.text)?.[1] ?? '');
  }
  return names;
}

function isExported(node: Node): boolean {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === 'export_statement') return true;
    if (/^(?:variable_declarator|lexical_declaration|variable_declaration)$/.test(parent.type) || isWrapper(parent))
      continue;
    return /^(?:module\.)?exports\b/.test(parent.type === 'assignment_expression' ? parent.text : '');
  }
  return false;
}

/** The call a function is an argument of: `app.get('/orders', async (request, response) => …)`. */
function takerOf(node: Node): EnclosingFunction['handedTo'] {
  let parent = node.parent;
  while (parent !== null && isWrapper(parent)) parent = parent.parent;
  const call = parent?.type === 'arguments' ? parent.parent : null;
  const callee = call?.childForFieldName('function') ?? call?.childForFieldName('constructor');
  if (!callee || !/^[\w$.]{1,80}$/.test(callee.text)) return undefined;
  return { callee: callee.text, position: itemsOf(parent!).findIndex((each) => each.endIndex >= node.endIndex) };
}

export function readParameters(file: ScriptFile, segment: Segment, node: Node): FunctionParameter[] {
  const single = node.childForFieldName('parameter');
  if (single !== null) return [{ name: single.text, keywordOnly: false }];
  const list = node.childForFieldName('parameters');
  if (list === null) return [];
  return itemsOf(list).map((item): FunctionParameter => {
    const fallback = item.childForFieldName('value');
    const isRest = item.childForFieldName('pattern')?.type === 'rest_pattern';
    return {
      name: parameterName(item),
      fallback: fallback
        ? evaluate(file, segment, fallback)
        : { kind: 'literal', value: undefined, isImplied: true, at: locationOf(file, segment, item) },
      keywordOnly: false,
      variadic: isRest ? 'sequence' : undefined,
    };
  });
}
