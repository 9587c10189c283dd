/** Colours and progress, each only where it is wanted. */
import picocolors from 'picocolors';
import type { Colors } from '../present/colors.ts';
import type { CommandIo } from './io.ts';

/** NO_COLOR and FORCE_COLOR count where the option leaves it to the surroundings. */
export function colorsFor(when: 'auto' | 'always' | 'never', { env, stdout }: CommandIo): Colors {
  return picocolors.createColors(when === 'always' || (when === 'auto' && wantsColor(env, stdout.isTTY === true)));
}

function wantsColor(env: CommandIo['env'], isTerminal: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** Milliseconds before progress shows: a short run stays quiet. */
const patience = 400;

export interface Progress {
  readonly report: ((done: number, total: number) => void) | undefined;
  /** Takes the line away again. */
  clear(): void;
}

/** A line on standard error that counts files; nothing at all where that is no terminal. */
export function progressOn({ stderr }: CommandIo, isQuiet: boolean): Progress {
  if (isQuiet || stderr.isTTY !== true) return { report: undefined, clear() {} };
  const started = performance.now();
  let isShown = false;
  return {
    report(done, total) {
      if (performance.now() - started < patience) return;
      isShown = true;
      stderr.write(`\rReading ${done} of ${total} files`);
    },
    clear() {
      if (isShown) stderr.write('\r\u001B[2K');
      isShown = false;
    },
  };
}
