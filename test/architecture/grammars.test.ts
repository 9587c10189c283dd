import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/python.ts';

const read = (path: string) => readFileSync(join(projectRoot, path));

test('every grammar is the one whose origin is recorded', () => {
  const { grammars } = JSON.parse(read('grammars/manifest.json').toString()) as {
    grammars: { file: string; package: string; version: string; license: string; sha256: string }[];
  };
  for (const grammar of grammars) {
    const folder = `node_modules/${grammar.package}`;
    const manifest = JSON.parse(read(`${folder}/package.json`).toString()) as { version: string; license: string };
    assert.equal(manifest.version, grammar.version);
    assert.equal(manifest.license, grammar.license);
    assert.equal(
      createHash('sha256')
        .update(read(`${folder}/${grammar.file}`))
        .digest('hex'),
      grammar.sha256,
    );
  }
});
