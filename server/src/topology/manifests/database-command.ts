/** Settings in a command that starts a database server: `postgres -c max_connections=200`. */
import type { ManifestKey } from '../drift.ts';
import { type CommandFact, numberOrReason } from './program-options.ts';
import type { Word } from './shell.ts';

/** PostgreSQL's own numbers that a budget depends on. */
const settings = new Set<string>(['max_connections', 'superuser_reserved_connections', 'reserved_connections']);

/** What the last option of each kind says. */
export function readServerSettings(words: readonly Word[]): CommandFact[] {
  const facts = new Map<ManifestKey, CommandFact>();
  const take = (name: string, value: string | undefined, word: Word) => {
    const key = name.replaceAll('-', '_');
    if (!settings.has(key)) return;
    const read = value === undefined ? { value: null, reason: 'it is known only at run time' } : numberOrReason(value);
    const variable = word.variable === undefined ? {} : { variable: word.variable };
    facts.set(key as ManifestKey, { key: key as ManifestKey, ...read, span: word.span, ...variable });
  };
  words.forEach((word, index) => {
    const { text } = word;
    const next = words[index + 1];
    if (text === undefined) {
      const named = /^(?:-c|--)?([a-z][a-z_-]*)=/.exec(word.written);
      if (named) take(named[1]!, undefined, word);
      return;
    }
    if (text === '-N' && next) take('max_connections', next.text, next);
    const setting = /^(?:-c|--)?([a-z][a-z_-]{0,60})=(.*)$/.exec(text);
    // A setting without dashes belongs to the -c in front of it.
    if (setting && (text.startsWith('-') || words[index - 1]?.text === '-c')) take(setting[1]!, setting[2], word);
    else if (/^--max[_-]connections$/.test(text) && next) take('max_connections', next.text, next);
  });
  return [...facts.values()];
}
