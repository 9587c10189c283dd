// What every benchmark needs: where things lie, statistics over samples, and what the machine says about a process.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../bundling.mjs';

/**
 * Node reads the certificates that this names before it looks at any program, longer than it takes to start otherwise. That says
 * something of the machine and nothing of what is measured: it is taken out for all, and what it costs has a row of its own.
 */
export const certificates = process.env.NODE_EXTRA_CA_CERTS;
delete process.env.NODE_EXTRA_CA_CERTS;

/** Everything fetched or generated for the benchmarks; ignored by git. */
export const benchFolder = join(root, '.tools/bench');

const flags = new Set(process.argv.slice(2));
/** `--quick` takes few samples: enough to see that everything runs, too few to quote. */
export const quick = flags.has('--quick');

/** How many samples to take; the second number under `--quick`. */
export function sampleCount(usual, underQuick) {
  return quick ? underQuick : usual;
}

/**
 * The program measured: `dist/cli.js`, or what POOLPROOF_CLI names.
 * @returns {string | undefined} the file, or undefined where it is not built yet
 */
export function poolproofBundle() {
  const file = process.env.POOLPROOF_CLI ?? join(root, 'dist/cli.js');
  return existsSync(file) ? file : undefined;
}

export const notBuilt = 'Poolproof is not measured: dist/cli.js does not exist. Build it first (npm run build).';

/** The value below which the given share (0..1) of the samples lies; the nearest rank, no interpolation. */
export function quantile(samples, share) {
  if (samples.length === 0) throw new Error('No samples.');
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export const median = (samples) => quantile(samples, 0.5);
export const p95 = (samples) => quantile(samples, 0.95);

/** Milliseconds as a reader wants them: three significant digits, seconds from one second on. */
export function milliseconds(value) {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
}

export const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
/** A share as a reader wants it: `1/15` where it is small, else a factor. */
export function ratio(value) {
  if (value < 0.5) return `1/${(1 / value).toFixed(1)}`;
  return `${value >= 10 ? value.toFixed(1) : value.toFixed(2)} ×`;
}

/**
 * Runs every contestant once per round, in turn, so that a slow minute of the machine hits all of them alike.
 * The first round of each is a warm-up and is thrown away.
 * @param {{ name: string, sample: () => number | number[] | Promise<number | number[]> }[]} contestants
 * @returns {Promise<{ samples: Map<string, number[]>, failures: Map<string, string> }>} milliseconds by name; a contestant that throws
 *   leaves the race and its reason is kept
 */
export async function alternate(contestants, rounds) {
  const samples = new Map(contestants.map(({ name }) => [name, []]));
  const failures = new Map();
  for (let round = 0; round <= rounds; round++) {
    for (const { name, sample } of contestants) {
      if (failures.has(name)) continue;
      try {
        const taken = await sample();
        if (round > 0) samples.get(name).push(...[taken].flat());
      } catch (error) {
        failures.set(name, error.message);
        samples.delete(name);
      }
    }
  }
  return { samples, failures };
}

/** Resident memory of a process in bytes; undefined where the system does not tell. */
export function residentBytes(pid) {
  if (platform() === 'linux') {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes ? Number(kilobytes) * 1024 : undefined;
  }
  if (platform() === 'win32') return undefined;
  const kilobytes = Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim());
  return kilobytes > 0 ? kilobytes * 1024 : undefined;
}

/** Processor time of a process so far, in clock ticks of 10 ms; undefined outside Linux. */
export function processorTicks(pid) {
  if (platform() !== 'linux') return undefined;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** The machine in words that say nothing about whose it is. */
export function machine() {
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() || 'unknown processor'})`,
    `${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
    `${platform()} ${arch()}`,
    `Node ${process.versions.node}`,
  ].join(', ');
}

/** Whether this module is the program that was started, not one imported by it. */
export function isProgram(moduleUrl) {
  return process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === moduleUrl;
}

/** Progress for whoever waits; on standard error, so that the tables can be redirected. */
export function say(message) {
  process.stderr.write(`  ${message}\n`);
}
