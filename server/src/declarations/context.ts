/** What kind of code a file holds, judged by where it lies and what it is called. */
import type { SourceContext } from './pool.ts';

const folders: Readonly<Record<string, SourceContext>> = {
  test: 'test',
  tests: 'test',
  testing: 'test',
  __tests__: 'test',
  spec: 'test',
  specs: 'test',
  e2e: 'test',
  fixtures: 'test',
  alembic: 'migration',
  migrations: 'migration',
  migration: 'migration',
  scripts: 'script',
  script: 'script',
  bin: 'script',
  hack: 'script',
  example: 'example',
  examples: 'example',
  sample: 'example',
  samples: 'example',
  demo: 'example',
  demos: 'example',
  docs: 'example',
  doc: 'example',
  tutorial: 'example',
  tutorials: 'example',
  docs_src: 'example',
  benchmarks: 'script',
};

const testFile = /^(?:test_.*|.*_tests?|conftest|tests?)\.py$/;

/** `path` is relative to the workspace folder, with `/`. The most telling folder is the innermost. */
export function contextOf(path: string): SourceContext {
  const parts = path.split('/');
  const name = parts.pop()!;
  if (testFile.test(name)) return 'test';
  for (let index = parts.length - 1; index >= 0; index--) {
    const context = folders[parts[index]!.toLowerCase()];
    if (context !== undefined) return context;
  }
  return 'app';
}
