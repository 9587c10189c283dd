/**
 * Reads a JavaScript expression as a {@link Value}: literals, names followed to what they stand for, environment look-ups,
 * arithmetic, objects. Nothing is executed; what is not understood is unknown and says why.
 */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { type Operator, unknown, type Value } from '../../declarations/value.ts';
import { Evaluation } from '../evaluation.ts';
import { evaluateCall, evaluateNew } from './callValues.ts';
import type { ScriptFile, Segment } from './file.ts';
import { instanceProperty } from './members.ts';
import { lookUpName } from './names.ts';
import { itemsOf, locationOf, textOf, unwrap } from './nodes.ts';
import { readObject } from './objects.ts';
import { plainKey, propertyOf } from './properties.ts';
import { decode } from './strings.ts';

const operators: Readonly<Record<string, Operator>> = {
  '-': '-',
  '*': '*',
  '/': '/',
  '%': 'rem',
  '**': '**',
  '||': '||',
  '&&': '&&',
  '??': '??',
  '==': '==',
  '===': '==',
  '!=': '!=',
  '!==': '!=',
};

/** Globals of the runtime whose properties matter. */
const globalObjects = new Set(['process', 'Bun', 'Deno', 'Number', 'Object', 'Math', 'globalThis', 'global', 'window']);

/** Expressions read for one question; the schema of a large application's environment has ten thousand. */
const mostExpressions = 20_000;

export function evaluate(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  return Evaluation.of(file).count(at, mostExpressions, () => evaluateNode(file, segment, node, at));
}

function evaluateNode(file: ScriptFile, segment: Segment, node: Node, at: Location): Value {
  const inner = (child: Node | null | undefined): Value =>
    child ? evaluate(file, segment, child) : unknown('the expression is not complete', at);
  switch (node.type) {
    case 'number':
      return readNumber(textOf(file, segment, node), at);
    case 'true':
    case 'false':
      return { kind: 'literal', value: node.type === 'true', at };
    case 'null':
      return { kind: 'literal', value: null, at };
    case 'undefined':
      return { kind: 'literal', value: undefined, at };
    case 'string':
      return readString(file, segment, node);
    case 'template_string':
      return readTemplate(file, segment, node);
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'type_assertion':
    case 'await_expression': {
      const inside = unwrap(node);
      return inside.id === node.id ? unknown('the expression is not complete', at) : inner(inside);
    }
    case 'sequence_expression':
      return inner(itemsOf(node).at(-1));
    case 'identifier':
    case 'shorthand_property_identifier':
      return readIdentifier(file, segment, node, at);
    case 'member_expression':
      return readMember(file, segment, node);
    case 'subscript_expression':
      return readSubscript(file, segment, node);
    case 'call_expression':
      return evaluateCall(file, segment, node);
    case 'new_expression':
      return evaluateNew(file, segment, node);
    case 'unary_expression':
      return readUnary(node, at, inner);
    case 'binary_expression':
      return readBinary(node, at, inner);
    case 'ternary_expression':
      return {
        kind: 'conditional',
        test: inner(node.childForFieldName('condition')),
        whenTrue: inner(node.childForFieldName('consequence')),
        whenFalse: inner(node.childForFieldName('alternative')),
        isStrict: true,
        at,
      };
    case 'assignment_expression':
      return inner(node.childForFieldName('right'));
    case 'augmented_assignment_expression': {
      // `globalThis.pool ??= new Pool()`: what it stands for is what it is set to.
      const operator = node.childForFieldName('operator')?.text;
      return operator === '??=' || operator === '||='
        ? inner(node.childForFieldName('right'))
        : unknown('it is changed where it stands', at);
    }
    case 'object':
      return readObject(file, segment, node);
    case 'array':
      return { kind: 'sequence', items: itemsOf(node).map(inner), at };
    case 'spread_element':
      return unknown('it is taken from a list', at);
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
    case 'class':
      return unknown('it is a function', at);
    case 'meta_property':
      return { kind: 'reference', module: 'import.meta', name: '', level: 0, at };
    case 'this':
      return unknown('it is an object', at);
    default:
      return unknown('it is computed in a way that is not followed here', at);
  }
}

function readNumber(text: string, at: Location): Value {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? { kind: 'literal', value, at } : unknown('the number cannot be read', at);
}

function readString(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const text = textOf(file, segment, node);
  if (text.length < 2 || text.at(-1) !== text[0]) return unknown('the text is not complete', at);
  return { kind: 'literal', value: decode(text.slice(1, -1), node.startIndex + 1).text, at };
}

