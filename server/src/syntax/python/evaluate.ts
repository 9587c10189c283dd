/**
 * Reads a Python expression as a {@link Value}: literals, names followed to what they stand for, environment look-ups,
 * arithmetic, dictionaries. Nothing is executed; what is not understood is unknown and says why.
 */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { entryAt } from '../../declarations/mappings.ts';
import type { Operator, Value } from '../../declarations/value.ts';
import { qualifiedName, unknown } from '../../declarations/value.ts';
import { entryInsertion, insertionFor, readArguments } from './arguments.ts';
import type { PythonFile, Segment } from './file.ts';
import { lookUpAttribute, lookUpName } from './names.ts';
import { itemsOf, locationOf, textOf } from './nodes.ts';
import { decode, prefixOf } from './strings.ts';

/** Deeper nesting than this is generated or hostile; it is not followed. */
const deepestNesting = 40;

const operators: Readonly<Record<string, Operator>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '//': '//',
  '%': '%',
  '**': '**',
};

export function evaluate(file: PythonFile, segment: Segment, node: Node, depth = 0): Value {
  const at = locationOf(file, segment, node);
  if (depth > deepestNesting) return unknown('it is nested too deeply to follow', at);
  const inner = (child: Node | null | undefined): Value =>
    child ? evaluate(file, segment, child, depth + 1) : unknown('the expression is not complete', at);
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
    case 'string':
      return readString(file, segment, node, depth);
    case 'concatenated_string':
      return { kind: 'text', parts: itemsOf(node).map(inner), at };
    case 'parenthesized_expression':
      return inner(itemsOf(node)[0]);
    case 'await':
      return inner(itemsOf(node)[0]);
    case 'named_expression':
      return inner(node.childForFieldName('value'));
    case 'identifier':
      return lookUpName(file, segment, node, depth + 1);
    case 'attribute':
      return readAttribute(file, segment, node, depth);
    case 'subscript':
      return readSubscript(file, segment, node, depth);
    case 'call':
      return readCall(file, segment, node, depth);
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
    case 'binary_operator':
      return readBinary(node, at, inner);
    case 'conditional_expression': {
      const [whenTrue, , whenFalse] = itemsOf(node);
      return { kind: 'alternatives', values: [inner(whenTrue), inner(whenFalse)], at };
    }
    case 'dictionary':
      return readDictionary(file, segment, node, depth);
    case 'list':
    case 'tuple':
    case 'expression_list':
      return { kind: 'sequence', items: itemsOf(node).map(inner), at };
    case 'lambda':
      return unknown('it is a function', at);
    default:
      return unknown('it is computed in a way that is not followed here', at);
  }
}

function readNumber(text: string, at: Location): Value {
  const plain = text.replaceAll('_', '');
  const value = Number(plain.replace(/^0+(?=\d)/, ''));
  return Number.isFinite(value) ? { kind: 'literal', value, at } : unknown('the number cannot be read', at);
}

function readString(file: PythonFile, segment: Segment, node: Node, depth: number): Value {
  const at = locationOf(file, segment, node);
  const prefix = prefixOf(node);
  if (prefix.includes('b')) return unknown('it is a bytes literal', at);
  const start = node.children[0];
  const end = node.children.at(-1);
  if (start?.type !== 'string_start' || end?.type !== 'string_end') return unknown('the text is not complete', at);
  const raw = prefix.includes('r');
  const parts: Value[] = [];
  let from = start.endIndex;
  const addText = (to: number) => {
    if (to <= from) return;
    let source = file.text.slice(segment.start + from, segment.start + to);
    if (prefix.includes('f')) source = source.replaceAll('{{', '{').replaceAll('}}', '}');
    const span = { uri: file.uri, start: segment.start + from, end: segment.start + to };
    parts.push({ kind: 'literal', value: decode(source, from, raw).text, at: span });
  };
  for (const child of node.children) {
    if (child?.type !== 'interpolation') continue;
    addText(child.startIndex);
    const expression = child.childForFieldName('expression');
    const formatted = child.childForFieldName('format_specifier') ?? child.childForFieldName('type_conversion');
    parts.push(
      expression && !formatted
        ? evaluate(file, segment, expression, depth + 1)
        : unknown('it is formatted into the text', locationOf(file, segment, child)),
    );
    from = child.endIndex;
  }
  addText(end.startIndex);
  if (parts.length === 0) return { kind: 'literal', value: '', at };
  if (parts.length === 1 && parts[0]!.kind === 'literal') return { ...parts[0]!, at };
  return { kind: 'text', parts, at };
}

