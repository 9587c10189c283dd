// Cost as work grows: keystroke latency in workspaces of 1,000 and 10,000 files (100,000 with BENCH_LARGE=1), and the cold check's cost per file.
import { spawnSync } from 'node:child_process';
import { corpusFiles, generatedTree } from './corpus.mjs';
import { addGoal, section } from './report.mjs';
import { addLongFile, openForToggling, poolproofServer } from './servers.mjs';
import {
  alternate,
  median,
  milliseconds,
  notBuilt,
  p95,
  poolproofBundle,
  ratio,
  sampleCount,
  say,
} from './support.mjs';

const sizes = [1000, 10_000, ...(process.env.BENCH_LARGE === '1' ? [100_000] : [])];
const label = (files) => `${files.toLocaleString('en')} files`;

function prepared(files) {
  // The cold run's own corpus stays as it is: the files added here are for servers.
  const tree = generatedTree(`workspace-${files}`, files);
  return { ...tree, ...addLongFile(tree.folder, 'middle') };
}

async function keystrokes(workspaces, server, target) {
  const running = [];
  try {
    for (const workspace of workspaces) running.push(await openForToggling(server, workspace));
    const block = (toggle) => async () => {
      const times = [];
      for (let index = 0; index < 20; index++) times.push(await toggle());
      return times;
    };
    const { samples, failures } = await alternate(
      running.map(({ toggle }, index) => ({ name: label(workspaces[index].files), sample: block(toggle) })),
      sampleCount(10, 2),
    );
    for (const [name, reason] of failures) target.crashes.push(`Poolproof, ${name}: ${reason}`);
    for (const [name, times] of samples) {
      target.rows.push([`keystroke, ${name}`, milliseconds(median(times)), milliseconds(p95(times))]);
    }
    return workspaces.map(({ files }) => samples.get(label(files))).map((times) => times && median(times));
  } catch (error) {
    target.crashes.push(`Poolproof: ${error.message}`);
    return [];
  } finally {
    await Promise.all(running.map(({ client }) => client.stop()));
  }
}

/** What each megabyte costs a cold check from one workspace to the next larger one, in milliseconds; Node's start drops out. */
async function marginalCosts(workspaces, cli, target) {
  const timed = (folder) => () => {
    const startedAt = performance.now();
    const { status } = spawnSync(process.execPath, [cli, 'check', folder, '--format', 'json'], { stdio: 'ignore' });
    if (status !== 0 && status !== 1) throw new Error(`poolproof check ended with ${status}`);
    return performance.now() - startedAt;
  };
  const { samples, failures } = await alternate(
    workspaces.map(({ files, folder }) => ({ name: label(files), sample: timed(folder) })),
    sampleCount(5, 2),
  );
  for (const [name, reason] of failures) target.crashes.push(`Poolproof, ${name}: ${reason}`);
  if (failures.size > 0) return [];
  const medians = workspaces.map(({ files }) => median(samples.get(label(files))));
  const costs = workspaces
    .slice(1)
    .map(({ bytes }, index) => (medians[index + 1] - medians[index]) / ((bytes - workspaces[index].bytes) / 1e6));
  for (const [index, { files }] of workspaces.entries()) {
    const cost = index > 0 ? `${costs[index - 1].toFixed(2)} ms` : '';
    target.rows.push([`cold check, ${label(files)}`, milliseconds(medians[index]), '', cost]);
  }
  return costs;
}

/** @returns {Promise<import('./report.mjs').Section>} */
export async function measure() {
  const target = section(
    'Cost as the workspace grows',
    'The same edit of the same 5,000-line file in workspaces of different size; the number of pools grows with them. The ' +
      'cold check is given with what each megabyte more than in the row above costs: the same everywhere if the cost is linear.',
    ['', 'median', 'p95', 'each further MB'],
  );
  const [server, cli] = [poolproofServer(), poolproofBundle()];
  say('scale …');
  let latencies = [];
  if (server.missing) target.notes.push(server.missing);
  else latencies = await keystrokes(sizes.map(prepared), server, target);
  for (const [index, files] of sizes.slice(1).entries()) {
    const growth = latencies[0] && latencies[index + 1] && latencies[index + 1] / latencies[0];
    const between = `${label(files)} beside ${label(sizes[0])}`;
    addGoal(target, `keystroke, ${between}`, 'independent: ≤ 1.5 ×', growth, 1.5, ratio);
  }
  let costs = [];
  const checked = [sizes[0], corpusFiles, ...sizes.slice(1)];
  if (!cli) target.notes.push(notBuilt);
  else costs = await marginalCosts(checked.map(prepared), cli, target);
  for (const [index, files] of checked.slice(2).entries()) {
    const growth = costs.length > 0 ? costs[index + 1] / costs[index] : undefined;
    const what = `cold check, each further MB up to ${label(files)}, beside the step before`;
    addGoal(target, what, 'linear: ≤ 1.5 ×', growth, 1.5, ratio);
  }
  return target;
}
