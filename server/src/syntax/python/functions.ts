/** Functions as values need them: their parameters, and what they return. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import type { FunctionDefinition, FunctionRole } from '../../declarations/definitions.ts';
import { type FunctionParameter, type ParameterValue, unknown, type Value } from '../../declarations/value.ts';
import type { PlacedBinding } from './bindings.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { enclosingClass, enclosingFunction, itemsOf, locationOf } from './nodes.ts';
import { returnedBy } from './returns.ts';

/** Tells a function from others of the same name. */
export function ownerOf(file: PythonFile, segment: Segment, definition: Node): string {
  return `${file.uri}#${segment.start + definition.startIndex}`;
}

export function readParameters(file: PythonFile, segment: Segment, definition: Node): FunctionParameter[] {
  const list = definition.childForFieldName('parameters');
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

/** Names of a function's decorators as written, without `@` and arguments. */
export function decoratorsOf(definition: Node): string[] {
  if (definition.parent?.type !== 'decorated_definition') return [];
  return definition.parent.namedChildren
    .filter((child) => child?.type === 'decorator')
    .map((child) => /^@\s*([\w.]+)/.exec(child!.text)?.[1] ?? '');
}

/** Decorators that leave what a function returns as it is. */
const transparent = new Set([
  ...['lru_cache', 'cache', 'cached', 'property', 'cached_property', 'computed_field', 'classmethod', 'staticmethod'],
  ...['override', 'final', 'inject', 'validator', 'field_validator', 'model_validator', 'root_validator'],
  ...['memoize', 'once', 'singleton', 'deprecated', 'typechecked', 'alru_cache', 'cache_resource', 'cachedproperty'],
]);

export function roleOf(definition: Node): FunctionRole {
  const names = decoratorsOf(definition).map((each) => each.split('.').at(-1)!);
  if (enclosingClass(definition.parent?.type === 'decorated_definition' ? definition.parent : definition) === null)
    return 'function';
  if (names.some((each) => /^(?:cached_)?property$|^computed_field$|^cachedproperty$/.test(each))) return 'property';
  if (names.includes('staticmethod')) return 'static-method';
  const isOnClass = names.some((each) => /^(?:classmethod|validator|field_validator|root_validator)$/.test(each));
  return isOnClass ? 'class-method' : 'method';
}

export function readFunction(file: PythonFile, segment: Segment, definition: Node): FunctionDefinition {
  const at = locationOf(file, segment, definition);
  const name = definition.childForFieldName('name')?.text ?? '';
  const opaque = decoratorsOf(definition).find((each) => !transparent.has(each.split('.').at(-1)!));
  const returns =
    opaque === undefined
      ? returnedBy(definition, segment, at, (node) => evaluate(file, segment, node))
      : unknown(`${name} is decorated in a way that is not followed here`, at);
  return {
    kind: 'function',
    name,
    uri: file.uri,
    owner: ownerOf(file, segment, definition),
    role: roleOf(definition),
    parameters: readParameters(file, segment, definition),
    returns,
    at,
  };
}

export function readLambda(file: PythonFile, segment: Segment, lambda: Node): FunctionDefinition {
  const body = lambda.childForFieldName('body');
  const at = locationOf(file, segment, lambda);
  return {
    kind: 'function',
    name: 'a lambda',
    uri: file.uri,
    owner: ownerOf(file, segment, lambda),
    role: 'function',
    parameters: readParameters(file, segment, lambda),
    returns: body === null ? unknown('the expression is not complete', at) : evaluate(file, segment, body),
    at,
  };
}

/** The class whose instance (`self`) or which itself (`cls`) the first parameter of a method is. */
export function receiverOf(definition: Node, parameter: Node): ParameterValue['receiver'] {
  const list = definition.childForFieldName('parameters');
  const first = list && itemsOf(list)[0];
  if (!first || first.startIndex !== parameter.startIndex) return undefined;
  const role = roleOf(definition);
  if (role === 'function' || role === 'static-method') return undefined;
  const className = classPathOf(definition);
  const isClass = role === 'class-method' || definition.childForFieldName('name')?.text === '__new__';
  return className === undefined ? undefined : { className, isClass };
}

/** `Outer.Inner`: the class around a method, where other code can name it. */
export function classPathOf(definition: Node): string | undefined {
  const names: string[] = [];
  let node: Node = definition.parent?.type === 'decorated_definition' ? definition.parent : definition;
  for (let owner = enclosingClass(node); owner !== null; owner = enclosingClass(node)) {
    names.unshift(owner.childForFieldName('name')?.text ?? '');
    node = owner.parent?.type === 'decorated_definition' ? owner.parent : owner;
  }
  return names.length === 0 || enclosingFunction(node) !== null ? undefined : names.join('.');
}

/** What the parameter of a function stands for in its body. */
export function parameterValue(file: PythonFile, segment: Segment, name: string, parameter: Node, at: Location): Value {
  for (let parent = parameter.parent; parent !== null; parent = parent.parent) {
    if (parent.type !== 'function_definition') continue;
    return {
      kind: 'parameter',
      name,
      functionName: parent.childForFieldName('name')?.text ?? '',
      owner: ownerOf(file, segment, parent),
      receiver: receiverOf(parent, parameter),
      at,
    };
  }
  return unknown(`${name} is a parameter`, at);
}

/** A function at module level is known by its name, one inside another goes where its name goes. */
export function functionValue(
  file: PythonFile,
  { binding, segment }: PlacedBinding,
  name: string,
  at: Location,
): Value {
  const definition = binding.subject?.parent;
  if (!definition || enclosingFunction(definition) === null)
    return { kind: 'reference', module: '', name, level: 0, at };
  return { kind: 'function', definition: readFunction(file, segment, definition), at };
}
