/** Configurations of Sequelize's command line in JSON, which JavaScript requires as a module: one value, exported whole. */
import { LineIndex } from '../../core/text.ts';
import { databaseSchemes, hostKind, isPlaceholderWord, isTemplate, readUrl } from '../../declarations/credentials.ts';
import type { CredentialSighting } from '../../declarations/pool.ts';
import { type SourceModel, wholeModule } from '../../declarations/source.ts';
import { partsOf } from '../../declarations/traverse.ts';
import { type MappingEntry, plainText, unknown, type Value } from '../../declarations/value.ts';
import { sequelizeDialects } from '../../facts/sequelize.ts';
import type { ExtractionRequest, SourceDocument, TextChange } from '../frontEnd.ts';
import { parseJson } from './parse.ts';

export class JsonFile implements SourceDocument {
  lines: LineIndex;

  constructor(
    readonly uri: string,
    public text: string,
  ) {
    this.lines = LineIndex.of(text);
  }

  edit({ start, end, newText, after }: TextChange): void {
    this.text = after?.text ?? this.text.slice(0, start) + newText + this.text.slice(end);
    this.lines = after?.lines ?? LineIndex.of(this.text);
  }

  release(): void {}
}

export function extractJson({ uri, text, lines }: JsonFile, { context }: ExtractionRequest): SourceModel {
  const at = { uri, start: 0, end: text.length };
  const whole: Value = parseJson(uri, text) ?? unknown('the file is no JSON', at);
  const entries = whole.kind === 'mapping' ? whole.entries : [];
  return {
    uri,
    lines,
    context,
    callSites: [],
    factories: [],
    factoryCalls: [],
    settings: [],
    exports: {
      value: (name) =>
        name === wholeModule || name === 'default'
          ? whole
          : (entries.findLast((each) => each.key === name)?.value ?? unknown(`${name} is no key of the file`, at)),
      definition: () => undefined,
    },
    credentials: credentialsIn(whole, text),
    suppressions: [],
  };
}

/** Of every object that names a dialect of Sequelize: its password, or the one in its URL. */
function credentialsIn(value: Value, text: string): CredentialSighting[] {
  const within = partsOf(value).flatMap((each) => credentialsIn(each, text));
  if (value.kind !== 'mapping') return within;
  const written = (key: string) => {
    const found = entryOf(value.entries, key);
    return found && plainText(found);
  };
  if (!Object.hasOwn(sequelizeDialects, written('dialect') ?? '')) return within;
  const host = written('host') ?? '';
  const own = ['password', 'url'].flatMap((key): CredentialSighting[] => {
    const found = entryOf(value.entries, key);
    const content = found && plainText(found);
    // Escapes make a literal longer than what it says: then the places within it do not fit.
    if (!content || found.at.end - found.at.start !== content.length + 2) return [];
    const url = key === 'url' ? readUrl(content) : undefined;
    if (key === 'url' && (url?.password === undefined || !databaseSchemes.test(url.scheme))) return [];
    const place = url?.password ?? { start: 0, end: content.length };
    const password = content.slice(place.start, place.end);
    if (isTemplate(password)) return [];
    const start = found.at.start + 1;
    return [
      {
        uri: found.at.uri,
        at: { uri: found.at.uri, start: start + place.start, end: start + place.end },
        literal: found.at,
        form: 'configuration',
        host: hostKind(url === undefined ? host : url.host),
        isPlaceholderWord: isPlaceholderWord(password, url === undefined ? written('username') : url.user),
        isEnvironmentFallback: false,
        fixes: [],
      },
    ];
  });
  return [...own, ...within];
}

function entryOf(entries: readonly MappingEntry[], key: string): Value | undefined {
  return entries.findLast((each) => each.key === key)?.value;
}
