/** What other files ask a Python file about: values of its names, its classes and functions. Read on demand, once. */
import type { Member } from '../../declarations/definitions.ts';
import type { Exports } from '../../declarations/source.ts';
import { readDefinition } from './definitions.ts';
import type { PythonFile } from './file.ts';
import { notBound } from './importedNames.ts';
import { boundNames, starImports } from './imports.ts';
import { lookUpInModule } from './names.ts';

export function exportsOf(file: PythonFile): Exports {
  // Nowhere in particular, so that an edit elsewhere in the file leaves the answer as it is.
  const at = { uri: file.uri, start: 0, end: 0 };
  return {
    value: (name) =>
      file.remember(`export ${name}`, () => lookUpInModule(file, { name }, at, true) ?? notBound(file, name, at)),
    definition: (path) => file.remember(`definition ${path}`, (): Member | undefined => readDefinition(file, path)),
    names: () => (starImports(file).length > 0 ? undefined : boundNames(file)),
  };
}
