/** Environment files of a project: the values they supply, in the order in which they count, and passwords in them. */
import type { LineIndex } from '../core/text.ts';
import { type EnvironmentEntry, readEnvironmentFile } from '../declarations/environmentFile.ts';
import type { CredentialSighting, SourceContext, Suppression } from '../declarations/pool.ts';
import { credentialsInConfiguration, credentialsInEnvironment } from '../declarations/textCredentials.ts';
import type { Language } from '../declarations/value.ts';
import { readSuppressions } from '../syntax/suppressions.ts';

const environmentFile = /^\.env(?:\.[\w-]+)*$/;
const exampleFile = /\.(?:example|sample|template|dist|defaults?)\b/;
const testFile = /\.(?:test|testing|ci)\b/;

/**
 * Files that set a variable, first wins. Python reads `.env` alone; Next, Nuxt, Vite and others read those of the mode
 * they run in, and production is the mode that counts (their own documentation of load order).
 */
const orderOf: Readonly<Record<Language, readonly string[]>> = {
  python: ['.env'],
  prisma: ['.env'],
  typescript: ['.env.production.local', '.env.local', '.env.production', '.env'],
};

export function isEnvironmentFile(name: string): boolean {
  return environmentFile.test(name);
}

/** A `#` that begins its line; anywhere else it may be part of a value. */
const commentLine = /^\s*[#;]/;

interface Entry {
  readonly values: ReadonlyMap<string, EnvironmentEntry>;
  readonly credentials: readonly (CredentialSighting & { readonly context: SourceContext })[];
  readonly suppressions: readonly Suppression[];
}

export class EnvironmentFiles {
  private readonly entries = new Map<string, Entry>();

  /** `isTracked` tells whether git has the file; what is not in git leaks nothing. */
  /** `context`: by the file's place; its name may say more. */
  loadEnvironment(
    uri: string,
    text: string,
    lines: LineIndex,
    is: { readonly isTracked: boolean; readonly context: SourceContext },
  ): void {
    const values = readEnvironmentFile(uri, text);
    const name = uri.slice(uri.lastIndexOf('/') + 1);
    const isExample = exampleFile.test(name);
    const context = isExample ? 'example' : testFile.test(name) ? 'test' : is.context;
    const found = is.isTracked ? credentialsInEnvironment(uri, values) : [];
    this.entries.set(uri, {
      // What an example says is nobody's setting.
      values: isExample ? new Map() : values,
      credentials: found.filter((each) => !isExample || isReal(each)).map((each) => ({ ...each, context })),
      suppressions: suppressionsIn(uri, text, lines),
    });
  }

  /** A configuration file that supplies no values but may hold a database URL. */
  loadConfiguration(uri: string, text: string, lines: LineIndex, context: SourceContext): void {
    const credentials = credentialsInConfiguration(uri, text, commentLine).map((each) => ({ ...each, context }));
    this.entries.set(uri, { values: new Map(), credentials, suppressions: suppressionsIn(uri, text, lines) });
  }

  remove(uri: string): void {
    this.entries.delete(uri);
  }

  /** The variable as an environment file in the nearest of these folders, innermost first, sets it. */
  variable(name: string, folders: readonly string[], language: Language): EnvironmentEntry | undefined {
    for (const folder of folders) {
      for (const file of orderOf[language]) {
        const entry = this.entries.get(`${folder}/${file}`)?.values.get(name);
        if (entry !== undefined) return entry;
      }
    }
    return undefined;
  }

  /** Names of all variables that are set anywhere. */
  names(): string[] {
    return [...new Set([...this.entries.values()].flatMap(({ values }) => [...values.keys()]))];
  }

  credentials(): (CredentialSighting & { readonly context: SourceContext })[] {
    return [...this.entries.values()].flatMap((entry) => entry.credentials);
  }

  *suppressions(): Iterable<readonly [string, readonly Suppression[]]> {
    for (const [uri, { suppressions }] of this.entries) if (suppressions.length > 0) yield [uri, suppressions];
  }
}

/** Examples are made of placeholders; only what opens a server somewhere is no example. */
function isReal({ isPlaceholderWord, host }: CredentialSighting): boolean {
  return !isPlaceholderWord && host === 'remote';
}

function suppressionsIn(uri: string, text: string, lines: LineIndex): Suppression[] {
  const isAlone = (offset: number) => text.slice(lines.lineStart(lines.lineAt(offset)), offset).trim() === '';
  return readSuppressions(uri, text, lines, isAlone);
}
