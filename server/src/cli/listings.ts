/** `poolproof pools` and `poolproof fleet`. They list and judge nothing: their exit status is 0 unless reading failed. */

import { version } from '../../../package.json';
import { fleetFormats, poolsFormats } from '../present/formats.ts';
import { type CommandIo, exitStatus } from './io.ts';
import type { RunOptions } from './options.ts';
import { nameFailures, open, reportOf } from './session.ts';
import { colorsFor } from './terminal.ts';

export function runPools(paths: readonly string[], options: RunOptions, io: CommandIo): Promise<number> {
  return list(poolsFormats, paths, options, io);
}

export function runFleet(paths: readonly string[], options: RunOptions, io: CommandIo): Promise<number> {
  return list(fleetFormats, paths, options, io);
}

async function list(
  formats: typeof poolsFormats,
  paths: readonly string[],
  options: RunOptions,
  io: CommandIo,
): Promise<number> {
  const [opened, present] = [await open(paths, options, io), await formats[options.format]!()];
  io.stdout.write(present(reportOf(opened), { colors: colorsFor(options.color, io), version, part: '' }));
  return nameFailures(opened, io) ? exitStatus.failure : exitStatus.clean;
}
