/** Edits of a pool's declaration, in its author's style. Knows no language beyond that style. */
import { spanContains, type TextEdit } from '../core/text.ts';
import type { Argument, ArgumentInsertion, CallSite, Language } from './value.ts';

/** A value to write; a text is source code, so that a string needs its quotes. */
export type CodeValue = string | number | boolean | null;

/** The value as the language writes it. */
export function codeOf(value: CodeValue, language: Language): string {
  if (typeof value === 'string') return value;
  if (language === 'python') {
    if (value === null) return 'None';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
  }
  return String(value);
}

/** "pool_size=11" as the language writes a setting: with an equals sign (a URL does too), or as a property. */
export function settingText(name: string, value: CodeValue, language: Language): string {
  return `${name}${language === 'typescript' ? ': ' : '='}${codeOf(value, language)}`;
}

/** Adds settings after the last one of a call or a literal, all in one edit, in its style. */
export function addSettings(
  site: CallSite,
  insertion: ArgumentInsertion,
  values: readonly (readonly [name: string, value: CodeValue])[],
): TextEdit[] {
  const [first, ...rest] = values.map(([name, value]) => written(insertion, name, codeOf(value, site.language)));
  if (first === undefined) return [];
  const { offset, before, after, commaAt } = insertion;
  const uri = insertion.uri ?? site.uri;
  // A following setting repeats the separator that the style puts before one: ", " or a comma and a new line.
  const separator = insertion.separator ?? (after === ',' || commaAt !== undefined ? `,${before}` : before || ', ');
  const isQuery = insertion.style?.kind === 'query';
  const text = rest.reduce(
    (list, each) => `${list}${isQuery ? (insertion.separator ?? '&') : separator}${each}`,
    first,
  );
  const { start, end } = insertion.replaces ?? { start: offset, end: offset };
  const edits: TextEdit[] = [{ uri, start, end, newText: `${before}${text}${after}` }];
  if (commaAt !== undefined) edits.unshift({ uri, start: commaAt, end: commaAt, newText: ',' });
  return edits;
}

/** A setting as the place it is added to writes it. */
export function written({ style }: ArgumentInsertion, name: string, value: string): string {
  switch (style?.kind) {
    case 'entry':
      return `${style.quote}${name}${style.quote}: ${value}`;
    case 'property':
      return `${name}: ${value}`;
    case 'assignment':
      return `${name} = ${value}`;
    case 'item':
      return `${style.target}[${style.quote}${name}${style.quote}] = ${value}`;
    case 'keyword':
      return `${style.isLowerCase ? name.toLowerCase() : name}=${value}`;
    default:
      return `${name}=${value}`;
  }
}

/**
 * True where an argument with its value stands in the call itself: not in a dictionary that is unpacked there, nor handed
 * on from a parameter of the function around it, which other callers set otherwise.
 */
export function standsInCall(site: CallSite, argument: Argument): boolean {
  return (
    site.arguments.some((each) => each.span.start === argument.span.start) &&
    argument.valueSpan.uri === site.uri &&
    spanContains(argument.span, argument.valueSpan)
  );
}

/** Takes arguments out of a call. Undefined where one of them does not stand in the call itself. */
export function removeArguments(site: CallSite, removed: readonly Argument[]): TextEdit[] | undefined {
  const isRemoved = (each: Argument) => removed.some((other) => other.span.start === each.span.start);
  const present = site.arguments.filter(isRemoved);
  if (present.length !== removed.length) return undefined;
  if (present.some((each) => each.removal === undefined || !standsInCall(site, each))) return undefined;
  // What is removed at the end of a list without a last comma takes the comma before it along.
  const lastKept = site.arguments.findLastIndex((each) => !isRemoved(each));
  const tail = site.arguments.slice(lastKept + 1);
  const tailStart = tail[0]?.removal?.tailStart;
  const edits = present
    .filter((each) => tailStart === undefined || !tail.includes(each))
    .map((each) => ({ ...each.removal!.span, newText: '' }));
  if (tailStart !== undefined) edits.push({ uri: site.uri, start: tailStart, end: tail.at(-1)!.span.end, newText: '' });
  return edits;
}

/** Takes one item out of a list or a mapping; undefined where it does not stand in one. */
export function removeItem(
  { span, removal }: Pick<Argument, 'span' | 'removal'>,
  siblings: readonly Pick<Argument, 'span'>[],
): TextEdit[] | undefined {
  if (removal === undefined) return undefined;
  const isLast = siblings.every((each) => each.span.uri !== span.uri || each.span.start <= span.start);
  if (!isLast || removal.tailStart === undefined) return [{ ...removal.span, newText: '' }];
  // At the end of a list without a last comma it takes the comma before it along.
  return [{ uri: span.uri, start: removal.tailStart, end: span.end, newText: '' }];
}

/** Puts other text in the place of a whole argument, its keyword included. */
export function replaceArgument(argument: Argument, text: string): TextEdit[] {
  return [{ ...argument.span, newText: text }];
}
