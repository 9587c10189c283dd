/** Whether a condition holds. What is merely the default of an environment variable may be otherwise in a deployment. */
import { isScalar, type ResolvedContent } from './content.ts';
import { readUrl } from './credentials.ts';
import type { ConditionalValue } from './deferred.ts';
import { truthOf } from './operators.ts';
import type { KnownValue } from './resolved.ts';
import type { Resolver } from './resolver.ts';
import { partsOf } from './traverse.ts';
import { type CallValue, type Comparison, qualifiedName, type Value } from './value.ts';

export interface Verdict {
  /** Undefined where it is not known. */
  readonly holds?: boolean;
  /** It would be otherwise if an environment variable were set. */
  readonly isDefault?: boolean;
}

const open: Verdict = {};

/** The branch that is taken, whatever a deployment sets; undefined where that is not known. */
export function branchTaken(value: ConditionalValue, resolver: Resolver): Value | undefined {
  const { holds, isDefault } = decide(value.test, resolver);
  if (holds !== undefined && !isDefault) return holds ? value.whenTrue : value.whenFalse;
  return branchByDefault(value, holds ?? isSetTest(value.test, resolver), resolver);
}

/**
 * `int(size) if size else 5`, where `size` comes from the environment: a fallback in another form. One branch must read
 * the variable that the test asks for; a branch that merely depends on it (`50 if os.getenv("BIG") else 5`) is no default.
 */
function branchByDefault(value: ConditionalValue, holds: boolean | undefined, resolver: Resolver): Value | undefined {
  if (holds === undefined) return undefined;
  const asked = variablesIn(value.test, resolver);
  if (asked.size !== 1) return undefined;
  const [variable] = asked;
  const isRead = [value.whenTrue, value.whenFalse].some((each) => variablesIn(each, resolver).has(variable!));
  if (!isRead) return undefined;
  const fallback = holds ? value.whenTrue : value.whenFalse;
  return { kind: 'environment', variable: variable!, fallback, isCondition: true, at: value.at };
}

/** What a test that only asks whether a variable is set yields while it is not. */
function isSetTest(test: Value, resolver: Resolver): boolean | undefined {
  if (test.kind === 'operation' && (test.operator === 'not' || test.operator === '!')) {
    const inner = isSetTest(test.operands[0]!, resolver);
    return inner === undefined ? undefined : !inner;
  }
  // None is of no type that anybody asks for.
  if (test.kind === 'call' && test.arguments[0] !== undefined) {
    const callee = resolver.head(test.callee);
    const isTypeTest = callee.kind === 'reference' && qualifiedName(callee) === 'builtins.isinstance';
    const resolved = isTypeTest ? resolver.resolve(test.arguments[0].value) : undefined;
    return resolved?.known === false && resolved.isUnset ? false : undefined;
  }
  const isNoneTest = test.kind === 'operation' && (test.operator === 'is' || test.operator === 'is not');
  const asked = isNoneTest ? test.operands[0]! : test;
  if (isNoneTest && !isNone(test.operands[1]!)) return undefined;
  const resolved = resolver.resolve(asked);
  if (resolved.known || !resolved.isUnset) return undefined;
  return isNoneTest && test.operator === 'is';
}

function isNone(value: Value): boolean {
  return value.kind === 'literal' && value.value === null;
}

/** Parts of parts of a value beyond this are not looked through for variables. */
const deepestPart = 6;

function variablesIn(value: Value, resolver: Resolver): Set<string> {
  const found = new Set<string>();
  const visit = (each: Value, depth: number): void => {
    if (depth > deepestPart) return;
    const head = resolver.head(each);
    if (head.kind === 'environment') found.add(head.variable);
    for (const part of partsOf(head)) visit(part, depth + 1);
  };
  visit(value, 0);
  return found;
}

export function decide(test: Value, resolver: Resolver): Verdict {
  const asked = test.kind === 'constant' ? test.value : test;
  if (asked.kind === 'operation') {
    const { operator, operands } = asked;
    if (operator === 'not' || operator === '!') return not(decide(operands[0]!, resolver));
    if (operator === 'and' || operator === '&&') return decideBoth('and', operands, resolver);
    if (operator === 'or' || operator === '||') return decideBoth('or', operands, resolver);
    if (isComparison(operator)) return decideComparison(operator, operands, resolver);
  }
  const head = resolver.head(asked);
  if (head.kind === 'reference') return qualifiedName(head).endsWith('.TYPE_CHECKING') ? { holds: false } : open;
  if (head.kind === 'call') return decideCall(head, resolver);
  if (head.kind === 'instance' || head.kind === 'altered' || head.kind === 'function') return { holds: true };
  const resolved = resolver.resolve(asked);
  return resolved.known ? truth(resolved) : open;
}

