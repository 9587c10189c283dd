/** A Prisma schema and its environment file in an editor: completion, hover, lens, and fixes wherever the URL stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, CodeLens, CompletionItem, Diagnostic, Hover } from 'vscode-languageserver-protocol/node';
import { DiskWorkspace } from '../support/diskWorkspace.ts';
import { applyTextEdits, editsByUri, LspClient, pushCapabilities } from '../support/lspClient.ts';

const schema = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
`;
const environment = 'DATABASE_URL="postgresql://shop@db.example.com/shop?schema=public"\n';
const topology = `databases:
  main: { max_connections: 50, connect: [DATABASE_URL] }
services:
  web: { database: main, server: node, replicas: 8 }
`;

async function open(context: Parameters<typeof LspClient.start>[0], files: Record<string, string>) {
  const all = { 'prisma/schema.prisma': schema, '.env': environment, 'poolproof.yaml': topology, ...files };
  const workspace = new DiskWorkspace(context, all);
  const client = await LspClient.start(context, { folders: [workspace.uri], capabilities: pushCapabilities });
  const uris = { schema: workspace.uriOf('prisma/schema.prisma'), environment: workspace.uriOf('.env') };
  client.open(uris.schema, all['prisma/schema.prisma'], 'prisma');
  client.open(uris.environment, all['.env'], 'dotenv');
  const at = (uri: string, line: number, character: number) => ({
    textDocument: { uri },
    position: { line, character },
  });
  return {
    client,
    uris,
    complete: (uri: string, line: number, character: number) =>
      client.request<CompletionItem[]>('textDocument/completion', at(uri, line, character)),
    hover: async (uri: string, line: number, character: number) => {
      const found = await client.request<Hover | null>('textDocument/hover', at(uri, line, character));
      return found === null ? undefined : (found.contents as { value: string }).value;
    },
    lenses: async (uri: string) => {
      const found = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
      return found.map((lens) => [lens.range.start.line, lens.command!.title] as const);
    },
    /** The edits of the action with this title. */
    edit: async (uri: string, found: Diagnostic, title: string) => {
      const context = { diagnostics: [found] };
      const params = { textDocument: { uri }, range: found.range, context };
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', params);
      const action = actions.find((each) => each.title === title);
      assert.ok(action, actions.map((each) => each.title).join('\n'));
      return editsByUri((await client.request<CodeAction>('codeAction/resolve', action)).edit);
    },
  };
}

test('the parameters of the URL while it is typed in the environment file', async (t) => {
  const { client, uris, complete, hover } = await open(t, {});
  assert.ok(client.result.capabilities.completionProvider!.triggerCharacters!.includes('&'));
  await client.settled(uris.environment);
  const typed = environment.replace('public"', 'public&pool_"');
  client.change(uris.environment, { text: typed });
  const [first, ...rest] = await complete(uris.environment, 0, typed.indexOf('pool_') + 5);
  assert.equal(first!.label, 'connection_limit');
  assert.ok(!rest.some((each) => each.label === 'schema'), 'it is written already');
  const timeout = rest.find((each) => each.label === 'pool_timeout')!;
  assert.equal(timeout.detail, 'Prisma · seconds · default 10');
  const after = applyTextEdits(typed, [timeout.textEdit as { range: never; newText: string }]);
  assert.equal(after, environment.replace('public"', 'public&pool_timeout="'));
  client.change(uris.environment, { text: after.replace('timeout=', 'timeout=60') });
  assert.match((await hover(uris.environment, 0, after.indexOf('timeout=')))!, /\*\*pool_timeout\*\* 60 s/);
  await client.rule(uris.schema, 'pool-timeout-too-long');
});

test('the sum of the fleet stands over the datasource, wherever its URL comes from', async (t) => {
  const { client, uris, lenses, hover } = await open(t, { '.env': environment.replace('?', '?connection_limit=10&') });
  await client.rule(uris.schema, 'fleet-exceeds-max-connections');
  const [lens, ...others] = await lenses(uris.schema);
  assert.deepEqual(others, []);
  assert.equal(lens![0], 0);
  assert.match(lens![1], /80 of 40 connections on main · connection_limit 5 fits/);
  assert.match((await hover(uris.schema, 2, 20))!, /80/, 'over env("DATABASE_URL")');
  assert.deepEqual(await lenses(uris.environment), []);
});

test('several clients of one service are one line over the datasource', async (t) => {
  const code =
    "import { PrismaClient } from '@prisma/client';\nexport const a = new PrismaClient();\nexport const b = new PrismaClient();\n";
  const files = { '.env': environment.replace('?', '?connection_limit=2&'), 'src/db.ts': code };
  const { client, uris, lenses } = await open(t, files);
  // The page waits until the whole folder has been read.
  await client.request('poolproof/fleetReport', {});
  const found = await lenses(uris.schema);
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.match(found[0]![1], /^32 of 40/);
});

