/**
 * Reads a Python expression as a {@link Value}: literals, names followed to what they stand for, environment look-ups,
 * arithmetic, dictionaries. Nothing is executed; what is not understood is unknown and says why.
 */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { type Operator, plainText, qualifiedName, unknown, type Value } from '../../declarations/value.ts';
import { Evaluation } from '../evaluation.ts';
import { entryInsertion, insertionFor, readArgumentList, readArguments, removalsIn } from './arguments.ts';
import { entriesOf } from './changes.ts';
import type { PythonFile, Segment } from './file.ts';
import { readLambda } from './functions.ts';
import { lookUpAttribute, lookUpName } from './names.ts';
import { itemsOf, locationOf, textOf } from './nodes.ts';
import { readNumber, readString } from './strings.ts';

const operators: Readonly<Record<string, Operator>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '//': '//',
  '%': '%',
  '**': '**',
};

const comparisons: Readonly<Record<string, Operator>> = {
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  is: 'is',
  'is not': 'is not',
  in: 'in',
  'not in': 'not in',
};

/** Expressions read for one question. */
const mostExpressions = 2000;

export function evaluate(file: PythonFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  return Evaluation.of(file).count(at, mostExpressions, () => read(file, segment, node, at));
}

/** The same for expressions that are asked about again and again: what names are bound to. */
export function evaluateOnce(file: PythonFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  // Where an expression stands tells it from all others.
  const key = at.start * 2 ** 25 + (at.end - at.start);
  return Evaluation.of(file).once(key, at, () => evaluate(file, segment, node));
}

function read(file: PythonFile, segment: Segment, node: Node, at: Location): Value {
  const inner = (child: Node | null | undefined): Value =>
    child ? evaluate(file, segment, child) : unknown('the expression is not complete', at);
  switch (node.type) {
    case 'integer':
    case 'float':
      return readNumber(textOf(file, segment, node), at);
    case 'true':
      return { kind: 'literal', value: true, at };
    case 'false':
      return { kind: 'literal', value: false, at };
    case 'none':
      return { kind: 'literal', value: null, at };
    case 'ellipsis':
      return { kind: 'reference', module: 'builtins', name: 'Ellipsis', level: 0, at };
    case 'string':
      return readString(file, segment, node, inner);
    case 'concatenated_string':
      return { kind: 'text', parts: itemsOf(node).map(inner), at };
    case 'parenthesized_expression':
    case 'await':
      return inner(itemsOf(node)[0]);
    case 'named_expression':
      return inner(node.childForFieldName('value'));
    case 'identifier':
      return lookUpName(file, segment, node);
    case 'attribute':
      return readAttribute(file, segment, node, at);
    case 'subscript':
      return readSubscript(node, at, inner);
    case 'call':
      return readCall(file, segment, node, at);
    case 'unary_operator':
      return readUnary(node, at, inner);
    case 'not_operator':
      return { kind: 'operation', operator: 'not', operands: [inner(node.childForFieldName('argument'))], at };
    case 'boolean_operator': {
      const operator = node.childForFieldName('operator')?.text === 'and' ? 'and' : 'or';
      return {
        kind: 'operation',
        operator,
        operands: [inner(node.childForFieldName('left')), inner(node.childForFieldName('right'))],
        at,
      };
    }
    case 'comparison_operator':
      return readComparison(node, at, inner);
    case 'binary_operator':
      return readBinary(node, at, inner);
    case 'conditional_expression': {
      const [whenTrue, test, whenFalse] = itemsOf(node);
      return {
        kind: 'conditional',
        test: inner(test),
        whenTrue: inner(whenTrue),
        whenFalse: inner(whenFalse),
        isStrict: true,
        at,
      };
    }
    case 'dictionary':
      return readDictionary(file, segment, node, inner);
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      return { kind: 'sequence', items: itemsOf(node).map(inner), at };
    case 'lambda':
      return { kind: 'function', definition: readLambda(file, segment, node), at };
    default:
      return unknown('it is computed in a way that is not followed here', at);
  }
}

type Inner = (child: Node | null | undefined) => Value;

