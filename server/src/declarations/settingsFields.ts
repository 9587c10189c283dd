/** Fields of settings objects: which environment variables they are read from, and what holds without them. */
import type { Location } from '../core/text.ts';
import { type ClassInfo, classInfo, definedAncestors, fieldNames } from './classes.ts';
import { isScalar } from './content.ts';
import type { InstanceValue } from './deferred.ts';
import type { FieldDefinition, FunctionDefinition } from './definitions.ts';
import { declarationOf, type FieldDeclaration } from './fields.ts';
import type { Resolver } from './resolver.ts';
import { substitute } from './substitute.ts';
import { qualifiedName, unknown, type Value } from './value.ts';

/** Validators on one field that are followed. */
const mostValidators = 4;

export function settingsField(
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  at: Location,
  resolver: Resolver,
): Value {
  const declaration = declarationOf(field, resolver);
  const given = argumentFor(instance, field.name, declaration, resolver);
  if (given === 'unread') return unknown(`${field.name} of ${info.name} is passed in a way that cannot be read`, at);
  const names = variablesOf(instance, info, field, declaration, resolver);
  if (names === undefined) return unknown(`the variable of ${field.name} of ${info.name} is not known`, at);
  const [variable, ...alsoNamed] = names as [string, ...string[]];
  if (field.isChanged || hasForeignSource(info) || isSetByWholeValidator(info, field.name))
    return { ...unknown(`${field.name} of ${info.name} is set while the program runs`, at), variable };
  const read = given ??
    nestedObject(instance, info, field, declaration, at, resolver) ?? {
      kind: 'environment' as const,
      variable,
      alsoNamed,
      fallback: declaration.fallback,
      readAs: field.annotation?.conversion,
      field: `${info.name}.${field.name}`,
      at,
    };
  return validated(read, instance, info, field, variable, at, resolver);
}

/** What the constructor was given for a field; undefined where nothing. */
function argumentFor(
  { arguments: list }: InstanceValue,
  name: string,
  { options }: FieldDeclaration,
  resolver: Resolver,
): Value | 'unread' | undefined {
  const alias = options.get('alias') ?? options.get('validation_alias');
  const aliasText = alias && textOf(alias, resolver);
  for (const each of list ?? []) {
    if (each.keyword === name || (aliasText !== undefined && each.keyword === aliasText)) return each.value;
    if (each.unpack === 'mapping') {
      const content = resolver.resolve(each.value);
      if (!content.known || isScalar(content.value) || content.value.type !== 'mapping') return 'unread';
      const entry = content.value.entries.find(({ key }) => key === name);
      if (entry !== undefined) return entry.value;
      if (!content.value.complete) return 'unread';
    }
  }
  return undefined;
}

/** The variables that are looked up, in order; undefined where a name cannot be read. */
function variablesOf(
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  { options }: FieldDeclaration,
  resolver: Resolver,
): string[] | undefined {
  const isExact = instance.nested?.isExact ?? flagOf(settingOf(info, 'case_sensitive', resolver), resolver);
  const spell = (name: string) => (isExact ? [name] : [...new Set([name.toUpperCase(), name, name.toLowerCase()])]);
  if (isExact === undefined) return undefined;
  if (instance.nested !== undefined) return spell(instance.nested.prefix + field.name);
  const written =
    info.kind === 'settings-v1' ? options.get('env') : (options.get('validation_alias') ?? options.get('alias'));
  const prefix = prefixOf(instance, info, resolver);
  if (written !== undefined) {
    const aliases = aliasesIn(written, resolver);
    return aliases?.flatMap(spell);
  }
  if (prefix === undefined || settingOf(info, 'alias_generator', resolver) !== undefined) return undefined;
  return spell(prefix + field.name);
}

function prefixOf({ arguments: list }: InstanceValue, info: ClassInfo, resolver: Resolver): string | undefined {
  const written =
    list?.find((each) => each.keyword === '_env_prefix')?.value ?? settingOf(info, 'env_prefix', resolver);
  return written === undefined ? '' : textOf(written, resolver);
}

/** `"NAME"`, `["A", "B"]`, `AliasChoices("A", "B")`. */
function aliasesIn(value: Value, resolver: Resolver): string[] | undefined {
  const head = resolver.head(value);
  const items =
    head.kind === 'sequence'
      ? head.items
      : head.kind === 'call' && isCallOf(head.callee, /(?:^|\.)AliasChoices$/, resolver)
        ? head.arguments.map((each) => each.value)
        : [head];
  const texts = items.map((each) => textOf(each, resolver));
  return texts.length > 0 && texts.every((each) => each !== undefined) ? texts : undefined;
}

function isCallOf(callee: Value, pattern: RegExp, resolver: Resolver): boolean {
  const head = resolver.head(callee);
  return head.kind === 'reference' && pattern.test(qualifiedName(head));
}

/** A setting of the settings class itself: in its header, its `model_config` or its `Config`; the nearest class decides. */
function settingOf(info: ClassInfo, name: string, resolver: Resolver): Value | undefined {
  for (const { keywords, uri, name: className } of definedAncestors(info)) {
    const inHeader = keywords.find((each) => each.keyword === name);
    if (inHeader !== undefined) return inHeader.value;
    const config = resolver.context.definition(uri, `${className}.model_config`);
    const inConfig = config?.kind === 'field' && config.value && entryOf(config.value, name, resolver);
    if (inConfig) return inConfig;
    const inner = resolver.context.definition(uri, `${className}.Config.${name}`);
    if (inner?.kind === 'field' && inner.value !== undefined) return inner.value;
  }
  return undefined;
}

