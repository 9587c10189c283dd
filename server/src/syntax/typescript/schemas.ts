/** Environment variables read through schemas: zod, t3-env, envalid and env-var, with their defaults and conversions. */
import type { Location } from '../../core/text.ts';
import {
  type Argument,
  type ConversionTarget,
  type MappingEntry,
  qualifiedName,
  unknown,
  type Value,
} from '../../declarations/value.ts';
import type { ScriptFile } from './file.ts';
import { environmentVariable, isEnvironment, plainKey } from './properties.ts';

type Call = Extract<Value, { kind: 'call' }>;

/** One name of a chain such as `z.string().default("5")`, with the arguments of its call. */
interface Step {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** The names of a chain from its module on; undefined where it does not begin with one. */
function chainOf(value: Value): { module: string; steps: Step[] } | undefined {
  const content = contentOf(value);
  if (content.kind === 'reference' && content.module !== '') {
    const names = content.name === '' ? [] : content.name.split('.');
    return { module: content.module, steps: names.map((name) => ({ name, arguments: [] })) };
  }
  if (content.kind === 'attribute') {
    const before = chainOf(content.object);
    before?.steps.push({ name: content.name, arguments: [] });
    return before;
  }
  if (content.kind !== 'call') return undefined;
  const before = chainOf(content.callee);
  const last = before?.steps.pop();
  if (before === undefined) return undefined;
  before.steps.push({ name: last?.name ?? '', arguments: content.arguments });
  return before;
}

function contentOf(value: Value): Value {
  return value.kind === 'constant' ? contentOf(value.value) : value;
}

/** What a call yields where it reads the environment through a schema; undefined for every other call. */
export function schemaValue(file: ScriptFile, call: Call): Value | undefined {
  const { callee, at } = call;
  const path = callee.kind === 'reference' ? qualifiedName(callee) : '';
  const [first, second] = call.arguments;
  if (path === 'envalid.cleanEnv' && first && second) return envalidValues(second.value, first.value, at);
  if (/^@t3-oss\/env-[\w-]+\.createEnv$/.test(path) && first) return createdEnvironment(file, first.value, at);
  if (callee.kind !== 'attribute') return undefined;
  if (/^(?:parse|safeParse|parseAsync)$/.test(callee.name) && first) {
    const fields = objectFields(callee.object);
    if (fields === undefined) return undefined;
    const parsed = readFields(file, fields, first.value, at);
    return callee.name === 'safeParse' ? objectOf([{ key: 'data', value: parsed, span: at }], at, false) : parsed;
  }
  return callee.name.startsWith('as') ? envVarValue(call) : undefined;
}

function objectOf(entries: readonly MappingEntry[], at: Location, complete = true): Value {
  return { kind: 'mapping', entries, complete, at };
}

/** The fields of `z.object({ … })`. */
function objectFields(schema: Value): readonly MappingEntry[] | undefined {
  const chain = chainOf(schema);
  if (chain === undefined || !isZod(chain.module)) return undefined;
  const start = chain.steps.find((step) => step.name === 'object' || step.name === 'strictObject');
  const fields = start?.arguments[0] && contentOf(start.arguments[0].value);
  if (fields?.kind !== 'mapping') return undefined;
  const extensions = chain.steps
    .filter((step) => step.name === 'extend')
    .map((step) => contentOf(step.arguments[0]!.value));
  return [...fields.entries, ...extensions.flatMap((each) => (each.kind === 'mapping' ? each.entries : []))];
}

function isZod(module: string): boolean {
  return module === 'zod' || module.startsWith('zod/');
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

function inputOf(source: Value, key: string, at: Location): Value | undefined {
  if (isEnvironment(source)) return environmentVariable(key, at);
  const content = contentOf(source);
  if (content.kind !== 'mapping') return undefined;
  const entry = content.entries.findLast((each) => each.key === key);
  if (entry !== undefined) return entry.value;
  // `{ ...process.env, … }`
  return content.entries.some((each) => each.spread && isEnvironment(each.value))
    ? environmentVariable(key, at)
    : undefined;
}

const keepsValue = new Set([
  ...[
    'z',
    'string',
    'url',
    'email',
    'enum',
    'nativeEnum',
    'literal',
    'union',
    'any',
    'unknown',
    'optional',
    'nullable',
  ],
  ...['nullish', 'min', 'max', 'int', 'positive', 'nonnegative', 'gt', 'gte', 'lt', 'lte', 'finite', 'regex', 'trim'],
  ...[
    'startsWith',
    'endsWith',
    'includes',
    'nonempty',
    'describe',
    'refine',
    'superRefine',
    'readonly',
    'brand',
    'meta',
  ],
  ...['length', 'uuid', 'number', 'boolean', 'check'],
]);
const coercions: Readonly<Record<string, ConversionTarget>> = {
  number: 'Number',
  string: 'String',
  boolean: 'Boolean',
};

/** What zod makes of one field's input. */
function readField(file: ScriptFile, schema: Value, input: Value): Value {
  const chain = chainOf(schema);
  const at = schema.at;
  if (chain === undefined || !isZod(chain.module)) return unknown('its schema is not followed here', at);
  let value = input;
  let isCoerced = false;
  for (const { name, arguments: list } of chain.steps) {
    const first = list[0];
    if (name === 'coerce') isCoerced = true;
    else if (isCoerced && coercions[name] !== undefined) {
      value = { kind: 'convert', to: coercions[name], value, at };
      isCoerced = false;
    } else if ((name === 'default' || name === 'prefault' || name === 'catch') && first)
      value = { kind: 'operation', operator: 'default', operands: [value, first.value], at };
    else if (name === 'transform' && first) value = transformed(file, value, first, at);
    else if (name === 'pipe' && first) value = readField(file, first.value, value);
    else if (!keepsValue.has(name)) return unknown('its schema is not followed here', at);
  }
  return value;
}

const numberFunction =
  /^(?:\(\s*(\w+)\s*(?::\s*string\s*)?\)|(\w+))\s*=>\s*(?:(Number|parseInt|Number\.parseInt|parseFloat)\(\s*(?:\1|\2)\s*(?:,\s*10\s*)?\)|\+(?:\1|\2))$/;

/** `.transform(Number)`, `.transform((text) => parseInt(text, 10))`. */
function transformed(file: ScriptFile, value: Value, by: Argument, at: Location): Value {
  const text = file.text.slice(by.span.start, by.span.end);
  if (/^(?:Number|parseInt|parseFloat)$/.test(text))
    return { kind: 'convert', to: text as ConversionTarget, value, at };
  const match = numberFunction.exec(text);
  if (!match) return unknown('it is transformed by a function', at);
  const name = match[3]?.replace('Number.', '') ?? 'Number';
  return { kind: 'convert', to: name as ConversionTarget, value, at };
}

/** `createEnv({ server: { … }, client: { … }, runtimeEnv: process.env })`. */
function createdEnvironment(file: ScriptFile, options: Value, at: Location): Value | undefined {
  const content = contentOf(options);
  if (content.kind !== 'mapping') return undefined;
  const part = (key: string) => content.entries.findLast((each) => each.key === key)?.value;
  const source = part('runtimeEnv') ?? part('runtimeEnvStrict');
  const process: Value = { kind: 'reference', module: 'process', name: 'env', level: 0, at };
  const entries = ['server', 'client', 'shared'].flatMap((key) => {
    const fields = part(key) && contentOf(part(key)!);
    if (fields?.kind !== 'mapping') return [];
    const read = readFields(file, fields.entries, source ?? process, at);
    return read.kind === 'mapping' ? read.entries : [];
  });
  return objectOf(
    entries,
    at,
    content.entries.every((each) => each.key !== 'extends' && each.key !== undefined),
  );
}

/** `cleanEnv(process.env, { POOL: num({ default: 5 }) })`. */
function envalidValues(specification: Value, source: Value, at: Location): Value | undefined {
  const content = contentOf(specification);
  if (content.kind !== 'mapping') return undefined;
  const entries = content.entries.map((field): MappingEntry => {
    const input = field.key === undefined ? undefined : inputOf(source, field.key, field.span);
    const call = contentOf(field.value);
    if (input === undefined || call.kind !== 'call')
      return { ...field, value: unknown('its source is not followed here', field.span) };
    const options = call.arguments[0] && contentOf(call.arguments[0].value);
    const fallback =
      options?.kind === 'mapping' ? options.entries.findLast((each) => each.key === 'default')?.value : undefined;
    const validator = call.callee.kind === 'reference' ? qualifiedName(call.callee) : '';
    return { ...field, removal: undefined, value: validated(validator, input, fallback, field.value.at) };
  });
  return objectOf(
    entries,
    at,
    entries.every((each) => each.key !== undefined),
  );
}

function validated(validator: string, input: Value, fallback: Value | undefined, at: Location): Value {
  const isNumber = validator === 'envalid.num' || validator === 'envalid.port';
  const isText = /^envalid\.(?:str|url|host|email)$/.test(validator);
  if (!isNumber && !isText) return unknown('it is read by a validator that is not followed here', at);
  const value: Value = isNumber ? { kind: 'convert', to: 'Number', value: input, at } : input;
  return fallback === undefined ? value : { kind: 'operation', operator: 'default', operands: [value, fallback], at };
}

/** `get('X').default('5').required().asInt()`. */
function envVarValue(call: Call): Value | undefined {
  const chain = chainOf(call);
  if (chain?.module !== 'env-var') return undefined;
  const get = chain.steps.find((step) => step.name === 'get');
  const variable = get?.arguments[0] && plainKey(get.arguments[0].value);
  if (variable === undefined) return undefined;
  const fallback = chain.steps.find((step) => step.name === 'default')?.arguments[0]?.value;
  const value = environmentVariable(variable, call.at, fallback);
  const last = chain.steps.at(-1)!.name;
  if (/^as(?:Int|IntPositive|IntNegative|PortNumber)$/.test(last))
    return { kind: 'convert', to: 'parseInt', value, at: call.at };
  if (/^asFloat/.test(last)) return { kind: 'convert', to: 'parseFloat', value, at: call.at };
  return /^as(?:String|UrlString|Enum)$/.test(last)
    ? value
    : unknown('it is read in a way that is not followed here', call.at);
}
