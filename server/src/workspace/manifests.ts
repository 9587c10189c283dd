/** The manifests of a project. They are read when somebody asks what they say, which most analyses do not. */
import { LineIndex } from '../core/text.ts';
import type { Suppression } from '../declarations/pool.ts';
import { readSuppressions } from '../syntax/suppressions.ts';
import type { ManifestFact } from '../topology/drift.ts';
import { readManifest } from '../topology/manifests/read.ts';
import { purposeOfManifest } from './fileKinds.ts';

interface Entry {
  /** Undefined once it was read. */
  text: string | undefined;
  facts: readonly ManifestFact[];
  readonly isForDevelopment: boolean;
  /** True where PgBouncer is spoken of: what is wrong there is told, whether there is a topology or not. */
  readonly mentionsPooler: boolean;
  readonly suppressions: readonly Suppression[];
  /** Python modules that the manifest names as the settings of what it starts. */
  readonly settingsModules: readonly string[];
}

/** `DJANGO_SETTINGS_MODULE=config.settings.production` in any notation, `--settings=config.settings.production`. */
const settingsModule =
  /(?:\bDJANGO_SETTINGS_MODULE["']?[ \t]*(?:[:=]|[ \t]|\r?\n[ \t]*value:)|--settings[= ])[ \t]*["']?([A-Za-z_][\w.]{0,200})/g;

export class Manifests {
  private readonly entries = new Map<string, Entry>();
  private all: readonly ManifestFact[] | undefined;
  private ofPoolers: readonly ManifestFact[] | undefined;

  load(uri: string, path: string, text: string): void {
    const purpose = purposeOfManifest(path);
    this.remove(uri);
    if (purpose === undefined) return;
    const isForDevelopment = purpose === 'development';
    const settingsModules = isForDevelopment ? [] : Array.from(text.matchAll(settingsModule), (match) => match[1]!);
    const mentionsPooler = /pgbouncer/i.test(text);
    // Only of poolers is anything told in a manifest itself.
    const suppressions = mentionsPooler
      ? readSuppressions(uri, text, LineIndex.of(text), (offset) => beginsLine(text, offset))
      : [];
    this.entries.set(uri, { text, facts: [], isForDevelopment, mentionsPooler, suppressions, settingsModules });
    this.all = undefined;
    this.ofPoolers = undefined;
  }

  remove(uri: string): void {
    if (!this.entries.delete(uri)) return;
    this.all = undefined;
    this.ofPoolers = undefined;
  }

  /** Settings modules of what is deployed. */
  settingsModules(): readonly string[] {
    return [...this.entries.values()].flatMap((entry) => entry.settingsModules);
  }

  /** The same list until a manifest changes, so that what was derived from it can be kept. */
  facts(): readonly ManifestFact[] {
    if (this.all === undefined) {
      // In an order of its own, not the disk's: outer folders first.
      const files = [...this.entries].sort(([a], [b]) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
      this.all = files.flatMap(([uri, entry]) => factsOf(uri, entry));
    }
    return this.all;
  }

  *suppressions(): Iterable<readonly [string, readonly Suppression[]]> {
    for (const [uri, { suppressions }] of this.entries) if (suppressions.length > 0) yield [uri, suppressions];
  }

  /** Of the manifests alone that speak of PgBouncer; the others need not be read for it. */
  poolerFacts(): readonly ManifestFact[] {
    this.ofPoolers ??= [...this.entries].flatMap(([uri, entry]) => (entry.mentionsPooler ? factsOf(uri, entry) : []));
    return this.ofPoolers;
  }
}

function factsOf(uri: string, entry: Entry): readonly ManifestFact[] {
  const { text, isForDevelopment } = entry;
  if (text !== undefined) {
    const facts = readManifest(uri, text);
    entry.facts = isForDevelopment ? facts.map((fact) => ({ ...fact, isForDevelopment })) : facts;
    entry.text = undefined;
  }
  return entry.facts;
}

/** A comment on a line of its own. */
function beginsLine(text: string, offset: number): boolean {
  return text[offset] === '#' && text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

function depthOf(uri: string): number {
  return uri.split('/').length;
}
