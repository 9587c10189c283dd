/** Shell scripts that start a server: entrypoint.sh, start, run-worker.sh. */
import type { ManifestFact } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import { fileName, folderName } from './names.ts';

/** Parts of a script's name that say no more than that it starts something. */
const plainName = /^(?:(?:docker-)?entrypoint|start|run)$/;
const prefix = /^(?:(?:docker-)?entrypoint|start|run)[-_.]/;
const ofWholeProject = /^(?:prod|production|server|app|all|sh)$/;

export function readStartScript(uri: string, text: string): ManifestFact[] {
  if (!text.startsWith('#!')) return [];
  const file = fileName(uri);
  const collector = new FactCollector(uri, file, 'start-script');
  // `start-celeryworker` is about "celeryworker", `start` about its folder.
  const name = file.replace(/\.sh$/, '');
  const about = name.replace(prefix, '');
  const service = plainName.test(name) || ofWholeProject.test(about) ? folderName(uri) : about;
  collector.addPrograms(service, readShellCommand(text, { start: 0, end: text.length }));
  return collector.facts;
}
