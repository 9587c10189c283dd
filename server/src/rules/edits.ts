/** Edits that several rules make. Written against a call's own style; knows no language beyond it. */
import { spanContains, type TextEdit } from '../core/text.ts';
import type { Argument, CallSite } from '../declarations/value.ts';

/** Adds `name=value` pairs after the last argument, all in one edit, in the style of the call. */
export function addArguments(site: CallSite, values: readonly (readonly [name: string, value: string])[]): TextEdit[] {
  const [first, ...rest] = values;
  if (first === undefined) return [];
  const { offset, before, after, commaAt } = site.insertion;
  // A following argument repeats the separator that the style puts before one: ", " or a comma and a new line.
  const separator = after === ',' || commaAt !== undefined ? `,${before}` : before || ', ';
  const text = rest.reduce((list, [name, value]) => `${list}${separator}${name}=${value}`, `${first[0]}=${first[1]}`);
  const edits: TextEdit[] = [{ uri: site.uri, start: offset, end: offset, newText: `${before}${text}${after}` }];
  if (commaAt !== undefined) edits.unshift({ uri: site.uri, start: commaAt, end: commaAt, newText: ',' });
  return edits;
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

/** Puts other text in the place of a whole argument, its keyword included. */
export function replaceArgument(argument: Argument, text: string): TextEdit[] {
  return [{ ...argument.span, newText: text }];
}
