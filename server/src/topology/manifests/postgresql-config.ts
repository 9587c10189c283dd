/** postgresql.conf: the last max_connections counts. */
import { locate } from '../../core/text.ts';
import type { ManifestFact } from '../drift.ts';
import { wholeNumber } from './command-line.ts';
import { folderName } from './names.ts';

export function readPostgresqlConfig(uri: string, text: string): ManifestFact[] {
  let fact: ManifestFact | undefined;
  for (const line of text.matchAll(/^[ \t]*max_connections(?:[ \t]*=[ \t]*|[ \t]+)'?(\d+)'?/gim)) {
    const value = wholeNumber(line[1]);
    if (value === undefined) continue;
    const start = line.index + line[0].lastIndexOf(line[1]!);
    const at = locate(uri, { start, end: start + line[1]!.length });
    fact = { service: folderName(uri), key: 'max_connections', value, at, manifest: 'postgresql.conf' };
  }
  return fact ? [fact] : [];
}
