/** What other files ask a Python file about: values of its names, its classes and functions. Read on demand, once. */
import type { Member } from '../../declarations/definitions.ts';
import type { Exports } from '../../declarations/source.ts';
import { readDefinition } from './definitions.ts';
import type { PythonFile } from './file.ts';
import { notBound } from './importedNames.ts';
import { boundNames, starImports } from './imports.ts';
import { lookUpInModule } from './names.ts';

export function exportsOf(file: PythonFile): Exports {
  const end = { uri: file.uri, start: file.text.length, end: file.text.length };
  return {
    value: (name) => lookUpInModule(file, { name }, end, true) ?? notBound(file, name, end),
    definition: (path) => file.remember(`definition ${path}`, (): Member | undefined => readDefinition(file, path)),
    names: () => (starImports(file).length > 0 ? undefined : boundNames(file)),
  };
}
