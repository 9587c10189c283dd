/** supervisord.conf: a service per program; `numprocs` starts a program several times in one instance. */
import type { ManifestFact } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import type { ManifestVariable } from './command-node.ts';
import { type IniEntry, type IniSection, readIni } from './ini.ts';
import { fileName } from './names.ts';
import { type CommandFact, type StartedProgram, wholeNumber } from './program-options.ts';
import { splitShell } from './shell.ts';

export function readSupervisor(uri: string, text: string): ManifestFact[] {
  const collector = new FactCollector(uri, fileName(uri), 'processes');
  for (const section of readIni(text, { continues: 'indent' })) {
    const name = /^program:([\w.-]+)$/.exec(section.name)?.[1];
    if (name === undefined || entry(section, 'autostart')?.value.toLowerCase() === 'false') continue;
    const command = entry(section, 'command');
    if (!command) continue;
    // Supervisor's own expansions are variables too: %(ENV_WORKERS)s.
    // Both replacements leave places where they are.
    const shell = command.value
      .replace(/[\r\n]/g, ' ')
      .replace(/%\(ENV_(\w+)\)s/g, (whole, variable: string) => `\${${variable}}`.padEnd(whole.length));
    const programs = readShellCommand(shell, command.span);
    const copies = entry(section, 'numprocs');
    collector.addPrograms(name, copies ? programs.map((program) => multiplied(program, copies)) : programs);
    collector.addVariables(name, variablesOf(entry(section, 'environment')));
  }
  return collector.facts;
}

function entry(section: IniSection, key: string): IniEntry | undefined {
  return section.entries.findLast((each) => each.key === key);
}

/** Copies of a program are so many times its workers; of Celery, so many workers with children each. */
function multiplied(program: StartedProgram, { value, span }: IniEntry): StartedProgram {
  const copies = wholeNumber(value);
  if (copies === 1) return program;
  const reason = 'numprocs is not a whole number above 0';
  const workers = program.find((fact) => fact.key === 'workers');
  const rest = program.filter((fact) => fact !== workers);
  const known = copies !== undefined && (workers === undefined || typeof workers.value === 'number');
  const product = known ? copies * ((workers?.value as number | undefined) ?? 1) : null;
  const fact: CommandFact = {
    key: 'workers',
    span,
    value: product,
    ...(product === null && { reason: workers?.reason ?? reason }),
  };
  return [...rest, fact];
}

/** `A="1",B=2`. */
function variablesOf(environment: IniEntry | undefined): ManifestVariable[] {
  if (!environment) return [];
  return environment.value.split(',').flatMap((part) => {
    const words = splitShell(part, environment.span).flatMap((command) => command.words);
    const match = /^(\w+)=([\s\S]*)$/.exec(words[0]?.text ?? '');
    return match ? [{ name: match[1]!, value: match[2]!, span: environment.span }] : [];
  });
}