function readUnary(node: Node, at: Location, inner: (child: Node | null) => Value): Value {
  const operator = node.childForFieldName('operator')?.text;
  const operand = inner(node.childForFieldName('argument'));
  if (operator === '+') return operand;
  if (operator !== '-') return unknown('it is computed in a way that is not followed here', at);
  if (operand.kind === 'literal' && typeof operand.value === 'number')
    return { kind: 'literal', value: -operand.value, at };
  return { kind: 'operation', operator: 'negate', operands: [operand], at };
}

function readBinary(node: Node, at: Location, inner: (child: Node | null) => Value): Value {
  const sign = node.childForFieldName('operator')?.text ?? '';
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (sign === '|') {
    const spread = (value: Value) => ({ value, span: value.at, spread: true });
    return { kind: 'mapping', entries: [spread(inner(left)), spread(inner(right))], complete: true, at };
  }
  const operator = operators[sign];
  if (operator === undefined) return unknown('it is computed in a way that is not followed here', at);
  if (operator === '%' && (left?.type === 'string' || left?.type === 'concatenated_string')) {
    // "…%s…" % values: what stands before the first placeholder is known, the rest is not.
    const format = inner(left);
    const rest = unknown('it is formatted into the text', at);
    if (format.kind !== 'literal' || typeof format.value !== 'string') return rest;
    const known = format.value.split('%')[0]!;
    return { kind: 'text', parts: [{ ...format, value: known }, rest], at };
  }
  return { kind: 'operation', operator, operands: [inner(left), inner(right)], at };
}

function readDictionary(file: PythonFile, segment: Segment, node: Node, depth: number): Value {
  const entries = [];
  for (const item of itemsOf(node)) {
    const span = locationOf(file, segment, item);
    if (item.type === 'pair') {
      const keyNode = item.childForFieldName('key');
      const valueNode = item.childForFieldName('value');
      if (keyNode === null || valueNode === null) return unknown('the dictionary is not complete', span);
      const key = plainText(evaluate(file, segment, keyNode, depth + 1));
      const keySpan = locationOf(file, segment, keyNode);
      entries.push({ key, keySpan, value: evaluate(file, segment, valueNode, depth + 1), span });
    } else if (item.type === 'dictionary_splat') {
      entries.push({ value: evaluate(file, segment, itemsOf(item)[0] ?? item, depth + 1), span, spread: true });
    } else {
      entries.push({ value: unknown('it is not written as a pair', span), span });
    }
  }
  const at = locationOf(file, segment, node);
  return { kind: 'mapping', entries, complete: !node.hasError, at, insertion: entryInsertion(file, segment, node) };
}

