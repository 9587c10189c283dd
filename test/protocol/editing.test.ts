/** Incremental edits of every kind: what the server holds is what the editor holds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskWorkspace, engineWithoutPing, quietEngine } from '../support/diskWorkspace.ts';
import { LspClient } from '../support/lspClient.ts';

const at = (line: number, character: number) => ({ line, character });
const range = (line: number, from: number, to: number) => ({ start: at(line, from), end: at(line, to) });

async function openEngine(context: Parameters<typeof LspClient.start>[0], text: string) {
  const workspace = new DiskWorkspace(context);
  const uri = workspace.uriOf('app/db.py');
  const client = await LspClient.start(context, { folders: [workspace.uri] });
  client.open(uri, text);
  return { client, uri, workspace };
}

test('one character at a time, with the version published', async (t) => {
  const { client, uri } = await openEngine(t, engineWithoutPing);
  await client.findings(uri, ['missing-pre-ping']);
  let column = engineWithoutPing.split('\n')[3]!.indexOf('pool_size');
  for (const character of 'pool_pre_ping=True, ') {
    client.change(uri, { range: range(3, column, column), text: character });
    column += 1;
  }
  await client.findings(uri, []);
  client.change(uri, { range: range(3, column - 6, column - 2), text: 'False' });
  await client.findings(uri, ['missing-pre-ping']);
  assert.equal(client.published.get(uri)!.version, client.version(uri));
});

test('several changes in one event count one after the other', async (t) => {
  const { client, uri } = await openEngine(t, 'import os\n');
  client.change(
    uri,
    { range: range(1, 0, 0), text: 'engine = make(os.environ["DATABASE_URL"])\n' },
    { range: range(1, 9, 13), text: 'create_engine' },
    { range: range(0, 0, 0), text: 'from sqlalchemy import create_engine\n' },
    { range: range(2, 0, 6), text: 'db' },
  );
  await client.rule(uri, 'missing-pre-ping');
  const found = client.published.get(uri)!.diagnostics.find((each) => each.code === 'missing-pre-ping')!;
  assert.equal(found.range.start.line, 2);
});

test('CRLF: columns and lines count as in the editor', async (t) => {
  const { client, uri } = await openEngine(t, engineWithoutPing.replaceAll('\n', '\r\n'));
  const [before] = await client.findings(uri, ['missing-pre-ping']);
  assert.equal(before!.range.start.line, 3);
  client.change(uri, { range: range(0, 0, 0), text: '# one\r\n# two\r\n' });
  await client.until(
    'the finding two lines further down',
    () => client.published.get(uri)!.diagnostics[0]?.range.start.line === 5,
  );
  // A column beyond the line's end is the line's end, not the next line.
  client.change(uri, { range: { start: at(0, 5), end: at(0, 999) }, text: ' more' });
  client.change(uri, { range: { start: at(0, 999), end: at(2, 0) }, text: '\r\n' });
  await client.until(
    'the finding one line up',
    () => client.published.get(uri)!.diagnostics[0]?.range.start.line === 4,
  );
});

test('columns are UTF-16 code units', async (t) => {
  const text = engineWithoutPing.replace('engine = ', 'π, engine = "🐘🐘", ');
  const { client, uri } = await openEngine(t, text);
  const [found] = await client.findings(uri, ['missing-pre-ping']);
  const line = text.split('\n')[3]!;
  assert.equal(line.slice(found!.range.start.character, found!.range.end.character), 'create_engine');
  const column = line.indexOf('pool_size');
  client.change(uri, { range: range(3, column, column), text: 'pool_pre_ping=True, ' });
  await client.findings(uri, []);
});

test('the whole text at once, also in between', async (t) => {
  const { client, uri } = await openEngine(t, 'import os\n');
  client.change(uri, { text: engineWithoutPing });
  await client.findings(uri, ['missing-pre-ping']);
  client.change(
    uri,
    { range: range(0, 0, 0), text: '\n' },
    { text: quietEngine },
    { range: range(0, 0, 0), text: '\n' },
  );
  await client.findings(uri, []);
});

test('a document that is closed without being saved counts as it is on disk', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': quietEngine });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  const saved = workspace.uriOf('app/db.py');
  const unsaved = workspace.uriOf('app/new.py');
  client.open(saved, engineWithoutPing);
  client.open(unsaved, engineWithoutPing);
  await client.findings(saved, ['missing-pre-ping']);
  await client.findings(unsaved, ['missing-pre-ping']);
  client.changedOnDisk(saved);
  client.close(saved);
  client.close(unsaved);
  await client.findings(saved, []);
  await client.findings(unsaved, []);
});

test('an ignored file has findings while it is open, and none when it is closed', async (t) => {
  const workspace = new DiskWorkspace(t, { '.gitignore': 'generated/\n', 'generated/db.py': engineWithoutPing });
  const client = await LspClient.start(t, { folders: [workspace.uri] });
  const uri = workspace.uriOf('generated/db.py');
  client.open(uri, engineWithoutPing);
  await client.findings(uri, ['missing-pre-ping']);
  client.close(uri);
  await client.findings(uri, []);
});

test('suppression comments in Python: on the line, above it, for the file, unused and without a rule', async (t) => {
  const { client, uri } = await openEngine(t, engineWithoutPing);
  await client.findings(uri, ['missing-pre-ping']);
  const line = engineWithoutPing.split('\n')[3]!;
  client.change(uri, {
    range: range(3, line.length, line.length),
    text: '  # poolproof: ignore[missing-pre-ping] asleep at night',
  });
  await client.findings(uri, []);
  client.change(uri, {
    text: engineWithoutPing.replace('engine =', '# poolproof: ignore[missing-pre-ping]\nengine ='),
  });
  await client.settled(uri);
  await client.findings(uri, []);
  client.change(uri, { text: `# poolproof: ignore-file[missing-pre-ping]\n${engineWithoutPing}` });
  await client.settled(uri);
  await client.findings(uri, []);
  client.change(uri, { text: `# poolproof: ignore-file[missing-pre-ping, pool-too-large]\n${engineWithoutPing}` });
  const [unused] = await client.findings(uri, ['unused-suppression']);
  assert.match(String(unused!.message), /pool-too-large/);
  client.change(uri, { text: engineWithoutPing.replace('engine =', '# poolproof: ignore\nengine =') });
  await client.findings(uri, ['suppression-without-rule']);
});
