/** A workspace on disk that is gone when the test is over. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';

export class DiskWorkspace {
  readonly root: string;
  readonly uri: string;

  constructor(context: TestContext, files: Readonly<Record<string, string | Uint8Array>> = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'poolproof-')));
    this.uri = pathToFileURL(this.root).href;
    context.after(() => rmSync(this.root, { recursive: true, force: true }));
    for (const [path, content] of Object.entries(files)) this.write(path, content);
  }

  path(path: string): string {
    return join(this.root, path);
  }

  uriOf(path: string): string {
    return `${this.uri}/${path}`;
  }

  /** Writes a file and gives its URI. */
  write(path: string, content: string | Uint8Array): string {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
    return this.uriOf(path);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  remove(path: string): string {
    rmSync(this.path(path), { recursive: true, force: true });
    return this.uriOf(path);
  }
}

/** An engine that one rule, and only that one, has something to say about. */
export const engineWithoutPing = `import os
from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_timeout=5, pool_recycle=300)
`;

export const quietEngine = engineWithoutPing.replace('pool_size=5', 'pool_size=5, pool_pre_ping=True');

/** Four replicas of two workers with the pool's size each, on a database that takes 30. */
export const smallTopology = `databases:
  main:
    max_connections: 40
    connect: [DATABASE_URL]
services:
  api:
    database: main
    paths: ["app/**"]
    server: gunicorn
    workers: 2
    replicas: 4
`;
