// Typing a whole call character by character, and what a reader asks of the file meanwhile: hover, code actions, code lenses.
import { addGoal, section } from './report.mjs';
import { hasFinding, poolproofServer, smallWorkspace } from './servers.mjs';
import { median, milliseconds, p95, quantile, sampleCount, say } from './support.mjs';

const typed =
  'engine = create_engine(os.environ["DATABASE_URL"], pool_size=20, max_overflow=10, pool_timeout=30, pool_pre_ping=True)';

/**
 * After each change the client waits for an answer that depends on it: the diagnostics it pulls, or a hover where the server
 * cannot be pulled, because diagnostics are published only when they change.
 */
function barrier(client, file) {
  const textDocument = { uri: file.uri };
  if (client.capabilities.diagnosticProvider) {
    return async () => {
      const { result, at } = await client.request('textDocument/diagnostic', { textDocument });
      return { at, items: result.items };
    };
  }
  return async () => {
    const { at } = await client.request('textDocument/hover', { textDocument, position: { line: 0, character: 0 } });
    return { at, items: client.published.get(file.uri) ?? [] };
  };
}

/** Types the call into the empty line in the middle of the file, then deletes it again, `rounds` times. */
async function typeCall(file, workspace, answered, rounds, code) {
  const times = [];
  let withoutStandingFinding = 0;
  const lineStart = workspace.text.split('\n', workspace.middle).join('\n').length + 1;
  for (let round = 0; round <= rounds; round++) {
    for (let column = 0; column < typed.length; column++) {
      const position = { line: workspace.middle, character: column };
      const sentAt = file.change(lineStart + column, position, 0, typed[column]);
      const { at, items } = await answered();
      // The first round is a warm-up for the clock, but what is reported must be right from the start.
      if (round > 0) times.push(at - sentAt);
      if (items && !hasFinding(items, code)) withoutStandingFinding++;
    }
    file.change(lineStart, { line: workspace.middle, character: 0 }, typed.length, '');
    await answered();
  }
  return { times, withoutStandingFinding };
}

/** Latency of the requests about the pool of the file, from the snapshot the server holds. */
async function requests(client, file, workspace, items) {
  const textDocument = { uri: file.uri };
  const line = workspace.text.split('\n').indexOf('engine = create_engine(');
  const position = { line, character: 'engine = cre'.length };
  const range = { start: position, end: { line, character: position.character + 5 } };
  const asked = {
    hover: ['hoverProvider', 'textDocument/hover', { textDocument, position }],
    'code action': [
      'codeActionProvider',
      'textDocument/codeAction',
      { textDocument, range, context: { diagnostics: items } },
    ],
    'code lens': ['codeLensProvider', 'textDocument/codeLens', { textDocument }],
  };
  const found = new Map();
  for (const [what, [capability, method, params]] of Object.entries(asked)) {
    if (!client.capabilities[capability]) continue;
    const times = [];
    let empty = false;
    for (let index = 0; index <= sampleCount(100, 10); index++) {
      const startedAt = performance.now();
      const { result, at } = await client.request(method, params);
      if (index > 0) times.push(at - startedAt);
      empty ||= result === null || (Array.isArray(result) && result.length === 0);
    }
    found.set(what, { times, empty });
  }
  return found;
}

/** @returns {Promise<import('./report.mjs').Section>} */
export async function measure() {
  const target = section(
    'Typing a call, and asking about it',
    'The call is typed character by character into the middle of a 5,000-line file whose pool, with a finding, stands at the top; nothing closes ' +
      'brackets or quotes, so nearly every state is broken. The clock runs from didChange to the answer of a request that needs ' +
      'the new text. In every state the finding at the top must still be reported.',
    ['', 'median', 'p95', 'longest'],
  );
  const server = poolproofServer();
  if (server.missing) {
    target.notes.push(server.missing);
    addGoal(target, 'typing a call, p95', '≤ 25 ms', undefined);
    addGoal(target, 'hover, code action, code lens, median', '≤ 5 ms', undefined);
    return target;
  }
  say('typing …');
  const workspace = smallWorkspace('top');
  const client = server.start(workspace.folder);
  try {
    await client.initialize({ pull: true });
    const file = client.open(workspace.path, workspace.text);
    await client.atRest();
    const answered = barrier(client, file);
    const { items } = await answered();
    if (!hasFinding(items ?? [], server.codes.python)) {
      target.notes.push(`The finding at the top (${server.codes.python}) was not reported even before typing began.`);
    }
    const { times, withoutStandingFinding } = await typeCall(
      file,
      workspace,
      answered,
      sampleCount(3, 1),
      server.codes.python,
    );
    const row = (what, samples) =>
      target.rows.push([
        what,
        milliseconds(median(samples)),
        milliseconds(p95(samples)),
        milliseconds(quantile(samples, 1)),
      ]);
    row('typing, each character', times);
    if (!client.capabilities.diagnosticProvider) {
      target.notes.push('The server does not answer textDocument/diagnostic: a hover was the request waited for.');
    }
    addGoal(target, 'typing a call, p95', '≤ 25 ms', p95(times), 25, milliseconds);
    const states = `of ${times.length + typed.length} states`;
    addGoal(
      target,
      'states while typing that lose a finding',
      'none',
      withoutStandingFinding,
      0,
      (n) => `${n} ${states}`,
    );
    for (const [what, { times: samples, empty }] of await requests(client, file, workspace, items ?? [])) {
      row(what, samples);
      if (empty) target.notes.push(`${what}: the answer was empty at least once, so its figure says little.`);
      addGoal(target, `${what}, median`, '≤ 5 ms', median(samples), 5, milliseconds);
    }
  } catch (error) {
    target.crashes.push(`Poolproof: ${error.message}`);
  } finally {
    await client.stop();
  }
  return target;
}
