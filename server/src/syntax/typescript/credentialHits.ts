/** Where password literals may stand in a segment, and which literals reach a call that connects. */
import { urlsWithPassword } from '../../declarations/credentials.ts';
import { partsOf } from '../../declarations/traverse.ts';
import type { CallSite, Value } from '../../declarations/value.ts';
import { calleePath } from './calls.ts';
import { otherServer } from './destinations.ts';

export const passwordKey = /^(?:password|passwd|pass|pwd)$/i;

export interface CredentialHit {
  readonly kind: 'text' | 'password';
  /** Of a character of the literal, relative to the segment. */
  readonly offset: number;
}

/** Whatever stands between the name of a password and the quotes of its literal: a key, a look-up, a schema. */
const afterPasswordName = [
  /(?:pass(?:word|wd)?|pwd)["'\]]?[ \t]*[=:][ \t\r\n]*["'`]/gi,
  /(?:pass(?:word|wd)?|pwd)\??[ \t]*:[ \t]*\w[\w<>[\]| ]{0,40}=[ \t]*["'`]/gi,
  /(?:pass(?:word|wd)?|pwd)["'\])]{0,3}!?[ \t\r\n]*(?:\|\||\?\?)=?[ \t\r\n]*["'`]/gi,
  /(?:pass(?:word|wd)?|pwd)["'][ \t\r\n]*,[ \t\r\n]*["'`]/gi,
  /(?:pass(?:word|wd)?|pwd)["']?\)?[ \t\r\n]*[:.][^;]{0,200}?\bdefault[ \t]*[:(][ \t]*["'`]/gi,
  /(?:pass(?:word|wd)?|pwd)["'\]]?[ \t]*[=:][^;,]{0,80}?\?[^;,]{0,80}?:[ \t\r\n]*["'`]/gi,
];
const connectionStringPassword = /\b(?:password|pwd)[ \t]*=[ \t]*[^\s"'`=;]/gi;

export function credentialHits(text: string): CredentialHit[] {
  const hits: CredentialHit[] = [];
  for (const offset of urlsWithPassword(text)) hits.push({ kind: 'text', offset });
  if (!/pass|pwd/i.test(text)) return hits;
  for (const match of text.matchAll(connectionStringPassword)) hits.push({ kind: 'text', offset: match.index });
  for (const pattern of afterPasswordName) {
    for (const match of text.matchAll(pattern))
      hits.push({ kind: 'password', offset: match.index + match[0].length - 1 });
  }
  return hits;
}

/** `new Sequelize(database, user, password, options)` */
const sequelizePassword = 2;

/** Places of literals in the arguments of calls that connect; true for those that stand as a password. */
export type Reached = ReadonlyMap<number, boolean>;

export function literalsReached(uri: string, connectors: ReadonlySet<string>, sites: Iterable<CallSite>): Reached {
  const reached = new Map<number, boolean>();
  const seen = new Set<Value>();
  const visit = (value: Value, isPassword: boolean): void => {
    if (value.kind === 'literal') {
      if (typeof value.value !== 'string' || value.at.uri !== uri) return;
      reached.set(value.at.start, isPassword || reached.get(value.at.start) === true);
      return;
    }
    if (seen.has(value)) return;
    seen.add(value);
    // `config.get('db.password')`: what a function is given for a password is the name of one.
    if (value.kind === 'call' && isPassword) return;
    if (value.kind !== 'mapping') for (const part of partsOf(value)) visit(part, isPassword);
    else
      for (const { key = '', value: its } of value.entries)
        if (!otherServer.test(key)) visit(its, isPassword || passwordKey.test(key));
  };
  for (const site of sites) {
    const path = calleePath(site.callee);
    if (path === undefined || !connectors.has(path)) continue;
    const password = path.startsWith('sequelize') && site.arguments.length > 2 ? sequelizePassword : undefined;
    for (const [index, argument] of site.arguments.entries()) visit(argument.value, index === password);
  }
  return reached;
}