function truth({ value, isDefault }: KnownValue<ResolvedContent>): Verdict {
  if (!isScalar(value) && value.type === 'mapping') {
    if (value.entries.some((each) => !each.mayBeAbsent)) return { holds: true };
    return value.complete && value.entries.length === 0 ? { holds: false } : open;
  }
  if (!isScalar(value) && value.type !== 'sequence') return open;
  return { holds: truthOf(value, 'python'), isDefault };
}

function not({ holds, isDefault }: Verdict): Verdict {
  return holds === undefined ? open : { holds: !holds, isDefault };
}

function decideBoth(operator: 'and' | 'or', operands: readonly Value[], resolver: Resolver): Verdict {
  const verdicts = operands.map((each) => decide(each, resolver));
  const decisive = operator === 'or';
  const certain = verdicts.find((each) => each.holds === decisive && !each.isDefault);
  if (certain !== undefined) return certain;
  if (verdicts.some((each) => each.holds === undefined)) return open;
  return {
    holds: verdicts.some((each) => each.holds === decisive) ? decisive : !decisive,
    isDefault: verdicts.some((each) => each.isDefault),
  };
}

export function isComparison(operator: string): operator is Comparison {
  return /^(?:==|!=|<|<=|>|>=|is|is not|in|not in)$/.test(operator);
}

export function decideComparison(operator: Comparison, operands: readonly Value[], resolver: Resolver): Verdict {
  const [left, right] = operands as readonly [Value, Value];
  switch (operator) {
    case 'is not':
      return not(decideComparison('is', operands, resolver));
    case '!=':
      return not(decideComparison('==', operands, resolver));
    case 'not in':
      return not(decideComparison('in', operands, resolver));
    case 'in':
      return decideIn(left, right, resolver);
    case 'is':
      return isNone(right) ? decideNone(left, resolver) : decideEqual(left, right, resolver);
    case '==':
      return isNone(right) ? decideNone(left, resolver) : decideEqual(left, right, resolver);
  }
  const [a, b] = [resolver.resolve(left), resolver.resolve(right)];
  if (!a.known || !b.known || typeof a.value !== 'number' || typeof b.value !== 'number') return open;
  const holds = operator[0] === '<' ? a.value < b.value : a.value > b.value;
  return { holds: holds || (operator.endsWith('=') && a.value === b.value), isDefault: a.isDefault || b.isDefault };
}

function decideEqual(left: Value, right: Value, resolver: Resolver): Verdict {
  const [a, b] = [resolver.resolve(left), resolver.resolve(right)];
  if (b.known && typeof b.value === 'string') {
    const scheme = schemePart(left, resolver);
    if (scheme !== undefined) return { holds: scheme === b.value };
  }
  if (!a.known || !b.known || !isScalar(a.value) || !isScalar(b.value)) return open;
  return { holds: a.value === b.value, isDefault: a.isDefault || b.isDefault };
}

/** Setting a variable never makes a value None: only an unset one can be. */
function decideNone(value: Value, resolver: Resolver): Verdict {
  const resolved = resolver.resolve(value);
  if (resolved.known) {
    if (isScalar(resolved.value))
      return (resolved.value ?? null) === null ? { holds: true, isDefault: resolved.isDefault } : { holds: false };
    return resolved.value.type === 'call' || resolved.value.type === 'symbol' ? open : { holds: false };
  }
  const head = resolver.head(value);
  const isSomething =
    ['instance', 'altered', 'function', 'text', 'mapping', 'sequence'].includes(head.kind) ||
    (head.kind === 'environment' && head.fallback === undefined) ||
    (head.kind === 'convert' && head.to === 'str');
  return isSomething ? { holds: false } : open;
}

function decideIn(left: Value, right: Value, resolver: Resolver): Verdict {
  const needle = resolver.resolve(left);
  if (!needle.known || !isScalar(needle.value)) return open;
  const haystack = resolver.resolve(right);
  if (haystack.known && !isScalar(haystack.value)) return decideAmong(needle.value, haystack.value, resolver);
  if (typeof needle.value !== 'string') return open;
  return textTest(right, resolver, needle.value, (text, part) => text.includes(part));
}

