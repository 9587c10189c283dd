/** The arguments a call passes in effect: positions named, splatted dictionaries unpacked. */
import { isScalar, type ResolveContext, resolveValue } from '../declarations/resolve.ts';
import type { Argument } from '../declarations/value.ts';

export interface EffectiveArguments {
  readonly list: readonly Argument[];
  readonly byName: ReadonlyMap<string, Argument>;
  /** True where something is passed that cannot be read, so that an argument not listed may be set all the same. */
  readonly hasUnread: boolean;
}

/** `positionalNames` are the names of the callable's leading parameters. */
export function flattenArguments(
  list: readonly Argument[],
  positionalNames: readonly string[],
  context: ResolveContext,
): EffectiveArguments {
  const byName = new Map<string, Argument>();
  let hasUnread = false;
  let position = 0;
  for (const argument of list) {
    if (argument.unpack === 'sequence') {
      hasUnread = true;
    } else if (argument.unpack === 'mapping') {
      const content = resolveValue(argument.value, context);
      if (!content.known || isScalar(content.value) || content.value.type !== 'mapping') {
        hasUnread = true;
        continue;
      }
      hasUnread ||= !content.value.complete;
      for (const entry of content.value.entries) {
        if (entry.key === undefined) continue;
        byName.set(entry.key, {
          keyword: entry.key,
          value: entry.value,
          span: entry.span,
          valueSpan: entry.value.at,
          keywordSpan: entry.keySpan,
          mayBeAbsent: entry.mayBeAbsent,
        });
      }
    } else if (argument.keyword !== undefined) {
      byName.set(argument.keyword, argument);
    } else {
      const name = positionalNames[position++];
      if (name !== undefined) byName.set(name, argument);
    }
  }
  return { list: [...byName.values()], byName, hasUnread };
}
