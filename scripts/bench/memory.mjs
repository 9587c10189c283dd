// Resident memory of the server after scanning 10,000 files, and whether it stays flat over 10,000 edits.
import { generatedTree } from './corpus.mjs';
import { addGoal, section } from './report.mjs';
import { addLongFile, openForToggling, poolproofServer } from './servers.mjs';
import { median, megabytes, residentBytes, sampleCount, say } from './support.mjs';

const goals = {
  scanned: ['memory after scanning 10,000 files', '< 150 MB'],
  edited: ['memory over 10,000 edits: last quarter beside second', 'flat: ≤ 1.1 ×'],
};
const limitBytes = 150 * 1024 * 1024;

/** @returns {Promise<import('./report.mjs').Section>} */
export async function measure() {
  const edits = sampleCount(10_000, 1000);
  const target = section(
    'Memory of the server',
    `Resident set of the server process on a workspace of 10,000 Python files, at rest after the scan, then over ${edits.toLocaleString('en')} edits ` +
      'of an open 5,000-line file, each waited for. Flat means that the median of the last quarter is at most 1.1 times that of the second.',
    ['', 'resident'],
  );
  const server = poolproofServer();
  if (server.missing) {
    target.notes.push(server.missing);
    for (const goal of Object.values(goals)) addGoal(target, ...goal, undefined);
    return target;
  }
  const { folder } = generatedTree('workspace-10000', 10_000);
  const workspace = { folder, ...addLongFile(folder, 'middle') };
  say('memory …');
  const scanning = server.start(folder);
  let scanned;
  try {
    // Once without any file open: what the scan alone leaves behind.
    await scanning.initialize();
    await scanning.atRest();
    scanned = residentBytes(scanning.pid);
    target.notes.push(`The scan published diagnostics for ${scanning.published.size} files.`);
  } catch (error) {
    target.crashes.push(`Poolproof: ${error.message}`);
    return target;
  } finally {
    await scanning.stop();
  }
  if (scanned === undefined) {
    target.notes.push('This system does not tell the memory of another process.');
    for (const goal of Object.values(goals)) addGoal(target, ...goal, undefined);
    return target;
  }
  target.rows.push(['after the scan, no file open', megabytes(scanned)]);
  addGoal(target, ...goals.scanned, scanned, limitBytes, megabytes);
  let client;
  try {
    const opened = await openForToggling(server, workspace);
    client = opened.client;
    target.rows.push(['a 5,000-line file open', megabytes(residentBytes(client.pid))]);
    const samples = [];
    for (let done = 1; done <= edits; done++) {
      await opened.toggle();
      if (done % (edits / 40) === 0) samples.push(residentBytes(client.pid));
    }
    const quarter = (index) => median(samples.slice(index * 10, index * 10 + 10));
    for (let index = 0; index < 4; index++) {
      target.rows.push([`while editing, quarter ${index + 1}`, megabytes(quarter(index))]);
    }
    const growth = quarter(3) / quarter(1);
    addGoal(target, ...goals.edited, growth, 1.1, (value) => `${value.toFixed(2)} ×`);
  } catch (error) {
    target.crashes.push(`Poolproof: ${error.message}`);
  } finally {
    await client?.stop();
  }
  return target;
}
