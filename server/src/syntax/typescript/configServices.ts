/** `ConfigService` of `@nestjs/config`: environment variables by name, with what stands in for them. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import { nestConfiguration } from '../../facts/nest.ts';
import { readArguments } from './arguments.ts';
import { declarationsSeenFrom, usesOf } from './bindings.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { segmentsBinding } from './heads.ts';
import { importIn } from './imports.ts';
import { declaredType } from './members.ts';
import { itemsOf, locationOf, textOf, unwrap } from './nodes.ts';
import { environmentVariable, plainKey } from './properties.ts';

const environmentName = /^[A-Z][A-Z0-9_]*$/;

/** The value of `config.get('X', 5)`; undefined where the call is something else. */
export function configValue(file: ScriptFile, segment: Segment, node: Node): Value | undefined {
  const callee = node.childForFieldName('function');
  if (callee?.type !== 'member_expression') return undefined;
  const method = callee.childForFieldName('property')?.text;
  if (method !== 'get' && method !== 'getOrThrow') return undefined;
  const service = callee.childForFieldName('object');
  if (service === null || !isConfigService(file, segment, unwrap(service))) return undefined;
  const at = locationOf(file, segment, node);
  const [keyNode, fallbackNode] = itemsOf(node.childForFieldName('arguments')!);
  const key = keyNode && plainKey(evaluate(file, segment, keyNode));
  if (key === undefined) return unknown('it comes from a configuration that is not followed here', at);
  if (!environmentName.test(key)) return configured(file, segment, node, at);
  const written = fallbackNode && evaluate(file, segment, fallbackNode);
  // `get('X', { infer: true })` has options, no default.
  const fallback = written?.kind === 'mapping' ? undefined : written;
  const value: Value =
    method === 'getOrThrow' ? { kind: 'environment', variable: key, at } : environmentVariable(key, at, fallback);
  const declared = node.childForFieldName('type_arguments')?.text ?? '';
  const isNumber = declared === '<number>' || (fallback?.kind === 'literal' && typeof fallback.value === 'number');
  // What a validation schema makes of the text the declared type says.
  return isNumber ? { kind: 'convert', to: 'Number', value, at } : value;
}

/** `config.get('database.poolSize', 5)`: what a configuration of the workspace has under the key. */
function configured(file: ScriptFile, segment: Segment, node: Node, at: Location): Value {
  const { module, get: name } = nestConfiguration;
  const list = readArguments(file, segment, node);
  return { kind: 'call', callee: { kind: 'reference', module, name, level: 0, at }, arguments: list, at };
}

function isConfigService(file: ScriptFile, segment: Segment, service: Node): boolean {
  const isImported = segmentsBinding(file, 'ConfigService').some(
    (each) => importIn(file, each, 'ConfigService')?.module === '@nestjs/config',
  );
  if (!isImported) return false;
  if (service.type === 'member_expression') {
    const isOwn = unwrap(service.childForFieldName('object')!).type === 'this';
    const key = service.childForFieldName('property')?.text ?? '';
    return isOwn && isServiceType(declaredType(service, key));
  }
  if (service.type !== 'identifier') return false;
  const name = textOf(file, segment, service);
  const [seen] = declarationsSeenFrom(usesOf(file, segment, name), service);
  if (seen === undefined) return false;
  const { declaration } = seen;
  if (declaration.kind === 'parameter') {
    const type = declaration.parameter.childForFieldName('type')?.text.replace(/^:\s*/, '');
    return type === undefined ? isInjected(declaration.parameter) : isServiceType(type);
  }
  // `const config = app.get(ConfigService)`
  return declaration.kind === 'value' && /\.(?:get|resolve)\(\s*ConfigService\b/.test(declaration.right?.text ?? '');
}

function isServiceType(type: string | undefined): boolean {
  return type !== undefined && /^ConfigService\b/.test(type);
}

/** `{ useFactory: (config) => …, inject: [ConfigService] }`, at the parameter's place. */
function isInjected(parameter: Node): boolean {
  const factory = parameter.parent?.type === 'formal_parameters' ? parameter.parent.parent : parameter.parent;
  // The function stands behind a key, or is a method of the object.
  const object = factory?.parent?.type === 'pair' ? factory.parent.parent : (factory?.parent ?? null);
  const inject =
    object?.type !== 'object'
      ? undefined
      : object.namedChildren.find((each) => each?.childForFieldName('key')?.text === 'inject');
  const list = inject?.childForFieldName('value');
  const parameters = parameter.parent?.type === 'formal_parameters' ? itemsOf(parameter.parent) : [parameter];
  const index = parameters.findIndex((each) => each.id === parameter.id);
  return list?.type === 'array' && itemsOf(list)[index]?.text === 'ConfigService';
}
