/** Completion and hover inside the topology file, from its schema alone. */
import type { Span } from '../core/text.ts';
import { type Cursor, type Outline, outlineOf, pathKey, type Step } from './outline.ts';
import { topologySchema } from './schema.ts';
import { type SchemaNode, schemaAt, schemasAt } from './schema-node.ts';

export interface AssistContext {
  readonly knownRules: readonly string[];
  /** Variables that the workspace's code reads, for `connect` and `env`. */
  readonly environmentVariables: readonly string[];
}

export interface TopologyCompletion {
  readonly label: string;
  readonly kind: 'key' | 'value';
  /** One line: what kind of value, and its default. */
  readonly detail: string;
  readonly documentation: string;
  readonly insertText: string;
  readonly replace: Span;
}

/** What may be written at the cursor, in the schema's order. Tolerates text that is not yet YAML. */
export function completeTopology(
  uri: string,
  text: string,
  offset: number,
  context: AssistContext,
): TopologyCompletion[] {
  const outline = outlineOf(text, offset);
  const { cursor } = outline;
  if (!cursor) return [];
  const schema = topologySchema(context.knownRules);
  const isJson = /\.json$/i.test(uri);
  const items: TopologyCompletion[] = [];
  if (cursor.slot !== 'value') items.push(...keyItems(schema, outline, cursor, text, isJson, context));
  if (cursor.slot !== 'key') items.push(...valueItems(schema, outline, cursor, text, isJson, context));
  return items;
}

