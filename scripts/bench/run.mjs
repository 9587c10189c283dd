// `npm run bench`: every benchmark, one after the other, beside its peers. Options: --only a,b  --quick  --strict  --write
// (--write puts the figures into docs/benchmarks.md). Exit status 1 where a tool crashed, and under --strict where a goal is missed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bundling.mjs';
import { markdown, printGoals, printSection, section } from './report.mjs';
import { benchFolder, machine, quick } from './support.mjs';
import { usedVersions } from './tools.mjs';

const benchmarks = ['cold', 'keystroke', 'keystroke-typescript', 'typing', 'start', 'memory', 'scale', 'cross-file'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean' },
    strict: { type: 'boolean' },
    write: { type: 'boolean' },
  },
});
const chosen = values.only?.split(',') ?? benchmarks;
const unknown = chosen.filter((name) => !benchmarks.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${benchmarks.join(', ')}.`);
  process.exit(2);
}
if (values.write && (values.only || quick)) {
  console.error('--write records whole runs only: leave out --only and --quick.');
  process.exit(2);
}

mkdirSync(benchFolder, { recursive: true });
console.log(`Machine: ${machine()}`);
if (quick) console.log('Few samples (--quick): enough to see that everything runs, too few to quote.');
const sections = [];
for (const name of chosen) {
  const { measure } = await import(`./${name}.mjs`);
  let result;
  try {
    result = await measure();
  } catch (error) {
    result = section(name, '', []);
    result.crashes.push(error.stack);
  }
  sections.push(result);
  printSection(result);
}
printGoals(sections);

const goals = sections.flatMap((one) => one.goals);
const crashed = sections.some(({ crashes }) => crashes.length > 0);
const count = (met) => goals.filter((goal) => goal.met === met).length;
console.log(`\n${count(true)} goals met, ${count(false)} missed, ${count(undefined)} not measured.`);
if (values.write && (crashed || count(undefined) === goals.length)) {
  console.log('docs/benchmarks.md is left as it is: a tool crashed, or nothing of Poolproof was measured.');
} else if (values.write) {
  writeFileSync(join(root, 'docs/benchmarks.md'), markdown(sections, machine(), usedVersions()));
  console.log('Written to docs/benchmarks.md.');
}
process.exit(crashed || (values.strict && count(true) < goals.length) ? 1 : 0);
