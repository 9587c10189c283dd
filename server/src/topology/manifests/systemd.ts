/** Units of systemd: what ExecStart runs. A template (`name@.service`) runs as often as it is started. */
import type { ManifestFact } from '../drift.ts';
import { FactCollector, knownVariables } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import type { ManifestVariable } from './command-node.ts';
import { readIni } from './ini.ts';
import { fileName } from './names.ts';
import { splitShell } from './shell.ts';

export function readSystemdUnit(uri: string, text: string): ManifestFact[] {
  const section = readIni(text, { continues: 'backslash' }).find(({ name }) => name === 'Service');
  const start = section?.entries.findLast(({ key }) => key === 'execstart');
  if (!section || !start) return [];
  const collector = new FactCollector(uri, fileName(uri), 'processes');
  const service = fileName(uri).replace(/@?\.service$/, '');
  const variables: ManifestVariable[] = section.entries
    .filter(({ key }) => key === 'environment')
    .flatMap(({ value, span }) =>
      splitShell(value, span).flatMap(({ words }) =>
        words.flatMap((word) => {
          const match = /^(\w+)=([\s\S]*)$/.exec(word.text ?? '');
          return match ? [{ name: match[1]!, value: match[2]!, span: word.span }] : [];
        }),
      ),
    );
  // Prefixes such as `-` and `!` say how to run it.
  const prefix = /^[-@:+!|]*/.exec(start.value)![0].length;
  const command = { start: start.span.start + prefix, end: start.span.end };
  const programs = readShellCommand(start.value.slice(prefix), command, knownVariables(variables));
  if (programs.length === 0) return [];
  collector.addPrograms(service, programs);
  collector.addVariables(service, variables);
  if (fileName(uri).includes('@.')) {
    collector.addUnknown(service, 'replicas', 'a template unit runs as often as it is started', start.keySpan);
  }
  return collector.facts;
}
