/**
 * Turns a value as written into a value as known, for one environment. Pure: the environment and the other modules of
 * the workspace are look-ups that the caller supplies.
 */
import type { Location } from '../core/text.ts';
import { branchTaken } from './conditions.ts';
import { isSame, isScalar, known, longestText, missing, originsOf, type ResolvedContent } from './content.ts';
import { resolveEnvironment } from './environment.ts';
import { follow } from './follow.ts';
import { flattenMapping, isMapping, type ResolvedMapping } from './mappings.ts';
import { resolveConversion, resolveOperation } from './operations.ts';
import { readParts } from './readable.ts';
import { resolveAttribute, resolveConditional } from './resolveDeferred.ts';
import type { KnownValue, Origin, Resolved, UnknownResolved, ValueSource } from './resolved.ts';
import type { ResolveContext, Resolver } from './resolver.ts';
import type { AlternativesValue, MappingEntry, MappingValue, Scalar, Value } from './value.ts';
import { qualifiedName } from './value.ts';

export { isScalar, type ResolvedContent } from './content.ts';
export type { EnvironmentVariable, ResolveContext } from './resolver.ts';

/** Deeper chains of names than this are a loop or not worth following. */
const deepestChain = 120;
/** Values looked at for one question; more is generated or hostile. */
const mostSteps = 20_000;

const resolutions = new WeakMap<ResolveContext, Resolution>();

function resolutionOf(context: ResolveContext): Resolution {
  let resolution = resolutions.get(context);
  if (resolution === undefined) resolutions.set(context, (resolution = new Resolution(context)));
  return resolution;
}

/** Resolves a value; never throws. What was found out is kept as long as the context. */
export function resolveValue(value: Value, context: ResolveContext): Resolved<ResolvedContent> {
  return resolutionOf(context).resolve(value);
}

/** What a value comes down to: names, attributes, calls and conditions followed as far as the workspace tells. */
export function headOf(value: Value, context: ResolveContext): Value {
  return resolutionOf(context).head(value);
}

/**
 * The longest readable beginning of a text: what is known of a URL whose later parts are not. `complete` tells whether
 * nothing was left out.
 */
export function readableText(value: Value, context: ResolveContext): { text: string; complete: boolean } {
  return resolutionOf(context).readable(value);
}

/** Like {@link resolveValue}, for settings that only make sense as a scalar. */
export function resolveScalar(value: Value, context: ResolveContext): Resolved<Scalar> {
  const resolved = resolveValue(value, context);
  if (!resolved.known) return resolved;
  if (isScalar(resolved.value)) return resolved as KnownValue<Scalar>;
  if (resolved.value.type === 'symbol') return missing(`${resolved.value.path} is not followed here`, value.at);
  return withoutCall(resolved, value.at) as UnknownResolved;
}

/** Like {@link resolveValue}, for settings that may be names, lists or mappings, but not what a call will return. */
export function resolveArgument(value: Value, context: ResolveContext): Resolved<ResolvedContent> {
  const resolved = resolveValue(value, context);
  return resolved.known ? withoutCall(resolved, value.at) : resolved;
}

function withoutCall(resolved: KnownValue<ResolvedContent>, at: Location): Resolved<ResolvedContent> {
  return !isScalar(resolved.value) && resolved.value.type === 'call'
    ? missing('it is the result of a call that is not followed here', at)
    : resolved;
}

class Resolution implements Resolver {
  private readonly resolved = new Map<Value, Resolved<ResolvedContent>>();
  private readonly next = new Map<Value, Value | undefined>();
  private readonly flattened = new Map<MappingValue, ResolvedMapping>();
  private readonly texts = new Map<Value, { text: string; complete: boolean }>();
  private readonly notes = new Map<string, unknown>();
  private depth = 0;
  private steps = 0;

  constructor(readonly context: ResolveContext) {}

  readonly resolve = (value: Value): Resolved<ResolvedContent> => {
    const known = this.resolved.get(value);
    if (known !== undefined) return known;
    const resolved = this.guarded(
      () => this.resolveKind(value),
      () => missing('it is defined in terms of itself', value.at),
    );
    this.resolved.set(value, resolved);
    return resolved;
  };

  private resolveKind(value: Value): Resolved<ResolvedContent> {
    switch (value.kind) {
      case 'literal':
        return known(value.value, 'literal', [], value.isImplied ? undefined : value.at);
      case 'constant': {
        const resolved = this.resolve(value.value);
        if (!resolved.known) return resolved;
        const isWritten = resolved.source === 'literal' || resolved.source === 'constant';
        const source: ValueSource = !isWritten ? resolved.source : value.isSetting ? 'settings' : 'constant';
        const origin: Origin = { source, label: value.name, at: value.value.at };
        return { ...resolved, source, origins: [origin, ...resolved.origins] };
      }
      case 'environment':
        return resolveEnvironment(value, this);
      case 'convert':
        return resolveConversion(value, this);
      case 'operation':
        return resolveOperation(value, this);
      case 'text':
        return this.resolveText(value.parts, value.at);
      case 'sequence':
        return known<ResolvedContent>({ type: 'sequence', items: value.items }, 'literal', [], undefined);
      case 'mapping':
        return known<ResolvedContent>(this.flatten(value), 'literal', [], undefined);
      case 'parameter':
        return missing(`parameter ${value.name} of ${value.functionName} depends on the caller`, value.at);
      case 'alternatives':
        return this.resolveAlternatives(value);
      case 'function':
        return missing('it is a function', value.at);
      case 'instance':
      case 'altered':
        return missing('it is an object', value.at);
      case 'unknown':
        return missing(value.reason, value.at, value.variable);
      default: {
        const target = this.step(value);
        return target === undefined ? this.resolveStuck(value) : this.resolve(target);
      }
    }
  }