test('the limit is added where the URL is written', async (t) => {
  const { client, uris, edit } = await open(t, {});
  const found = await client.rule(uris.schema, 'missing-connection-limit');
  const edits = await edit(uris.schema, found!, 'Add connection_limit=5');
  const after = applyTextEdits(environment, edits.get(uris.environment)!);
  assert.equal(after, environment.replace('public"', 'public&connection_limit=5"'));
  client.change(uris.environment, { text: after });
  await client.findings(uris.schema, []);
});

test('a password in the schema moves to the environment', async (t) => {
  const literal = schema.replace('env("DATABASE_URL")', '"postgresql://shop:s3kDq91xv@db.example.com/shop"');
  const { client, uris, edit } = await open(t, { 'prisma/schema.prisma': literal, '.env': 'OTHER=1\n' });
  const found = await client.rule(uris.schema, 'hardcoded-credentials');
  const edits = await edit(uris.schema, found!, 'Read it from the environment variable DATABASE_URL');
  assert.equal(applyTextEdits(literal, edits.get(uris.schema)!), schema);
});

const seven = '{ "dependencies": { "@prisma/client": "7.10.0", "dotenv": "17.0.0" } }\n';
const password = schema.replace('env("DATABASE_URL")', '"postgresql://shop:s3kDq91xv@db.example.com/shop" // ours');
const withoutUrl = 'datasource db {\n  provider = "postgresql"\n}\n';

/** The files after the action with this title is taken, those that are made included. */
async function moved(context: Parameters<typeof open>[0], files: Record<string, string>, suffix = '') {
  const all = { 'package.json': seven, 'prisma/schema.prisma': password, '.env': 'OTHER=1\n', ...files };
  const { client, uris, edit } = await open(context, all);
  // The page waits until the whole folder, its package.json too, has been read.
  await client.request('poolproof/fleetReport', {});
  const found = await client.rule(uris.schema, 'hardcoded-credentials');
  const title = `Move url to prisma.config.ts and read it from DATABASE_URL${suffix}`;
  const edits = await edit(uris.schema, found!, title);
  const root = uris.schema.slice(0, -'/prisma/schema.prisma'.length);
  return Object.fromEntries(
    [...edits].map(([uri, list]) => {
      const path = uri.slice(root.length + 1);
      return [path, applyTextEdits((all as Record<string, string>)[path] ?? '', list)];
    }),
  );
}

test('under Prisma 7 the URL moves to a configuration that is made for it', async (t) => {
  assert.deepEqual(await moved(t, {}, ' in .env'), {
    'prisma/schema.prisma': withoutUrl,
    'prisma.config.ts': `import 'dotenv/config';
import { defineConfig, env } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  datasource: { url: env('DATABASE_URL') },
});
`,
    '.env': 'OTHER=1\nDATABASE_URL=postgresql://shop:s3kDq91xv@db.example.com/shop\n',
    '.gitignore': '.env\n',
  });
});

test('under Prisma 7 the URL moves into the configuration that is there', async (t) => {
  const config = `import { defineConfig } from "prisma/config";\n\nexport default defineConfig({\n  schema: "prisma/schema.prisma",\n});\n`;
  assert.deepEqual(await moved(t, { 'prisma.config.ts': config }), {
    'prisma/schema.prisma': withoutUrl,
    'prisma.config.ts': `import { defineConfig, env } from "prisma/config";\n\nexport default defineConfig({\n  datasource: { url: env("DATABASE_URL") },\n  schema: "prisma/schema.prisma",\n});\n`,
  });
});

test('under Prisma 7 the URL is taken out where the configuration has one', async (t) => {
  const config = `import { defineConfig, env } from 'prisma/config';\nexport default defineConfig({ datasource: { url: env('DATABASE_URL') } });\n`;
  assert.deepEqual(await moved(t, { 'prisma.config.ts': config }), { 'prisma/schema.prisma': withoutUrl });
});

test('"Ignore here" writes the comment of the file', async (t) => {
  const { client, uris, edit } = await open(t, {
    '.env': environment.replace('?', '?pool_timeout=60&connection_limit=1&'),
  });
  const found = await client.rule(uris.schema, 'pool-timeout-too-long');
  const edits = await edit(uris.schema, found!, 'Ignore pool-timeout-too-long here');
  const after = applyTextEdits(schema, edits.get(uris.schema)!);
  assert.equal(after, schema.replace('  url', '  // poolproof: ignore[pool-timeout-too-long]\n  url'));
  client.change(uris.schema, { text: after });
  await client.rule(uris.schema, 'pool-timeout-too-long', false);
});
