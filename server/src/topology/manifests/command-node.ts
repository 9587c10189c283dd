/** Start commands and environments as YAML manifests carry them. */
import type { Span } from '../../core/text.ts';
import type { DataNode, ScalarNode } from '../yaml.ts';
import { readCommand, readShellCommand } from './command-line.ts';
import type { StartedProgram } from './program-options.ts';
import { splitShell, type Variables, type Word, wordOf } from './shell.ts';

/** The words of a command; of several shell commands, all of them. */
export function wordsOf(text: string, node: DataNode | undefined, variables?: Variables): Word[] {
  if (node?.kind === 'scalar' && typeof node.value === 'string') {
    return splitShell(node.text, placeOf(text, node), variables).flatMap((command) => command.words);
  }
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) =>
    item.kind === 'scalar' ? [wordOf(item.text, placeOf(text, item), variables)] : [],
  );
}

/** What commands that are joined to one (an entry point and its arguments) say. */
export function programsOf(
  text: string,
  nodes: readonly (DataNode | undefined)[],
  variables?: Variables,
): StartedProgram[] {
  const present = nodes.filter((node) => node !== undefined);
  const only = present[0];
  if (present.length === 1 && only?.kind === 'scalar' && typeof only.value === 'string') {
    return readShellCommand(only.text, placeOf(text, only), variables);
  }
  return readCommand(
    present.flatMap((node) => wordsOf(text, node, variables)),
    variables,
  );
}

/** An environment variable that a manifest sets. */
export interface ManifestVariable {
  readonly name: string;
  /** Undefined where the manifest takes it from elsewhere. */
  readonly value: string | undefined;
  readonly span: Span;
  /** Where the name stands by itself. */
  readonly nameSpan?: Span;
}

/** `environment` as a mapping, as a list of `NAME=value`, or as a list of `{name, value}`. */
export function variablesOf(text: string, node: DataNode | undefined): ManifestVariable[] {
  const entry = (name: string, value: DataNode | undefined, nameSpan: Span): ManifestVariable[] => {
    if (!/^\w+$/.test(name) || value?.kind !== 'scalar') return [];
    return [{ name, ...read(value, value.text), nameSpan }];
  };
  const read = (scalar: ScalarNode, written: string) => {
    const word = wordOf(written, placeOf(text, scalar));
    // A default may be replaced by whatever starts the manifest.
    return { value: word.variable === undefined && scalar.value !== null ? word.text : undefined, span: word.span };
  };
  if (node?.kind === 'map') return node.entries.flatMap(({ key, keySpan, value }) => entry(key, value, keySpan));
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) => {
    if (item.kind === 'map') {
      const fields = new Map(item.entries.map(({ key, value }) => [key, value]));
      const name = fields.get('name') ?? fields.get('Name');
      const value = fields.get('value') ?? fields.get('Value');
      if (name?.kind !== 'scalar') return [];
      return value
        ? entry(name.text, value, placeOf(text, name))
        : [{ name: name.text, value: undefined, span: item.span }];
    }
    if (item.kind !== 'scalar') return [];
    // A name alone hands on what the shell has that starts the manifest.
    if (/^[A-Za-z_]\w*$/.test(item.text)) return [{ name: item.text, value: undefined, span: placeOf(text, item) }];
    const match = /^(\w+)=([\s\S]*)$/.exec(item.text);
    if (match === null) return [];
    const { start } = placeOf(text, item);
    const end = start + match[1]!.length;
    const nameSpan = text.slice(start, end) === match[1] ? { start, end } : undefined;
    return [{ name: match[1]!, ...read(item, match[2]!), nameSpan }];
  });
}

/** The text inside the quotes where it stands there as it is; else the whole node. */
export function placeOf(text: string, node: ScalarNode): Span {
  const inside = { start: node.span.start + 1, end: node.span.end - 1 };
  return node.quoted && text.slice(inside.start, inside.end) === node.text ? inside : node.span;
}
