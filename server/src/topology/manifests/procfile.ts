/** Procfile: one start command per process type. How many of each run is not in it. */
import { locate } from '../../core/text.ts';
import type { ManifestFact } from '../drift.ts';
import { readShellCommand } from './command-line.ts';

export function readProcfile(uri: string, text: string): ManifestFact[] {
  const facts: ManifestFact[] = [];
  for (const line of text.matchAll(/^([A-Za-z0-9_-]+):[ \t]*([^\r\n]+)/gm)) {
    const [whole, service, command] = line as unknown as [string, string, string];
    // `release` runs once per deploy and is gone.
    if (service === 'release') continue;
    const end = line.index + whole.length;
    for (const fact of readShellCommand(command, { start: end - command.length, end })) {
      facts.push({ service, key: fact.key, value: fact.value, at: locate(uri, fact.span), manifest: 'Procfile' });
    }
  }
  return facts;
}
