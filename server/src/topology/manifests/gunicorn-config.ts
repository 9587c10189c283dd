/** gunicorn.conf.py, as far as its values are literals at the left margin. */
import { locate } from '../../core/text.ts';
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { wholeNumber } from './command-line.ts';
import { folderName } from './names.ts';

export function readGunicornConfig(uri: string, text: string): ManifestFact[] {
  const manifest = 'gunicorn.conf.py';
  const service = folderName(uri);
  const facts = new Map<ManifestKey, ManifestFact | undefined>();
  for (const line of text.matchAll(/^([ \t]*)(workers|threads|worker_class)[ \t]*=(?!=)[ \t]*([^\r\n#]*)/gm)) {
    const [whole, indent, name, rest] = line as unknown as [string, string, ManifestKey, string];
    const written = rest.trimEnd();
    const start = line.index + whole.length - rest.length;
    const at = locate(uri, { start, end: start + written.length });
    const quoted = /^(["'])([\w.]+)\1$/.exec(written);
    const value = name === 'worker_class' ? quoted?.[2] : wholeNumber(written);
    // An expression, or a value under a condition, leaves the key unknown.
    const isCertain = value !== undefined && indent === '' && !facts.has(name);
    facts.set(name, isCertain ? { service, key: name, value, at, manifest } : undefined);
  }
  const known = [...facts.values()].filter((fact) => fact !== undefined);
  const first = known[0];
  return first ? [{ service, key: 'server', value: 'gunicorn', at: first.at, manifest }, ...known] : [];
}
