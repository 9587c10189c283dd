/** The `key=value` pairs of an entry, with what PgBouncer makes of slips in them. Drops every text that may be a password. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../core/text.ts';
import { type ConnectionPair, isTemplateText, type PairKey, type PairValue } from '../../declarations/pgbouncer.ts';
import { isSection, settingNamed } from '../../facts/pgbouncer.ts';
import { type ParsedText, spanOf, textIn } from './parsed.ts';

export function connectionPairs(parsed: ParsedText, node: Node, section: string | undefined): ConnectionPair[] {
  const pairs: ConnectionPair[] = [];
  const isKey = (name: string) =>
    section !== undefined && isSection(section) && settingNamed(section, name) !== undefined;
  // What follows an unquoted password may be the rest of it, after a space.
  let mayBePassword = false;
  for (const child of node.namedChildren) {
    if (child?.type === 'dropped') {
      const before = pairs.pop()!;
      const dropped = spanOf(parsed, child);
      const isBlank = /[ \t\r\v\f]/.test(textIn(parsed, dropped));
      pairs.push(isBlank ? before : { ...before, dropped });
    } else if (child?.type === 'pair') {
      const pair = readPair(parsed, child, isKey, mayBePassword);
      pairs.push(pair);
      const isPassword = pair.key.text !== undefined && namesPassword(pair.key.text);
      mayBePassword =
        pair.value?.quoting !== 'closed' && (isPassword || (mayBePassword && pair.key.text === undefined));
    }
  }
  return pairs;
}

/** `password`, and what people write for it. */
function namesPassword(key: string): boolean {
  return /pass|pwd/i.test(key);
}

function readPair(
  parsed: ParsedText,
  node: Node,
  isKey: (name: string) => boolean,
  mayBePassword: boolean,
): ConnectionPair {
  const key = node.childForFieldName('key');
  const equals = node.childForFieldName('equals');
  const value = node.childForFieldName('value');
  const span = spanOf(parsed, node);
  const keySpan = key === null ? { start: span.start, end: span.start } : spanOf(parsed, key);
  const keyText = textIn(parsed, keySpan);
  const equalsSpan = equals === null ? undefined : spanOf(parsed, equals);
  const isOpen = isKey(keyText) && !namesPassword(keyText);
  return {
    key: readKey(keyText, keySpan, mayBePassword && !isKey(keyText)),
    equals: equalsSpan,
    value: value === null ? undefined : readValue(parsed, value, { isOpen, isKey, equals: equalsSpan! }),
    span,
  };
}

function readKey(written: string, span: Span, mayBePassword: boolean): PairKey {
  const tabs = /^\t*/.exec(written)![0].length;
  const text = written.slice(tabs);
  return {
    text: !mayBePassword && /^\w*$/.test(text) ? text : undefined,
    span,
    tab: tabs > 0 ? { start: span.start, end: span.start + tabs } : undefined,
    isUrl: !mayBePassword && /^[a-z]\w*:\/\//i.test(text),
    isTemplate: isTemplateText(text),
    // A sign by itself is no part of a password either.
    isComment: mayBePassword ? /^[;#]+$/.test(text) : /^[;#]/.test(text),
  };
}

interface ValueContext {
  readonly isOpen: boolean;
  readonly isKey: (name: string) => boolean;
  readonly equals: Span;
}

function readValue(parsed: ParsedText, node: Node, { isOpen, isKey, equals }: ValueContext): PairValue {
  const outer = spanOf(parsed, node);
  const quoting = node.type === 'plain_value' ? 'none' : node.type === 'quoted_value' ? 'closed' : 'unclosed';
  const span = {
    start: outer.start + (quoting === 'none' ? 0 : 1),
    end: outer.end - (quoting === 'closed' ? 1 : 0),
  };
  const raw = textIn(parsed, span);
  // Of a value that took in the next pair nothing is kept: that may be the password.
  const isKept = isOpen && !namesPassword(raw);
  return {
    span,
    outer,
    quoting,
    text: isKept ? (quoting === 'none' ? raw : raw.replaceAll("''", "'")) : undefined,
    isEmpty: raw === '',
    isTemplate: isTemplateText(raw),
    isDoubleQuoted: quoting === 'none' && /^"[^"]*"$/.test(raw),
    swallows: textIn(parsed, equals).endsWith(' ') ? swallowedKey(raw, span, isKey) : undefined,
    tab: quoting === 'none' ? tabBeforeKey(raw, span, isKey) : undefined,
  };
}

function swallowedKey(raw: string, span: Span, isKey: (name: string) => boolean): PairValue['swallows'] {
  const key = /^[a-z_]+(?==)/.exec(raw)?.[0];
  if (key === undefined || !isKey(key)) return undefined;
  return { text: key, span: { start: span.start, end: span.start + key.length } };
}

function tabBeforeKey(raw: string, span: Span, isKey: (name: string) => boolean): PairValue['tab'] {
  for (const match of raw.matchAll(/(\t+)([a-z_]+)(?:=|$)/g)) {
    if (!isKey(match[2]!)) continue;
    const start = span.start + match.index;
    return { span: { start, end: start + match[1]!.length }, key: match[2]! };
  }
  return undefined;
}