function decideAmong(needle: unknown, content: Exclude<ResolvedContent, string>, resolver: Resolver): Verdict {
  if (isScalar(content)) return open;
  if (content.type === 'mapping') {
    const entry = content.entries.find((each) => each.key === needle);
    if (entry !== undefined) return entry.mayBeAbsent ? open : { holds: true };
    return content.complete ? { holds: false } : open;
  }
  if (content.type !== 'sequence') return open;
  const items = content.items.map((each) => resolver.resolve(each));
  if (items.some((each) => each.known && each.value === needle)) return { holds: true };
  return items.every((each) => each.known && isScalar(each.value)) ? { holds: false } : open;
}

/** `url.startswith("sqlite")`, `isinstance(value, str)`. */
function decideCall(call: CallValue, resolver: Resolver): Verdict {
  const [first, second] = call.arguments;
  const callee = resolver.head(call.callee);
  if (callee.kind === 'attribute' && (callee.name === 'startswith' || callee.name === 'endswith')) {
    const isStart = callee.name === 'startswith';
    const needles = first && textsOf(first.value, resolver);
    const tests = needles?.map((needle) =>
      textTest(callee.object, resolver, needle, (text, part) =>
        isStart ? text.startsWith(part) : text.endsWith(part),
      ),
    );
    if (tests === undefined || tests.length === 0) return open;
    return tests.find((each) => each.holds) ?? tests.find((each) => each.holds === undefined) ?? tests[0]!;
  }
  if (callee.kind === 'reference' && qualifiedName(callee) === 'builtins.isinstance' && first && second) {
    const resolved = resolver.resolve(first.value);
    const type = resolver.head(second.value);
    const isText = type.kind === 'reference' && qualifiedName(type) === 'builtins.str';
    if (isText && resolved.known && isScalar(resolved.value)) return { holds: typeof resolved.value === 'string' };
  }
  return open;
}

function textsOf(value: Value, resolver: Resolver): string[] | undefined {
  const resolved = resolver.resolve(value);
  if (!resolved.known) return undefined;
  if (typeof resolved.value === 'string') return [resolved.value];
  if (isScalar(resolved.value) || resolved.value.type !== 'sequence') return undefined;
  const texts = resolved.value.items.map((each) => resolver.resolve(each));
  return texts.every((each) => each.known && typeof each.value === 'string')
    ? texts.map((each) => String((each as KnownValue).value))
    : undefined;
}

/**
 * A test of a text. That a URL belongs to a kind of database is taken from its scheme, also where the rest is not known
 * and where the URL is a default: code for another database is then not what this URL is for.
 */
function textTest(
  value: Value,
  resolver: Resolver,
  needle: string,
  test: (text: string, needle: string) => boolean,
): Verdict {
  const scheme = schemePart(value, resolver);
  if (scheme !== undefined) return { holds: test(scheme, needle) };
  const { text, complete } = resolver.readable(value);
  const url = readUrl(text);
  if (url !== undefined) {
    const beginning = text.slice(0, text.indexOf('://') + 3);
    if (complete) return { holds: test(text, needle) };
    return beginning.includes(needle) || /^[a-z+:/]+$/.test(needle) ? { holds: test(beginning, needle) } : open;
  }
  if (!complete) return open;
  const resolved = resolver.resolve(value);
  return resolved.known ? { holds: test(text, needle), isDefault: resolved.isDefault } : open;
}

/** What `make_url(url).drivername`, `urlparse(url).scheme` and the like stand for. */
function schemePart(value: Value, resolver: Resolver): string | undefined {
  const head = resolver.head(value);
  const access = head.kind === 'call' ? resolver.head(head.callee) : head;
  if (access.kind !== 'attribute') return undefined;
  const part = access.name;
  if (!/^(?:drivername|get_backend_name|scheme)$/.test(part)) return undefined;
  const object = resolver.head(access.object);
  if (object.kind !== 'call' || object.arguments[0] === undefined) return undefined;
  const callee = resolver.head(object.callee);
  if (callee.kind !== 'reference' || !/(?:^|\.)(?:make_url|urlparse|urlsplit)$/.test(qualifiedName(callee)))
    return undefined;
  const url = readUrl(resolver.readable(object.arguments[0].value).text);
  if (url === undefined) return undefined;
  return part === 'get_backend_name' ? url.dialect : url.scheme;
}
