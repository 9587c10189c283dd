/** Settings that a call takes as one object, as JavaScript's libraries do. */
import { environmentTextOf } from '../declarations/environmentText.ts';
import { headOf, isScalar, type ResolveContext, resolveValue } from '../declarations/resolve.ts';
import {
  type Argument,
  type ArgumentInsertion,
  type CallSite,
  isImplied,
  type MappingEntry,
} from '../declarations/value.ts';
import type { EffectiveArguments } from './arguments.ts';

export interface Options extends EffectiveArguments {
  /** Where a setting is added; absent where there is no place in sight. */
  readonly insertion?: ArgumentInsertion;
  /** A text stands where the object would: a URL, in libraries that take either. */
  readonly text?: Argument;
}

/** The options in the argument at a position. */
export function optionsAt(site: CallSite, position: number, context: ResolveContext): Options {
  const isSpread = site.arguments.some((each) => each.unpack !== undefined);
  const argument = isSpread ? undefined : site.arguments[position];
  if (isSpread) return { list: [], byName: new Map(), hasUnread: true };
  if (argument === undefined) {
    // One that comes after a missing one cannot be added alone.
    const insertion = site.arguments.length === position ? site.insertion : undefined;
    return { list: [], byName: new Map(), hasUnread: false, insertion };
  }
  return optionsIn(argument, context);
}

/** The options that an argument, or an entry of another object, holds. */
export function optionsIn(argument: Argument, context: ResolveContext): Options {
  const content = resolveValue(argument.value, context);
  const nothing = { list: [], byName: new Map<string, Argument>() };
  // What comes out of the environment is a text, whatever it says.
  const isText = !content.known && environmentTextOf(headOf(argument.value, context)) !== undefined;
  if (!content.known) return { ...nothing, hasUnread: !isText, text: isText ? argument : undefined };
  if (isScalar(content.value)) {
    const isString = typeof content.value === 'string';
    return { ...nothing, hasUnread: !isString && Boolean(content.value), text: isString ? argument : undefined };
  }
  if (content.value.type !== 'mapping') return { ...nothing, hasUnread: true };
  const list = content.value.entries.flatMap((entry) => argumentOf(entry) ?? []);
  return {
    list,
    byName: new Map(list.map((each) => [each.keyword!, each])),
    hasUnread: !content.value.complete,
    insertion: content.value.insertion,
  };
}

/**
 * The options in an entry of other options: `pool: { max: 5 }`. Where the entry is missing, a setting is added together
 * with it. The insertion is null where nothing can be added.
 */
export function nestedOptions(
  outer: Options,
  name: string,
  context: ResolveContext,
): Omit<Options, 'insertion'> & { readonly insertion: ArgumentInsertion | null } {
  const entry = outer.byName.get(name);
  if (entry !== undefined) {
    const inner = optionsIn(entry, context);
    return { ...inner, insertion: inner.insertion ?? null };
  }
  const { insertion } = outer;
  const isOpen = outer.hasUnread || insertion === undefined;
  const around = insertion && {
    ...insertion,
    before: `${insertion.before}${name}: { `,
    after: ` }${insertion.after}`,
    separator: ', ',
  };
  return { list: [], byName: new Map(), hasUnread: outer.hasUnread, insertion: isOpen ? null : around! };
}

/** An entry as if it were an argument of the call. */
export function argumentOf(entry: MappingEntry): Argument | undefined {
  if (entry.key === undefined) return undefined;
  return {
    keyword: entry.key,
    keywordSpan: entry.keySpan,
    value: entry.value,
    span: entry.span,
    valueSpan: isImplied(entry.value) ? (entry.keySpan ?? entry.span) : entry.value.at,
    removal: entry.removal,
    mayBeAbsent: entry.mayBeAbsent,
  };
}
