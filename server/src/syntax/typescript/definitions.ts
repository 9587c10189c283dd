/** Functions, classes and enums of a module by their dotted names, for files that call or build what it exports. */
import type { Node } from 'web-tree-sitter';
import type { ClassDefinition, FunctionDefinition, Member } from '../../declarations/definitions.ts';
import type { Value } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import { exportedFunction } from './exports.ts';
import type { ScriptFile, Segment } from './file.ts';
import { ownerOf } from './functionNames.ts';
import { readParameters } from './functions.ts';
import { constructorOf, instanceProperty, isStatic, nameOf, staticMember } from './members.ts';
import { moduleDeclaration } from './names.ts';
import { isFunction, itemsOf, locationOf, unwrap } from './nodes.ts';
import { returnedBy } from './returns.ts';

interface PlacedDefinition {
  readonly node: Node;
  readonly segment: Segment;
}

/** What the model calls the constructor of a class, whatever its language does. */
const constructorName = '__init__';
/** Enums are classes whose members stand for values. */
const enumBase = 'enum.Enum';

/** The function, class or member called `path`; undefined where there is none. */
export function readDefinition(file: ScriptFile, path: string): Member | undefined {
  const [first, name, ...rest] = path.split('.');
  const found = definitionOf(file, first!);
  if (found === undefined || rest.length > 0) return undefined;
  if (name !== undefined) return memberOf(file, found, name);
  return isFunction(found.node) ? readFunctionDefinition(file, found, first!, false) : readClass(file, found, first!);
}

function definitionOf(file: ScriptFile, name: string): PlacedDefinition | undefined {
  const found = moduleDeclaration(file, name);
  if (found === undefined) return exportedFunction(file, name);
  const { declaration, segment } = found;
  if (declaration.kind === 'value') {
    const node = declaration.right && unwrap(declaration.right);
    return node && (isFunction(node) || node.type === 'class') ? { node, segment } : undefined;
  }
  const isDefinition = declaration.kind === 'function' || declaration.kind === 'class' || declaration.kind === 'enum';
  return isDefinition ? { node: declaration.node.parent!, segment } : undefined;
}

/** Of methods the first parameter stands for the object, as the model has it. */
function readFunctionDefinition(
  file: ScriptFile,
  { node, segment }: PlacedDefinition,
  name: string,
  isMember: boolean,
): FunctionDefinition {
  const isGetter = node.children.some((each) => each?.type === 'get');
  const parameters = readParameters(file, segment, node);
  const takesObject = isMember && !isStatic(node);
  return {
    kind: 'function',
    name,
    uri: file.uri,
    owner: ownerOf(file, segment, node),
    role: !isMember ? 'function' : isGetter ? 'property' : isStatic(node) ? 'static-method' : 'method',
    parameters: takesObject ? [{ name: 'this', keywordOnly: false }, ...parameters] : parameters,
    returns: returnedBy(file, segment, node),
    at: locationOf(file, segment, node),
  };
}

function readClass(file: ScriptFile, { node, segment }: PlacedDefinition, name: string): ClassDefinition | undefined {
  const body = node.childForFieldName('body');
  if (body === null) return undefined;
  const at = locationOf(file, segment, node);
  const heritage = itemsOf(node).find((each) => each.type === 'class_heritage');
  const base =
    heritage &&
    (heritage.namedChildren.find((each) => each?.type === 'extends_clause')?.childForFieldName('value') ??
      itemsOf(heritage)[0]);
  const enumeration: Value = { kind: 'reference', module: enumBase, name: '', level: 0, at };
  const bases = node.type === 'enum_declaration' ? [enumeration] : base ? [evaluate(file, segment, base)] : [];
  return {
    kind: 'class',
    name,
    uri: file.uri,
    bases,
    keywords: [],
    decorators: [],
    fields: [],
    members: new Set(itemsOf(body).map(nameOf)),
    validators: [],
    at,
  };
}

function memberOf(file: ScriptFile, { node, segment }: PlacedDefinition, name: string): Member | undefined {
  const body = node.childForFieldName('body');
  if (body === null) return undefined;
  const wanted = name === constructorName ? 'constructor' : name;
  const method = itemsOf(body).find((each) => each.type === 'method_definition' && nameOf(each) === wanted);
  if (method !== undefined) return readFunctionDefinition(file, { node: method, segment }, name, true);
  const at = locationOf(file, segment, node);
  const fixed = staticMember(file, segment, node, name, at);
  if (fixed !== undefined) return { kind: 'field', name, value: fixed, isChanged: fixed.kind === 'unknown', at };
  const construction = constructorOf(body);
  const value = instanceProperty(file, segment, construction ?? body, name, at);
  if (value.kind === 'unknown' && value.isAbsent) return undefined;
  const isChanged = value.kind === 'unknown';
  return construction === undefined
    ? { kind: 'field', name, value, isChanged, at }
    : { kind: 'field', name, assigned: value, isChanged, at };
}
