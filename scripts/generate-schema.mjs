// Writes schemas/poolproof.schema.json from the topology's schema, its only source.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './bundling.mjs';

const bundle = await build({
  entryPoints: [join(root, 'server/src/topology/schema.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const source = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
const { topologySchema } = await import(`data:text/javascript;base64,${source}`);
mkdirSync(join(root, 'schemas'), { recursive: true });
const file = join(root, 'schemas/poolproof.schema.json');
writeFileSync(file, `${JSON.stringify(topologySchema(), null, 2)}\n`);
execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', file], { cwd: root, stdio: 'ignore' });
