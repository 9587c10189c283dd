/** What can be read of a text that is not wholly known, such as a URL whose password comes from elsewhere. */
import type { Resolver } from './resolver.ts';
import type { Value } from './value.ts';

interface Readable {
  readonly text: string;
  readonly complete: boolean;
}

/** Keeps the place of what is not known, so that a reader of the text sees that something stood there. */
const hole = '\uFFFC';

const nothing: Readable = { text: '', complete: false };

/** The readable parts of a value that is put together, once names are followed. */
export function readParts(value: Value, resolver: Resolver): Readable {
  switch (value.kind) {
    case 'convert':
      return value.to === 'str' || value.to === 'String' ? resolver.readable(value.value) : nothing;
    case 'environment': {
      const names = [value.variable, ...(value.alsoNamed ?? [])];
      const isSet = names.some((name) => resolver.context.environment(name) !== undefined);
      return isSet || value.fallback === undefined ? nothing : resolver.readable(value.fallback);
    }
    case 'operation':
      if (value.operator === 'or') return otherwise(value.operands, resolver);
      return value.operator === '+' ? joined(value.operands, resolver) : nothing;
    case 'text':
      return joined(value.parts, resolver);
    case 'conditional':
      return inCommon([value.whenTrue, value.whenFalse].map(resolver.readable));
    case 'alternatives':
      return inCommon(value.values.map(resolver.readable));
    default:
      return nothing;
  }
}

/** `os.environ.get("URL") or "sqlite:///…"`: what holds where nothing sets the variable. */
function otherwise([first, second]: readonly Value[], resolver: Resolver): Readable {
  const left = resolver.resolve(first!);
  const isNothing = left.known ? (left.value ?? '') === '' : left.isUnset === true;
  return isNothing ? resolver.readable(second!) : nothing;
}

/** The beginning that all of them have, and a hole where they part. */
function inCommon(texts: readonly Readable[]): Readable {
  const [first, ...others] = texts;
  if (first === undefined) return nothing;
  let length = first.text.length;
  for (const { text } of others) {
    let same = 0;
    while (same < length && text[same] === first.text[same]) same++;
    length = same;
  }
  const isSame = texts.every((each) => each.text.length === length);
  const text = first.text.slice(0, length);
  if (isSame) return { text, complete: texts.every((each) => each.complete) };
  return { text: text === '' ? '' : `${text}${hole}`, complete: false };
}

function joined(parts: readonly Value[], resolver: Resolver): Readable {
  let text = '';
  let complete = true;
  for (const part of parts) {
    const read = resolver.readable(part);
    text += read.complete || read.text.endsWith(hole) ? read.text : `${read.text}${hole}`;
    complete &&= read.complete;
  }
  return { text, complete };
}
