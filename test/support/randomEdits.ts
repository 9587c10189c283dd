/** Whatever is typed, in whatever order: the findings are those of the same text read afresh. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Analysis } from '../../server/src/rules/analysis.ts';
import { createProject, type Files, uriOf } from './workspace.ts';

export interface RandomEdit {
  readonly file: string;
  /** Share of the text that stands before the edit, 0 to 1. */
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** What must be the same. */
export function shown(analysis: Analysis): unknown {
  return {
    findings: analysis.findings,
    pools: analysis.pools.map(({ pool, context }) => [pool.uri, pool.site.span, pool.peakPerProcess, context]),
    totals: analysis.fleets.flatMap((fleet) => fleet.databases.map((each) => each.total.value)),
  };
}

/** Bursts of edits in open files, each compared with a fresh start; resolves to how many pools were seen in all states. */
export async function compareWithFreshStarts(
  files: Files,
  opened: readonly string[],
  edit: fc.Arbitrary<RandomEdit>,
): Promise<number> {
  const seed = Number(process.env['POOLPROOF_SEED'] ?? Date.now() % 2 ** 31);
  console.log(`# seed ${seed} (POOLPROOF_SEED repeats it)`);
  let pools = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(edit, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
      async (bursts) => {
        const edited = await createProject(files);
        const texts = new Map<string, string>(Object.entries(files));
        for (const path of opened) edited.project.open(uriOf(path), texts.get(path)!);
        try {
          for (const burst of bursts) {
            for (const { file, at, length, text } of burst) {
              const before = texts.get(file)!;
              const start = Math.floor(at * before.length);
              const end = Math.min(before.length, start + length);
              texts.set(file, before.slice(0, start) + text + before.slice(end));
              edited.project.edit(uriOf(file), [{ start, end, newText: text }]);
            }
            const fresh = await createProject(Object.fromEntries(texts));
            const analysis = await edited.project.analyse();
            pools += analysis.pools.length;
            assert.deepEqual(shown(analysis), shown(await fresh.project.analyse()));
            assert.deepEqual([...edited.log, ...fresh.log], []);
            fresh.project.dispose();
          }
        } finally {
          edited.project.dispose();
        }
      },
    ),
    { seed, numRuns: Number(process.env['POOLPROOF_RUNS'] ?? 60) },
  );
  return pools;
}
