/** Inside poolproof.yaml: suppressions, completion, hover. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, CompletionItem, Hover } from 'vscode-languageserver-protocol/node';
import { DiskWorkspace, quietEngine, smallTopology } from '../support/diskWorkspace.ts';
import { applyTextEdits, editsByUri, LspClient } from '../support/lspClient.ts';

async function openTopology(context: Parameters<typeof LspClient.start>[0], text: string) {
  const workspace = new DiskWorkspace(context, { 'app/db.py': quietEngine, 'poolproof.yaml': text });
  const client = await LspClient.start(context, { folders: [workspace.uri] });
  const uri = workspace.uriOf('poolproof.yaml');
  client.open(uri, text, 'yaml');
  return { client, uri, workspace };
}

const rule = 'fleet-exceeds-max-connections';

test('suppression comments in the topology file', async (t) => {
  const { client, uri, workspace } = await openTopology(t, smallTopology);
  await client.rule(uri, rule);
  client.change(uri, {
    text: smallTopology.replace('  main:', `  # poolproof: ignore[${rule}] being split up\n  main:`),
  });
  await client.findings(uri, []);
  assert.ok((await client.rule(workspace.uriOf('app/db.py'), rule)) !== undefined, 'only this file is silenced');
  client.change(uri, { text: `# poolproof: ignore-file[${rule}, topology-drift]\n${smallTopology}` });
  await client.findings(uri, ['unused-suppression']);
  // In a plain scalar `#` without white space before it is text.
  client.change(uri, {
    text: smallTopology.replace('max_connections: 40', 'engine: a#poolproof: ignore\n    max_connections: 40'),
  });
  await client.rule(uri, 'suppression-without-rule', false);
});

test('"Ignore here" in the topology file silences the finding, and a second rule joins the comment', async (t) => {
  const { client, uri } = await openTopology(t, smallTopology);
  const found = await client.rule(uri, rule);
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: found!.range,
    context: { diagnostics: [found] },
  });
  const ignore = actions.find((each) => each.title === `Ignore ${rule} here`);
  const text = applyTextEdits(smallTopology, editsByUri(ignore?.edit).get(uri)!);
  assert.match(text, /\n {2}# poolproof: ignore\[fleet-exceeds-max-connections\]\n {2}main:/);
  client.change(uri, { text });
  await client.findings(uri, []);
});

test('completion and hover in the topology file', async (t) => {
  const { client, uri } = await openTopology(t, smallTopology);
  const complete = async (text: string, line: number, character: number) => {
    client.change(uri, { text });
    const params = { textDocument: { uri }, position: { line, character } };
    return client.request<CompletionItem[]>('textDocument/completion', params);
  };
  const keys = await complete(`${smallTopology}    \n`, 11, 4);
  const labels = keys.map((each) => each.label);
  assert.ok(labels.includes('max_surge') && labels.includes('workload'), labels.join());
  assert.equal(labels.includes('replicas'), false, 'a key that is there already');
  assert.ok(keys.every((each) => each.documentation !== undefined && each.textEdit !== undefined));
  const values = await complete(smallTopology.replace('gunicorn', ''), 8, 12);
  assert.ok(
    values.some((each) => each.label === 'uvicorn'),
    values.map((each) => each.label).join(),
  );
  assert.ok((await complete(`${smallTopology}rules:\n  \n`, 12, 2)).some((each) => each.label === 'missing-pre-ping'));
  client.change(uri, { text: smallTopology });
  const hover = await client.request<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 2, character: 6 },
  });
  assert.match(JSON.stringify(hover.contents), /max_connections/);
  assert.deepEqual(hover.range, { start: { line: 2, character: 4 }, end: { line: 2, character: 19 } });
});

test('a misspelt key is named where it stands, with a fix', async (t) => {
  const { client, uri } = await openTopology(t, smallTopology.replace('replicas', 'replica'));
  const found = await client.rule(uri, 'topology-invalid');
  assert.equal(found!.range.start.line, 10);
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: found!.range,
    context: { diagnostics: [found] },
  });
  const fixed = applyTextEdits(smallTopology.replace('replicas', 'replica'), editsByUri(actions[0]!.edit).get(uri)!);
  assert.equal(fixed, smallTopology);
});
