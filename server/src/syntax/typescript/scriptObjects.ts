/** What a file says of pools and clients that it builds, listens to or runs transactions on. */
import type { ModuleObject, ScriptObjects } from '../../declarations/scriptObjects.ts';
import type { ScriptFile, Segment } from './file.ts';
import { errorListenersIn } from './moduleObjects.ts';
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

const traitsFact = {};

/** Undefined where there is nothing to say. */
export function readScriptObjects(file: ScriptFile, objects: readonly ModuleObject[]): ScriptObjects | undefined {
  const errorListeners = errorListenersIn(file);
  const transactions = transactionsIn(file);
  if (objects.length + errorListeners.length + transactions.length === 0) return undefined;
  const traits = objects.length === 0 ? [] : file.segments.map((segment) => traitsOf(file, segment));
  return {
    objects,
    errorListeners,
    transactions,
    mentionsGlobal: traits.some((each) => each.mentionsGlobal),
    // A module that closes what it builds runs to an end.
    isProgram:
      traits.some((each) => each.isProgram || objects.some(({ name }) => each.closes.includes(name))) ||
      (objects.length > 0 && file.text.startsWith('#!')),
  };
}

function traitsOf(file: ScriptFile, segment: Segment): ModuleTraits {
  return segment.remember(traitsFact, () => {
    const text = file.text.slice(segment.start, segment.end);
    return {
      mentionsGlobal: global.test(text),
      isProgram: program.test(text),
      closes: Array.from(text.matchAll(closing), (match) => match[1]!),
    };
  });
}
