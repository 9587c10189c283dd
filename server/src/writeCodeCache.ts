/** Part of the build: runs the bundle that its first argument names and keeps what V8 compiled for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, launch } from './launch.ts';

const [name] = process.argv.splice(2, 1) as [Bundle];
const script = launch(name);
process.on('exit', () => {
  writeFileSync(join(__dirname, `${name}.js.cache`), script.createCachedData());
});
