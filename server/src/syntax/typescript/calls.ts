/** Call expressions as {@link CallSite}s: plain data that outlives the tree. */
import type { Node } from 'web-tree-sitter';
import { type ArgumentInsertion, type CallSite, qualifiedName, type Value } from '../../declarations/value.ts';
import { readArguments } from './arguments.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { readFunction } from './functions.ts';
import { insertionInto, listOf } from './lists.ts';
import { enclosingFunction, isWrapper, itemsOf, locationOf, unwrap } from './nodes.ts';
import { armsOf, keyOf } from './repetition.ts';

/** The call or `new` whose callee ends with the name `node`, or undefined. */
export function callOf(node: Node): Node | undefined {
  let callee = node;
  const parent = node.parent;
  if (parent?.type === 'member_expression' && parent.childForFieldName('property')?.id === node.id) callee = parent;
  while (callee.parent !== null && isWrapper(callee.parent)) callee = callee.parent;
  return callOn(callee);
}

/** The call whose callee is the whole expression. */
export function callOn(callee: Node): Node | undefined {
  const call = callee.parent;
  if (call === null || calleeOf(call)?.id !== callee.id) return undefined;
  const list = call.childForFieldName('arguments');
  return list === null || list.type === 'arguments' ? call : undefined;
}

export function calleeOf(call: Node): Node | null {
  if (call.type === 'new_expression') return call.childForFieldName('constructor');
  return call.type === 'call_expression' ? call.childForFieldName('function') : null;
}

/** What a call calls, before anything else of it is read. */
export function calleeValue(file: ScriptFile, segment: Segment, call: Node): Value {
  const callee = unwrap(calleeOf(call)!);
  const isMethod = callee.type === 'member_expression' && callee.childForFieldName('object')?.type === 'this';
  // Methods are known by their own name, in the file of their class.
  if (isMethod)
    return {
      kind: 'reference',
      module: '',
      name: callee.text.slice('this.'.length),
      level: 0,
      at: locationOf(file, segment, callee),
    };
  return imported(evaluate(file, segment, callee));
}

/** `app.register(plugin, options)` as a method of the plugin, which gets the options; undefined without one. */
export function registered(file: ScriptFile, segment: Segment, call: Node): Value | undefined {
  const [plugin] = itemsOf(call.childForFieldName('arguments')!);
  const value = plugin && imported(evaluate(file, segment, plugin));
  const module = value?.kind === 'constant' ? value.value : value;
  if (module?.kind !== 'reference' || module.module === '') return undefined;
  return { ...module, name: module.name === '' ? 'register' : `${module.name}.register` };
}

/**
 * What was imported, where code takes it or something else: `try { f = require('a') } catch { f = undefined }`,
 * `pg.default?.Pool ?? pg.Pool`, `(pg.default ?? pg).Pool`.
 */
function imported(value: Value): Value {
  switch (value.kind) {
    case 'constant': {
      const inner = imported(value.value);
      return inner === value.value ? value : inner;
    }
    case 'alternatives':
      return value.values.find((each) => each.kind === 'reference') ?? value;
    case 'operation': {
      if (value.operator !== '??' && value.operator !== '||') return value;
      const paths = value.operands.map(imported).filter((each) => each.kind === 'reference');
      return paths.find((each) => !/(?:^|\.)default\b/.test(each.name)) ?? paths[0] ?? value;
    }
    case 'attribute': {
      const object = imported(value.object);
      if (object === value.object || object.kind !== 'reference') return value;
      return { ...object, name: object.name === '' ? value.name : `${object.name}.${value.name}`, at: value.at };
    }
    default:
      return value;
  }
}

/** The dotted name a callee goes by as far as the file shows it: `pg.Pool`, `pg-promise()`. */
export function calleePath(callee: Value): string | undefined {
  switch (callee.kind) {
    case 'reference':
      return qualifiedName(callee);
    case 'constant':
      return calleePath(callee.value);
    case 'changed':
      return calleePath(callee.object);
    case 'attribute': {
      const object = calleePath(callee.object);
      return object && `${object}.${callee.name}`;
    }
    case 'call': {
      const path = calleePath(callee.callee);
      return path && `${path}()`;
    }
    default:
      return undefined;
  }
}