/** `SettingsConfigDict(name=…)` or `{"name": …}`. */
function entryOf(config: Value, name: string, resolver: Resolver): Value | undefined {
  const head = resolver.head(config);
  if (head.kind === 'call') {
    const named = head.arguments.find((each) => each.keyword === name);
    const unpacked = head.arguments.findLast((each) => each.unpack === 'mapping' || each.keyword === undefined);
    return named?.value ?? (unpacked && entryOf(unpacked.value, name, resolver));
  }
  if (head.kind !== 'mapping') return undefined;
  return resolver.flatten(head).entries.find((each) => each.key === name)?.value;
}

/** A field that holds a settings object of its own; its fields may have variables behind the field's. */
function nestedObject(
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  { fallback }: FieldDeclaration,
  at: Location,
  resolver: Resolver,
): InstanceValue | undefined {
  const type = field.annotation?.type && resolver.head(field.annotation.type);
  if (type?.kind !== 'reference' || type.module !== '' || type.level > 0) return undefined;
  const inner = classInfo(type, resolver);
  if (inner === undefined || inner.kind === 'enum' || inner.kind === 'plain') return undefined;
  const built = fallback && resolver.head(fallback);
  if (built !== undefined && built.kind !== 'instance') return undefined;
  const own: InstanceValue = built ?? { kind: 'instance', class: type, arguments: [], at };
  const delimiter =
    instance.nested?.delimiter ?? textOfSetting(settingOf(info, 'env_nested_delimiter', resolver), resolver);
  if (delimiter === undefined) return own;
  const isExact = instance.nested?.isExact ?? flagOf(settingOf(info, 'case_sensitive', resolver), resolver) ?? false;
  const outer = instance.nested?.prefix ?? prefixOf(instance, info, resolver);
  return outer === undefined
    ? own
    : { ...own, nested: { prefix: `${outer}${field.name}${delimiter}`, delimiter, isExact } };
}

function textOfSetting(value: Value | undefined, resolver: Resolver): string | undefined {
  return value && textOf(value, resolver);
}

function textOf(value: Value, resolver: Resolver): string | undefined {
  const resolved = resolver.resolve(value);
  return resolved.known && typeof resolved.value === 'string' ? resolved.value : undefined;
}

function flagOf(value: Value | undefined, resolver: Resolver): boolean | undefined {
  if (value === undefined) return false;
  const resolved = resolver.resolve(value);
  return resolved.known && typeof resolved.value === 'boolean' ? resolved.value : undefined;
}

/** Values then come from files and services that are not looked at. */
function hasForeignSource(info: ClassInfo): boolean {
  return definedAncestors(info).some(
    ({ members }) => members.has('settings_customise_sources') || members.has('customise_sources'),
  );
}

function isSetByWholeValidator(info: ClassInfo, name: string): boolean {
  return definedAncestors(info).some(({ validators }) =>
    validators.some(({ fields, mentions }) => fields === undefined && (mentions.has(name) || mentions.has('*'))),
  );
}

/** What the validators of a field make of its value; one that cannot be followed leaves only the variable. */
function validated(
  read: Value,
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  variable: string,
  at: Location,
  resolver: Resolver,
): Value {
  const opaque: Value = { ...unknown(`${field.name} of ${info.name} is changed by a validator`, at), variable };
  const methods = definedAncestors(info).flatMap(({ validators, uri, name }) =>
    validators
      .filter(({ fields }) => fields?.includes(field.name) || fields?.includes('*'))
      .map((each) => ({ ...each, uri, className: name })),
  );
  const inAnnotation = field.annotation?.metadata.some((each) => isValidatorCall(each, resolver));
  if (methods.length === 0 && !inAnnotation) return read;
  if (inAnnotation || methods.length > mostValidators || methods.some((each) => each.mentions.has('*'))) return opaque;
  let value: Value = read;
  for (const { uri, className, method } of methods) {
    const definition = resolver.context.definition(uri, `${className}.${method}`);
    if (definition?.kind !== 'function') return opaque;
    value = throughValidator(value, definition, instance, info, at);
  }
  // A validator may well refuse what it cannot follow here: only what is known to come out of it counts.
  return resolver.resolve(value).known || resolver.readable(value).text !== '' ? value : opaque;
}

function isValidatorCall(value: Value, resolver: Resolver): boolean {
  const head = resolver.head(value);
  return head.kind === 'call' && isCallOf(head.callee, /(?:^|\.)(?:After|Before|Plain|Wrap)Validator$/, resolver);
}

/** `def check(cls, value, values)`, `def check(cls, value, info)`. */
function throughValidator(
  value: Value,
  definition: FunctionDefinition,
  instance: InstanceValue,
  info: ClassInfo,
  at: Location,
): Value {
  const [, first, second] =
    definition.role === 'static-method' ? [undefined, ...definition.parameters] : definition.parameters;
  if (first === undefined) return unknown('a validator that takes nothing', at);
  const bindings = new Map<string, Value>([[first.name, value]]);
  if (second !== undefined) {
    const fields: Value = {
      kind: 'mapping',
      entries: fieldNames(info).map((name) => ({
        key: name,
        value: { kind: 'attribute', object: instance, name, at },
        span: at,
      })),
      complete: true,
      at,
    };
    const isInfo = second.name !== 'values';
    const data = { key: 'data', value: fields, span: at };
    bindings.set(second.name, isInfo ? { kind: 'mapping', entries: [data], complete: false, at } : fields);
  }
  return substitute(definition.returns, definition.owner, bindings);
}
