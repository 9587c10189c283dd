/** The suite's entry, by the contract of @vscode/test-electron: every import below registers its tests in order. */
import './start.ts';
import './findings.ts';
import './presentation.ts';
import './prisma.ts';
import './fixes.ts';
import './changes.ts';
import './commands.ts';
import { runTests } from './support.ts';

export function run(): Promise<void> {
  return runTests();
}
