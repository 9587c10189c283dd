/** Environment variables read through schemas, with their defaults and conversions: which package reads, and what comes of it. */
import type { Location } from '../../core/text.ts';
import { type MappingEntry, qualifiedName, unknown, type Value } from '../../declarations/value.ts';
import { convictValue } from './convict.ts';
import { envVarValue, validatedValues } from './environmentReaders.ts';
import type { ScriptFile } from './file.ts';
import { type Call, contentOf, entryOf, inputOf, objectOf } from './schemaChains.ts';
import { readValibotField, valibotCall, valibotFields, valibotName } from './valibotSchemas.ts';
import { readZodField, zodFields } from './zodSchemas.ts';

/** What a call yields where it reads the environment through a schema; undefined for every other call. */
export function schemaValue(file: ScriptFile, call: Call): Value | undefined {
  const { callee, at } = call;
  const path = callee.kind === 'reference' ? qualifiedName(callee) : '';
  const [first, second] = call.arguments;
  if (path === 'envalid.cleanEnv' && first && second) return validatedValues(second.value, first.value, at);
  if (path === 'envsafe.envsafe' && first)
    return validatedValues(first.value, entryOf(second?.value, 'env') ?? processEnvironment(at), at);
  if (/^@t3-oss\/env-[\w-]+\.createEnv$/.test(path) && first) return createdEnvironment(file, first.value, at);
  const parser = valibotName(callee);
  if (parser !== undefined) return first && second && parsedByValibot(file, parser, first.value, second.value, at);
  const configuration = convictValue(file, call);
  if (configuration !== undefined) return configuration;
  if (callee.kind !== 'attribute') return undefined;
  if (/^(?:parse|safeParse|parseAsync)$/.test(callee.name) && first) {
    const fields = zodFields(callee.object);
    if (fields === undefined) return undefined;
    const parsed = readFields(file, fields, first.value, at);
    return callee.name === 'safeParse' ? objectOf([{ key: 'data', value: parsed, span: at }], at, false) : parsed;
  }
  return callee.name.startsWith('as') ? envVarValue(call) : undefined;
}

/** `v.parse(schema, source)`, `v.safeParse(schema, source).output`. */
function parsedByValibot(file: ScriptFile, parser: string, schema: Value, source: Value, at: Location) {
  const fields = /^(?:parse|safeParse|parseAsync)$/.test(parser) ? valibotFields(schema) : undefined;
  if (fields === undefined) return undefined;
  const parsed = readFields(file, fields, source, at);
  return parser === 'safeParse' ? objectOf([{ key: 'output', value: parsed, span: at }], at, false) : parsed;
}

function readField(file: ScriptFile, schema: Value, input: Value): Value {
  return valibotCall(schema) === undefined ? readZodField(file, schema, input) : readValibotField(file, schema, input);
}

function processEnvironment(at: Location): Value {
  return { kind: 'reference', module: 'process', name: 'env', level: 0, at };
}

/** `schema.parse(source)`: each field as the schema reads it from the source. */
function readFields(file: ScriptFile, fields: readonly MappingEntry[], source: Value, at: Location): Value {
  const entries = fields.map((field): MappingEntry => {
    if (field.key === undefined)
      return field.spread ? { ...field, value: unknown('it is another schema', field.span) } : field;
    const input = inputOf(source, field.key, field.span);
    return {
      ...field,
      removal: undefined,
      value:
        input === undefined
          ? unknown('its source is not followed here', field.span)
          : readField(file, field.value, input),
    };
  });
  return objectOf(
    entries,
    at,
    fields.every((each) => each.key !== undefined),
  );
}

/** `createEnv({ server: { … }, client: { … }, runtimeEnv: process.env })`. */
function createdEnvironment(file: ScriptFile, options: Value, at: Location): Value | undefined {
  const content = contentOf(options);
  if (content.kind !== 'mapping') return undefined;
  const source = entryOf(content, 'runtimeEnvStrict') ?? entryOf(content, 'runtimeEnv') ?? processEnvironment(at);
  const entries = ['server', 'client', 'shared'].flatMap((key) => {
    const part = entryOf(content, key);
    const fields = part && contentOf(part);
    if (fields?.kind !== 'mapping') return [];
    const read = readFields(file, fields.entries, source, at);
    return read.kind === 'mapping' ? read.entries : [];
  });
  return objectOf(
    entries,
    at,
    content.entries.every((each) => each.key !== 'extends' && each.key !== undefined),
  );
}
