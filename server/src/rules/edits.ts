/** Edits that several rules make. Written against a call's own style; knows no language beyond it. */
import type { TextEdit } from '../core/text.ts';
import type { Argument, CallSite } from '../declarations/value.ts';

/** Adds `name=value` as the last argument. */
export function addArgument(site: CallSite, name: string, value: string): TextEdit[] {
  const { offset, before, after, commaAt } = site.insertion;
  const edits: TextEdit[] = [
    { uri: site.uri, start: offset, end: offset, newText: `${before}${name}=${value}${after}` },
  ];
  if (commaAt !== undefined) edits.unshift({ uri: site.uri, start: commaAt, end: commaAt, newText: ',' });
  return edits;
}

/** Replaces the value of an argument that is written. */
export function setArgument(argument: Argument, value: string): TextEdit[] {
  return [{ ...argument.valueSpan, newText: value }];
}

/** Adds several arguments in one go; edits of separate {@link addArgument} calls would land at the same place. */
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
 * Takes arguments out of a call. Undefined where one of them does not stand in the call itself but in a dictionary that
 * is unpacked there.
 */
export function removeArguments(site: CallSite, removed: readonly Argument[]): TextEdit[] | undefined {
  const isRemoved = (each: Argument) => removed.some((other) => other.span.start === each.span.start);
  const present = site.arguments.filter(isRemoved);
  if (present.length !== removed.length || present.some((each) => each.removal === undefined)) return undefined;
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
