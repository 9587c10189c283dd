/** Start commands as YAML manifests carry them: one text, or a list of words. */
import type { Span } from '../../core/text.ts';
import type { DataNode, ScalarNode } from '../yaml.ts';
import {
  type CommandFact,
  expandVariables,
  readCommand,
  readShellCommand,
  splitShell,
  type Word,
} from './command-line.ts';

/** The words of a command; of several shell commands, all of them. */
export function wordsOf(text: string, node: DataNode | undefined): Word[] {
  if (node?.kind === 'scalar' && typeof node.value === 'string')
    return splitShell(node.text, placeOf(text, node)).flat();
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) =>
    item.kind === 'scalar' ? [{ text: expandVariables(item.text), span: placeOf(text, item) }] : [],
  );
}

/** What commands that are joined to one (an entry point and its arguments) say. */
export function commandFactsOf(text: string, ...nodes: readonly (DataNode | undefined)[]): CommandFact[] {
  const present = nodes.filter((node) => node !== undefined);
  const only = present[0];
  if (present.length === 1 && only?.kind === 'scalar' && typeof only.value === 'string') {
    return readShellCommand(only.text, placeOf(text, only));
  }
  return readCommand(present.flatMap((node) => wordsOf(text, node)));
}

/** The text inside the quotes where it stands there as it is; else the whole node. */
function placeOf(text: string, node: ScalarNode): Span {
  const inside = { start: node.span.start + 1, end: node.span.end - 1 };
  return node.quoted && text.slice(inside.start, inside.end) === node.text ? inside : node.span;
}
