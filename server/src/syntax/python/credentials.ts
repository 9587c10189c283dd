/** Password literals in Python that reach a database connection. Keeps places only; the text is looked at and dropped. */
import type { Node } from 'web-tree-sitter';
import { type Location, locate } from '../../core/text.ts';
import {
  databaseSchemes,
  hostKind,
  isPlaceholderWord,
  isTemplate,
  readDsnPassword,
  readUrl,
  urlsWithPassword,
} from '../../declarations/credentials.ts';
import type { CredentialFixPlan, CredentialSighting } from '../../declarations/pool.ts';
import { plainText, qualifiedName } from '../../declarations/value.ts';
import type { DecodedString } from '../decodedString.ts';
import type { TextFact } from '../gathered.ts';
import { type Destination, destinationOf } from './destinations.ts';
import { importOsEdit } from './environmentImport.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { fallbackLiteral, lookUpWithFallback } from './lookUps.ts';
import { itemsOf, locationOf, textOf } from './nodes.ts';
import { decode, prefixOf } from './strings.ts';

const dsnWithPassword = /\bpassword[ \t]*=[ \t]*[^\s"'=,)]/g;
const passwordKey = /\b(?:password|passwd|PASSWORD)["']?[ \t]*[=:][ \t]*[rR]?["']/g;
/** `"PASSWORD": os.environ.get("DB_PASSWORD", "…")`: what a look-up falls back to. */
const passwordLookUp = /\b(?:password|passwd|PASSWORD)["']?[ \t]*[=:][ \t]*[A-Za-z_][\w.]{0,60}\(/g;
/** Texts that may carry a password. */
const credentialHits: TextFact<readonly CredentialHit[]> = {
  read: (text) => {
    const hits = hitsIn(text);
    return hits.length === 0 ? undefined : hits;
  },
};

export function readCredentials(file: PythonFile, connectors: ReadonlySet<string>): CredentialSighting[] {
  const found = new Map<number, CredentialSighting>();
  const add = (sighting: CredentialSighting | undefined) => {
    if (sighting !== undefined && !found.has(sighting.at.start)) found.set(sighting.at.start, sighting);
  };
  for (const { segment, value: hits } of file.gather(credentialHits)) {
    for (const hit of hits) {
      const node = file.tree(segment).rootNode.descendantForIndex(hit.offset, hit.offset + 1);
      if (node === null) continue;
      if (hit.kind === 'key') add(passwordAtKey(file, segment, node, connectors));
      else add(passwordInText(file, segment, node, hit.kind, connectors));
    }
  }
  return [...found.values()];
}

interface CredentialHit {
  readonly kind: 'url' | 'dsn' | 'key';
  readonly offset: number;
}

function hitsIn(text: string): CredentialHit[] {
  const hits: CredentialHit[] = [];
  for (const offset of urlsWithPassword(text)) hits.push({ kind: 'url', offset });
  if (text.includes('assw') || text.includes('ASSW')) {
    for (const match of text.matchAll(dsnWithPassword)) hits.push({ kind: 'dsn', offset: match.index });
    for (const match of text.matchAll(passwordKey)) hits.push({ kind: 'key', offset: match.index });
    for (const match of text.matchAll(passwordLookUp)) hits.push({ kind: 'key', offset: match.index });
  }
  return hits;
}

/** The string expression a node is part of: a single literal or an implicit concatenation. */
function stringAround(node: Node): Node | undefined {
  for (let current: Node | null = node; current !== null; current = current.parent) {
    if (current.type === 'string') {
      return current.parent?.type === 'concatenated_string' ? current.parent : current;
    }
    if (current.type === 'interpolation' || current.type === 'comment') return undefined;
  }
  return undefined;
}

/** The text of a literal with an object replacement character for every interpolated value. */
function decodeLiteral(file: PythonFile, segment: Segment, node: Node): DecodedString | undefined {
  const strings = node.type === 'concatenated_string' ? itemsOf(node) : [node];
  let text = '';
  const offsets: number[] = [];
  for (const each of strings) {
    const prefix = prefixOf(each);
    const start = each.children[0];
    const end = each.children.at(-1);
    if (start?.type !== 'string_start' || end?.type !== 'string_end' || prefix.includes('b')) return undefined;
    let from = start.endIndex;
    const addText = (to: number) => {
      const piece = decode(file.text.slice(segment.start + from, segment.start + to), from, prefix.includes('r'));
      text += piece.text;
      // Not as arguments of one call: a text can be longer than a call takes.
      for (const offset of piece.offsets.slice(0, -1)) offsets.push(offset);
    };
    for (const child of each.children) {
      if (child?.type !== 'interpolation') continue;
      addText(child.startIndex);
      text += '\uFFFC';
      offsets.push(child.startIndex);
      from = child.endIndex;
    }
    addText(end.startIndex);
  }
  offsets.push(strings.at(-1)!.endIndex - 1);
  return { text, offsets };
}

function passwordInText(
  file: PythonFile,
  segment: Segment,
  node: Node,
  kind: 'url' | 'dsn',
  connectors: ReadonlySet<string>,
): CredentialSighting | undefined {
  const literal = stringAround(node);
  const decoded = literal && decodeLiteral(file, segment, literal);
  if (literal === undefined || decoded === undefined) return undefined;
  const destination = destinationOf(file, segment, literal, connectors);
  if (destination === undefined) return undefined;
  let password: { start: number; end: number } | undefined;
  let user: string | undefined;
  let host: string | undefined;
  if (kind === 'url') {
    const url = readUrl(decoded.text);
    if (url === undefined || (!databaseSchemes.test(url.scheme) && !destination.isDatabaseCall)) return undefined;
    ({ password, user, host } = { password: url.password, user: url.user, host: url.host });
  } else {
    const dsn = readDsnPassword(decoded.text);
    ({ password, user, host } = { password: dsn, user: dsn?.user, host: dsn?.host });
  }
  if (password === undefined) return undefined;
  const secret = decoded.text.slice(password.start, password.end);
  if (isTemplate(secret)) return undefined;
  const start = segment.start + decoded.offsets[password.start]!;
  const end = segment.start + decoded.offsets[password.end]!;
  const literalAt = locationOf(file, segment, literal);
  return {
    uri: file.uri,
    at: locate(file.uri, { start, end: Math.max(end, start + 1) }),
    literal: literalAt,
    form: kind,
    host: hostKind(host),
    isPlaceholderWord: isPlaceholderWord(secret, user),
    isEnvironmentFallback: destination.fallbackOf !== undefined,
    variable: destination.fallbackOf,
    fixes: decoded.text.includes('\uFFFC')
      ? fixInsideText(file, literal, destination, { uri: file.uri, start, end })
      : destination.fallbackOf === ''
        ? []
        : [fixPlan(file, segment, literal, destination, 'DATABASE_URL')],
  };
}

/** `password="…"` of a connection call, `"PASSWORD": "…"` of Django's DATABASES. */
function passwordAtKey(
  file: PythonFile,
  segment: Segment,
  node: Node,
  connectors: ReadonlySet<string>,
): CredentialSighting | undefined {
  const pair = pairAround(node);
  if (pair === undefined) return undefined;
  const value = pair.childForFieldName('value');
  const fallback = value?.type === 'call' ? fallbackLiteral(value) : undefined;
  const valueNode = fallback?.literal ?? value;
  if (value === null || valueNode?.type !== 'string') return undefined;
  const lookUp = fallback && lookUpWithFallback(file, segment, value, fallback.argument);
  if (fallback !== undefined && lookUp === undefined) return undefined;
  const decoded = decodeLiteral(file, segment, valueNode);
  if (decoded === undefined || isTemplate(decoded.text)) return undefined;
  const reaches =
    pair.type === 'pair'
      ? isDatabaseDictionary(file, segment, pair)
      : isDatabaseKeyword(file, segment, pair, connectors);
  if (!reaches) return undefined;
  const user = siblingText(file, segment, pair, /^(?:user|username|USER)$/);
  const host = siblingText(file, segment, pair, /^(?:host|HOST|hostname)$/);
  const start = segment.start + decoded.offsets[0]!;
  const destination: Destination = {
    isDatabaseCall: true,
    fallbackOf: lookUp?.variable,
    replace: value,
    removal: lookUp?.fallbackRemoval,
  };
  return {
    uri: file.uri,
    at: locate(file.uri, { start, end: segment.start + decoded.offsets.at(-1)! }),
    literal: locationOf(file, segment, valueNode),
    form: 'keyword',
    host: host === undefined ? 'unknown' : hostKind(host),
    isPlaceholderWord: isPlaceholderWord(decoded.text, user),
    isEnvironmentFallback: lookUp !== undefined,
    variable: lookUp?.variable,
    fixes: lookUp?.variable === '' ? [] : [fixPlan(file, segment, valueNode, destination, 'DATABASE_PASSWORD')],
  };
}

function pairAround(node: Node): Node | undefined {
  for (let current: Node | null = node, steps = 0; current !== null && steps < 4; current = current.parent, steps++) {
    if (current.type === 'pair' || current.type === 'keyword_argument') return current;
  }
  return undefined;
}

/** Django's `DATABASES` entry, or `connect_args={…}` of an engine. */
function isDatabaseDictionary(file: PythonFile, segment: Segment, pair: Node): boolean {
  const keys = itemsOf(pair.parent!).map((each) => each.childForFieldName('key')?.text.replace(/['"]/g, ''));
  if (keys.includes('ENGINE')) return true;
  for (let node: Node | null = pair.parent; node !== null; node = node.parent) {
    if (node.type === 'keyword_argument') return node.childForFieldName('name')?.text === 'connect_args';
    if (node.type === 'assignment')
      return /^(?:connect_args|DATABASES)$/.test(textOf(file, segment, node.childForFieldName('left')!));
    if (node.type !== 'dictionary' && node.type !== 'pair' && node.type !== 'parenthesized_expression') return false;
  }
  return false;
}

function isDatabaseKeyword(
  file: PythonFile,
  segment: Segment,
  argument: Node,
  connectors: ReadonlySet<string>,
): boolean {
  const call = argument.parent?.parent;
  const callee = call?.type === 'call' ? call.childForFieldName('function') : null;
  if (!callee) return false;
  if (/^dict$/.test(callee.text)) {
    const outer = call!.parent;
    return outer?.type === 'keyword_argument' && outer.childForFieldName('name')?.text === 'connect_args';
  }
  const value = evaluate(file, segment, callee);
  return value.kind === 'reference' && connectors.has(qualifiedName(value));
}

function siblingText(file: PythonFile, segment: Segment, pair: Node, name: RegExp): string | undefined {
  for (const each of itemsOf(pair.parent!)) {
    const key = (each.childForFieldName('key') ?? each.childForFieldName('name'))?.text.replace(/['"]/g, '');
    const value = each.childForFieldName('value');
    if (key !== undefined && name.test(key) && value !== null) return plainText(evaluate(file, segment, value));
  }
  return undefined;
}

/** In a text with other values in it only the password goes; it moves as it stands, escapes of the URL included. */
function fixInsideText(file: PythonFile, literal: Node, destination: Destination, at: Location): CredentialFixPlan[] {
  const opening = /^(\w*)("""|'''|"|')/.exec(literal.text);
  const isFormatted = opening !== null && /^f$/i.test(opening[1]!);
  if (literal.type !== 'string' || !isFormatted || destination.fallbackOf !== undefined) return [];
  const quote = opening[2]!.startsWith('"') ? "'" : '"';
  const variable = 'DATABASE_PASSWORD';
  const replacement = `{os.environ[${quote}${variable}${quote}]}`;
  return [{ variable, replace: at, replacement, importEdit: importOsEdit(file), literal: at }];
}

function fixPlan(
  file: PythonFile,
  segment: Segment,
  literal: Node,
  destination: Destination,
  usual: string,
): CredentialFixPlan {
  const variable = destination.fallbackOf ?? destination.variableName ?? usual;
  const quote = textOf(file, segment, literal)
    .replace(/^[A-Za-z(\s]*/, '')
    .startsWith("'")
    ? "'"
    : '"';
  const replace: Location = locationOf(file, segment, destination.replace);
  if (destination.removal !== undefined)
    return { variable, replace: destination.removal, replacement: '', literal: locationOf(file, segment, literal) };
  if (destination.defaultFrom !== undefined) {
    const start = segment.start + destination.defaultFrom;
    return { variable, replace: { ...replace, start }, replacement: '', literal: locationOf(file, segment, literal) };
  }
  return {
    variable,
    replace,
    replacement: `os.environ[${quote}${variable}${quote}]`,
    importEdit: importOsEdit(file),
    literal: locationOf(file, segment, literal),
  };
}
