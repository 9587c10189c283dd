/** What functions do to names of their module while the program runs. */
import type { PythonFile } from './file.ts';
import { headOf } from './imports.ts';

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
