// From spawning the server to the first diagnostics of a file that is opened at once, beside the start of Node with nothing to do.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { corpusFiles, generatedTree } from './corpus.mjs';
import { addGoal, section } from './report.mjs';
import { poolproofServer, smallWorkspace } from './servers.mjs';
import { alternate, median, milliseconds, quantile, sampleCount, say } from './support.mjs';

/** A file of ordinary length with a pool that has a finding, so that the server has something to publish. */
function ordinaryFile(folder) {
  const declares = /^engine = create_engine\("postgresql\+psycopg2:\/\/[^"]*"\)$/m;
  const paths = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.py'));
  for (const relativePath of paths.sort()) {
    const path = join(folder, relativePath);
    if (/^(tests|migrations|scripts)\b/.test(relativePath)) continue;
    const text = readFileSync(path, 'utf8');
    if (declares.test(text)) return { folder, path, text };
  }
  throw new Error('The corpus has no file to open.');
}

async function firstDiagnostics(server, { folder, path, text }) {
  const client = server.start(folder);
  try {
    await client.initialize();
    const opened = pathToFileURL(path).href;
    const awaited = client.nextPublish(({ uri, diagnostics }) => uri === opened && diagnostics.length > 0);
    client.open(path, text);
    return (await awaited).at - client.startedAt;
  } finally {
    await client.stop();
  }
}

function bareNode() {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  return performance.now() - startedAt;
}

/** @returns {Promise<import('./report.mjs').Section>} */
export async function measure() {
  const target = section(
    'First diagnostics of a cold server',
    'From spawning the server process over the handshake and didOpen to the first diagnostics of that file. The ordinary file lies in the ' +
      'workspace of the cold run, whose scan begins at the same moment; the long one lies alone in its workspace.',
    ['', 'median', 'fastest', 'slowest', 'on top of bare Node'],
  );
  const server = poolproofServer();
  const goal = ['first diagnostics on top of bare Node start, ordinary file', '≤ 150 ms'];
  if (server.missing) {
    target.notes.push(server.missing);
    addGoal(target, ...goal, undefined);
    return target;
  }
  const ordinary = ordinaryFile(generatedTree('corpus', corpusFiles).folder);
  const long = smallWorkspace('middle');
  say('starting servers …');
  const { samples, failures } = await alternate(
    [
      { name: 'bare Node', sample: bareNode },
      {
        name: `Poolproof, file of ${ordinary.text.split('\n').length - 1} lines`,
        sample: () => firstDiagnostics(server, ordinary),
      },
      { name: 'Poolproof, file of 5,000 lines', sample: () => firstDiagnostics(server, long) },
    ],
    Number(process.env.BENCH_N) || sampleCount(7, 2),
  );
  for (const [name, reason] of failures) target.crashes.push(`${name}: ${reason}`);
  const bare = median(samples.get('bare Node'));
  const over = (times) => median(times) - bare;
  for (const [name, times] of samples) {
    const figures = [median(times), quantile(times, 0), quantile(times, 1)].map(milliseconds);
    target.rows.push([name, ...figures, name === 'bare Node' ? '' : milliseconds(over(times))]);
  }
  const own = [...samples].find(([name]) => name.startsWith('Poolproof') && !name.includes('5,000'))?.[1];
  addGoal(target, ...goal, own && over(own), 150, milliseconds);
  return target;
}
