// How each language server is started, and the edit that all of them are timed on.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { longFile } from './corpus.mjs';
import { LanguageClient } from './lsp-client.mjs';
import { writeAstGrepProject, writeRuffProject, writeTopology } from './peers.mjs';
import { benchFolder, notBuilt, poolproofBundle } from './support.mjs';
import { tool } from './tools.mjs';

/**
 * @typedef {object} Server
 * @property {string} name
 * @property {Record<string, string>} codes of the finding that the timed edit makes appear and disappear, by language
 * @property {(folder: string) => LanguageClient} start
 */

const codes = { python: 'missing-pre-ping', typescript: 'no-acquire-timeout' };

/** @returns {Server | { name: string, missing: string }} */
export function poolproofServer(name = 'Poolproof') {
  // As every editor but VS Code starts it.
  const commandLine = poolproofBundle();
  if (!commandLine) return { name, missing: notBuilt };
  const start = (folder) => new LanguageClient(process.execPath, [commandLine, 'lsp', '--stdio'], folder);
  return { name, codes, start };
}

/** @returns {(Server | { name: string, missing: string })[]} */
export function peerServers() {
  const [astGrep, ruff] = [tool('ast-grep'), tool('ruff')];
  return [
    astGrep.missing
      ? { name: 'ast-grep lsp', missing: `ast-grep is left out: ${astGrep.missing}` }
      : {
          name: 'ast-grep lsp',
          codes,
          start: (folder) => new LanguageClient(astGrep.executable, ['lsp'], folder),
        },
    ruff.missing
      ? { name: 'ruff server', missing: `ruff is left out: ${ruff.missing}` }
      : {
          name: 'ruff server',
          codes: { python: 'ERA001' },
          start: (folder) => new LanguageClient(ruff.executable, ['server'], folder),
        },
  ];
}

/** The long file that has its pool at the given position, in a workspace of its own with every tool's project file. */
export function smallWorkspace(position, language = 'python') {
  const folder = join(benchFolder, `keystroke-${language}-${position}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n');
  return { folder, ...addLongFile(folder, position, language) };
}

/** Puts the long file and the tools' project files into an existing workspace. */
export function addLongFile(folder, position, language = 'python') {
  const file = longFile(position, language);
  const path = join(folder, file.name);
  writeFileSync(path, file.text);
  writeAstGrepProject(folder);
  writeRuffProject(folder);
  writeTopology(folder);
  return { path, language, ...file };
}

/** Whether the finding is among the diagnostics of one file. */
export const hasFinding = (diagnostics, code) =>
  diagnostics.some((diagnostic) => (diagnostic.code?.value ?? diagnostic.code) === code);

/**
 * Starts a server, opens the workspace's long file, waits until the finding is published and the server is at rest.
 * @returns {Promise<{ client: LanguageClient, toggle: () => Promise<number> }>} `toggle` removes or inserts the character that
 *   decides about the finding and resolves to the milliseconds until the diagnostics for that very version have arrived, the finding
 *   gone or back
 */
export async function openForToggling(server, workspace) {
  const client = server.start(workspace.folder);
  const code = server.codes[workspace.language];
  try {
    await client.initialize();
    const opened = pathToFileURL(workspace.path).href;
    const published = client.nextPublish(({ uri, diagnostics }) => uri === opened && hasFinding(diagnostics, code));
    const file = client.open(workspace.path, workspace.text);
    await published.catch((error) => {
      throw new Error(`${error.message} (waiting for ${code} in the file just opened)`);
    });
    await client.atRest();
    const start = { line: workspace.line, character: workspace.character };
    let present = true;
    const toggle = async () => {
      present = !present;
      const awaited = client.nextPublish(
        ({ uri, version, diagnostics }) =>
          uri === file.uri && (version ?? file.version) === file.version && hasFinding(diagnostics, code) === present,
      );
      const sentAt = file.change(workspace.offset, start, present ? 0 : 1, present ? workspace.toggled : '');
      return (await awaited).at - sentAt;
    };
    return { client, file, toggle };
  } catch (error) {
    await client.stop();
    throw error;
  }
}
