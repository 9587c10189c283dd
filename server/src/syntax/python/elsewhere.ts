/** What functions do to names of their module while the program runs. */
import type { PythonFile } from './file.ts';
import { headOf } from './imports.ts';

const changing =
  '(?:(?:\\[[^\\]\\n]*\\][ \\t]*)+=(?!=)|(?:\\[[^\\]\\n]*\\])*\\.(?:update|pop|setdefault|clear|popitem)\\()';

/**
 * True where the mapping a name stands for, or one in it, has another name and is changed under that: `for each in
 * DATABASES.values(): each["KEY"] = …`, `default = DATABASES["default"]`, or as what a function of the file is given.
 */
export function isChangedUnderAnotherName(file: PythonFile, name: string): boolean {
  const { text } = file;
  const held = `${name}(?:\\[[^\\]\\n]*\\])*`;
  const others = new Set<string>();
  const naming = new RegExp(
    `^[ \\t]*(?:([A-Za-z_]\\w*)[ \\t]*=[ \\t]*${held}[ \\t]*(?:#[^\\n]*)?$|for[ \\t]+(?:\\w+[ \\t]*,[ \\t]*)?([A-Za-z_]\\w*)[ \\t]+in[ \\t]+${name}\\.(?:values|items)\\()`,
    'gm',
  );
  for (const match of text.matchAll(naming)) others.add((match[1] ?? match[2])!);
  if ([...others].some((other) => other !== name && new RegExp(`^[ \\t]*${other}[ \\t]*${changing}`, 'm').test(text)))
    return true;
  const given = new RegExp(`(?<![\\w.])([A-Za-z_]\\w*)\\([ \\t]*${held}[ \\t]*[,)]`, 'g');
  const takers = new Set(Array.from(text.matchAll(given), (match) => match[1]!));
  return [...takers].some((taker) => changesItsFirst(file, taker));
}

/** True where the mapping that a name stands for at `from` is changed under that name further down, by any statement. */
export function isChangedAfter(file: PythonFile, name: string, from: number): boolean {
  if (!/^\w+$/.test(name) || file.text.indexOf(name, from) === -1) return false;
  const changed = new RegExp(`^[ \\t]*${name}[ \\t]*(?:\\|=|${changing})`, 'm');
  return changed.test(file.text.slice(from));
}

function changesItsFirst(file: PythonFile, taker: string): boolean {
  const head = new RegExp(`^(?:async[ \\t]+)?def[ \\t]+${taker}\\([ \\t]*([A-Za-z_]\\w*)`, 'm');
  return file.segments.some((segment) => {
    if (headOf(file, segment).kind !== 'function') return false;
    const text = file.text.slice(segment.start, segment.end);
    const parameter = head.exec(text)?.[1];
    return parameter !== undefined && new RegExp(`^[ \\t]+${parameter}[ \\t]*${changing}`, 'm').test(text);
  });
}

/** True where a function changes the mapping a module-level name stands for: then its content is not known. */
export function isChangedElsewhere(file: PythonFile, name: string): boolean {
  const pattern = new RegExp(
    `^[ \\t]+(?:.*[^\\w.])?${name}[ \\t]*(?:(?:\\[[^\\]\\n]*\\][ \\t]*)+=(?!=)|(?:\\[[^\\]\\n]*\\])*\\.(?:update|pop|setdefault|clear|popitem)\\()`,
    'm',
  );
  return file.segments.some((segment) => {
    const kind = headOf(file, segment).kind;
    if (kind !== 'function' && kind !== 'class') return false;
    return pattern.test(file.text.slice(segment.start, segment.end));
  });
}

/** Names that functions declare `global`, and may therefore set while the program runs. */
export function globalsOf(file: PythonFile): ReadonlySet<string> {
  return file.remember('globals', () => {
    const names = new Set<string>();
    for (const match of file.text.matchAll(/^[ \t]+global[ \t]+([\w, \t]+)/gm))
      for (const name of match[1]!.match(/\w+/g) ?? []) names.add(name);
    return names;
  });
}
