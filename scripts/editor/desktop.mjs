// Desktop VS Code: the one on the PATH, or a download where the network allows it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, step } from '../setup.mjs';

const downloadHost = 'https://update.code.visualstudio.com/api/releases/stable';
const probeMilliseconds = 5_000;
const downloadMilliseconds = 180_000;

/** True where a window can be opened at all. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The `code` command on the PATH. */
export function findCode() {
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Downloads VS Code into .tools/; resolves to its executable, or to undefined where that is not possible in time. */
export async function downloadDesktop() {
  try {
    await fetch(downloadHost, { signal: AbortSignal.timeout(probeMilliseconds) });
  } catch {
    console.log('  VS Code cannot be downloaded from here (no answer from update.code.visualstudio.com).');
    return undefined;
  }
  return step('Downloading VS Code (about 150 MB, once)', async () => {
    const { downloadAndUnzipVSCode, SilentReporter } = await import('@vscode/test-electron');
    const download = downloadAndUnzipVSCode({
      cachePath: join(root, '.tools', 'vscode-desktop'),
      reporter: new SilentReporter(),
    });
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, downloadMilliseconds)));
    try {
      return await Promise.race([download, late]);
    } catch (error) {
      console.log(`  The download failed: ${error.message}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  });
}

/** Opens a folder in desktop VS Code with the extension of this repository loaded, and leaves the window to its user. */
export function openDesktop(executable, folder) {
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', folder];
  const child = spawn(executable, args, { detached: true, stdio: 'ignore', shell: executable.endsWith('.cmd') });
  child.unref();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('spawn', resolve);
  });
}