function readUnary(node: Node, at: Location, inner: Inner): Value {
  const operator = node.childForFieldName('operator')?.text;
  const operand = inner(node.childForFieldName('argument'));
  if (operator === '+') return operand;
  if (operator !== '-') return unknown('it is computed in a way that is not followed here', at);
  if (operand.kind === 'literal' && typeof operand.value === 'number')
    return { kind: 'literal', value: -operand.value, at };
  return { kind: 'operation', operator: 'negate', operands: [operand], at };
}

function readComparison(node: Node, at: Location, inner: Inner): Value {
  const operands = itemsOf(node);
  const between = node.children.filter((child) => child !== null && !child.isNamed).map((child) => child!.type);
  const operator = comparisons[between.join(' ')];
  if (operands.length !== 2 || operator === undefined)
    return unknown('it is compared in a way that is not followed', at);
  return { kind: 'operation', operator, operands: operands.map(inner), at };
}

function readBinary(node: Node, at: Location, inner: Inner): Value {
  const sign = node.childForFieldName('operator')?.text ?? '';
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (sign === '|') {
    const spread = (value: Value) => ({ value, span: value.at, spread: true });
    return { kind: 'mapping', entries: [spread(inner(left)), spread(inner(right))], complete: true, at };
  }
  const operator = operators[sign];
  if (operator === undefined) return unknown('it is computed in a way that is not followed here', at);
  if (operator === '%' && (left?.type === 'string' || left?.type === 'concatenated_string'))
    return formatted(inner(left), inner(right), at);
  return { kind: 'operation', operator, operands: [inner(left), inner(right)], at };
}

/** `"…%s…" % values`; a placeholder whose value is not in sight is an unknown part of the text. */
function formatted(format: Value, values: Value, at: Location): Value {
  const hole = unknown('it is formatted into the text', at);
  if (format.kind !== 'literal' || typeof format.value !== 'string') return hole;
  const pieces = format.value.split(/(%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z%])/);
  const content = values.kind === 'constant' ? values.value : values;
  let position = 0;
  const parts = pieces.map((piece, index): Value => {
    if (index % 2 === 0) return { ...format, value: piece };
    if (piece === '%%') return { ...format, value: '%' };
    if (!/[sd]$/.test(piece)) return hole;
    const name = /\((\w+)\)/.exec(piece)?.[1];
    if (name !== undefined) return { kind: 'item', object: values, key: { kind: 'literal', value: name, at }, at };
    if (content.kind === 'sequence') return content.items[position++] ?? hole;
    return position++ === 0 && content.kind !== 'unknown' ? values : hole;
  });
  return { kind: 'text', parts, at };
}

function readDictionary(file: PythonFile, segment: Segment, node: Node, inner: Inner): Value {
  const entries = [];
  const items = itemsOf(node);
  const removals = removalsIn(file, segment, node, items);
  for (const [index, item] of items.entries()) {
    const span = locationOf(file, segment, item);
    if (item.type === 'pair') {
      const keyNode = item.childForFieldName('key');
      const valueNode = item.childForFieldName('value');
      if (keyNode === null || valueNode === null) return unknown('the dictionary is not complete', span);
      const key = plainText(inner(keyNode));
      entries.push({
        key,
        keySpan: locationOf(file, segment, keyNode),
        value: inner(valueNode),
        span,
        removal: removals[index],
      });
    } else if (item.type === 'dictionary_splat') {
      entries.push({ value: inner(itemsOf(item)[0] ?? item), span, spread: true });
    } else {
      entries.push({ value: unknown('it is not written as a pair', span), span });
    }
  }
  const at = locationOf(file, segment, node);
  return { kind: 'mapping', entries, complete: !node.hasError, at, insertion: entryInsertion(file, segment, node) };
}