/** What the key at the offset, or the key whose value is there, means; undefined where there is nothing to say. */
export function hoverTopology(
  _uri: string,
  text: string,
  offset: number,
  knownRules: readonly string[] = [],
): { readonly markdown: string; readonly span: Span } | undefined {
  const schema = topologySchema(knownRules);
  const holds = (span: Span) => span.start <= offset && offset < span.end;
  let best: { readonly path: readonly Step[]; readonly span: Span } | undefined;
  for (const { path, keySpan, valueSpan } of outlineOf(text).entries) {
    // Inner entries come after outer ones.
    if (holds(keySpan)) best = { path, span: keySpan };
    else if (holds(valueSpan)) best = { path, span: valueSpan };
  }
  const found = best && schemaAt(schema, best.path);
  if (!best || !found?.description) return undefined;
  const name = String(best.path[best.path.length - 1]).replaceAll('`', '');
  const isNamedByUser = found.title !== undefined && best.path.length === 2;
  const title = isNamedByUser ? `**\`${name}\`** (${found.title})` : `**\`${name}\`**`;
  const facts = [detailOf(found)];
  const words = wordsOf(found);
  if (words.length > 0)
    facts.push(`${found.enum ? 'One of' : 'Well known'}: ${words.map((word) => `\`${word}\``).join(', ')}`);
  return {
    markdown: [title, found.description, facts.filter(Boolean).join(' · ')].filter(Boolean).join('\n\n'),
    span: best.span,
  };
}

function keyItems(
  schema: SchemaNode,
  outline: Outline,
  cursor: Cursor,
  text: string,
  isJson: boolean,
  context: AssistContext,
): TopologyCompletion[] {
  const present = new Set(
    outline.entries
      .filter((entry) => pathKey(entry.path.slice(0, -1)) === pathKey(cursor.path))
      .filter((entry) => entry.path.length === cursor.path.length + 1 && entry.keySpan.start !== cursor.replace.start)
      .map((entry) => String(entry.path[entry.path.length - 1])),
  );
  const candidates = new Map<string, SchemaNode>();
  for (const shape of schemasAt(schema, cursor.path)) {
    for (const [key, property] of Object.entries(shape.properties ?? {})) candidates.set(key, property);
  }
  if (matches(cursor.path, ['services', '*', 'env'])) {
    for (const name of context.environmentVariables) candidates.set(name, environmentVariable);
  }
  const isQuoted = isJson || '"\''.includes(text[cursor.replace.start] ?? ' ');
  return [...candidates]
    .filter(([key]) => !present.has(key) && (isJson || key !== '$schema'))
    .map(([key, property]) => {
      const written = isQuoted ? JSON.stringify(key) : key;
      return {
        label: key,
        kind: 'key' as const,
        detail: detailOf(property),
        documentation: property.description ?? '',
        insertText: cursor.hasColon ? written : written + keyTail(property, cursor, isJson),
        replace: cursor.replace,
      };
    });
}

/** What follows a new key: its value on the line, or below it where that is how it is written. */
function keyTail(property: SchemaNode, cursor: Cursor, isJson: boolean): string {
  if (isJson || cursor.inBrackets) return ': ';
  const below = `\n${' '.repeat(cursor.indent + 2)}`;
  if (property.type === 'object') return `:${below}`;
  if (property.type === 'array') return `:${below}- `;
  return ': ';
}

function valueItems(
  schema: SchemaNode,
  outline: Outline,
  cursor: Cursor,
  text: string,
  isJson: boolean,
  context: AssistContext,
): TopologyCompletion[] {
  const shapes = schemasAt(schema, cursor.path);
  const described = schemaAt(schema, cursor.path);
  const words = new Map<string, string>();
  if (isDatabaseReference(cursor.path)) {
    for (const { path } of outline.entries) {
      if (matches(path, ['databases', '*'])) words.set(String(path[1]), 'database of this file');
    }
  } else if (cursor.path[0] === 'databases' && cursor.path[2] === 'connect') {
    for (const name of context.environmentVariables) words.set(name, 'environment variable that the code reads');
  }
  const isFlag = shapes.some((shape) => shape.type === 'boolean');
  for (const word of [...shapes.flatMap(wordsOf), ...(isFlag ? ['true', 'false'] : [])]) {
    if (!words.has(word)) words.set(word, described?.default === word ? 'default' : '');
  }
  for (const shape of [described, ...shapes]) {
    if (shape?.default !== undefined && !words.has(String(shape.default))) words.set(String(shape.default), 'default');
  }
  // Directly behind the colon a space is due.
  const space = text[cursor.replace.start - 1] === ':' && cursor.replace.start === cursor.replace.end ? ' ' : '';
  const takesText = shapes.some((shape) => [shape.type].flat().includes('string'));
  return [...words].map(([word, detail]) => ({
    label: word,
    kind: 'value' as const,
    detail,
    documentation: described?.description ?? '',
    insertText: space + written(word, takesText, isJson),
    replace: cursor.replace,
  }));
}

const environmentVariable: SchemaNode = { type: 'string', description: 'An environment variable that the code reads.' };

function isDatabaseReference(path: readonly Step[]): boolean {
  return (
    matches(path, ['services', '*', 'database']) ||
    matches(path, ['services', '*', 'databases', '*']) ||
    matches(path, ['extra_connections', '*', 'database'])
  );
}

function matches(path: readonly Step[], pattern: readonly string[]): boolean {
  return path.length === pattern.length && pattern.every((step, index) => step === '*' || step === path[index]);
}

function wordsOf(schema: SchemaNode): string[] {
  const own = [...(schema.enum ?? []), ...(schema.examples ?? [])].map(String);
  return own.length > 0 || !schema.anyOf ? own : [...new Set(schema.anyOf.flatMap(wordsOf))];
}

/** A value as YAML: in quotes where it would not be read as the text it is. */
export function written(word: string, isText: boolean, isJson = false): string {
  const looksLikeNumber = /^[-+.0-9][0-9a-zA-Z_.]*$/.test(word) && !Number.isNaN(Number(word));
  if (!isText && (looksLikeNumber || word === 'true' || word === 'false')) return word;
  const isReserved = /^(true|false|null|~|yes|no|on|off)$/i.test(word) && word !== 'off';
  const isPlain = /^[A-Za-z0-9_./*][\w./*% @-]*$/.test(word) && !word.startsWith('*') && !word.endsWith(' ');
  return isJson || looksLikeNumber || isReserved || !isPlain ? JSON.stringify(word) : word;
}

/** "whole number, default 10". */
function detailOf(schema: SchemaNode): string {
  const types = [schema.type, ...(schema.anyOf ?? []).map((shape) => shape.type)]
    .flat()
    .filter((type) => type !== undefined);
  const names = {
    integer: 'whole number',
    number: 'number',
    string: 'text',
    boolean: 'true or false',
    object: 'mapping',
    array: 'list',
    null: 'empty',
  };
  const kind = [...new Set(types)].map((type) => names[type]).join(' or ');
  return schema.default === undefined ? kind : `${kind}, default ${schema.default}`;
}
