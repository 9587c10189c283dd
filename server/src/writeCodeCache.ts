/** Part of the build: runs the command line on a sample and keeps what V8 compiled for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './launch.ts';

const script = launch();
process.on('exit', () => {
  writeFileSync(join(__dirname, 'commandLine.js.cache'), script.createCachedData());
});
