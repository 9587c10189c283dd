// Cold process runs over a whole tree: `poolproof check` beside `ast-grep scan` with the same two rules, `rg -l` for the same words, and bare Node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { corpusFiles, generatedTree } from './corpus.mjs';
import { writeAstGrepProject } from './peers.mjs';
import { addGoal, section } from './report.mjs';
import {
  alternate,
  benchFolder,
  certificates,
  median,
  megabytes,
  milliseconds,
  notBuilt,
  poolproofBundle,
  quantile,
  ratio,
  sampleCount,
  say,
} from './support.mjs';
import { tool } from './tools.mjs';

const words = 'create_engine|create_async_engine|engine_from_config';
/** 0 and 1 both mean "ran": linters and searchers say with them whether they found something. */
const ran = (status) => status === 0 || status === 1;

function describeFailure({ error, status, signal, stderr }) {
  return error?.message ?? `ended with ${signal ?? status}: ${String(stderr).trim().split('\n').at(-1)}`;
}

/** Wall time of one process in milliseconds, its output thrown away. */
function wallTime(command, args, cwd, env = process.env) {
  const startedAt = performance.now();
  const result = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const took = performance.now() - startedAt;
  if (!ran(result.status)) throw new Error(describeFailure(result));
  return took;
}

/** Peak resident memory of one run in bytes; undefined where GNU time is not installed. */
function peakMemory(command, args, cwd) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/time')) return undefined;
  const report = join(benchFolder, 'time.txt');
  const result = spawnSync('/usr/bin/time', ['-v', '-o', report, command, ...args], { cwd, stdio: 'ignore' });
  if (!ran(result.status) || !existsSync(report)) return undefined;
  const kilobytes = /Maximum resident set size \(kbytes\): (\d+)/.exec(readFileSync(report, 'utf8'))?.[1];
  rmSync(report);
  return kilobytes ? Number(kilobytes) * 1024 : undefined;
}

/** Parsed JSON of one run outside the clock, to see that the contestants did the work they are timed on. */
function jsonOf(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1024 ** 3 });
  try {
    return JSON.parse(result.stdout);
  } catch {
    throw new Error(describeFailure(result));
  }
}

function corpus() {
  const named = process.env.BENCH_CORPUS;
  if (!named) return generatedTree('corpus', corpusFiles);
  const folder = resolve(named);
  if (!existsSync(folder)) throw new Error(`BENCH_CORPUS: ${folder} does not exist.`);
  return { folder };
}

function contestants(tree, target) {
  const list = [];
  const cli = poolproofBundle();
  if (cli) {
    const args = [cli, 'check', tree.folder, '--format', 'json'];
    const found = () => {
      const { summary, errors } = jsonOf(process.execPath, args, tree.folder);
      const pools = tree.pools === undefined ? summary.pools : `${summary.pools} of ${tree.pools}`;
      return `Poolproof read ${summary.files} files, found ${pools} pools, could not read ${errors.length}.`;
    };
    list.push({ name: 'poolproof check', command: process.execPath, args, found });
    if (certificates) {
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificates };
      list.push({ name: 'the same under this machine’s NODE_EXTRA_CA_CERTS', command: process.execPath, args, env });
    }
  } else target.notes.push(notBuilt);
  const astGrep = tool('ast-grep');
  if (astGrep.missing) target.notes.push(`ast-grep is left out: ${astGrep.missing}`);
  else {
    const rules = join(benchFolder, 'cold-rules');
    mkdirSync(rules, { recursive: true });
    const args = ['scan', '--config', writeAstGrepProject(rules), '--json=compact', tree.folder];
    const found = () => `ast-grep reported ${jsonOf(astGrep.executable, args, tree.folder).length} findings.`;
    list.push({ name: 'ast-grep scan, two rules', command: astGrep.executable, args, found });
  }
  const rg = tool('rg');
  if (rg.missing) target.notes.push(`rg is left out: ${rg.missing}`);
  else {
    const args = ['-l', words, tree.folder];
    const found = () => {
      const listed = spawnSync(rg.executable, args, { cwd: tree.folder, encoding: 'utf8', maxBuffer: 1024 ** 3 });
      return `rg listed ${listed.stdout.split('\n').length - 1} files.`;
    };
    list.push({ name: 'rg -l, the same words', command: rg.executable, args, found });
  }
  list.push({ name: 'node -e 0', command: process.execPath, args: ['-e', '0'] });
  return list;
}

/** @returns {Promise<import('./report.mjs').Section>} */
export async function measure() {
  const tree = corpus();
  const size = tree.files
    ? `${tree.files.toLocaleString('en')} generated Python files, ${(tree.bytes / 1e6).toFixed(0)} MB, ${tree.pools} pools`
    : 'the tree that BENCH_CORPUS names';
  const target = section(
    'Cold check of a repository',
    `Wall time of whole processes over ${size}; files in the page cache, contestants taking turns, median after one warm-up. ` +
      'ast-grep has the two rules that its language can say (engine without pre-ping, URL with a password).',
    ['', 'median', 'fastest', 'slowest', 'peak memory', 'Poolproof takes'],
  );
  const list = contestants(tree, target);
  say('cold runs …');
  const { samples, failures } = await alternate(
    list.map(({ name, command, args, env }) => ({ name, sample: () => wallTime(command, args, tree.folder, env) })),
    Number(process.env.BENCH_N) || sampleCount(7, 2),
  );
  for (const [name, reason] of failures) target.crashes.push(`${name}: ${reason}`);
  const own = samples.get('poolproof check');
  for (const { name, command, args, found } of list) {
    const times = samples.get(name);
    if (!times) continue;
    const memory = peakMemory(command, args, tree.folder);
    target.rows.push([
      name,
      ...[median(times), quantile(times, 0), quantile(times, 1)].map(milliseconds),
      memory === undefined ? '' : megabytes(memory),
      own && times !== own ? ratio(median(own) / median(times)) : '',
    ]);
    try {
      if (found) target.notes.push(found());
    } catch (error) {
      target.crashes.push(`${name}: ${error.message}`);
    }
  }
  const against = (what, goal, name, limit) => {
    const other = samples.get(name);
    const shown = (value) => `${milliseconds(median(own))} against ${milliseconds(median(other))}: ${ratio(value)}`;
    addGoal(target, what, goal, own && other && median(own) / median(other), limit, shown);
  };
  against('cold check, beside ast-grep scan', '≤ 1/8', 'ast-grep scan, two rules', 1 / 8);
  against('cold check, beside rg', '≤ 5 ×', 'rg -l, the same words', 5);
  return target;
}
