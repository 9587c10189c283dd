/** What a file says of pools and clients that it builds, listens to or runs transactions on. */
import type { ModuleObject, ScriptObjects } from '../../declarations/scriptObjects.ts';
import type { ScriptFile } from './file.ts';
import { errorListenersIn } from './moduleObjects.ts';
import { transactionsIn } from './transactions.ts';

const program = /^#!|\bprocess\.exit\s*\(|\.listen\s*\(|\brequire\.main\b|\bimport\.meta\.main\b/;
const global = /\bglobal(?:This)?\b/;

/** Undefined where there is nothing to say. */
export function readScriptObjects(file: ScriptFile, objects: readonly ModuleObject[]): ScriptObjects | undefined {
  const errorListeners = errorListenersIn(file);
  const transactions = transactionsIn(file);
  if (objects.length + errorListeners.length + transactions.length === 0) return undefined;
  const isAsked = objects.length > 0;
  return {
    objects,
    errorListeners,
    transactions,
    mentionsGlobal: isAsked && global.test(file.text),
    isProgram: isAsked && (program.test(file.text) || objects.some(({ name }) => isClosed(file.text, name))),
  };
}

/** A module that closes what it builds runs to an end. */
function isClosed(text: string, name: string): boolean {
  return text.includes(`${name}.end(`) || text.includes(`${name}.$disconnect(`);
}
