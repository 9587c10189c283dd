// Keystroke to published diagnostics on a 5,000-line file: one character changes, a finding appears or disappears. Python's is
// measured here, TypeScript's in the benchmark of its name.
import { nativeTreeSitter, webTreeSitter } from './parse-reference.mjs';
import { addGoal, section } from './report.mjs';
import { openForToggling, peerServers, poolproofServer, smallWorkspace } from './servers.mjs';
import { alternate, median, milliseconds, p95, ratio, sampleCount, say } from './support.mjs';

const blockLength = 20;

/** Starts what is to be measured on one workspace: servers that run, parsers that load, and the reasons of those that do not. */
async function contestants(workspace, target) {
  const running = [];
  const servers = [poolproofServer(), ...peerServers()].filter(
    ({ codes }) => codes?.[workspace.language] !== undefined || !codes,
  );
  for (const server of servers) {
    if (server.missing) {
      target.notes.push(server.missing);
      continue;
    }
    try {
      const { client, toggle } = await openForToggling(server, workspace);
      running.push({ name: server.name, toggle, stop: () => client.stop() });
    } catch (error) {
      target.crashes.push(`${server.name}: ${error.message}`);
    }
  }
  const references = {
    'web-tree-sitter, incremental parse': webTreeSitter,
    'native tree-sitter, incremental parse': nativeTreeSitter,
  };
  for (const [name, load] of Object.entries(references)) {
    try {
      const { toggle, full } = await load(workspace);
      running.push({ name, toggle, full, stop: () => {} });
    } catch (error) {
      target.notes.push(`${name} is left out: ${error.message.split('\n')[0]}`);
    }
  }
  return running;
}

async function measureFile(position, language, target) {
  const workspace = smallWorkspace(position, language);
  const running = await contestants(workspace, target);
  const block = (toggle) => async () => {
    const times = [];
    for (let index = 0; index < blockLength; index++) times.push(await toggle());
    return times;
  };
  const { samples, failures } = await alternate(
    running.map(({ name, toggle }) => ({ name, sample: block(toggle) })),
    sampleCount(10, 2),
  );
  for (const { name, full } of running) {
    if (full)
      target.notes.push(
        `pool at the ${position}: ${name.split(',')[0]} parses the whole file in ${milliseconds(median([full(), full(), full()]))}`,
      );
  }
  await Promise.all(running.map(({ stop }) => stop()));
  for (const [name, reason] of failures) target.crashes.push(`${name}: ${reason}`);
  const own = samples.get('Poolproof');
  for (const [name, times] of samples) {
    const relative = own && name !== 'Poolproof' ? ratio(median(times) / median(own)) : '';
    target.rows.push([
      `${name}, pool at the ${position}`,
      milliseconds(median(times)),
      milliseconds(p95(times)),
      relative,
    ]);
  }
  return samples;
}

const described = {
  python:
    'A 5,000-line Python file of small functions with one pool, once at the top and once in the middle. Each edit removes or inserts ' +
    'one character and makes a finding disappear or appear; the clock runs from sending didChange until publishDiagnostics for that version ' +
    'arrives with the finding gone or back. Blocks of 20 edits in turn. ast-grep has two equivalent syntactic rules; ruff has ' +
    'no such rule and reports commented-out code at the same edit. The parser rows are what the parse of the edit costs by itself.',
  typescript:
    'The same in a 5,000-line TypeScript file of functions, classes and interfaces with one pool of node-postgres; the edit spells one of its ' +
    'options right and wrong.',
};

/**
 * @param {'python' | 'typescript'} language
 * @returns {Promise<import('./report.mjs').Section>}
 */
export async function measureLanguage(language) {
  const inLanguage = language === 'python' ? '' : ', TypeScript';
  const target = section(`Keystroke to diagnostics${inLanguage}`, described[language], [
    '',
    'median',
    'p95',
    'of Poolproof’s median',
  ]);
  for (const position of ['middle', 'top']) {
    say(`keystrokes${inLanguage}, pool at the ${position} …`);
    const samples = await measureFile(position, language, target);
    const own = samples.get('Poolproof');
    const against = (what, goal, name, limit, statistic = median) => {
      const other = samples.get(name);
      const value = own && other && statistic(own) / median(other);
      const shown = (share) =>
        `${milliseconds(statistic(own))} against ${milliseconds(median(other))}: ${ratio(share)}`;
      addGoal(target, `${what}${inLanguage}, pool at the ${position}`, goal, value, limit, shown);
    };
    against('keystroke, median, beside ast-grep lsp', '≤ 1/15 of its median', 'ast-grep lsp', 1 / 15);
    against('keystroke, p95, beside ast-grep lsp', '≤ 1/15 of its median', 'ast-grep lsp', 1 / 15, p95);
    against('keystroke, beside the bare parse', '≤ 2 ×', 'web-tree-sitter, incremental parse', 2);
    if (language === 'python') against('keystroke, beside ruff server', 'below its median', 'ruff server', 1);
  }
  target.notes = [...new Set(target.notes)];
  return target;
}

/** @returns {Promise<import('./report.mjs').Section>} */
export const measure = () => measureLanguage('python');
