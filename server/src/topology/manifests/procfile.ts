/** Procfile: one start command per process type. How many of each run is not in it. */
import type { ManifestFact } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import { fileName } from './names.ts';

export function readProcfile(uri: string, text: string): ManifestFact[] {
  const collector = new FactCollector(uri, fileName(uri), 'processes');
  for (const line of text.matchAll(/^([A-Za-z0-9_-]+):[ \t]*([^\r\n]+)/gm)) {
    const [whole, service, command] = line as unknown as [string, string, string];
    // `release` runs once per deploy and is gone.
    if (service === 'release') continue;
    const end = line.index + whole.length;
    collector.addPrograms(service, readShellCommand(command, { start: end - command.length, end }));
  }
  return collector.facts;
}
