/** Attributes of classes and of their objects. */
import type { Location } from '../core/text.ts';
import { bindParameters } from './bind.ts';
import { type ClassInfo, classInfo, definedAncestors, fieldNames, findMember, hasHiddenBase } from './classes.ts';
import type { InstanceValue, MembersValue } from './deferred.ts';
import type { FieldDefinition, FunctionDefinition } from './definitions.ts';
import { declarationOf } from './fields.ts';
import type { Resolver } from './resolver.ts';
import { settingsField } from './settingsFields.ts';
import { substitute } from './substitute.ts';
import { type Argument, type MappingValue, type ReferenceValue, unknown, type Value } from './value.ts';

/** The result of a call of a function of the workspace; `receiver` takes the place of `self` or `cls`. */
export function resultOf(
  definition: FunctionDefinition,
  receiver: Value | undefined,
  passed: readonly Argument[],
  at: Location,
): Value {
  const [first, ...others] = definition.parameters;
  const takesReceiver = receiver !== undefined && first !== undefined;
  const bindings = bindParameters(takesReceiver ? others : definition.parameters, passed, at);
  if (takesReceiver) bindings.set(first.name, receiver);
  return substitute(definition.returns, definition.owner, bindings);
}

/** `Class.name`; undefined where it is a method, or the class is not of the workspace. */
export function classAttribute(
  reference: ReferenceValue,
  name: string,
  at: Location,
  resolver: Resolver,
): Value | undefined {
  const info = classInfo(reference, resolver);
  if (info === undefined) return undefined;
  const found = findMember(info, name, resolver);
  if (found === undefined || found === 'hidden') return notFollowed(info, name, at);
  const { member, owner } = found;
  switch (member.kind) {
    case 'function':
      return undefined;
    case 'class':
      return { kind: 'reference', module: '', name: member.name, level: 0, at: { ...at, uri: owner.uri } };
    case 'field': {
      if (member.isChanged || isSetByName(info, name)) return changedWhileRunning(info, name, at);
      if (member.value === undefined) return notFollowed(info, name, at);
      if (info.kind === 'enum') return member.value;
      return { kind: 'constant', name, value: member.value, at };
    }
  }
}

/** `object.name`; undefined where it is a method. `receiver` is the object, with what was set on it afterwards. */
export function instanceAttribute(
  instance: InstanceValue,
  receiver: Value,
  name: string,
  at: Location,
  resolver: Resolver,
): Value | undefined {
  const info = classInfo(instance.class, resolver);
  if (info === undefined) return undefined;
  const found = findMember(info, name, resolver);
  if (found === undefined || found === 'hidden') return notFollowed(info, name, at);
  const { member, owner } = found;
  switch (member.kind) {
    case 'function':
      return member.role === 'property' ? resultOf(member, receiver, [], at) : undefined;
    case 'class':
      return { kind: 'reference', module: '', name: member.name, level: 0, at: { ...at, uri: owner.uri } };
    case 'field':
      return fieldOf(instance, info, member, owner.name, at, resolver);
  }
}

/** A method of a class or an object, with what takes the place of its first parameter. */
export function methodOf(
  object: Value,
  name: string,
  resolver: Resolver,
): { readonly definition: FunctionDefinition; readonly receiver: Value | undefined } | undefined {
  if (object.kind === 'altered') {
    const method = methodOf(resolver.head(object.object), name, resolver);
    return method?.receiver?.kind === 'instance' ? { ...method, receiver: object } : method;
  }
  const reference = object.kind === 'instance' ? object.class : object.kind === 'reference' ? object : undefined;
  const info = reference && classInfo(reference, resolver);
  const found = info && findMember(info, name, resolver);
  if (found === undefined || found === 'hidden' || found.member.kind !== 'function') return undefined;
  const { role } = found.member;
  if (role === 'static-method' || role === 'property') return { definition: found.member, receiver: undefined };
  if (role === 'class-method') return { definition: found.member, receiver: reference };
  return object.kind === 'instance' ? { definition: found.member, receiver: object } : undefined;
}

/** All fields of an object as a mapping, as `model_dump()` and `asdict(…)` give them. */
export function fieldsAsMapping(instance: InstanceValue, at: Location, resolver: Resolver): Value | undefined {
  const info = classInfo(instance.class, resolver);
  if (info === undefined) return undefined;
  const entries = fieldNames(info).map((name) => {
    const value: Value = { kind: 'attribute', object: instance, name, at };
    return { key: name, value, span: at };
  });
  return { kind: 'mapping', entries, complete: !hasHiddenBase(info), at };
}

/** The capital attributes of a class, or names of a module, as a mapping; a text names either. */
export function membersAsMapping({ object, at }: MembersValue, resolver: Resolver): MappingValue | undefined {
  const head = resolver.head(object);
  const named = head.kind === 'literal' && typeof head.value === 'string' ? head.value : undefined;
  if (named !== undefined) {
    const reference: ReferenceValue = { kind: 'reference', module: named, name: '', level: 0, at: head.at };
    const names = resolver.context.moduleNames(reference);
    if (names !== undefined) return mappingOf(names, (name) => ({ ...reference, name }), true, at);
    const dot = named.lastIndexOf('.');
    if (dot === -1) return undefined;
    return membersAsMapping(
      { kind: 'members', object: { ...reference, module: named.slice(0, dot), name: named.slice(dot + 1) }, at },
      resolver,
    );
  }
  const reference = head.kind === 'instance' ? head.class : head.kind === 'reference' ? head : undefined;
  const info = reference && classInfo(reference, resolver);
  if (info === undefined) return undefined;
  const names = definedAncestors(info).flatMap((each) => [...each.members]);
  return mappingOf(names, (name) => ({ kind: 'attribute', object: head, name, at }), !hasHiddenBase(info), at);
}

