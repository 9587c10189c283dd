/** What other files ask a Python file about: values of its names, its classes and functions. Read on demand, once. */
import type { Member } from '../../declarations/definitions.ts';
import type { Exports } from '../../declarations/source.ts';
import type { Value } from '../../declarations/value.ts';
import { altered } from './altered.ts';
import { readDefinition } from './definitions.ts';
import type { PythonFile } from './file.ts';
import { notBound } from './importedNames.ts';
import { boundNames, starImports } from './imports.ts';
import { lookUpInModule } from './names.ts';

export function exportsOf(file: PythonFile): Exports {
  return {
    value: (name) => file.remember(`export ${name}`, () => exportedValue(file, name)),
    definition: (path) => file.remember(`definition ${path}`, (): Member | undefined => readDefinition(file, path)),
    names: () => (starImports(file).length > 0 ? undefined : boundNames(file)),
  };
}

function exportedValue(file: PythonFile, name: string): Value {
  // Nowhere in particular, so that an edit elsewhere in the file leaves the answer as it is.
  const at = { uri: file.uri, start: 0, end: 0 };
  const value = lookUpInModule(file, { name }, at, true) ?? notBound(file, name, at);
  return altered(file, name, value, at, true, (attribute) =>
    lookUpInModule(file, { object: name, name: attribute }, at, true),
  );
}
