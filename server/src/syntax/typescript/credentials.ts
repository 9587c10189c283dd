/** Password literals in JavaScript that reach a database connection. Keeps places only; the text is looked at and dropped. */
import type { Node } from 'web-tree-sitter';
import { locate } from '../../core/text.ts';
import {
  databaseSchemes,
  hostKind,
  isPlaceholderWord,
  isTemplate,
  passwordVariable,
  readConnectionString,
  readUrl,
} from '../../declarations/credentials.ts';
import type { CredentialFixPlan, CredentialSighting } from '../../declarations/pool.ts';
import type { CallSite } from '../../declarations/value.ts';
import { urlVariables } from '../../facts/prisma.ts';
import type { DecodedString } from '../decodedString.ts';
import type { TextFact } from '../gathered.ts';
import { type CredentialHit, credentialHits, literalsReached, passwordKey, type Reached } from './credentialHits.ts';
import { isDatabaseObject, namesSettings, textUnder } from './databaseObjects.ts';
import { type Destination, destinationOf, isTyped } from './destinations.ts';
import { certainLookUpText, lookUpText } from './environmentIdiom.ts';
import type { ScriptFile, Segment } from './file.ts';
import { decodeLiteral, literalAround } from './literals.ts';
import { locationOf, textOf } from './nodes.ts';

/** Names that say by themselves that the password is a database's. */
const databasePassword =
  /^(?:db|database|postgres(?:ql)?|pg|mysql|mariadb|mssql|sql(?:server)?|oracle)_?(?:password|passwd|pass|pwd)$/i;
/** Names that a database's address goes by. */
const addressName =
  /(?:url|uri|dsn|conn(?:ection)?(?:_?str(?:ing)?)?|database|db|address|default|primary|replicas?|master|slaves?|writer|reader|postgres(?:ql)?|mysql|mariadb|pg|sql|main|dev(?:elopment)?|prod(?:uction)?)s?$/i;
const exampleName =
  /example|sample|placeholder|dummy|mock|hint|help|pattern|regex|redact|mask|label|message|descr|title/i;
/** Functions that take an address, by the last part of their name. */
const addressTaker =
  /(?:^|[._])(?!is|has|valid|check|assert|expect|redact|mask|strip|parse|format)(?:connect|drizzle|postgres|neon|knex|createPool|createConnection|createClient|\w*Pool|\w*Client|\w*Url|\w*URL|\w*Dsn|\w*Database|\w*Db|\w*DB)$/;
/** A constant that says which database it is; `URL` alone does not. */
const databaseConstant = /^(?=.*(?:DATABASE|DB|SQL|POSTGRES|PG|MYSQL))[A-Z][A-Z0-9_]*_(?:URL|URI|DSN)$/;

/** Texts that may carry a password. */
const credentialTexts: TextFact<readonly CredentialHit[]> = {
  read: (text) => {
    const hits = credentialHits(text);
    return hits.length === 0 ? undefined : hits;
  },
};

export function readCredentials(
  file: ScriptFile,
  connectors: ReadonlySet<string>,
  sites: Iterable<CallSite>,
): CredentialSighting[] {
  return new CredentialReader(file, connectors, literalsReached(file.uri, connectors, sites)).read();
}

class CredentialReader {
  private readonly found = new Map<number, CredentialSighting>();

  constructor(
    private readonly file: ScriptFile,
    private readonly connectors: ReadonlySet<string>,
    private readonly reached: Reached,
  ) {}

  read(): CredentialSighting[] {
    const { file } = this;
    for (const { segment, value: hits } of file.gather(credentialTexts)) {
      for (const hit of hits) this.take(segment, hit);
    }
    for (const [offset, isPassword] of this.reached) {
      if (!isPassword) continue;
      const segment = file.segmentAt(offset);
      this.take(segment, { kind: 'password', offset: offset - segment.start });
    }
    return [...this.found.values()].sort((a, b) => a.at.start - b.at.start);
  }

  private take(segment: Segment, { kind, offset }: CredentialHit): void {
    const node = this.file.tree(segment).rootNode.descendantForIndex(offset, offset + 1);
    const literal = node === null ? undefined : literalAround(node);
    const decoded = literal && decodeLiteral(this.file, segment, literal);
    if (literal === undefined || decoded === undefined) return;
    const destination = destinationOf(this.file, segment, literal, this.connectors);
    const sighting =
      kind === 'text'
        ? this.inText(segment, literal, decoded, destination)
        : this.asPassword(segment, literal, decoded, destination);
    if (sighting !== undefined && !this.found.has(sighting.at.start)) this.found.set(sighting.at.start, sighting);
  }

