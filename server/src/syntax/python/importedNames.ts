/** Names that an import binds, and names that no statement of the file binds by itself. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { type ReferenceValue, unknown, type Value } from '../../declarations/value.ts';
import type { PlacedBinding } from './bindings.ts';
import type { PythonFile } from './file.ts';
import { importIn, readImportStatement, starImports } from './imports.ts';
import { textOf } from './nodes.ts';

/** Names of Python itself that values are put together with. */
const builtins = new Set(
  'int float str bool dict list tuple set frozenset bytes object type len min max sum abs round getattr vars sorted isinstance super'.split(
    ' ',
  ),
);

/** The reference that an import statement binds to a name. */
export function importedValue(file: PythonFile, name: string, placed: PlacedBinding, at: Location): Value {
  const { segment, binding } = placed;
  const whole = importIn(file, segment, name);
  if (whole !== undefined) return { ...whole, at };
  for (let node: Node | null | undefined = binding.subject; node; node = node.parent) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    const imported = readImportStatement(textOf(file, segment, node)).findLast((each) => each.local === name);
    if (imported) {
      const { module, level } = imported;
      return { kind: 'reference', module, name: imported.name, level, at } satisfies ReferenceValue;
    }
  }
  return unknown(`${name} is imported in a way that is not followed here`, at);
}

/** A name that no statement of the file binds by itself: Python's own, or one of a module that is imported whole. */
export function notBound(file: PythonFile, name: string, at: Location): Value {
  if (builtins.has(name)) return { kind: 'reference', module: 'builtins', name, level: 0, at };
  return (
    starImported(file, name, at) ?? {
      kind: 'unknown',
      reason: `${name} is not defined in this file`,
      isAbsent: true,
      at,
    }
  );
}

/** The last module that has the name decides. */
function starImported(file: PythonFile, name: string, at: Location): ReferenceValue | undefined {
  return starImports(file).reduce<ReferenceValue | undefined>(
    (otherwise, { module, level }) => ({ kind: 'reference', module, name, level, at, otherwise }),
    undefined,
  );
}
