// What a benchmark hands back, and how it is shown: aligned on a terminal, as Markdown in docs/benchmarks.md.

/**
 * @typedef {object} Goal one line of the summary
 * @property {string} what
 * @property {string} goal in words, with the bound
 * @property {string} measured
 * @property {boolean | undefined} met undefined where it could not be measured
 *
 * @typedef {object} Section what one benchmark found
 * @property {string} title
 * @property {string} about how it was measured, one or two sentences
 * @property {string[]} columns
 * @property {string[][]} rows
 * @property {Goal[]} goals
 * @property {string[]} notes what a reader must know to judge the figures; rows left out and why
 * @property {string[]} crashes tools that broke while being measured
 */

/** A section to fill in. */
export function section(title, about, columns) {
  return { title, about, columns, rows: [], goals: [], notes: [], crashes: [] };
}

/** Adds a goal whose bound is an upper limit; `value` undefined means that it could not be measured. */
export function addGoal(target, what, goal, value, limit, measured) {
  target.goals.push({
    what,
    goal,
    measured: value === undefined ? 'not measured' : measured(value),
    met: value === undefined ? undefined : value <= limit,
  });
}

const mark = (met) => (met === undefined ? '–' : met ? '✓' : '✗');

function alignedTable(columns, rows) {
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = (cells) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index])))
      .join('  ')
      .trimEnd();
  return [line(columns), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

const markdownTable = (columns, rows) =>
  [columns, columns.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const goalRows = (sections) =>
  sections.flatMap(({ goals }) => goals.map(({ what, goal, measured, met }) => [what, goal, measured, mark(met)]));
const goalColumns = ['goal', 'must reach', 'measured', 'met'];

/** One section for a terminal. */
export function printSection({ title, columns, rows, notes, crashes }) {
  const parts = [`\n${title}`, rows.length > 0 ? alignedTable(columns, rows) : '(nothing measured)'];
  parts.push(...notes.map((note) => `  ${note}`), ...crashes.map((crash) => `  CRASHED ${crash}`));
  console.log(parts.join('\n'));
}

/** The summary of all goals for a terminal. */
export function printGoals(sections) {
  console.log(`\n${alignedTable(goalColumns, goalRows(sections))}`);
}

/** Absolute paths and addresses of this machine have no place in a written page. */
const withoutPlaces = (text) => text.replace(/(?<!\S)["'`(]?(?:\/|[A-Za-z]:\\|\w+:\/\/)\S+/g, '…');

/** docs/benchmarks.md. */
export function markdown(sections, machine, versions) {
  return `${[
    '# Benchmarks',
    'Figures of one run of `npm run bench -- --write`. Times differ from machine to machine; the ratios, taken side by side in ' +
      'one run with the contestants taking turns, are what counts.',
    `Machine: ${machine}. Measured against: ${versions.join(', ')}.`,
    markdownTable(goalColumns, goalRows(sections)),
    ...sections.flatMap(({ title, about, columns, rows, notes }) => [
      `## ${title}`,
      about,
      rows.length > 0 ? markdownTable(columns, rows) : 'Nothing measured.',
      notes.map((note) => `- ${withoutPlaces(note)}`).join('\n'),
    ]),
    '## Running them',
    '`npm run bench` runs all; `--only cold,keystroke` some; `--quick` takes few samples; `--strict` exits 1 where a goal is missed; ' +
      '`--write` writes this page. `BENCH_CORPUS=/path` measures the cold run over a tree of your own, `BENCH_N=15` takes more cold runs, ' +
      '`BENCH_LARGE=1` adds a workspace of 100,000 files. Tools and generated files go to `.tools/bench/`.',
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}
