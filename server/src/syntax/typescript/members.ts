/** Constants of classes and enums, and fields of instances. */

import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { type ReferenceValue, unknown, type Value } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { ownerOf, parameterName } from './functionNames.ts';
import { injectedConfiguration } from './injectedConfigurations.ts';
import { lookUpInModule, moduleDeclaration } from './names.ts';
import { enclosingClass, itemsOf, textOf } from './nodes.ts';

/** `Config.MAX`, `Size.LARGE`, of a class or enum of this module; undefined where it is something else. */
export function staticProperty(
  file: ScriptFile,
  reference: ReferenceValue,
  key: string,
  at: Location,
): Value | undefined {
  const found = moduleDeclaration(file, reference.name);
  const kind = found?.declaration.kind;
  if (found === undefined || (kind !== 'class' && kind !== 'enum')) return undefined;
  return staticMember(file, found.segment, found.declaration.node.parent!, key, at);
}

/** A static field of a class, or a member of an enum, by the node of its definition. */
export function staticMember(
  file: ScriptFile,
  segment: Segment,
  definition: Node,
  key: string,
  at: Location,
): Value | undefined {
  const body = definition.childForFieldName('body');
  if (body === null) return undefined;
  if (definition.type === 'enum_declaration') return enumMember(file, segment, body, key, at);
  const field = fieldsOf(body).find((each) => nameOf(each) === key && isStatic(each));
  const value = field?.childForFieldName('value');
  if (!value) return undefined;
  const name = definition.childForFieldName('name')?.text ?? '';
  if (name !== '' && new RegExp(`\\b${escaped(name)}\\.${escaped(key)}\\s*=(?!=)`).test(file.text))
    return unknown(`${key} of ${name} is set while the program runs`, at);
  return { kind: 'constant', name: key, value: evaluate(file, segment, value), at };
}

function enumMember(file: ScriptFile, segment: Segment, body: Node, key: string, at: Location): Value | undefined {
  let next: number | undefined = 0;
  for (const item of itemsOf(body)) {
    const name = item.type === 'enum_assignment' ? item.childForFieldName('name') : item;
    const written = item.type === 'enum_assignment' ? item.childForFieldName('value') : null;
    const value: Value | undefined = written
      ? evaluate(file, segment, written)
      : next === undefined
        ? undefined
        : { kind: 'literal', value: next, at };
    if (name?.text.replace(/^['"]|['"]$/g, '') === key) return value && { kind: 'constant', name: key, value, at };
    next = value?.kind === 'literal' && typeof value.value === 'number' ? value.value + 1 : undefined;
  }
  return undefined;
}

/** `this.key` at a node inside a class: its field, what its constructor sets it to, or a parameter that becomes it. */
export function instanceProperty(file: ScriptFile, segment: Segment, node: Node, key: string, at: Location): Value {
  const body = node.type === 'class_body' ? node : enclosingClass(node)?.childForFieldName('body');
  if (!body) return unknown(`property ${key} of this object is not followed here`, at);
  const isUsedInStatic = isInStatic(node, body);
  const sources: Value[] = [];
  for (const member of fieldsOf(body)) {
    const value =
      nameOf(member) === key && isStatic(member) === isUsedInStatic ? member.childForFieldName('value') : null;
    if (value) sources.push({ kind: 'constant', name: key, value: evaluate(file, segment, value), at });
  }
  const parameter = isUsedInStatic ? undefined : parameterProperty(body, key);
  if (parameter !== undefined) {
    const owner = ownerOf(file, segment, parameter.parent!.parent!);
    const configuration = injectedConfiguration(file, parameter, at, (name) => lookUpInModule(file, name, at, true));
    sources.push(
      configuration ?? { kind: 'parameter', name: parameterName(parameter), functionName: 'constructor', owner, at },
    );
  }
  const assignments = assignmentsTo(file, segment, body, key);
  for (const { right, isInConstructor } of assignments) {
    if (!isInConstructor) return unknown(`property ${key} is set while the program runs`, at);
    sources.push(evaluate(file, segment, right));
  }
  if (sources.length === 1) return sources[0]!;
  // The constructor runs after the fields have their values.
  if (sources.length === 2 && assignments.length === 1) return sources[1]!;
  return sources.length === 0
    ? { ...unknown(`property ${key} of this object is not set where it can be seen`, at), isAbsent: true }
    : { kind: 'alternatives', values: sources, at };
}

export function fieldsOf(body: Node): Node[] {
  return itemsOf(body).filter((each) => each.type === 'public_field_definition');
}

export function nameOf(member: Node): string {
  return member.childForFieldName('name')?.text ?? '';
}

export function isStatic(member: Node): boolean {
  return member.children.some((each) => each?.type === 'static');
}

function isInStatic(node: Node, body: Node): boolean {
  if (node.id === body.id) return false;
  let member = node;
  while (member.parent !== null && member.parent.id !== body.id) member = member.parent;
  return member.type === 'class_static_block' || isStatic(member);
}

/** `constructor(private readonly key: Type)`. */
function parameterProperty(body: Node, key: string): Node | undefined {
  const parameters = constructorOf(body)?.childForFieldName('parameters');
  return parameters?.namedChildren.find(
    (each) =>
      each?.childForFieldName('pattern')?.text === key &&
      each.children.some((child) => child?.type === 'accessibility_modifier' || child?.type === 'readonly'),
  ) as Node | undefined;
}

/** The type written for a field or parameter property; undefined where there is none. */
export function declaredType(node: Node, key: string): string | undefined {
  const body = enclosingClass(node)?.childForFieldName('body');
  if (!body) return undefined;
  const holder = parameterProperty(body, key) ?? fieldsOf(body).find((each) => nameOf(each) === key);
  return holder?.childForFieldName('type')?.text.replace(/^:\s*/, '');
}

export function constructorOf(body: Node): Node | undefined {
  return itemsOf(body).find((each) => each.type === 'method_definition' && nameOf(each) === 'constructor');
}

function assignmentsTo(
  file: ScriptFile,
  segment: Segment,
  body: Node,
  key: string,
): { right: Node; isInConstructor: boolean }[] {
  const text = textOf(file, segment, body);
  const pattern = new RegExp(`\\bthis\\.${escaped(key)}\\s*(?:\\?\\?|\\|\\|)?=(?![=>])`, 'g');
  const own = constructorOf(body);
  const found: { right: Node; isInConstructor: boolean }[] = [];
  for (const match of text.matchAll(pattern)) {
    let node: Node | null = body.descendantForIndex(body.startIndex + match.index, body.startIndex + match.index + 3);
    while (node !== null && !/^(?:augmented_)?assignment_expression$/.test(node.type)) node = node.parent;
    const right = node?.childForFieldName('right');
    if (!node || !right) continue;
    const isInConstructor = own !== undefined && own.startIndex <= node.startIndex && node.endIndex <= own.endIndex;
    found.push({ right, isInConstructor });
  }
  return found;
}

function escaped(name: string): string {
  return name.replace(/[$#]/g, '\\$&');
}
