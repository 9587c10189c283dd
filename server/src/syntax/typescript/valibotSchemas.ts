/** Schemas of valibot: `v.object({ POOL_MAX: v.optional(v.pipe(v.string(), v.transform(Number)), '5') })`. Read in 1.5. */
import { type MappingEntry, unknown, type Value } from '../../declarations/value.ts';
import type { ScriptFile } from './file.ts';
import { type Call, contentOf, transformed, withDefault } from './schemaChains.ts';

const module = 'valibot';
const objects: ReadonlySet<string> = new Set(['object', 'looseObject', 'strictObject']);
/** Their default is an input: what they wrap reads it. */
const optional: ReadonlySet<string> = new Set([
  ...['optional', 'nullish', 'nullable', 'exactOptional', 'undefinedable'],
  ...['optionalAsync', 'nullishAsync', 'nullableAsync'],
]);
/** Schemas and actions that hand on what they check. */
const keepsValue: ReadonlySet<string> = new Set([
  ...['string', 'number', 'boolean', 'any', 'unknown', 'picklist', 'enum', 'literal', 'union', 'nonNullish'],
  ...['integer', 'safeInteger', 'finite', 'minValue', 'maxValue', 'gtValue', 'ltValue', 'multipleOf', 'toMinValue'],
  ...['nonEmpty', 'minLength', 'maxLength', 'length', 'regex', 'url', 'email', 'ip', 'uuid', 'digits', 'decimal'],
  ...['startsWith', 'endsWith', 'includes', 'notValue', 'value', 'trim', 'trimStart', 'trimEnd', 'check', 'guard'],
  ...['description', 'title', 'metadata', 'brand', 'readonly', 'values', 'notValues'],
]);

/** The function of valibot that a value is a call of. */
export function valibotCall(value: Value): { readonly name: string; readonly call: Call } | undefined {
  const call = contentOf(value);
  if (call.kind !== 'call') return undefined;
  const name = valibotName(call.callee);
  return name === undefined ? undefined : { name, call };
}

export function valibotName(callee: Value): string | undefined {
  const content = contentOf(callee);
  return content.kind === 'reference' && content.module === module ? content.name : undefined;
}

export function valibotFields(schema: Value): readonly MappingEntry[] | undefined {
  const found = valibotCall(schema);
  if (found?.name === 'pipe') return valibotFields(found.call.arguments[0]!.value);
  if (found === undefined || !objects.has(found.name)) return undefined;
  const fields = found.call.arguments[0] && contentOf(found.call.arguments[0].value);
  return fields?.kind === 'mapping' ? fields.entries : undefined;
}

/** What valibot makes of one field's input. */
export function readValibotField(file: ScriptFile, schema: Value, input: Value): Value {
  const { at } = schema;
  const found = valibotCall(schema);
  if (found === undefined) return unknown('its schema is not followed here', at);
  const { name, call } = found;
  const [first, second] = call.arguments;
  if (optional.has(name) && first) return readValibotField(file, first.value, withDefault(input, second?.value, at));
  if (name === 'fallback' && first) return withDefault(readValibotField(file, first.value, input), second?.value, at);
  if (name === 'pipe')
    return call.arguments.reduce<Value>((value, each) => readValibotField(file, each.value, value), input);
  if (name === 'transform' && first) return transformed(file, input, first, at);
  // Before 0.31: `coerce(number(), Number)`.
  if (name === 'coerce' && second) return transformed(file, input, second, at);
  if (name === 'toNumber') return { kind: 'convert', to: 'Number', value: input, at };
  if (name === 'toString') return { kind: 'convert', to: 'String', value: input, at };
  return keepsValue.has(name) ? input : unknown('its schema is not followed here', at);
}