function readAttribute(file: PythonFile, segment: Segment, node: Node, at: Location): Value {
  const object = node.childForFieldName('object');
  const attribute = node.childForFieldName('attribute');
  if (object === null || attribute === null) return unknown('the expression is not complete', at);
  const name = textOf(file, segment, attribute);
  if (object.type === 'identifier') {
    const set = lookUpAttribute(file, segment, node, { object: textOf(file, segment, object), name });
    if (set !== undefined) return set;
  }
  const base = importedAlternative(evaluate(file, segment, object));
  if (base.kind === 'reference') return { ...base, name: base.name === '' ? name : `${base.name}.${name}`, at };
  if (base.kind === 'unknown') return unknown(`attribute ${name} of an object is not followed here`, at);
  return { kind: 'attribute', object: base, name, at };
}

/** `if TYPE_CHECKING: import m` / `else: m = lazy("m")`, and the like with `try`: the import tells what the name means. */
function importedAlternative(value: Value): Value {
  const values =
    value.kind === 'alternatives'
      ? value.values
      : value.kind === 'conditional'
        ? [value.whenTrue, value.whenFalse]
        : [];
  const imported = values.filter((each) => each.kind === 'reference' && each.module !== '');
  return imported.length === 1 ? imported[0]! : value;
}

function readSubscript(node: Node, at: Location, inner: Inner): Value {
  const base = inner(node.childForFieldName('value'));
  const key = inner(node.childForFieldName('subscript'));
  const variable = plainText(key);
  if (base.kind === 'reference' && qualifiedName(base) === 'os.environ' && variable !== undefined)
    return { kind: 'environment', variable, at };
  return { kind: 'item', object: base, key, at };
}

function readCall(file: PythonFile, segment: Segment, node: Node, at: Location): Value {
  const functionNode = node.childForFieldName('function');
  if (functionNode === null) return unknown('the call is not complete', at);
  const list = readArguments(file, segment, node);
  const callee = evaluate(file, segment, functionNode);
  if (callee.kind === 'reference') {
    const path = qualifiedName(callee);
    if (path === 'builtins.dict') return { kind: 'mapping', entries: entriesOf(list), complete: true, at };
    const [first] = list;
    const target = /^builtins\.(int|float|str|bool)$/.exec(path)?.[1];
    if (target !== undefined && list.length === 1 && first?.unpack === undefined)
      return { kind: 'convert', to: target as 'int' | 'float' | 'str' | 'bool', value: first!.value, at };
    if (path === 'os.getenv' || path === 'os.environ.get' || path === 'os.environ.setdefault') {
      const variable = first && plainText(first.value);
      const written = list[1]?.value;
      const none: Value = { kind: 'literal', value: null, at };
      if (variable !== undefined) return { kind: 'environment', variable, fallback: written ?? none, at };
    }
    if (/(?:^|\.)cpu_count$/.test(path)) return unknown('it is the number of CPUs of the machine', at);
  }
  if (callee.kind === 'unknown') return unknown('it is the result of a call that is not followed here', at);
  if (callee.kind === 'attribute') {
    const object = prefixed(file, segment, functionNode, callee.object);
    return { kind: 'call', callee: { ...callee, object }, arguments: list, at };
  }
  return { kind: 'call', callee, arguments: list, at, insertion: insertionFor(file, segment, node) };
}

/** `with env.prefixed("DB_"): env.int("SIZE")`: the reader as the statements around leave it, outermost first. */
function prefixed(file: PythonFile, segment: Segment, functionNode: Node, object: Value): Value {
  const name = functionNode.childForFieldName('object')?.text;
  if (name === undefined || !file.remember('prefixes', () => file.text.includes('.prefixed('))) return object;
  const lists: Node[] = [];
  for (let parent = functionNode.parent; parent !== null; parent = parent.parent) {
    if (parent.type !== 'with_statement') continue;
    for (const call of parent.namedChildren[0]?.descendantsOfType('call') ?? []) {
      const list = call?.childForFieldName('arguments');
      if (list && call?.childForFieldName('function')?.text === `${name}.prefixed`) lists.unshift(list);
    }
  }
  return lists.reduce<Value>((reader, list) => {
    const at = locationOf(file, segment, list);
    const callee: Value = { kind: 'attribute', object: reader, name: 'prefixed', at };
    return { kind: 'call', callee, arguments: readArgumentList(file, segment, list), at };
  }, object);
}