  /** `"postgres://user:password@host/name"`, `"Server=host;User Id=user;Password=…"`. */
  private inText(
    segment: Segment,
    literal: Node,
    decoded: DecodedString,
    destination: Destination | undefined,
  ): CredentialSighting | undefined {
    const url = readUrl(decoded.text);
    const parts =
      url === undefined || !databaseSchemes.test(url.scheme)
        ? readConnectionString(decoded.text)
        : url.password && { ...url.password, user: url.user, host: url.host };
    if (parts === undefined || !this.isAddress(segment, literal, destination)) return undefined;
    const secret = decoded.text.slice(parts.start, parts.end);
    if (isTemplate(secret)) return undefined;
    const start = segment.start + decoded.offsets[parts.start]!;
    const end = segment.start + decoded.offsets[parts.end]!;
    const isWhole = !decoded.text.includes('\uFFFC');
    return {
      ...this.sighting(start, Math.max(end, start + 1), destination),
      literal: locationOf(this.file, segment, literal),
      form: url === undefined ? 'dsn' : 'url',
      host: hostKind(parts.host),
      isPlaceholderWord: isPlaceholderWord(secret, parts.user),
      fixes: isWhole
        ? this.fixes(segment, literal, destination, 'DATABASE_URL')
        : this.fixInside({ start, end }, destination),
    };
  }

  private isAddress(segment: Segment, literal: Node, destination: Destination | undefined): boolean {
    if (this.reached.has(segment.start + literal.startIndex)) return true;
    if (destination === undefined) return false;
    const { name, fallbackOf, callee, isConnector } = destination;
    if (isConnector || fallbackOf !== undefined) return true;
    if (exampleName.test(name)) return false;
    return addressName.test(name) || (name === '' && callee !== undefined && addressTaker.test(callee));
  }

  private asPassword(
    segment: Segment,
    literal: Node,
    decoded: DecodedString,
    destination: Destination | undefined,
  ): CredentialSighting | undefined {
    if (isTemplate(decoded.text) || !this.isPassword(segment, literal, destination)) return undefined;
    const object = destination?.object;
    const user = object && textUnder(this.file, segment, object, /^(?:user|username|userName)$/);
    const host = object && textUnder(this.file, segment, object, /^(?:host|hostname|server)$/);
    return {
      ...this.sighting(segment.start + decoded.offsets[0]!, segment.start + decoded.offsets.at(-1)!, destination),
      literal: locationOf(this.file, segment, literal),
      form: 'keyword',
      host: host === undefined ? 'unknown' : hostKind(host),
      isPlaceholderWord: isPlaceholderWord(decoded.text, user),
      fixes: this.fixes(segment, literal, destination, 'DATABASE_PASSWORD'),
    };
  }

  private isPassword(segment: Segment, literal: Node, destination: Destination | undefined): boolean {
    if (this.reached.get(segment.start + literal.startIndex) === true) return true;
    if (destination === undefined) return false;
    const { name, fallbackOf, isConnector, object } = destination;
    if (passwordVariable.test(fallbackOf ?? name))
      return object === undefined || !namesSettings(this.file, segment, object);
    if (databasePassword.test(name)) return true;
    if (!passwordKey.test(name) || object === undefined) return false;
    return isConnector || isDatabaseObject(this.file, segment, object);
  }

  private sighting(start: number, end: number, destination: Destination | undefined) {
    const { uri } = this.file;
    return {
      uri,
      at: locate(uri, { start, end }),
      isEnvironmentFallback: destination?.fallbackOf !== undefined,
      variable: destination?.fallbackOf,
    };
  }

  private fixes(
    segment: Segment,
    literal: Node,
    destination: Destination | undefined,
    usual: string,
  ): CredentialFixPlan[] {
    const edit = destination?.edit;
    if (destination === undefined || edit === undefined) return [];
    const { name, fallbackOf } = destination;
    const isNamed = databaseConstant.test(name) || passwordVariable.test(name);
    const variable = fallbackOf ?? (isNamed ? name : Object.hasOwn(urlVariables, name) ? urlVariables[name]! : usual);
    const quote = textOf(this.file, segment, literal).startsWith("'") ? "'" : '"';
    const replacement =
      edit.kind === 'look-up'
        ? certainLookUpText(this.file, variable, quote)
        : edit.kind === 'certain' && isTyped(this.file)
          ? '!'
          : '';
    return [
      {
        variable,
        replace: locate(this.file.uri, edit.span),
        replacement,
        literal: locationOf(this.file, segment, literal),
      },
    ];
  }

  /** In a text with other values in it only the password goes; it moves as it stands, escapes of the URL included. */
  private fixInside(span: { start: number; end: number }, destination: Destination | undefined): CredentialFixPlan[] {
    if (destination === undefined || destination.fallbackOf !== undefined) return [];
    const at = locate(this.file.uri, span);
    const variable = 'DATABASE_PASSWORD';
    return [{ variable, replace: at, replacement: `\${${lookUpText(this.file, variable, '"')}}`, literal: at }];
  }
}
