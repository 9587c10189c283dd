/** Whether a line in the first column begins a new statement, judged by the characters before and after the break. */
import { isIdentifierCode, wordAt, wordBefore } from './lexical.ts';

/** Statements that stand inside no bracket: where one begins a line, whatever was left open before ends. */
const declaration =
  /import(?:[ \t]+(?:type[ \t]+)?[\w${*]|[ \t]*["'{*])|export(?:[ \t]*[{*=]|[ \t]+(?:default|const|let|var|function|class|async|type|interface|enum|abstract|declare|namespace|import|as)\b)|(?:async[ \t]+)?function\b[ \t*]*[\w$]+[ \t]*[(<]|(?:abstract[ \t]+)?class[ \t]+[\w$]|(?:const|let|var)[ \t]+[\w$[{]|interface[ \t]+[\w$]+[ \t]*[{<e\r\n]|type[ \t]+[\w$]+[ \t]*[=<]|enum[ \t]+[\w$]|declare[ \t]+[a-z]|namespace[ \t]+[\w$]/y;

export function beginsDeclaration(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  // a, c, d, e, f, i, l, n, t, v
  if (code < 97 || code > 118) return false;
  declaration.lastIndex = at;
  return declaration.test(text);
}

/** Words that continue the statement before them although they begin a line. */
const continuation = new Set([
  'else',
  'catch',
  'finally',
  'in',
  'instanceof',
  'of',
  'as',
  'satisfies',
  'from',
  'extends',
  'implements',
  'is',
]);

/** Words after which the statement goes on, on the next line as well. */
const unfinished = new Set([
  ...['typeof', 'new', 'delete', 'void', 'await', 'yield', 'case', 'in', 'instanceof', 'of', 'else', 'do', 'throw'],
  ...['extends', 'implements', 'export', 'default', 'import', 'from', 'as', 'const', 'let', 'var', 'function', 'class'],
  ...['async', 'type', 'interface', 'enum', 'namespace', 'module', 'declare', 'abstract', 'keyof', 'infer', 'is'],
  ...['asserts', 'readonly', 'unique', 'satisfies', 'static', 'get', 'set', 'accessor', 'using', 'try', 'finally'],
]);

const headers = new Set(['if', 'for', 'while', 'with']);

export interface Statement {
  /** Offset of its first character that is no white space and no comment. */
  readonly first: number;
  /** Offset of its last such character so far. */
  readonly last: number;
  /** The last character ends a regular expression or an element. */
  readonly endsOperand: boolean;
}

/** True where the line at `lineStart`, outside every bracket, certainly begins another statement. */
export function endsStatement(text: string, { first, last, endsOperand }: Statement, lineStart: number): boolean {
  const next = text.charCodeAt(lineStart);
  if (next <= 32 || next === 41 || next === 93 || next === 125) return false;
  if (next === 47 && (text.charCodeAt(lineStart + 1) === 47 || text.charCodeAt(lineStart + 1) === 42)) return false;
  const before = text.charCodeAt(last);
  // Decorators belong to the class that follows them, and a class ends with a brace.
  if (text.charCodeAt(first) === 64) return before === 125;
  const isWordBefore = isIdentifierCode(before) && !endsOperand;
  if (isWordBefore && unfinished.has(wordBefore(text, last + 1))) return false;
  if (beginsDeclaration(text, lineStart)) return true;
  if (before === 59) return true;
  const isWord = isIdentifierCode(next);
  if (!isWord && next !== 34 && next !== 39 && next !== 64) return false;
  if (isWord) {
    const word = wordAt(text, lineStart);
    if (continuation.has(word)) return false;
    if (word === 'while' && wordAt(text, first) === 'do') return false;
  }
  if (before === 125 || endsOperand || isWordBefore) return true;
  // The header of an `if` or a loop, whose body is this line.
  if (before === 41) return !headers.has(wordAt(text, first));
  return before === 93 || before === 34 || before === 39 || before === 96;
}