function readTemplate(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const parts: Value[] = [];
  let from = node.startIndex + 1;
  const addText = (to: number) => {
    if (to <= from) return;
    const span = { uri: file.uri, start: segment.start + from, end: segment.start + to };
    parts.push({ kind: 'literal', value: decode(file.text.slice(span.start, span.end), from).text, at: span });
  };
  for (const child of node.namedChildren) {
    if (child?.type !== 'template_substitution') continue;
    addText(child.startIndex);
    const expression = itemsOf(child)[0];
    const span = locationOf(file, segment, child);
    parts.push(
      expression === undefined
        ? unknown('the text is not complete', span)
        : { kind: 'convert', to: 'String', value: evaluate(file, segment, expression), at: span },
    );
    from = child.endIndex;
  }
  addText(node.endIndex - 1);
  if (parts.length === 0) return { kind: 'literal', value: '', at };
  return parts.length === 1 && parts[0]!.kind === 'literal' ? { ...parts[0]!, at } : { kind: 'text', parts, at };
}

function readIdentifier(file: ScriptFile, segment: Segment, node: Node, at: Location): Value {
  const name = textOf(file, segment, node);
  const found = lookUpName(file, segment, node);
  if (found.kind !== 'unknown' || !found.isAbsent) return found;
  if (name === 'undefined') return { kind: 'literal', value: undefined, at };
  if (name === 'NaN' || name === 'Infinity') return { kind: 'literal', value: Number(name), at };
  return globalObjects.has(name) ? { kind: 'reference', module: name, name: '', level: 0, at } : found;
}

function readMember(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const object = node.childForFieldName('object');
  const property = node.childForFieldName('property');
  if (object === null || property === null) return unknown('the expression is not complete', at);
  const key = textOf(file, segment, property);
  if (unwrap(object).type === 'this') return instanceProperty(file, segment, node, key, at);
  return propertyOf(file, objectValue(file, segment, object), key, at);
}

function readSubscript(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const object = node.childForFieldName('object');
  const index = node.childForFieldName('index');
  if (object === null || index === null) return unknown('the expression is not complete', at);
  const keyValue = evaluate(file, segment, index);
  const key = plainKey(keyValue);
  if (key === undefined) {
    const base = objectValue(file, segment, object);
    return base.kind === 'unknown'
      ? { ...base, isAbsent: undefined, at }
      : { kind: 'item', object: base, key: keyValue, at };
  }
  if (unwrap(object).type === 'this') return instanceProperty(file, segment, node, key, at);
  return propertyOf(file, objectValue(file, segment, object), key, at);
}

/** `globalThis.process` is `process`. */
function objectValue(file: ScriptFile, segment: Segment, object: Node): Value {
  const value = evaluate(file, segment, object);
  const isGlobal = value.kind === 'reference' && value.level === 0 && value.module === 'globalThis';
  return isGlobal && globalObjects.has(value.name) ? { ...value, module: value.name, name: '' } : value;
}

function readUnary(node: Node, at: Location, inner: (child: Node | null) => Value): Value {
  const operand = inner(node.childForFieldName('argument'));
  switch (node.childForFieldName('operator')?.text) {
    case '+':
      return { kind: 'convert', to: 'Number', value: operand, at };
    case '-':
      return operand.kind === 'literal' && typeof operand.value === 'number'
        ? { kind: 'literal', value: -operand.value, at }
        : { kind: 'operation', operator: 'negate', operands: [operand], at };
    case '!':
      return { kind: 'operation', operator: '!', operands: [operand], at };
    case 'void':
      return { kind: 'literal', value: undefined, at };
    default:
      return unknown('it is computed in a way that is not followed here', at);
  }
}

function readBinary(node: Node, at: Location, inner: (child: Node | null) => Value): Value {
  const sign = node.childForFieldName('operator')?.text ?? '';
  const left = inner(node.childForFieldName('left'));
  const right = inner(node.childForFieldName('right'));
  if (sign === '+') return readSum(left, right, at);
  const operator = operators[sign];
  if (operator === undefined) return unknown('it is computed in a way that is not followed here', at);
  // `x !== undefined` asks whether there is one.
  if ((operator === '==' || operator === '!=') && isNothing(right)) {
    const none: Value = { kind: 'literal', value: null, at: right.at };
    return { kind: 'operation', operator: operator === '==' ? 'is' : 'is not', operands: [left, none], at };
  }
  // Without a fallback `??` is what the look-up falls back to.
  if (operator === '??' && left.kind === 'environment' && isNothing(left.fallback))
    return { ...left, fallback: right, at };
  return { kind: 'operation', operator, operands: [left, right], at };
}

function isNothing(value: Value | undefined): boolean {
  return value === undefined || (value.kind === 'literal' && (value.value ?? null) === null);
}

/** A sum of texts is a text, whatever the other side is. */
function readSum(left: Value, right: Value, at: Location): Value {
  if (!isText(left) && !isText(right)) return { kind: 'operation', operator: '+', operands: [left, right], at };
  return { kind: 'text', parts: [...textParts(left), ...textParts(right)], at };
}

function isText(value: Value): boolean {
  if (value.kind === 'constant') return isText(value.value);
  return value.kind === 'text' || (value.kind === 'literal' && typeof value.value === 'string');
}

function textParts(value: Value): readonly Value[] {
  if (value.kind === 'text') return value.parts;
  return isText(value) ? [value] : [{ kind: 'convert', to: 'String', value, at: value.at }];
}
