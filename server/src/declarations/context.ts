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
  __mocks__: 'test',
  mocks: 'test',
  cypress: 'test',
  playwright: 'test',
  testcontainers: 'test',
  seeds: 'script',
  seeders: 'script',
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
  bench: 'script',
  benchmark: 'script',
  benchmarks: 'script',
};

/** File names that tell by themselves, in Python and in JavaScript. */
const fileNames: readonly (readonly [RegExp, SourceContext])[] = [
  [/^(?:test_.*|.*_tests?|conftest|tests?|.*_testing|testing)\.py$/, 'test'],
  [/(?:^tests?|[.-](?:test|tests|spec|specs|e2e|cy|stories|mock))\.[cm]?[jt]sx?$/, 'test'],
  [/^(?:jest|vitest|playwright|cypress|karma)\.[\w.-]+\.[cm]?[jt]sx?$/, 'test'],
  [
    /^(?:setup-?tests?(?:-[\w-]+)?|tests?-(?:setup|utils?|helpers?|config|env(?:ironment)?|db|database))\.[cm]?[jt]sx?$/i,
    'test',
  ],
  [
    /^migrat(?:e|or)(?:[.-](?:up|down|latest|status|reset|rollback|dev|prod|production|db|database))?\.[cm]?[jt]s$/,
    'script',
  ],
  [/^(?:seed|seeder|seeds)(?:[.-][\w-]+)*\.[cm]?[jt]sx?$/, 'script'],
  [/^(?:drizzle\.config|knexfile)\.[cm]?[jt]s$/, 'migration'],
];

/** Folders named after what they hold: `integration_tests`, `load-testing`, `example_plugin`, `alembic_tenants`. */
const folderWords: readonly (readonly [RegExp, SourceContext])[] = [
  [/^(?:perf|performance|load|stress)[_-]?tests?$/, 'script'],
  [/^tests?[_-]|[_-](?:tests?|testing|tests?[_-](?:utils?|helpers?|harness|support|kit))$/, 'test'],
  // What runs a repository's checks and releases.
  [/^\.(?:github|gitlab|circleci|ci|buildkite|scripts?)$/, 'script'],
  [/^e2e[_-]|[_-]e2e$/, 'test'],
  [/^(?:alembic|migrations?)[_-]|[_-](?:alembic|migrations?)$/, 'migration'],
  [/^(?:examples?|samples?|demos?)[_-]|[_-](?:examples?|samples?|demos?)$/, 'example'],
];

/** `path` is relative to the workspace folder, with `/`. The most telling folder is the innermost. */
export function contextOf(path: string): SourceContext {
  const parts = path.split('/');
  const name = parts.pop()!;
  const byName = fileNames.find(([pattern]) => pattern.test(name))?.[1];
  if (byName !== undefined) return byName;
  for (let index = parts.length - 1; index >= 0; index--) {
    const folder = parts[index]!.toLowerCase();
    const context = folders[folder] ?? folderWords.find(([words]) => words.test(folder))?.[1];
    if (context !== undefined) return context;
  }
  return 'app';
}

/** Alembic's environment and revision files, wherever they lie: only they import its `context` and `op`. */
const migrationImport =
  /^(?:from[ \t]+alembic[ \t]+import[ \t]+[^\n#]*\b(?:context|op)\b|import[ \t]+alembic\.(?:context|op)\b)/m;

/** The context of a Python file by its place, and by its imports where the place does not tell. */
export function contextOfPython(byPlace: SourceContext, text: string): SourceContext {
  return byPlace === 'app' && migrationImport.test(text) ? 'migration' : byPlace;
}
