// A small language client over stdio, written for measuring: it knows nothing of the servers' code, notes the time at which bytes
// arrive before it parses them, and keeps the text of the files it edits, as an editor does.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { processorTicks } from './support.mjs';

/** Milliseconds after which a server that does not answer counts as broken. */
const answerLimit = 30_000;

export class LanguageClient {
  #process;
  #received = Buffer.alloc(0);
  #nextId = 1;
  #pending = new Map();
  #waiting = new Set();
  #progress = new Set();
  #lastMessageAt = performance.now();
  #errorText = '';
  #failure;
  capabilities = {};
  /** The last diagnostics published by URI. */
  published = new Map();

  /** Starts the server; `startedAt` is the time just before that, in milliseconds of performance.now(). */
  constructor(command, args, folder) {
    this.folder = folder;
    this.startedAt = performance.now();
    this.#process = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stdout.on('data', (bytes) => this.#onBytes(bytes));
    this.#process.stderr.on('data', (bytes) => {
      this.#errorText = (this.#errorText + bytes).slice(-2000);
    });
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', (error) => this.#fail(error.message));
    this.#process.on('exit', (code, signal) => this.#fail(`the server ended with ${signal ?? code}`));
  }

  get pid() {
    return this.#process.pid;
  }

  #fail(reason) {
    const lastLine = this.#errorText.trim().split('\n').at(-1);
    this.#failure ??= new Error(lastLine ? `${reason}: ${lastLine}` : reason);
    for (const { reject } of [...this.#pending.values(), ...this.#waiting]) reject(this.#failure);
    this.#pending.clear();
    this.#waiting.clear();
  }

  #onBytes(bytes) {
    const at = performance.now();
    this.#lastMessageAt = at;
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#received.toString('latin1', 0, headEnd))?.[1]);
      const end = headEnd + 4 + length;
      if (this.#received.length < end) return;
      const message = JSON.parse(this.#received.toString('utf8', headEnd + 4, end));
      this.#received = this.#received.subarray(end);
      this.#onMessage(message, at);
    }
  }

  #onMessage(message, at) {
    if (message.method === undefined) {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`));
      else waiting?.resolve({ result: message.result, at });
      return;
    }
    if (message.id !== undefined) {
      // The server asks: it gets no configuration of its own, and yes to everything else.
      const result = message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null;
      this.#write(encoded({ id: message.id, result }));
    }
    if (message.method === 'window/workDoneProgress/create') this.#progress.add(message.params.token);
    if (message.method === '$/progress' && message.params.value.kind === 'end')
      this.#progress.delete(message.params.token);
    if (message.method !== 'textDocument/publishDiagnostics') return;
    this.published.set(message.params.uri, message.params.diagnostics);
    for (const one of this.#waiting) {
      if (!one.matches(message.params)) continue;
      this.#waiting.delete(one);
      one.resolve({ params: message.params, at });
    }
  }

  #write(bytes) {
    if (this.#failure) throw this.#failure;
    this.#process.stdin.write(bytes);
  }

  #limited(what, start) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} within ${answerLimit / 1000} s`)), answerLimit);
      const settle = (then) => (value) => {
        clearTimeout(timer);
        then(value);
      };
      start(settle(resolve), settle(reject));
    });
  }

  /** Sends a request. @returns {Promise<{ result: any, at: number }>} with the time at which the answer's bytes arrived */
  request(method, params) {
    const id = this.#nextId++;
    return this.#limited(`answer to ${method}`, (resolve, reject) => {
      this.#pending.set(id, { resolve, reject, method });
      this.#write(encoded({ id, method, params }));
    });
  }

  notify(method, params) {
    this.#write(encoded({ method, params }));
  }

  /** The next publishDiagnostics that matches, with the time at which its bytes arrived. */
  nextPublish(matches) {
    return this.#limited('diagnostics', (resolve, reject) => this.#waiting.add({ matches, resolve, reject }));
  }

  /** The handshake. With `pull` the client says that it asks for diagnostics itself; without, the server must publish them. */
  async initialize({ pull = false } = {}) {
    const rootUri = pathToFileURL(this.folder).href;
    const { result } = await this.request('initialize', {
      processId: process.pid,
      clientInfo: { name: 'poolproof-bench' },
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: basename(this.folder) }],
      capabilities: {
        general: { positionEncodings: ['utf-16'] },
        window: { workDoneProgress: true },
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          synchronization: { didSave: true },
          publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true },
          hover: { contentFormat: ['markdown', 'plaintext'] },
          codeAction: {
            codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
            dataSupport: true,
            resolveSupport: { properties: ['edit'] },
          },
          codeLens: {},
          ...(pull ? { diagnostic: { relatedDocumentSupport: false } } : {}),
        },
      },
    });
    this.capabilities = result.capabilities;
    this.notify('initialized', {});
  }

  /** Opens a file and returns it for editing. */
  open(path, text) {
    const file = new OpenFile(this, pathToFileURL(path).href, text);
    this.notify('textDocument/didOpen', { textDocument: { uri: file.uri, languageId: 'python', version: 1, text } });
    return file;
  }

  /** Sends bytes prepared by `encoded` and returns the time just before. */
  sendPrepared(bytes) {
    const at = performance.now();
    this.#write(bytes);
    return at;
  }

  /**
   * Resolves when the server is at rest: no progress open, no message for a while, and (where the system tells) no processor time used.
   */
  async atRest(limit = 300_000) {
    const quiet = 300;
    const deadline = performance.now() + limit;
    for (;;) {
      const ticks = processorTicks(this.pid);
      await new Promise((resolve) => setTimeout(resolve, quiet));
      if (this.#failure) throw this.#failure;
      const used = ticks === undefined ? 0 : processorTicks(this.pid) - ticks;
      if (this.#progress.size === 0 && used <= 1 && performance.now() - this.#lastMessageAt >= quiet) return;
      if (performance.now() > deadline) throw new Error(`the server was not at rest after ${limit / 1000} s`);
    }
  }

  /** Ends the server as the protocol asks, and for certain after two seconds. */
  async stop() {
    if (this.#failure) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 2000);
    await this.request('shutdown', null).catch(() => {});
    if (!this.#failure) this.notify('exit', null);
    await ended;
    clearTimeout(timer);
  }
}

/** An open file: its text, its version, and edits in the form the server asked for (whole text or ranges). */
export class OpenFile {
  version = 1;
  constructor(client, uri, text) {
    this.client = client;
    this.uri = uri;
    this.text = text;
  }

  /** Replaces the text between two offsets; both positions are given, so that nothing is searched while the clock runs. */
  change(offset, start, removed, inserted) {
    this.text = this.text.slice(0, offset) + inserted + this.text.slice(offset + removed);
    this.version++;
    const sync = this.client.capabilities.textDocumentSync;
    const range = { start, end: { line: start.line, character: start.character + removed } };
    const contentChanges = (sync?.change ?? sync) === 2 ? [{ range, text: inserted }] : [{ text: this.text }];
    const textDocument = { uri: this.uri, version: this.version };
    return this.client.sendPrepared(
      encoded({ method: 'textDocument/didChange', params: { textDocument, contentChanges } }),
    );
  }
}

function encoded(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}
