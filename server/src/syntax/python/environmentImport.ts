/** Where `import os` belongs in a file that does not have it yet. */
import { lineEndingOf } from '../../core/text.ts';
import type { PythonFile, Segment } from './file.ts';
import { endOfStatementLine, isPlainImport, moduleOf, statementStart } from './importPlaces.ts';
import { headOf, importIn } from './imports.ts';

/** Standard modules that commonly open a file; a block that begins with one is the standard library's block. */
const standardModules = new Set(
  (
    'abc argparse array ast asyncio base64 bisect calendar collections concurrent configparser contextlib copy csv ctypes dataclasses ' +
    'datetime decimal difflib email enum errno fractions functools getpass glob gzip hashlib heapq hmac html http importlib inspect io ' +
    'ipaddress itertools json locale logging math mimetypes multiprocessing operator os pathlib pickle platform pprint queue random re ' +
    'secrets select shlex shutil signal socket sqlite3 ssl stat statistics string struct subprocess sys tempfile textwrap threading time ' +
    'traceback types typing unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo'
  ).split(' '),
);

export interface ImportEdit {
  readonly offset: number;
  readonly text: string;
}

/** The edit that makes `os` available at module level, or undefined where it already is. */
export function importOsEdit(file: PythonFile): ImportEdit | undefined {
  const imports: Segment[] = [];
  for (const segment of file.segments) {
    if (headOf(file, segment).kind !== 'import') continue;
    const bound = importIn(file, segment, 'os');
    if (bound?.module === 'os' && bound.name === '') return undefined;
    if (moduleOf(file, segment) !== '__future__') imports.push(segment);
  }
  const ending = lineEndingOf(file.text);
  const first = imports[0];
  if (first === undefined) return { offset: afterPreamble(file), text: `import os${ending}${ending}` };
  if (!standardModules.has(moduleOf(file, first).split('.')[0]!)) {
    return { offset: statementStart(file, first), text: `import os${ending}${ending}` };
  }
  return { offset: alphabeticPlace(file, imports), text: `import os${ending}` };
}

/** Before the first plain import of the first block that sorts after `os`, else before its `from` imports, else after it. */
function alphabeticPlace(file: PythonFile, imports: readonly Segment[]): number {
  const block: Segment[] = [];
  for (const segment of imports) {
    const previous = block.at(-1);
    if (previous !== undefined && previous.end !== segment.start) break;
    if (!standardModules.has(moduleOf(file, segment).split('.')[0]!)) break;
    block.push(segment);
    // A blank line ends the block.
    if (/\n[ \t]*\r?\n/.test(file.text.slice(segment.start, segment.end))) break;
  }
  const next = block.find((segment) => !isPlainImport(file, segment) || moduleOf(file, segment) > 'os');
  if (next !== undefined) return statementStart(file, next);
  const last = block.at(-1)!;
  return endOfStatementLine(file, last);
}

/** After shebang, leading comments, module docstring and `from __future__` imports. */
function afterPreamble(file: PythonFile): number {
  let place = statementStart(file, file.segments[0]!);
  for (const segment of file.segments) {
    const start = statementStart(file, segment);
    const isDocstring = segment === file.segments[0] && /^[rRuU]?("""|'''|"|')/.test(file.text.slice(start, start + 5));
    const isFuture = file.text.startsWith('from __future__', start);
    if (!isDocstring && !isFuture) return start;
    place = segment.end;
  }
  return place;
}
