/** Other names under which a module hands functions on: `export { makePool as open } from './pool'`. */
import { defaultExportOf } from '../../declarations/source.ts';
import type { TextFact } from '../gathered.ts';
import type { ScriptFile } from './file.ts';

interface HandedOn {
  readonly name: string;
  readonly alias: string;
  readonly module?: string;
}

const handsOn = /\bexport\s*\{[^}]*\bas\b/;
const clause = /\bexport\s*\{([^}]*)\}(?:\s*from\s*["']([^"'\n]+)["'])?/g;
const renamed = /(?:^|,)\s*([\p{ID_Continue}$]+)\s+as\s+([\p{ID_Continue}$]+)\s*(?=,|$)/gu;

const handingOn: TextFact<readonly HandedOn[]> = {
  read: (text) => {
    if (!text.includes('export') || !/\bas\b/.test(text)) return undefined;
    const found = Array.from(text.matchAll(clause), ([, list, module]) =>
      Array.from(list!.matchAll(renamed), ([, name, alias]) => ({ name: name!, alias: alias!, module })),
    ).flat();
    return found.length === 0 ? undefined : found;
  },
};

/** The other names of what goes by one of these. */
export function aliasesHandedOn(file: ScriptFile, names: { has(name: string): boolean }): string[] {
  // Few modules hand anything on.
  if (!file.remember('hands on', () => handsOn.test(file.text))) return [];
  return file.gather(handingOn).flatMap(({ value }) =>
    value.flatMap(({ name, alias, module }) => {
      const known = name === 'default' && module !== undefined ? defaultExportOf(lastOf(module)) : name;
      if (!names.has(known)) return [];
      return alias === 'default' ? [defaultExportOf(lastOf(file.uri))] : [alias];
    }),
  );
}

/** What a module is called by its path. */
function lastOf(path: string): string {
  const parts = path.replace(/\.[cm]?[jt]sx?$/, '').split('/');
  if (parts.at(-1) === 'index' && parts.length > 1) parts.pop();
  return parts.at(-1)!;
}
