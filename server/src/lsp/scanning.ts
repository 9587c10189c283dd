/** Reading a whole folder, with progress that can be cancelled; keystrokes are served in between. */
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { describeFailure } from '../workspace/failure.ts';
import type { Capabilities } from './capabilities.ts';
import type { FolderState } from './folders.ts';
import type { ServerHost } from './host.ts';

/** A failure is logged; the folder is as far read as it came. */
export async function scanWithProgress(
  state: FolderState,
  connection: Connection,
  capabilities: Capabilities,
  host: ServerHost,
  onGround: () => Promise<void>,
): Promise<void> {
  state.cancelScan?.();
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
  };
  state.cancelScan = cancel;
  const progress = await createProgress(connection, capabilities);
  progress?.begin('Poolproof: reading pools', 0, undefined, true);
  progress?.token.onCancellationRequested(cancel);
  try {
    await state.project.scan({
      isCancelled: () => isCancelled,
      onGround,
      report: (done, total) => progress?.report(Math.round((100 * done) / total), `${done} of ${total} files`),
      pause: () => new Promise((resolve) => host.defer(resolve)),
    });
  } catch (error) {
    connection.console.error(`reading ${state.name || 'the folder'} failed: ${describeFailure(error)}`);
  } finally {
    state.project.isBeingRead = false;
    state.reachGround();
    progress?.done();
  }
}

async function createProgress(
  connection: Connection,
  { showsProgress }: Capabilities,
): Promise<WorkDoneProgressServerReporter | undefined> {
  if (!showsProgress) return undefined;
  try {
    return await connection.window.createWorkDoneProgress();
  } catch {
    // A client that promises progress and then refuses gets none.
    return undefined;
  }
}
