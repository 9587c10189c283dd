/** Schemas of zod: `z.object({ POOL_MAX: z.coerce.number().default(5) })`. */
import { type ConversionTarget, type MappingEntry, unknown, type Value } from '../../declarations/value.ts';
import type { ScriptFile } from './file.ts';
import { chainOf, contentOf, transformed } from './schemaChains.ts';

/** The fields of `z.object({ … })`. */
export function zodFields(schema: Value): readonly MappingEntry[] | undefined {
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

export function isZod(module: string): boolean {
  return module === 'zod' || module.startsWith('zod/');
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
export function readZodField(file: ScriptFile, schema: Value, input: Value): Value {
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
    else if (name === 'pipe' && first) value = readZodField(file, first.value, value);
    else if (!keepsValue.has(name)) return unknown('its schema is not followed here', at);
  }
  return value;
}
