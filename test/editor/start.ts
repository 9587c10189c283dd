/** The extension starts, scans the workspace and says what it found in the status bar. */
import * as vscode from 'vscode';
import { equal, includes, ok, prerequisite, until } from './support.ts';

interface Api {
  status(): { readonly visible: boolean; readonly text: string; readonly over: boolean; readonly label: string };
}

prerequisite('the status bar item shows the tightest database and that it is over', async () => {
  const extension = vscode.extensions.getExtension<Api>('poolproof.poolproof');
  ok(extension, 'The extension is not installed.');
  const api = await extension.activate();
  const status = await until(
    'a status',
    () => api.status().text.includes('120') && api.status(),
    () => api.status(),
  );
  equal(status.text, '$(database) main 120/90', 'text');
  equal(status.over, true, 'over');
  includes(status.label, '120 connections of 90', 'what a screen reader says');
});
