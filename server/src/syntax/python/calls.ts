/** Call expressions as {@link CallSite}s: plain data that outlives the tree. */
import type { Node } from 'web-tree-sitter';
import { locate } from '../../core/text.ts';
import type { CallSite, EnclosingFunction, FunctionParameter, Value } from '../../declarations/value.ts';
import { insertionFor, readArguments } from './arguments.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { enclosingClass, enclosingFunction, itemsOf, locationOf } from './nodes.ts';

/** The call whose callee ends with the identifier `node`, or undefined. */
export function callOf(node: Node): Node | undefined {
  let callee = node;
  const parent = node.parent;
  if (parent?.type === 'attribute' && parent.childForFieldName('attribute')?.id === node.id) callee = parent;
  const call = callee.parent;
  if (call?.type !== 'call' || call.childForFieldName('function')?.id !== callee.id) return undefined;
  return call.childForFieldName('arguments')?.type === 'argument_list' ? call : undefined;
}

export function readCallSite(file: PythonFile, segment: Segment, call: Node): CallSite {
  const functionNode = call.childForFieldName('function')!;
  const last = functionNode.type === 'attribute' ? functionNode.childForFieldName('attribute')! : functionNode;
  const owner = enclosingFunction(call);
  return {
    uri: file.uri,
    language: 'python',
    callee: oneCallee(evaluate(file, segment, functionNode)),
    calleeText: /^[\w.]{1,80}$/.test(functionNode.text) ? functionNode.text : last.text,
    calleeSpan: locationOf(file, segment, last),
    span: locationOf(file, segment, call),
    arguments: readArguments(file, segment, call, 0),
    insertion: insertionFor(file, segment, call),
    assignedTo: targetOf(call),
    passedTo: takerOf(call),
    enclosing: owner?.type === 'function_definition' ? readFunction(file, segment, owner) : undefined,
  };
}

/** Last name of the callable that takes the call as an argument. */
function takerOf(call: Node): string | undefined {
  const holder = call.parent?.type === 'keyword_argument' ? call.parent.parent : call.parent;
  const taker = holder?.type === 'argument_list' ? holder.parent?.childForFieldName('function') : undefined;
  return /([A-Za-z_]\w*)$/.exec(taker?.text ?? '')?.[1];
}

/** `try: from a import f` / `except ImportError: f = None`: what is called is what was imported. */
function oneCallee(callee: Value): Value {
  if (callee.kind !== 'alternatives') return callee;
  return callee.values.find((each) => each.kind === 'reference') ?? callee;
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

function readFunction(file: PythonFile, segment: Segment, node: Node): EnclosingFunction {
  const decorated = node.parent?.type === 'decorated_definition' ? node.parent : undefined;
  const decorators = (decorated?.namedChildren ?? [])
    .filter((child) => child?.type === 'decorator')
    .map((child) => /^@\s*([\w.]+)/.exec(child!.text)?.[1] ?? '');
  const className = enclosingClass(decorated ?? node)?.childForFieldName('name')?.text;
  return {
    name: node.childForFieldName('name')?.text ?? '',
    className,
    isAsync: node.children[0]?.type === 'async',
    isMethod: className !== undefined && !decorators.includes('staticmethod'),
    decorators,
    parameters: readParameters(file, segment, node),
    span: locate(file.uri, locationOf(file, segment, node)),
  };
}

function readParameters(file: PythonFile, segment: Segment, node: Node): FunctionParameter[] {
  const list = node.childForFieldName('parameters');
  if (list === null) return [];
  const parameters: FunctionParameter[] = [];
  let keywordOnly = false;
  for (const item of itemsOf(list)) {
    const fallbackNode = item.childForFieldName('value');
    const fallback: Value | undefined = fallbackNode ? evaluate(file, segment, fallbackNode) : undefined;
    const inner = item.type === 'typed_parameter' ? item.namedChildren[0]! : item;
    switch (inner.type) {
      case 'identifier':
      case 'default_parameter':
      case 'typed_default_parameter': {
        const name = inner.type === 'identifier' ? inner.text : (inner.childForFieldName('name')?.text ?? '');
        parameters.push({ name, fallback, keywordOnly });
        break;
      }
      case 'list_splat_pattern':
        parameters.push({ name: inner.namedChildren[0]?.text ?? '', keywordOnly: false, variadic: 'sequence' });
        keywordOnly = true;
        break;
      case 'dictionary_splat_pattern':
        parameters.push({ name: inner.namedChildren[0]?.text ?? '', keywordOnly: true, variadic: 'mapping' });
        break;
      case 'keyword_separator':
        keywordOnly = true;
        break;
    }
  }
  return parameters;
}

/** True where a value depends on a parameter of the function named. */
export function dependsOnParameter(value: Value, functionName: string): boolean {
  switch (value.kind) {
    case 'parameter':
      return value.functionName === functionName;
    case 'constant':
    case 'convert':
      return dependsOnParameter(value.value, functionName);
    case 'environment':
      return value.fallback !== undefined && dependsOnParameter(value.fallback, functionName);
    case 'operation':
      return value.operands.some((each) => dependsOnParameter(each, functionName));
    case 'text':
      return value.parts.some((each) => dependsOnParameter(each, functionName));
    case 'alternatives':
      return value.values.some((each) => dependsOnParameter(each, functionName));
    case 'sequence':
      return value.items.some((each) => dependsOnParameter(each, functionName));
    case 'mapping':
      return value.entries.some((each) => dependsOnParameter(each.value, functionName));
    case 'call':
      return value.arguments.some((each) => dependsOnParameter(each.value, functionName));
    default:
      return false;
  }
}
