/** One step from a value that other values decide to what stands behind it; undefined where it stands for itself. */
import type { Location } from '../core/text.ts';
import { scriptEnvironments } from '../facts/scriptEnvironments.ts';
import { isScalar } from './content.ts';
import type { ChangedValue, InstanceValue, ItemValue } from './deferred.ts';
import { followInjected } from './injected.ts';
import { valueOfCall, valueOfMethod } from './knownCalls.ts';
import { isMapping } from './mappings.ts';
import { classAttribute, instanceAttribute, methodOf, resultOf } from './members.ts';
import type { Resolver } from './resolver.ts';
import { settingRead } from './settingsReaders.ts';
import { type CallValue, qualifiedName, type ReferenceValue, unknown, type Value } from './value.ts';

/** Objects that hold the environment variables under their names. */
const environments: ReadonlySet<string> = new Set(['os.environ', ...scriptEnvironments]);

/** What JavaScript yields for a variable that is not set; Python raises. */
function absentIn(environment: ReferenceValue, at: Location): Value | undefined {
  return qualifiedName(environment) === 'os.environ' ? undefined : { kind: 'literal', value: undefined, at };
}

export function follow(value: Value, resolver: Resolver): Value | undefined {
  switch (value.kind) {
    case 'reference':
      return followReference(value, resolver);
    case 'attribute':
      return value.fallback === undefined ? followAttribute(value.object, value.name, value.at, resolver) : undefined;
    case 'item':
      return followItem(value, resolver);
    case 'changed':
      return withChanges(value, resolver);
    case 'call':
      return resolver.context.call?.(value) ?? followCall(value, resolver);
    default:
      return undefined;
  }
}

/** A name without a module is a class or a function of its file, perhaps with attributes after it. */
function followReference(value: ReferenceValue, resolver: Resolver): Value | undefined {
  if (value.module !== '' || value.level > 0) return resolver.context.reference(value);
  const [first, ...rest] = value.name.split('.');
  if (rest.length === 0) return undefined;
  if (resolver.context.definition(value.at.uri, value.name)?.kind === 'class') return undefined;
  return rest.reduce<Value>((object, name) => ({ kind: 'attribute', object, name, at: value.at }), {
    ...value,
    name: first!,
  });
}

/** What is no plain object, such as a pool, keeps being what it is, whatever is set on it. */
function withChanges({ object, entries, at }: ChangedValue, resolver: Resolver): Value {
  const before = resolver.resolve(object);
  if (!before.known || !isMapping(before.value)) return object;
  return { kind: 'mapping', entries: [{ value: object, span: at, spread: true }, ...entries], complete: true, at };
}

/** The same done to each of several values, where nothing decides between them. */
function forEach(head: Value, change: (value: Value) => Value): Value | undefined {
  if (head.kind === 'alternatives') return { ...head, values: head.values.map(change) };
  if (head.kind !== 'conditional') return undefined;
  return { ...head, whenTrue: change(head.whenTrue), whenFalse: change(head.whenFalse) };
}

function followAttribute(object: Value, name: string, at: Location, resolver: Resolver): Value | undefined {
  const head = resolver.head(object);
  switch (head.kind) {
    case 'unknown':
      return head;
    case 'reference':
      if (head.module === '' && head.level === 0) return classAttribute(head, name, at, resolver);
      // `process.env`, handed on by another module.
      if (scriptEnvironments.has(qualifiedName(head)))
        return { kind: 'environment', variable: name, fallback: absentIn(head, at), at };
      return { ...head, name: head.name === '' ? name : `${head.name}.${name}`, at: { ...at, uri: head.at.uri } };
    case 'instance':
      return instanceAttribute(head, head, name, at, resolver);
    case 'altered': {
      const inner = resolver.head(head.object);
      const set = head.attributes.find((each) => each.name === name)?.value;
      if (set !== undefined) {
        const isHeld = inner.kind === 'instance' && set.kind !== 'unknown';
        return isHeld ? { kind: 'constant', name, value: set, isSetting: true, at: set.at } : set;
      }
      return inner.kind === 'instance'
        ? instanceAttribute(inner, head, name, at, resolver)
        : { kind: 'attribute', object: inner, name, at };
    }
    case 'parameter': {
      if (head.receiver === undefined) return undefined;
      const { className, isClass } = head.receiver;
      const reference: ReferenceValue = { kind: 'reference', module: '', name: className, level: 0, at: head.at };
      if (isClass) return classAttribute(reference, name, at, resolver);
      const instance: InstanceValue = { kind: 'instance', class: reference, arguments: undefined, at };
      return instanceAttribute(instance, instance, name, at, resolver);
    }
    case 'mapping':
      return resolver.flatten(head).entries.find((each) => each.key === name && !each.mayBeAbsent)?.value;
    case 'literal':
      // The value of a member of an enumeration is what the member stands for here.
      return name === 'value' ? head : undefined;
    case 'call':
      return followInjected(head, name, at, resolver);
    default:
      return forEach(head, (each) => ({ kind: 'attribute', object: each, name, at }));
  }
}

/** What Node's applications run in where it matters, by their own convention. */
const modeVariable = 'NODE_ENV';
const productionMode = 'production';