  /** What stands for itself although it might have led elsewhere. */
  private resolveStuck(value: Value): Resolved<ResolvedContent> {
    switch (value.kind) {
      case 'reference':
        if (value.level > 0) return missing(`${qualifiedName(value)} could not be read`, value.at);
        return known<ResolvedContent>({ type: 'symbol', path: qualifiedName(value) }, 'literal', [], undefined);
      case 'call':
        return known<ResolvedContent>({ type: 'call', call: value }, 'literal', [], undefined);
      case 'attribute':
        return resolveAttribute(value, this.resolve);
      case 'conditional':
        return resolveConditional(value, this);
      case 'item':
        return missing('what the key holds is not followed here', value.at);
      default:
        return missing('it is not followed here', value.at);
    }
  }

  readonly head = (value: Value): Value =>
    this.guarded(
      () => {
        let current = value;
        for (;;) {
          if (current.kind === 'constant') current = current.value;
          else {
            const target = this.step(current);
            if (target === undefined) return current;
            current = target;
          }
          if (++this.steps > mostSteps) return tooFar(value);
        }
      },
      () => tooFar(value),
    );

  readonly step = (value: Value): Value | undefined => {
    if (this.next.has(value)) return this.next.get(value);
    // While it is being followed it leads nowhere: whoever comes by again goes round in a circle.
    this.next.set(value, tooFar(value));
    const target =
      value.kind === 'conditional' ? (value.isStrict ? branchTaken(value, this) : undefined) : follow(value, this);
    this.next.set(value, target);
    return target;
  };

  readonly flatten = (mapping: MappingValue): ResolvedMapping => {
    let content = this.flattened.get(mapping);
    if (content === undefined) this.flattened.set(mapping, (content = flattenMapping(mapping, this)));
    return content;
  };

  readonly readable = (value: Value): { text: string; complete: boolean } => {
    let readable = this.texts.get(value);
    if (readable === undefined) this.texts.set(value, (readable = this.readText(value)));
    return readable;
  };

  private readText(value: Value): { text: string; complete: boolean } {
    const resolved = this.resolve(value);
    if (resolved.known && isScalar(resolved.value)) {
      const { value: content } = resolved;
      return { text: content === null || content === undefined ? '' : String(content), complete: true };
    }
    const { text, complete } = this.guarded(
      () => readParts(this.head(value), this),
      () => ({ text: '', complete: false }),
    );
    return text.length > longestText ? { text: text.slice(0, longestText), complete: false } : { text, complete };
  }

  readonly remember = <T>(key: string, compute: () => T): T => {
    if (!this.notes.has(key)) this.notes.set(key, compute());
    return this.notes.get(key) as T;
  };

  private resolveText(parts: readonly Value[], at: Location): Resolved<ResolvedContent> {
    let text = '';
    let source: ValueSource = 'literal';
    let isDefault = false;
    let origins: readonly Origin[] = [];
    for (const part of parts) {
      const resolved = this.resolve(part);
      if (!resolved.known) return resolved;
      if (!isScalar(resolved.value)) return missing('a part of the text is not a plain value', at);
      text += resolved.value === null ? 'None' : String(resolved.value);
      if (resolved.source !== 'literal') source = resolved.source;
      isDefault ||= resolved.isDefault === true;
      if (text.length > longestText) return missing('the text is too long', at);
      origins = originsOf(origins, resolved.origins);
    }
    return { ...known(text, source, origins, undefined), isDefault };
  }

  private resolveAlternatives(alternatives: AlternativesValue): Resolved<ResolvedContent> {
    const { values, at } = alternatives;
    const resolved = values.map(this.resolve);
    const lost = resolved.find((each) => !each.known);
    if (lost !== undefined) return lost;
    const found = resolved.filter((each) => each.known);
    const [first] = found;
    if (first === undefined) return missing('nothing assigns it', at);
    if (found.length > 1 && found.every((each) => isMapping(each.value))) {
      const entry: MappingEntry = { value: alternatives, span: at, spread: true };
      return known(this.flatten({ kind: 'mapping', entries: [entry], complete: true, at }), 'literal', [], undefined);
    }
    if (!found.every((each) => isSame(each.value, first.value))) return missing('it depends on a condition', at);
    return { ...first, literal: undefined };
  }

  /** Keeps one question from going too deep or too wide. */
  private guarded<T>(run: () => T, giveUp: () => T): T {
    if (this.depth === 0) this.steps = 0;
    if (this.depth > deepestChain || ++this.steps > mostSteps) return giveUp();
    this.depth++;
    try {
      return run();
    } finally {
      this.depth--;
    }
  }
}

function tooFar(value: Value): Value {
  return { kind: 'unknown', reason: 'it is defined in terms of itself', at: value.at };
}
