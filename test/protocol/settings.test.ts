/** Settings take effect without a restart, whether the server asks for them or they are pushed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskWorkspace, engineWithoutPing, quietEngine, smallTopology } from '../support/diskWorkspace.ts';
import { LspClient, minimalCapabilities, pushCapabilities } from '../support/lspClient.ts';

for (const [how, capabilities] of [
  ['asked for', pushCapabilities],
  ['pushed', minimalCapabilities],
] as const) {
  test(`settings that are ${how}`, async (t) => {
    const patient = quietEngine.replace('pool_timeout=5', 'pool_timeout=20');
    const workspace = new DiskWorkspace(t, {
      'app/db.py': engineWithoutPing,
      'app/patient.py': patient,
      'tests/db.py': engineWithoutPing,
    });
    const client = await LspClient.start(t, { folders: [workspace.uri], capabilities });
    const set = (settings: unknown) => {
      client.configuration = () => settings;
      client.settings(how === 'pushed' ? { poolproof: settings } : null);
    };
    const uri = workspace.uriOf('app/db.py');
    await client.findings(uri, ['missing-pre-ping']);
    set({ rules: { 'missing-pre-ping': 'off' } });
    await client.findings(uri, []);
    set({ rules: { 'missing-pre-ping': 'error' } });
    assert.equal((await client.rule(uri, 'missing-pre-ping'))!.severity, 1);
    set({ thresholds: { acquireTimeout: 20 } });
    await client.findings(workspace.uriOf('app/patient.py'), ['pool-timeout-too-long']);
    set({ enable: false });
    await client.findings(uri, []);
    set({ exclude: ['app/patient.py'], thresholds: { acquireTimeout: 20 }, testFiles: 'full' });
    await client.findings(uri, ['missing-pre-ping']);
    await client.findings(workspace.uriOf('app/patient.py'), []);
    await client.findings(workspace.uriOf('tests/db.py'), ['missing-pre-ping']);
    set({});
    await client.findings(workspace.uriOf('tests/db.py'), []);
  });
}

test('settings given at the start count, and nonsense is no setting', async (t) => {
  const workspace = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const settings = {
    rules: { 'missing-pre-ping': 'hint', 'pool-too-large': 7 },
    thresholds: [],
    testFiles: {},
    exclude: 'x',
    enable: 'no',
  };
  const client = await LspClient.start(t, { folders: [workspace.uri], initializationOptions: { settings } });
  assert.equal((await client.rule(workspace.uriOf('app/db.py'), 'missing-pre-ping'))!.severity, 4);
});

test('each folder has its own settings', async (t) => {
  const one = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const two = new DiskWorkspace(t, { 'app/db.py': engineWithoutPing });
  const configuration = (scope: string | undefined) => ({
    rules: { 'missing-pre-ping': scope === one.uri ? 'error' : 'hint' },
  });
  const client = await LspClient.start(t, {
    folders: [one.uri, two.uri],
    capabilities: pushCapabilities,
    configuration,
  });
  assert.equal((await client.rule(one.uriOf('app/db.py'), 'missing-pre-ping'))!.severity, 1);
  assert.equal((await client.rule(two.uriOf('app/db.py'), 'missing-pre-ping'))!.severity, 4);
});

test('a topology file named by a setting governs the folder, and its own settings win', async (t) => {
  const workspace = new DiskWorkspace(t, {
    'app/db.py': quietEngine,
    'deploy/fleet.yaml': `${smallTopology}rules:\n  fleet-exceeds-max-connections: hint\n`,
  });
  const client = await LspClient.start(t, { folders: [workspace.uri], capabilities: pushCapabilities });
  client.configuration = () => ({ topology: 'deploy/fleet.yaml', rules: { 'fleet-exceeds-max-connections': 'error' } });
  client.settings(null);
  assert.equal((await client.rule(workspace.uriOf('app/db.py'), 'fleet-exceeds-max-connections'))!.severity, 4);
  client.configuration = () => ({});
  client.settings(null);
  await client.findings(workspace.uriOf('app/db.py'), []);
});
