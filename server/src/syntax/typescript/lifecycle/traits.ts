/** What is known of a function by what stands around it: the calls it is handed to, its export, its type. */
import type { Node } from 'web-tree-sitter';
import type { ScriptTraits } from '../../../declarations/lifecycle.ts';
import type { Origin } from '../../../declarations/origin.ts';
import { functionNameOf } from '../functionNames.ts';
import { isWrapper, itemsOf } from '../nodes.ts';
import { argumentsOf, originOf } from './origins.ts';
import { isResolver, lifetimeOf } from './owners.ts';
import type { Scope } from './scope.ts';

/** What a file says of all its functions. */
export interface FileTraits {
  /** `'use server'` on top: what it exports can be called from browsers. */
  readonly isActionFile: boolean;
  /** It says that it runs in an edge runtime, where no connection outlives a request. */
  readonly isEdge: boolean;
  /** What the module exports its functions as elsewhere in the file. */
  readonly exported: ReadonlyMap<string, readonly string[]>;
}

export function traitsOf(node: Node, scope: Scope | undefined, file: FileTraits): ScriptTraits {
  const handedTo: Origin[] = [];
  let property: string | undefined = node.parent?.type === 'object' ? nameOf(node) : undefined;
  let type: Origin | undefined;
  let exportedAs: string | undefined;
  let child = node;
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'satisfies_expression':
      case 'as_expression':
        type ??= originOf(itemsOf(parent)[1], scope);
        continue;
      case 'pair':
        property ??= nameOf(parent);
        continue;
      case 'object':
      case 'array':
        continue;
      case 'arguments':
        if (parent.parent !== null) handedTo.push(handingCall(parent.parent, child, scope));
        continue;
      case 'call_expression':
      case 'new_expression':
        if (child.type === 'arguments') continue;
        break;
      case 'variable_declarator': {
        const annotation = parent.childForFieldName('type');
        if (annotation !== null) type ??= originOf(annotation, scope);
        exportedAs ??= parent.childForFieldName('name')?.text;
        continue;
      }
      case 'lexical_declaration':
      case 'variable_declaration':
        continue;
      case 'assignment_expression':
        exportedAs = assignedExport(parent.childForFieldName('left')?.text ?? '', property);
        return traits();
      case 'export_statement': {
        const isDefault = parent.children.some((each) => each?.type === 'default');
        exportedAs = isDefault ? 'default' : (exportedAs ?? node.childForFieldName('name')?.text);
        return traits();
      }
    }
    if (!isWrapper(parent)) break;
  }
  exportedAs = undefined;
  return traits();

  function traits(): ScriptTraits {
    const isAsync = node.children.some((each) => each?.type === 'async');
    const isOfModule = scope === undefined && property === undefined && node.type !== 'method_definition';
    const elsewhere = isOfModule && handedTo.length === 0 ? (file.exported.get(functionNameOf(node)) ?? []) : [];
    const names = [...(exportedAs === undefined ? [] : [exportedAs]), ...elsewhere];
    const isAction = isAsync && ((file.isActionFile && names.length > 0) || saysServer(node));
    return {
      handedTo,
      property,
      type,
      exportedAs: names,
      isAction,
      isEdge: file.isEdge,
      isResolver: isResolver(node),
      lifetime: lifetimeOf(node, scope),
    };
  }
}

/** The call that takes a function, with what stands before the function among its arguments. */
function handingCall(call: Node, until: Node, scope: Scope | undefined): Origin {
  const callee = call.childForFieldName('function') ?? call.childForFieldName('constructor');
  return { kind: 'result', of: originOf(callee, scope), arguments: argumentsOf(call, scope, 0, until.startIndex) };
}

/** `exports.list = …`, `module.exports.list = …`, `module.exports = { list: … }` */
function assignedExport(target: string, property: string | undefined): string | undefined {
  const match = /^(?:module\.)?exports(?:\.([\w$]+))?$/.exec(target);
  if (match === null) return undefined;
  return match[1] ?? property ?? 'default';
}

function nameOf(member: Node): string | undefined {
  const key = member.childForFieldName('key') ?? member.childForFieldName('name');
  return key?.text.replace(/^['"]|['"]$/g, '');
}

function saysServer(node: Node): boolean {
  const body = node.childForFieldName('body');
  const first = body?.type === 'statement_block' ? itemsOf(body)[0] : undefined;
  return first !== undefined && /^['"]use server['"]/.test(first.text);
}

const dottedName = /^[\w$.]{1,60}$/;
const shortPath = /^(["'`])\/[\w/:.*{}-]{0,60}\1$/;

/** How messages name a function: as it is called, or by the call that it is handed to. Never any text that may be secret. */
export function nameForMessages(node: Node): string {
  const own = functionNameOf(node);
  if (own === 'default') return 'the default export';
  if (own !== '') return own;
  let { parent } = node;
  while (parent !== null && (isWrapper(parent) || parent.type === 'array')) ({ parent } = parent);
  const call = parent?.type === 'arguments' ? parent.parent : null;
  const callee = call?.childForFieldName('function') ?? call?.childForFieldName('constructor');
  if (!call || !callee) return 'the function';
  const name = dottedName.test(callee.text) ? callee.text : (callee.childForFieldName('property')?.text ?? 'the call');
  // `app.get('/orders', wrap(async () => …))` is better known by its path.
  const outer = nameOfRoute(call);
  if (outer !== undefined) return outer;
  const [first] = itemsOf(call.childForFieldName('arguments')!);
  return first !== undefined && shortPath.test(first.text) ? `${name}(${first.text}, …)` : `${name}(…)`;
}

function nameOfRoute(inner: Node): string | undefined {
  const call = inner.parent?.type === 'arguments' ? inner.parent.parent : null;
  const callee = call?.childForFieldName('function');
  const first = call && itemsOf(call.childForFieldName('arguments')!)[0];
  const isRoute = callee && first && dottedName.test(callee.text) && shortPath.test(first.text);
  return isRoute ? `${callee.text}(${first.text}, …)` : undefined;
}

/** Where what stands around a function begins, as far as the above reads it. */
export function startOfSurroundings(node: Node): number {
  let start = node.startIndex;
  if (node.type === 'method_definition') {
    for (let before = node.previousNamedSibling; before?.type === 'decorator'; before = before.previousNamedSibling)
      start = before.startIndex;
  }
  for (let { parent } = node; parent !== null && around.test(parent.type); { parent } = parent)
    start = parent.startIndex;
  return start;
}

const around =
  /^(?:arguments|pair|object|array|\w*declarat\w+|export_statement|public_field_definition|\w*assignment_expression|(?:call|new|member|await|parenthesized|as|satisfies|non_null)_expression)$/;
