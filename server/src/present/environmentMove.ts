/** Moving a literal into `.env`: what to add to which file, so that nothing is lost and nothing is committed. */
import { LineIndex, type Position } from '../core/text.ts';
import { readEnvironmentFile } from '../declarations/environmentFile.ts';

export interface FileAddition {
  readonly uri: string;
  readonly isNew: boolean;
  readonly position: Position;
  readonly newText: string;
}

export interface EnvironmentMove {
  readonly files: readonly FileAddition[];
}

export interface ExistingFile {
  readonly uri: string;
  /** Undefined where there is no such file yet. */
  readonly text: string | undefined;
}

/**
 * `source` is the literal as written, quotes included. A key that `.env` has already is never overwritten; `.env` is
 * added to `.gitignore` unless a line there names it.
 */
export function moveToEnvironmentFile(
  variable: string,
  source: string,
  files: { readonly environmentFile: ExistingFile; readonly ignoreFile: ExistingFile },
): EnvironmentMove {
  const additions: FileAddition[] = [];
  const { environmentFile, ignoreFile } = files;
  const isSet = environmentFile.text !== undefined && readEnvironmentFile('', environmentFile.text).has(variable);
  if (!isSet) additions.push(append(environmentFile, `${variable}=${quoted(contentOf(source))}\n`));
  const isIgnored =
    ignoreFile.text?.split(/\r?\n/).some((line) => /^\/?\.env$|^\*\.env$|^\.env\*$/.test(line.trim())) ?? false;
  if (!isIgnored) additions.push(append(ignoreFile, '.env\n'));
  return { files: additions };
}

function append(file: ExistingFile, line: string): FileAddition {
  if (file.text === undefined)
    return { uri: file.uri, isNew: true, position: { line: 0, character: 0 }, newText: line };
  const lines = LineIndex.of(file.text);
  const separator = file.text === '' || file.text.endsWith('\n') ? '' : '\n';
  return { uri: file.uri, isNew: false, position: lines.position(file.text.length), newText: `${separator}${line}` };
}

/** The text inside the quotes of one or several adjacent literals. */
function contentOf(source: string): string {
  const pieces = [...source.matchAll(/[rRuUfFbB]*("""|'''|"|'|`)([\s\S]*?)\1/g)].map((match) => match[2]!);
  return pieces.length > 0 ? pieces.join('') : source;
}

/** Values with characters that dotenv libraries would cut are quoted. */
function quoted(value: string): string {
  return /[\s#'"\\$]/.test(value) ? `'${value.replaceAll("'", "\\'")}'` : value;
}
