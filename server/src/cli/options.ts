/** The options of the commands, as commander delivers them and as the commands use them. */

import { nearest } from '../core/nearest.ts';
import type { Severity } from '../rules/finding.ts';
import { UsageError } from './io.ts';

export interface RunOptions {
  readonly format: string;
  readonly topology?: string;
  readonly select: readonly string[];
  readonly ignore: readonly string[];
  readonly minSeverity: Severity;
  readonly fix: boolean;
  readonly diff: boolean;
  readonly stdinFilename?: string;
  readonly baseline?: string;
  readonly updateBaseline: boolean;
  readonly respectIgnoreFiles: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly statistics: boolean;
}

/** Collects a repeatable option whose values may be lists with commas. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, ...value.split(',').map((each) => each.trim())].filter((each) => each !== '');
}

export function readOptions(given: Readonly<Record<string, unknown>>): RunOptions {
  const options: RunOptions = {
    format: given['format'] as string,
    topology: given['topology'] as string | undefined,
    select: given['select'] as readonly string[],
    ignore: given['ignore'] as readonly string[],
    minSeverity: given['minSeverity'] as Severity,
    fix: given['fix'] === true,
    diff: given['diff'] === true,
    stdinFilename: given['stdinFilename'] as string | undefined,
    baseline: given['baseline'] as string | undefined,
    updateBaseline: given['updateBaseline'] === true,
    respectIgnoreFiles: given['noIgnore'] !== true,
    color: given['color'] as RunOptions['color'],
    quiet: given['quiet'] === true,
    statistics: given['statistics'] === true,
  };
  if (options.updateBaseline && options.baseline === undefined) {
    throw new UsageError('--update-baseline needs --baseline FILE: the file to write.');
  }
  if (options.fix && !options.diff && options.stdinFilename !== undefined) {
    throw new UsageError('--fix writes files and cannot fix standard input; --diff prints what it would change.');
  }
  return options;
}

/** Fails on the first id that is no rule, naming the nearest one. */
export function checkRuleIds(ids: readonly string[], known: readonly string[]): void {
  for (const id of ids) {
    if (known.includes(id)) continue;
    const suggestion = nearest(id, known);
    const hint = suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;
    throw new UsageError(`There is no rule ${JSON.stringify(id)}.${hint} "poolproof explain" lists the rules.`);
  }
}