export function readCallSite(file: ScriptFile, segment: Segment, call: Node, value: Value): CallSite {
  const callee = unwrap(calleeOf(call)!);
  const last = callee.type === 'member_expression' ? callee.childForFieldName('property')! : callee;
  const owner = enclosingFunction(call);
  return {
    uri: file.uri,
    language: 'typescript',
    callee: value,
    calleeText: /^[\w$.]{1,80}$/.test(callee.text) ? callee.text : last.text.slice(0, 80),
    calleeSpan: locationOf(
      file,
      segment,
      callee.type === 'call_expression' ? call.childForFieldName('arguments')! : last,
    ),
    span: locationOf(file, segment, call),
    arguments: readArguments(file, segment, call),
    insertion: insertionFor(file, segment, call),
    assignedTo: targetOf(call)?.name,
    passedTo: takerOf(call),
    storedIn: targetOf(call)?.place,
    keyedBy: keyOf(file, segment, call),
    arms: armsOf(file, segment, call),
    enclosing: owner === null ? undefined : readFunction(file, segment, owner),
  };
}

/** Where a setting goes: into the object that ends the arguments, else into a new one after them. */
function insertionFor(file: ScriptFile, segment: Segment, call: Node): ArgumentInsertion {
  const node = call.childForFieldName('arguments');
  const style = { kind: 'property' } as const;
  if (node === null) {
    const end = segment.start + call.endIndex;
    return { offset: end, before: '({ ', after: ' })', separator: ', ', style };
  }
  const list = listOf(node);
  const last = list.items.at(-1);
  if (last?.type === 'object') return { ...insertionInto(file, segment, last, listOf(last)), style };
  const place = insertionInto(file, segment, node, list);
  return { ...place, before: `${place.before}{ `, after: ` }${place.after}`, separator: ', ', style };
}

/** Last name of the callable that takes the call as an argument, or as a property of one. */
function takerOf(call: Node): string | undefined {
  for (let { parent } = call; parent !== null; parent = parent.parent) {
    if (isWrapper(parent) || parent.type === 'pair' || parent.type === 'object') continue;
    if (parent.type !== 'arguments') return undefined;
    return /([A-Za-z_$][\w$]*)$/.exec(parent.parent === null ? '' : (calleeOf(parent.parent)?.text ?? ''))?.[1];
  }
  return undefined;
}

/** The variable, property or key that takes a call's result, and what kind of place that is. */
function targetOf(call: Node): { name?: string; place?: CallSite['storedIn'] } | undefined {
  for (let { parent } = call; parent !== null; parent = parent.parent) {
    if (isWrapper(parent) || parent.type === 'ternary_expression') continue;
    switch (parent.type) {
      case 'binary_expression':
        // `globalThis.pool ?? new Pool()`
        continue;
      case 'variable_declarator': {
        const name = parent.childForFieldName('name');
        const isModule = enclosingFunction(parent) === null;
        return { name: name?.type === 'identifier' ? name.text : undefined, place: isModule ? 'module' : 'local' };
      }
      case 'assignment_expression':
      case 'augmented_assignment_expression':
        return assignmentTarget(parent);
      case 'public_field_definition':
        return { name: parent.childForFieldName('name')?.text, place: 'instance' };
      case 'pair':
        return { name: parent.childForFieldName('key')?.text.replace(/^['"]|['"]$/g, '') };
      case 'export_statement':
        return { name: 'default', place: 'module' };
      case 'return_statement':
        return { place: 'returned' };
      case 'arrow_function':
        return { place: 'returned' };
      default:
        return undefined;
    }
  }
  return undefined;
}

function assignmentTarget(assignment: Node): { name?: string; place?: CallSite['storedIn'] } {
  const left = assignment.childForFieldName('left');
  if (left === null) return {};
  const name = /^[\w$.]{1,80}$/.test(left.text) ? left.text : undefined;
  if (left.type === 'identifier') {
    const own = enclosingFunction(assignment);
    // A variable of the function itself is declared in its text.
    const isLocal =
      own !== null && new RegExp(`\\b(?:let|var)\\s+${left.text.replace(/\$/g, '\\$')}\\b`).test(own.text);
    return { name, place: isLocal ? 'local' : 'module' };
  }
  const root = /^\(*\s*(\w+)/.exec(left.text)?.[1];
  if (root === 'this') return { name, place: 'instance' };
  if (root === 'globalThis' || root === 'global' || root === 'process') return { name, place: 'global' };
  return { name, place: root === 'module' || root === 'exports' ? 'module' : undefined };
}
