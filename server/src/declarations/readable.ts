/** What can be read of a text that is not wholly known, such as a URL whose password comes from elsewhere. */
import { isScalar } from './content.ts';
import { type ResolveContext, resolveValue } from './resolve.ts';
import type { Value } from './value.ts';

/**
 * The longest readable beginning of a text: what is known of a URL whose later parts are not. `complete` tells whether
 * nothing was left out.
 */
export function readableText(value: Value, context: ResolveContext): { text: string; complete: boolean } {
  const resolved = resolveValue(value, context);
  if (resolved.known && isScalar(resolved.value)) {
    return resolved.value === null ? { text: '', complete: true } : { text: String(resolved.value), complete: true };
  }
  if (value.kind === 'constant') return readableText(value.value, context);
  if (value.kind === 'convert' && (value.to === 'str' || value.to === 'String'))
    return readableText(value.value, context);
  if (value.kind === 'reference') {
    const target = context.reference(value);
    return target === undefined ? { text: '', complete: false } : readableText(target, context);
  }
  if (value.kind === 'operation' && value.operator === '+') {
    return readableParts(value.operands, context);
  }
  if (value.kind === 'text') return readableParts(value.parts, context);
  return { text: '', complete: false };
}

function readableParts(parts: readonly Value[], context: ResolveContext): { text: string; complete: boolean } {
  let text = '';
  let complete = true;
  for (const part of parts) {
    const read = readableText(part, context);
    // A hole keeps its place as U+FFFC, so that a reader of the text sees that something stood there.
    text += read.complete ? read.text : `${read.text}\uFFFC`;
    complete &&= read.complete;
  }
  return { text, complete };
}
