/** Imports of objects that a package builds for everybody who imports it: `import { sql } from '@vercel/postgres'`. */
import { locate } from '../../core/text.ts';
import type { CallSite } from '../../declarations/value.ts';
import type { ScriptFile } from './file.ts';
import { headOf } from './heads.ts';
import { importsOf, referenceTo } from './imports.ts';
import { importedModules, modulesNamed } from './search.ts';

/** Each import in the shape of the call that it stands for. */
export function sharedObjectsIn(file: ScriptFile, objects: ReadonlyMap<string, ReadonlySet<string>>): CallSite[] {
  const modules = importedModules(file);
  if (![...objects.keys()].some((module) => modules.has(module))) return [];
  return file.gather(modulesNamed).flatMap(({ segment }) => {
    if (headOf(file, segment).kind !== 'import') return [];
    return importsOf(file, segment).flatMap(({ local, module, name, isTypeOnly, start, end }): CallSite[] => {
      if (isTypeOnly || objects.get(module)?.has(name) !== true) return [];
      const span = { start: segment.start + start, end: segment.start + end };
      const callee = referenceTo(module, name, locate(file.uri, span));
      const insertion = { offset: span.end, before: '', after: '' };
      const site = { uri: file.uri, language: 'typescript', callee, calleeText: name, insertion } as const;
      return [{ ...site, calleeSpan: span, span, arguments: [], assignedTo: local, storedIn: 'module' }];
    });
  });
}
