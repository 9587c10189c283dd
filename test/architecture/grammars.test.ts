import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/python.ts';

interface PackagedGrammar {
  readonly file: string;
  readonly package: string;
  readonly version: string;
  readonly license: string;
  readonly sha256: string;
}

interface OwnGrammar {
  readonly file: string;
  readonly folder: string;
  /** Hashes of what the file was built from. */
  readonly sources: Readonly<Record<string, string>>;
  readonly sha256: string;
}

const read = (path: string) => readFileSync(join(projectRoot, path));
const hashOf = (path: string) => createHash('sha256').update(read(path)).digest('hex');
const { grammars } = JSON.parse(read('grammars/manifest.json').toString()) as {
  grammars: (PackagedGrammar | OwnGrammar)[];
};

test('every packaged grammar is the one whose origin is recorded', () => {
  const packaged = grammars.filter((grammar) => 'package' in grammar);
  assert.ok(packaged.length > 0);
  for (const grammar of packaged) {
    const folder = `node_modules/${grammar.package}`;
    const manifest = JSON.parse(read(`${folder}/package.json`).toString()) as { version: string; license: string };
    assert.equal(manifest.version, grammar.version);
    assert.equal(manifest.license, grammar.license);
    assert.equal(hashOf(`${folder}/${grammar.file}`), grammar.sha256);
  }
});

test('every grammar of our own is built from the sources beside it (node scripts/build-grammars.mjs --generate)', () => {
  const own = grammars.filter((grammar) => 'folder' in grammar);
  assert.ok(own.length > 0);
  for (const { folder, file, sources, sha256 } of own) {
    assert.deepEqual(Object.keys(sources), ['grammar.js', 'src/parser.c']);
    for (const [source, hash] of Object.entries(sources)) assert.equal(hashOf(`${folder}/${source}`), hash, source);
    assert.equal(hashOf(`grammars/${file}`), sha256);
  }
});
