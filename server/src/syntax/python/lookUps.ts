/** Calls that look a variable of the environment up and fall back to a literal: `os.getenv`, `env(…)`, `config(…)` and their kin. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { plainText, qualifiedName } from '../../declarations/value.ts';
import { readArguments } from './arguments.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { itemsOf, locationOf } from './nodes.ts';

export interface LookUp {
  /** Empty where the name cannot be read. */
  readonly variable: string;
  /** The argument that is the fallback, with what belongs to it: without it the look-up raises where nothing is set. */
  readonly fallbackRemoval?: Location;
}

/** Names that such readers go by, alone or with a method that says what to make of the text. */
const readerName = /^(?:[\w.]*\.)?_?(?:env|config)(?:\.(?:str|db|db_url|url|dj_db_url|get_value))?$/i;
const databaseUrlConfig = 'dj_database_url.config';
const usualVariable = 'DATABASE_URL';

/** The look-up of `call` where `argument` (the literal, or the keyword argument that holds it) is its fallback. */
export function lookUpWithFallback(file: PythonFile, segment: Segment, call: Node, argument: Node): LookUp | undefined {
  const callee = call.childForFieldName('function');
  const list = call.childForFieldName('arguments');
  if (callee === null || list?.type !== 'argument_list') return undefined;
  const items = itemsOf(list);
  if (isOsLookUp(callee)) {
    const value = items[0] === undefined || items[0].id === argument.id ? undefined : evaluate(file, segment, call);
    return value?.kind === 'environment' ? { variable: value.variable } : undefined;
  }
  const isDefault = argument.childForFieldName('name')?.text === 'default';
  const [first, second] = items;
  const isReader = readerName.test(callee.text) && (isDefault || second?.id === argument.id);
  const name = first?.type === 'string' && first.id !== argument.id ? textOfLiteral(first) : undefined;
  if (isReader && name !== undefined)
    return { variable: name, fallbackRemoval: removalOf(file, segment, call, argument) };
  const target = evaluate(file, segment, callee);
  if (!isDefault || target.kind !== 'reference' || qualifiedName(target) !== databaseUrlConfig) return undefined;
  const env = items.find((each) => each.childForFieldName('name')?.text === 'env')?.childForFieldName('value');
  const variable = name ?? (env ? variableNamed(file, segment, env) : usualVariable);
  return { variable, fallbackRemoval: removalOf(file, segment, call, argument) };
}

/** `env=dj_database_url.DEFAULT_ENV`, `env=NAME`. */
function variableNamed(file: PythonFile, segment: Segment, node: Node): string {
  const value = evaluate(file, segment, node);
  if (value.kind === 'reference' && qualifiedName(value) === 'dj_database_url.DEFAULT_ENV') return usualVariable;
  return plainText(value) ?? '';
}

/** The literal that a look-up falls back to, as the argument of the call; undefined where there is none. */
export function fallbackLiteral(call: Node): { readonly argument: Node; readonly literal: Node } | undefined {
  const list = call.childForFieldName('arguments');
  if (list?.type !== 'argument_list') return undefined;
  const items = itemsOf(list);
  const named = items.find((each) => each.childForFieldName('name')?.text === 'default');
  const argument = named ?? items[1];
  const literal = named?.childForFieldName('value') ?? argument;
  return argument !== undefined && literal?.type === 'string' ? { argument, literal } : undefined;
}

function isOsLookUp(callee: Node): boolean {
  const name = callee.type === 'attribute' ? callee.childForFieldName('attribute')?.text : callee.text;
  return name === 'getenv' || name === 'get' || name === 'setdefault' || name === 'environ';
}

function textOfLiteral(node: Node): string | undefined {
  return /^["']([\w.-]{1,80})["']$/.exec(node.text)?.[1];
}

function removalOf(file: PythonFile, segment: Segment, call: Node, argument: Node): Location | undefined {
  const at = locationOf(file, segment, argument);
  const removal = readArguments(file, segment, call).find((each) => each.span.start === at.start)?.removal;
  if (removal?.tailStart !== undefined) return { uri: at.uri, start: removal.tailStart, end: at.end };
  return removal?.span;
}
