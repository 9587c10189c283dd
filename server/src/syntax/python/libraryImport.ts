/** How a module gets a class of a library that it already imports from, in the style of its own imports. */
import { lineEndingOf } from '../../core/text.ts';
import type { Importing } from '../../declarations/importing.ts';
import type { PythonFile, Segment } from './file.ts';
import { endOfStatementLine, moduleOf, statementStart } from './importPlaces.ts';
import { headOf, type ImportedName, importIn, readImportStatement, segmentsBinding } from './imports.ts';

/** `name` of `module`, a submodule that its package always loads. Undefined where the module imports nothing of the package. */
export function importingOf(file: PythonFile, module: string, name: string): Importing | undefined {
  const [topLevel, submodule] = module.split('.') as [string, string];
  const imports = file.segments.filter((segment) => headOf(file, segment).kind === 'import');
  const isOf = (segment: Segment) => moduleOf(file, segment).split('.')[0] === topLevel;
  for (const segment of imports.filter(isOf)) {
    for (const each of namesOf(file, segment)) {
      const text = expressionOf(each, topLevel, submodule, name);
      if (text !== undefined && isOnlyBinding(file, segment, each.local)) return { text, from: segment.end };
    }
  }
  if (segmentsBinding(file, name).length > 0) return undefined;
  const same = imports.find(
    (segment) => moduleOf(file, segment) === module && /^from\b/.test(statementOf(file, segment)),
  );
  const edit =
    same === undefined ? newStatement(file, imports.filter(isOf), module, name) : addedName(file, same, name);
  return edit && { text: name, edit, from: edit.offset };
}

function statementOf(file: PythonFile, segment: Segment): string {
  return file.text.slice(statementStart(file, segment), segment.end);
}

function namesOf(file: PythonFile, segment: Segment): ImportedName[] {
  return readImportStatement(statementOf(file, segment)).filter((each) => each.level === 0);
}

/** How what an import binds leads to the name. */
function expressionOf(imported: ImportedName, topLevel: string, submodule: string, name: string): string | undefined {
  const { local, module, name: member } = imported;
  const isSubmodule = module === `${topLevel}.${submodule}` || module.startsWith(`${topLevel}.${submodule}.`);
  if (member === name && (module === topLevel || isSubmodule)) return local;
  if (module === topLevel && member === submodule) return `${local}.${name}`;
  if (module === topLevel && member === '') return `${local}.${submodule}.${name}`;
  return module === `${topLevel}.${submodule}` && member === '' ? `${local}.${name}` : undefined;
}

function isOnlyBinding(file: PythonFile, segment: Segment, local: string): boolean {
  return (
    importIn(file, segment, local) !== undefined &&
    segmentsBinding(file, local).every((each) => headOf(file, each).kind === 'import')
  );
}

/** `from sqlalchemy.pool import QueuePool` gets one name more, where the alphabet puts it or behind the last. */
function addedName(file: PythonFile, segment: Segment, name: string): Importing['edit'] {
  const start = statementStart(file, segment);
  const text = statementOf(file, segment);
  const names = namesOf(file, segment);
  const last = names.at(-1);
  if (last === undefined || text.includes('\\') || text.includes('#')) return undefined;
  const isSorted = names.every((each, index) => index === 0 || names[index - 1]!.name <= each.name);
  const next = isSorted ? names.find((each) => each.name > name) : undefined;
  const place = next ?? last;
  const before = /(?:\r?\n[ \t]*| )$/.exec(text.slice(0, place.start))?.[0];
  // The first of a list in brackets stands behind the bracket.
  const separator = before ?? ' ';
  return next === undefined
    ? { offset: start + last.end, text: `,${separator}${name}` }
    : { offset: start + next.start, text: `${name},${separator}` };
}

/** Beside the package's other imports. */
function newStatement(file: PythonFile, imports: readonly Segment[], module: string, name: string): Importing['edit'] {
  const last = imports.at(-1);
  if (last === undefined) return undefined;
  const line = `from ${module} import ${name}${lineEndingOf(file.text)}`;
  const next = imports.find((segment) => moduleOf(file, segment) > module);
  if (next !== undefined) return { offset: statementStart(file, next), text: line };
  const end = endOfStatementLine(file, last);
  return file.text[end - 1] === '\n' ? { offset: end, text: line } : undefined;
}
