/**
 * `pgbouncer.ini` and `userlist.txt` as PgBouncer reads them: what is written where, in its order. Pure data. Passwords are
 * never kept, nor any text that may hold one: of those there are only places.
 */
import type { LineIndex, Span } from '../core/text.ts';
import type { CredentialSighting, SourceContext, Suppression } from './pool.ts';

/** A word of the file and where it stands. */
export interface Written {
  readonly text: string;
  readonly span: Span;
}

export interface PgbouncerFile {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly context: SourceContext;
  /** Without comments, in the file's order. */
  readonly statements: readonly PgbouncerStatement[];
  /** Whole comments, sign included. */
  readonly comments: readonly Span[];
  readonly lineEnding: '\n' | '\r\n';
  readonly hasByteOrderMark: boolean;
  /** False where the mark was taken off the text before it got here. */
  readonly isMarkInText: boolean;
  /** Where a NUL character ends what PgBouncer reads; the text's end where there is none. */
  readonly end: number;
  readonly credentials: readonly CredentialSighting[];
  readonly suppressions: readonly Suppression[];
}

export type PgbouncerStatement = SectionHeader | SettingStatement | IncludeStatement | BrokenStatement;

export interface SectionHeader {
  readonly kind: 'section';
  /** What stands between the brackets, white space included. */
  readonly name: Written;
  /** False where the line ends before the closing bracket. */
  readonly isClosed: boolean;
  readonly span: Span;
}

/** `name = value`, in [pgbouncer] or in a section that PgBouncer does not know. */
export interface SettingStatement {
  readonly kind: 'setting';
  /** The last header above it, as written; undefined before the first one. */
  readonly section: string | undefined;
  /** True where an include stands between the header and here: another section may be in force. */
  readonly isBehindInclude: boolean;
  /** Without quotes; its span has them. */
  readonly name: Written;
  readonly isQuoted: boolean;
  /** The white space before it on its line; empty behind a header on the same line. */
  readonly indentation: string;
  /** From the name to the value's end, or to the end of what is left of the line. */
  readonly span: Span;
  /** The equals sign with the white space around it; absent where the line has none, and PgBouncer stops. */
  readonly equals?: Span;
  /** What stands on the line in place of `= value`, without white space around it. */
  readonly instead?: {
    readonly span: Span;
    readonly isColon: boolean;
    /** Where the value would begin: behind the colon and the white space there. */
    readonly valueStart: number;
  };
  /** Absent where the value is empty. */
  readonly value?: SettingValue;
}

export interface SettingValue {
  readonly span: Span;
  /** As PgBouncer takes it; absent for connection strings and for settings that may hold a password. */
  readonly text?: string;
  /** True where a value of another section looks like an entry's: `host=…`. */
  readonly isLikeEntry?: boolean;
  /** The pairs of a connection string; present in [databases], [users] and [peers], unless a template makes them. */
  readonly pairs?: readonly ConnectionPair[];
  readonly comment?: MistakenComment;
  /** True where some tool fills something in (`${…}`, `{{ … }}`) before PgBouncer reads it. */
  readonly isTemplate: boolean;
}

/** What its author takes for a comment; to PgBouncer it is the end of the value. */
export interface MistakenComment {
  /** From its sign on. */
  readonly span: Span;
  /** Where the value ends without it and the white space before it. */
  readonly valueEnd: number;
  /** The statement without it, as written; absent where a password may be in it. */
  readonly statement?: string;
}

/** One `key=value` of a connection string. */
export interface ConnectionPair {
  readonly key: PairKey;
  /** The equals sign with the spaces around it; absent where there is none, and PgBouncer refuses the entry. */
  readonly equals?: Span;
  /** Absent where nothing follows the equals sign. */
  readonly value?: PairValue;
  /** The character that PgBouncer drops because it follows a closing quote; white space is none. */
  readonly dropped?: Span;
  readonly span: Span;
}

export interface PairKey {
  /** Only of plain words, and not where one may be part of a password; empty where there is none. */
  readonly text?: string;
  readonly span: Span;
  /** Tabs before the word, which to PgBouncer are its first letters; `text` is without them. */
  readonly tab?: Span;
  /** True where a whole URL stands where a key should. */
  readonly isUrl: boolean;
  /** True where some tool fills in the key, and with it any number of pairs. */
  readonly isTemplate: boolean;
  /** True where its author takes it, and all that follows, for a comment. */
  readonly isComment: boolean;
}

export interface PairValue {
  /** Without quotes. */
  readonly span: Span;
  /** Quotes included. */
  readonly outer: Span;
  readonly quoting: 'none' | 'closed' | 'unclosed';
  /** Doubled quotes undone; only of keys that PgBouncer knows, and never of a password. */
  readonly text?: string;
  readonly isEmpty: boolean;
  readonly isTemplate: boolean;
  /** True for `"…"`: to PgBouncer such quotes are letters like any other. */
  readonly isDoubleQuoted: boolean;
  /** The key that PgBouncer takes for this value, because the pair before it was left empty: `password= user=u`. */
  readonly swallows?: Written;
  /** A tab with a key behind it: PgBouncer takes both for part of the value. */
  readonly tab?: { readonly span: Span; readonly key: string };
}

export interface IncludeStatement {
  readonly kind: 'include';
  /** Without what looks like a comment; absent where nothing follows the keyword. */
  readonly path?: Written;
  readonly comment?: MistakenComment;
  readonly indentation: string;
  readonly span: Span;
}

/** A line that begins nothing. */
export interface BrokenStatement {
  readonly kind: 'broken';
  readonly span: Span;
  readonly form: 'double-quoted-name' | 'include' | 'template' | 'other';
  /** The name without its double quotes, and all of it with them. */
  readonly name?: Written;
}

/** `userlist.txt`: users and secrets, of which only the place and the kind are kept. */
export interface PgbouncerUserlist {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly context: SourceContext;
  readonly users: readonly UserlistEntry[];
  /** Where PgBouncer stops reading because a line is no pair of quoted words; users from there on are not known to it. */
  readonly brokenAt?: Span;
  /** True where that line begins with `#`, which begins no comment here. */
  readonly isBrokenByComment: boolean;
  readonly credentials: readonly CredentialSighting[];
  readonly suppressions: readonly Suppression[];
}

export interface UserlistEntry {
  readonly user: Written;
  /** Between the quotes. */
  readonly secret: Span;
  readonly kind: 'plain' | 'md5' | 'scram' | 'empty' | 'template';
}

/** Marks of the tools that fill in values before PgBouncer sees the file. PgBouncer itself fills in nothing. */
const templateMark = /\$\{|\$\(|\{\{|\{%|<%|%\(\w|@@\w|\$[A-Z_]{2}|__[A-Z_]+__/;

export function isTemplateText(text: string): boolean {
  return templateMark.test(text);
}
