/** What a file says of pools and clients that it builds, listens to or runs transactions on. */
import type { ErrorListener, ModuleObject, ScriptObjects } from '../../declarations/scriptObjects.ts';
import type { TextFact } from '../gathered.ts';
import type { ScriptFile } from './file.ts';
import { errorListenersIn, mayListen } from './moduleObjects.ts';
import { transactionsIn } from './transactions.ts';

const program = /\bprocess\.exit\s*\(|\.listen\s*\(|\brequire\.main\b|\bimport\.meta\.main\b/;
const global = /\bglobal(?:This)?\b/;
const closing = /([\w$]+)\.(?:end|\$disconnect)\(/g;

/** What a segment's text says of the file as a whole. */
interface ModuleTraits {
  readonly mentionsGlobal: boolean;
  readonly isProgram: boolean;
  /** Names of what it closes. */
  readonly closes: readonly string[];
}

const moduleTraits: TextFact<ModuleTraits> = {
  read: (text) => {
    const traits = {
      mentionsGlobal: global.test(text),
      isProgram: program.test(text),
      closes: Array.from(text.matchAll(closing), (match) => match[1]!),
    };
    return traits.mentionsGlobal || traits.isProgram || traits.closes.length > 0 ? traits : undefined;
  },
};

/** Undefined where there is nothing to say. */
export function readScriptObjects(file: ScriptFile, objects: readonly ModuleObject[]): ScriptObjects | undefined {
  const transactions = transactionsIn(file);
  if (objects.length + transactions.length === 0 && !mayListen(file)) return undefined;
  let listeners: readonly ErrorListener[] | undefined;
  const traits = objects.length === 0 ? [] : file.gather(moduleTraits).map(({ value }) => value);
  return {
    objects,
    errorListeners: () => (listeners ??= errorListenersIn(file)),
    transactions,
    mentionsGlobal: traits.some((each) => each.mentionsGlobal),
    // A module that closes what it builds runs to an end.
    isProgram:
      traits.some((each) => each.isProgram || objects.some(({ name }) => each.closes.includes(name))) ||
      (objects.length > 0 && file.text.startsWith('#!')),
  };
}
