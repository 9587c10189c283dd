/** Packages that read the environment field by field: envalid, envsafe, env-var. */
import type { Location } from '../../core/text.ts';
import { type MappingEntry, qualifiedName, unknown, type Value } from '../../declarations/value.ts';
import { environmentVariable, plainKey } from './properties.ts';
import { type Call, chainOf, contentOf, entryOf, inputOf, objectOf, withDefault } from './schemaChains.ts';

/**
 * `cleanEnv(process.env, { POOL: num({ default: 5 }) })` of envalid, `envsafe({ POOL: num({ default: 5 }) })`. What either
 * takes as `devDefault` holds outside production.
 */
export function validatedValues(specification: Value, source: Value, at: Location): Value | undefined {
  const content = contentOf(specification);
  if (content.kind !== 'mapping') return undefined;
  const entries = content.entries.map((field): MappingEntry => {
    const call = contentOf(field.value);
    const options = call.kind === 'call' ? call.arguments[0]?.value : undefined;
    // envsafe takes the value itself, too.
    const given = entryOf(options, 'input');
    const input = given ?? (field.key === undefined ? undefined : inputOf(source, field.key, field.span));
    if (input === undefined || call.kind !== 'call')
      return { ...field, value: unknown('its source is not followed here', field.span) };
    const validator = call.callee.kind === 'reference' ? qualifiedName(call.callee) : '';
    const value = validated(validator, input, entryOf(options, 'default'), field.value.at);
    return { ...field, removal: undefined, value };
  });
  return objectOf(
    entries,
    at,
    entries.every((each) => each.key !== undefined),
  );
}

function validated(validator: string, input: Value, fallback: Value | undefined, at: Location): Value {
  const isNumber = /^(?:envalid|envsafe)\.(?:num|port)$/.test(validator);
  const isText = /^(?:envalid|envsafe)\.(?:str|url|host|email)$/.test(validator);
  if (!isNumber && !isText) return unknown('it is read by a validator that is not followed here', at);
  return withDefault(isNumber ? { kind: 'convert', to: 'Number', value: input, at } : input, fallback, at);
}

/** `get('X').default('5').required().asInt()`. */
export function envVarValue(call: Call): Value | undefined {
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