function mappingOf(
  names: readonly string[],
  valueNamed: (name: string) => Value,
  complete: boolean,
  at: Location,
): MappingValue {
  const capitals = [...new Set(names)].filter((name) => name === name.toUpperCase() && /^[A-Z]/.test(name));
  return { kind: 'mapping', entries: capitals.map((key) => ({ key, value: valueNamed(key), span: at })), complete, at };
}

function fieldOf(
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  ownerName: string,
  at: Location,
  resolver: Resolver,
): Value {
  const isDeclared = field.annotation !== undefined && !field.annotation.isConstant && !field.name.startsWith('_');
  const isSettings = info.kind === 'settings' || info.kind === 'settings-v1';
  // What runs once the fields are there may set them anew.
  if (isDeclared && info.kind !== 'plain' && field.assigned !== undefined)
    return changedWhileRunning(info, field.name, at);
  if (isSettings && (isDeclared || (info.kind === 'settings-v1' && field.value !== undefined)))
    return settingsField(instance, info, field, at, resolver);
  if (instance.nested !== undefined && isDeclared) return settingsField(instance, info, field, at, resolver);
  if (field.isChanged || isSetByName(info, field.name)) return changedWhileRunning(info, field.name, at);
  if (isDeclared && (info.kind === 'model' || info.kind === 'dataclass'))
    return held(info, field, constructedField(instance, info, field, at, resolver), at);
  if (field.assigned !== undefined)
    return held(info, field, assignedField(instance, info, field, ownerName, at, resolver), at);
  if (field.value === undefined || (isDeclared && hasHiddenBase(info))) return mayDiffer(info, field.name, at);
  return held(info, field, field.value, at);
}

function isSetByName(info: ClassInfo, name: string): boolean {
  return definedAncestors(info).some(({ setByName }) => setByName?.has(name) || setByName?.has('*'));
}

/** The value under the name of the field. */
function held(info: ClassInfo, field: FieldDefinition, value: Value, at: Location): Value {
  if (value.kind === 'unknown') return value;
  return { kind: 'constant', name: `${info.name}.${field.name}`, value, isSetting: true, at };
}

/** A field that the constructor takes by name or by its place among the fields. */
function constructedField(
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  at: Location,
  resolver: Resolver,
): Value {
  if (instance.arguments === undefined) return mayDiffer(info, field.name, at);
  const { fallback } = declarationOf(field, resolver);
  const parameters = fieldNames(info).map((name) => ({
    name,
    fallback: undefined,
    keywordOnly: info.kind === 'model',
  }));
  const own = { name: field.name, fallback, keywordOnly: info.kind === 'model' };
  const bindings = bindParameters(
    parameters.map((each) => (each.name === field.name ? own : each)),
    instance.arguments,
    at,
  );
  const value = bindings.get(field.name) ?? mayDiffer(info, field.name, at);
  const conversion = field.annotation?.conversion;
  const isConverted =
    info.kind === 'model' && (conversion === 'int' || conversion === 'float' || conversion === 'flag');
  const isText = isConverted && value.kind === 'literal' && typeof value.value === 'string';
  return isText ? { kind: 'convert', to: conversion, value, at } : value;
}

/** An attribute that `__init__` sets out of its parameters. */
function assignedField(
  instance: InstanceValue,
  info: ClassInfo,
  field: FieldDefinition,
  ownerName: string,
  at: Location,
  resolver: Resolver,
): Value {
  const initialiser = findMember(info, '__init__', resolver);
  if (initialiser === undefined || initialiser === 'hidden' || initialiser.member.kind !== 'function')
    return field.assigned!;
  // Another class's constructor runs first, and decides what it hands on.
  if (initialiser.owner.name !== ownerName) return mayDiffer(info, field.name, at);
  if (instance.arguments === undefined) return withReceiver(field.assigned!, initialiser.member, instance);
  const bindings = bindParameters(initialiser.member.parameters.slice(1), instance.arguments, at);
  const [self] = initialiser.member.parameters;
  if (self !== undefined) bindings.set(self.name, instance);
  return substitute(field.assigned!, initialiser.member.owner, bindings);
}

function withReceiver(value: Value, initialiser: FunctionDefinition, instance: InstanceValue): Value {
  const [self] = initialiser.parameters;
  return self === undefined ? value : substitute(value, initialiser.owner, new Map([[self.name, instance]]));
}

function changedWhileRunning(info: ClassInfo, name: string, at: Location): Value {
  return unknown(`${name} of ${info.name} is set while the program runs`, at);
}

function mayDiffer(info: ClassInfo, name: string, at: Location): Value {
  return unknown(`${name} of ${info.name} may differ per instance`, at);
}

function notFollowed(info: ClassInfo, name: string, at: Location): Value {
  return unknown(`${name} of ${info.name} is not followed here`, at);
}