/** A text that is certain without an environment; keys and variable names must be. */
export function plainText(value: Value): string | undefined {
  if (value.kind === 'constant') return plainText(value.value);
  return value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

function readAttribute(file: PythonFile, segment: Segment, node: Node, depth: number): Value {
  const at = locationOf(file, segment, node);
  const object = node.childForFieldName('object');
  const attribute = node.childForFieldName('attribute');
  if (object === null || attribute === null) return unknown('the expression is not complete', at);
  const name = textOf(file, segment, attribute);
  const found = lookUpAttribute(file, segment, object, name, depth + 1);
  if (found !== undefined) return found;
  const base = importedAlternative(evaluate(file, segment, object, depth + 1));
  if (base.kind === 'reference') return { ...base, name: base.name === '' ? name : `${base.name}.${name}`, at };
  return unknown(`attribute ${name} of an object is not followed here`, at);
}

/** `if TYPE_CHECKING: import m` / `else: m = lazy("m")`, and the like with `try`: the import tells what the name means. */
function importedAlternative(value: Value): Value {
  if (value.kind !== 'alternatives') return value;
  const imported = value.values.filter((each) => each.kind === 'reference');
  return imported.length === 1 ? imported[0]! : value;
}

function readSubscript(file: PythonFile, segment: Segment, node: Node, depth: number): Value {
  const at = locationOf(file, segment, node);
  const object = node.childForFieldName('value');
  const subscript = node.childForFieldName('subscript');
  if (object === null || subscript === null) return unknown('the expression is not complete', at);
  const base = evaluate(file, segment, object, depth + 1);
  const key = plainText(evaluate(file, segment, subscript, depth + 1));
  if (key === undefined) return unknown('the key is not known', at);
  if (base.kind === 'reference' && qualifiedName(base) === 'os.environ')
    return { kind: 'environment', variable: key, at };
  const mapping = base.kind === 'constant' ? base.value : base;
  if (mapping.kind === 'mapping' && mapping.complete) {
    const entry = entryAt(mapping, key);
    const certain = mapping.entries.every((each) => each.key !== undefined);
    if (entry !== undefined && certain) return { kind: 'constant', name: key, value: entry.value, at };
  }
  return unknown(`key ${JSON.stringify(key)} of a mapping is not followed here`, at);
}

function readCall(file: PythonFile, segment: Segment, node: Node, depth: number): Value {
  const at = locationOf(file, segment, node);
  const functionNode = node.childForFieldName('function');
  if (functionNode === null) return unknown('the call is not complete', at);
  const list = readArguments(file, segment, node, depth);
  const positional = list.filter((each) => each.keyword === undefined && each.unpack === undefined);
  if (functionNode.type === 'identifier') {
    const builtin = readBuiltin(textOf(file, segment, functionNode), list, at);
    if (builtin !== undefined && lookUpName(file, segment, functionNode, depth + 1).kind === 'unknown') return builtin;
  }
  if (functionNode.type === 'attribute') {
    const method = readMethod(
      file,
      segment,
      functionNode,
      positional.map((each) => each.value),
      at,
      depth,
    );
    if (method !== undefined) return method;
  }
  const callee = evaluate(file, segment, functionNode, depth + 1);
  if (callee.kind === 'reference') {
    const path = qualifiedName(callee);
    if (path === 'os.getenv' || path === 'os.environ.get' || path === 'os.environ.setdefault') {
      const variable = positional[0] && plainText(positional[0].value);
      if (variable === undefined) return unknown('the name of the environment variable is not known', at);
      const written = positional[1]?.value ?? list.find((each) => each.keyword === 'default')?.value;
      return { kind: 'environment', variable, fallback: written ?? { kind: 'literal', value: null, at }, at };
    }
    if (/(?:^|\.)cpu_count$/.test(path)) return unknown('it is the number of CPUs of the machine', at);
    return { kind: 'call', callee, arguments: list, at, insertion: insertionFor(file, segment, node) };
  }
  if (callee.kind === 'call')
    return { kind: 'call', callee, arguments: list, at, insertion: insertionFor(file, segment, node) };
  return unknown('it is the result of a call that is not followed here', at);
}

function readBuiltin(
  name: string,
  list: readonly ReturnType<typeof readArguments>[number][],
  at: Location,
): Value | undefined {
  const first = list[0];
  if (
    (name === 'int' || name === 'float' || name === 'str' || name === 'bool') &&
    list.length === 1 &&
    first?.unpack === undefined
  ) {
    return { kind: 'convert', to: name, value: first!.value, at };
  }
  if (name !== 'dict') return undefined;
  const entries = list.map((each) =>
    each.keyword === undefined
      ? { value: each.value, span: each.span, spread: true }
      : { key: each.keyword, keySpan: each.keywordSpan, value: each.value, span: each.span },
  );
  return { kind: 'mapping', entries, complete: true, at };
}

/** Text methods that keep what is known of a URL, and copies of mappings. */
function readMethod(
  file: PythonFile,
  segment: Segment,
  attribute: Node,
  positional: readonly Value[],
  at: Location,
  depth: number,
): Value | undefined {
  const name = attribute.childForFieldName('attribute')?.text ?? '';
  const object = attribute.childForFieldName('object');
  if (object === null || !['replace', 'strip', 'rstrip', 'lstrip', 'copy', 'get'].includes(name)) return undefined;
  const base = evaluate(file, segment, object, depth + 1);
  const content = base.kind === 'constant' ? base.value : base;
  if (name === 'copy') return content.kind === 'mapping' ? base : undefined;
  if (name === 'get') {
    const key = positional[0] && plainText(positional[0]);
    if (content.kind !== 'mapping' || key === undefined) return undefined;
    const entry = entryAt(content, key);
    if (!content.complete || content.entries.some((each) => each.key === undefined))
      return unknown('the mapping is not fully known', at);
    return entry?.value ?? positional[1] ?? { kind: 'literal', value: null, at };
  }
  const isText =
    content.kind === 'environment' ||
    content.kind === 'text' ||
    content.kind === 'operation' ||
    content.kind === 'convert' ||
    (content.kind === 'literal' && typeof content.value === 'string') ||
    content.kind === 'reference';
  if (!isText) return undefined;
  if (name === 'replace') {
    return positional.length >= 2
      ? { kind: 'operation', operator: 'replace', operands: [base, positional[0]!, positional[1]!], at }
      : undefined;
  }
  return positional.length === 0 ? base : undefined;
}
