/** Shell scripts that start a server: entrypoint.sh, start, run-worker.sh. */
import type { ManifestFact } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import { fileName, folderName } from './names.ts';

const ofWholeProject = /^(?:sh|prod|production|server|app|web|all)$/;

export function readStartScript(uri: string, text: string): ManifestFact[] {
  if (!text.startsWith('#!')) return [];
  const file = fileName(uri);
  const collector = new FactCollector(uri, file, 'start-script');
  // `start-celeryworker` is about "celeryworker".
  const suffix = /^(?:start|run|entrypoint)[-_.]([\w-]+?)(?:\.sh)?$/.exec(file)?.[1];
  const service = suffix === undefined || ofWholeProject.test(suffix) ? folderName(uri) : suffix;
  collector.addPrograms(service, readShellCommand(text, { start: 0, end: text.length }));
  return collector.facts;
}
