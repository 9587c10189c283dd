/** Call expressions as {@link CallSite}s: plain data that outlives the tree. */

import type { Node } from 'web-tree-sitter';
import { locate } from '../../core/text.ts';
import type { CallSite, EnclosingFunction, ReferenceValue, Value } from '../../declarations/value.ts';
import type { AskedArguments } from '../frontEnd.ts';
import { insertionFor, readArguments } from './arguments.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { decoratorsOf, ownerOf, readParameters, roleOf } from './functions.ts';
import { enclosingClass, enclosingFunction, locationOf } from './nodes.ts';
import { runsAsProgram } from './programs.ts';
import { armsOf, keyOf } from './repetition.ts';

/** The call whose callee ends with the identifier `node`, or undefined. */
export function callOf(node: Node): Node | undefined {
  let callee = node;
  const parent = node.parent;
  if (parent?.type === 'attribute' && parent.childForFieldName('attribute')?.id === node.id) callee = parent;
  // `Pool[Connection](…)`: what the class is generic in says nothing here.
  const generic = callee.parent;
  if (generic?.type === 'subscript' && generic.childForFieldName('value')?.id === callee.id) callee = generic;
  const call = callee.parent;
  if (call?.type !== 'call' || call.childForFieldName('function')?.id !== callee.id) return undefined;
  return call.childForFieldName('arguments')?.type === 'argument_list' ? call : undefined;
}

export function readCallSite(file: PythonFile, segment: Segment, call: Node, asked: AskedArguments = 'all'): CallSite {
  const callee = call.childForFieldName('function')!;
  const plain = callee.type === 'subscript' ? callee.childForFieldName('value')! : callee;
  return callSiteOf(file, segment, call, plain, asked);
}

/** The same for a call that something else makes: `callee` is what it calls in the end. */
export function callSiteOf(
  file: PythonFile,
  segment: Segment,
  call: Node,
  functionNode: Node,
  asked: AskedArguments = 'all',
): CallSite {
  const last = functionNode.type === 'attribute' ? functionNode.childForFieldName('attribute')! : functionNode;
  const owner = enclosingFunction(call);
  return {
    uri: file.uri,
    language: 'python',
    callee: oneCallee(evaluate(file, segment, functionNode)),
    calleeText: /^[\w.]{1,80}$/.test(functionNode.text) ? functionNode.text : last.text,
    calleeSpan: locationOf(file, segment, last),
    span: locationOf(file, segment, call),
    arguments: readArguments(file, segment, call, asked),
    insertion: insertionFor(file, segment, call),
    assignedTo: targetOf(call),
    passedTo: takerOf(call),
    keyedBy: keyOf(file, segment, call),
    arms: armsOf(file, segment, call),
    runsAsProgram: runsAsProgram(file, segment, call) || undefined,
    enclosing: owner?.type === 'function_definition' ? readEnclosing(file, segment, owner) : undefined,
  };
}

/** Last name of the callable that takes the call as an argument, or in a dictionary that is one. */
function takerOf(call: Node): string | undefined {
  let holder = call.parent;
  while (holder !== null && /^(?:keyword_argument|pair|dictionary)$/.test(holder.type)) holder = holder.parent;
  const taker = holder?.type === 'argument_list' ? holder.parent?.childForFieldName('function') : undefined;
  return /([A-Za-z_]\w*)$/.exec(taker?.text ?? '')?.[1];
}

/** `try: from a import f` / `except ImportError: f = None`: what is called is what was imported. */
function oneCallee(callee: Value): Value {
  const values =
    callee.kind === 'alternatives'
      ? callee.values
      : callee.kind === 'conditional'
        ? [callee.whenTrue, callee.whenFalse]
        : [];
  const references = values.filter((each) => each.kind === 'reference');
  const [first, ...others] = references;
  if (first === undefined) return callee;
  // Imported from one of several places: the arguments may tell which of them is meant.
  const otherwise = others.reduceRight<ReferenceValue | undefined>(
    (last, each) => ({ ...each, otherwise: last }),
    undefined,
  );
  return otherwise === undefined ? first : { ...first, otherwise };
}

/** The variable, attribute, keyword or key that takes a call's result. */
function targetOf(call: Node): string | undefined {
  let node = call;
  for (let parent = call.parent; parent !== null; node = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'assignment':
        return parent.childForFieldName('right')?.id === node.id ? parent.childForFieldName('left')?.text : undefined;
      case 'named_expression':
        return parent.childForFieldName('name')?.text;
      case 'keyword_argument':
        return parent.childForFieldName('name')?.text;
      case 'as_pattern':
        return parent.childForFieldName('alias')?.text;
      case 'pair':
        return parent.childForFieldName('key')?.text.replace(/^\w*['"]|['"]$/g, '');
      case 'await':
      case 'parenthesized_expression':
      case 'conditional_expression':
        continue;
      default:
        return undefined;
    }
  }
  return undefined;
}

function readEnclosing(file: PythonFile, segment: Segment, node: Node): EnclosingFunction {
  const decorated = node.parent?.type === 'decorated_definition' ? node.parent : node;
  const className = enclosingClass(decorated)?.childForFieldName('name')?.text;
  return {
    name: node.childForFieldName('name')?.text ?? '',
    owner: ownerOf(file, segment, node),
    className,
    isAsync: node.children[0]?.type === 'async',
    isMethod: className !== undefined && roleOf(node) !== 'static-method',
    decorators: decoratorsOf(node),
    parameters: readParameters(file, segment, node),
    span: locate(file.uri, locationOf(file, segment, node)),
  };
}