/** `process.env.NODE_ENV`, perhaps with something to fall back to. */
function readsMode(key: Value): boolean {
  if (key.kind === 'constant') return readsMode(key.value);
  if (key.kind === 'environment') return key.variable === modeVariable;
  const [first] = key.kind === 'operation' && (key.operator === '||' || key.operator === '??') ? key.operands : [];
  return first !== undefined && readsMode(first);
}

/** `{ development: …, production: … }`: the block that counts. */
function productionIn(head: Value, resolver: Resolver): Value | undefined {
  if (head.kind !== 'mapping') return undefined;
  return resolver.flatten(head).entries.find((each) => each.key === productionMode && !each.mayBeAbsent)?.value;
}

function followItem({ object, key, fallback, at }: ItemValue, resolver: Resolver): Value | undefined {
  const head = resolver.head(object);
  const name = resolver.resolve(key);
  if (head.kind === 'unknown') return head;
  if (!name.known || name.isDefault) {
    const production = readsMode(key) ? productionIn(head, resolver) : undefined;
    if (production !== undefined) return { kind: 'constant', name: productionMode, value: production, at };
  }
  if (!name.known || !isScalar(name.value)) return undefined;
  if (head.kind === 'reference' && environments.has(qualifiedName(head)) && typeof name.value === 'string')
    return { kind: 'environment', variable: name.value, fallback: absentIn(head, at), at };
  if (head.kind === 'sequence' && typeof name.value === 'number') return head.items.at(name.value);
  if (head.kind !== 'mapping') return forEach(head, (each) => ({ kind: 'item', object: each, key, fallback, at }));
  const { entries, complete } = resolver.flatten(head);
  // Another key may be meant in a deployment.
  if (name.isDefault) return { kind: 'alternatives', values: entries.map((each) => each.value), at };
  const entry = entries.find((each) => each.key === name.value);
  const shown = JSON.stringify(String(name.value).slice(0, 40));
  if (entry?.mayBeAbsent) return unknown(`whether key ${shown} is there depends on a condition`, at);
  if (entry !== undefined) return { kind: 'constant', name: String(name.value), value: entry.value, at };
  if (!complete) return unknown(`key ${shown} of a mapping is not followed here`, at);
  return fallback ?? unknown(`key ${shown} is not there`, at);
}

function followCall(call: CallValue, resolver: Resolver): Value | undefined {
  return ofMethod(call, resolver) ?? ofCallee(resolver.head(call.callee), call, resolver);
}

/** `object.method(…)`, before anybody asks what the method is on its own. */
function ofMethod(call: CallValue, resolver: Resolver): Value | undefined {
  let callee: Value | undefined = call.callee;
  // A dotted name of another module ends in attributes of what the module holds.
  while (callee?.kind === 'constant' || callee?.kind === 'reference')
    callee = callee.kind === 'constant' ? callee.value : resolver.step(callee);
  if (callee?.kind !== 'attribute') return undefined;
  const object = resolver.head(callee.object);
  const method = methodOf(object, callee.name, resolver);
  if (method !== undefined) return resultOf(method.definition, method.receiver, call.arguments, call.at);
  return settingRead(call, callee, resolver) ?? valueOfMethod(object, callee.name, call, resolver);
}

function ofCallee(callee: Value, call: CallValue, resolver: Resolver): Value | undefined {
  switch (callee.kind) {
    case 'function':
      return resultOf(callee.definition, undefined, call.arguments, call.at);
    case 'reference':
      if (callee.module === '' && callee.level === 0) return ofDefinition(callee, call, resolver);
      return settingRead(call, callee, resolver) ?? valueOfCall(qualifiedName(callee), call, resolver);
    case 'attribute':
      return ofMethod({ ...call, callee }, resolver);
    case 'call':
      return ofCall(callee, call, resolver);
    case 'unknown':
      return unknown('it is the result of a call that is not followed here', call.at);
    default:
      return forEach(callee, (each) => ({ ...call, callee: each }));
  }
}

function ofDefinition(callee: ReferenceValue, call: CallValue, resolver: Resolver): Value | undefined {
  const definition = resolver.context.definition(callee.at.uri, callee.name);
  if (definition?.kind === 'function') return resultOf(definition, undefined, call.arguments, call.at);
  if (definition?.kind !== 'class') return undefined;
  return { kind: 'instance', class: callee, arguments: call.arguments, at: call.at };
}

/** `partial(f, x)(y)`, `lru_cache(maxsize=1)(f)`, `env("X")`. */
function ofCall(callee: CallValue, call: CallValue, resolver: Resolver): Value | undefined {
  const maker = resolver.head(callee.callee);
  const path = maker.kind === 'reference' ? qualifiedName(maker) : '';
  const [first, ...bound] = callee.arguments;
  if (path === 'functools.partial' && first !== undefined)
    return { ...call, callee: first.value, arguments: [...bound, ...call.arguments] };
  if (path === 'functools.lru_cache' || path === 'functools.wraps') return call.arguments[0]?.value;
  return settingRead(call, callee, resolver) ?? followInjected(callee, '', call.at, resolver);
}
