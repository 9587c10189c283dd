/** Findings follow the topology file, the settings and the disk, without a restart. */
import * as vscode from 'vscode';
import { equal, file, open, replace, test, until, untilFound, untilGone } from './support.ts';

test('an unsaved edit of the topology file changes the findings in Python', async () => {
  const topology = await open('poolproof.yaml');
  await untilFound('app/db.py', 'fleet-exceeds-max-connections');
  await replace(topology, 'replicas: 2', 'replicas: 1');
  await untilGone('app/db.py', 'fleet-exceeds-max-connections');
  await replace(topology, 'replicas: 1', 'replicas: 2');
  await untilFound('app/db.py', 'fleet-exceeds-max-connections');
});

test('a broken topology file says where, and mends', async () => {
  const topology = await open('poolproof.yaml');
  await replace(topology, 'workers: 4', 'workres: 4');
  await untilFound('poolproof.yaml', 'topology-invalid');
  await replace(topology, 'workres: 4', 'workers: 4');
  await untilGone('poolproof.yaml', 'topology-invalid');
});

test('a rule switched off in the settings falls silent at once, and speaks again', async () => {
  await untilFound('tools/closed.py', 'missing-pre-ping');
  const settings = () => vscode.workspace.getConfiguration('poolproof', file('tools/closed.py'));
  const set = (value: unknown) => settings().update('rules', value, vscode.ConfigurationTarget.Workspace);
  await set({ 'missing-pre-ping': 'off' });
  await untilGone('tools/closed.py', 'missing-pre-ping');
  await set({ 'missing-pre-ping': 'error' });
  const found = await untilFound('tools/closed.py', 'missing-pre-ping');
  equal(found.severity, vscode.DiagnosticSeverity.Error, 'severity');
  await set(undefined);
  await until('the severity of the rule itself', async () => {
    const { severity } = await untilFound('tools/closed.py', 'missing-pre-ping');
    return severity === vscode.DiagnosticSeverity.Warning;
  });
});

test('a file that appears on disk is analysed, one that vanishes loses its findings', async () => {
  const path = 'tools/on_disk.py';
  const text = 'from sqlalchemy import create_engine\n\nengine = create_engine("postgresql://db.internal/shop")\n';
  await vscode.workspace.fs.writeFile(file(path), new TextEncoder().encode(text));
  await untilFound(path, 'missing-pre-ping');
  await vscode.workspace.fs.delete(file(path));
  await untilGone(path, 'missing-pre-ping');
});
