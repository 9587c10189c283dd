/** Code of one file beside the pools it must come out as. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Amount } from '../../server/src/declarations/resolved.ts';
import { analyseFiles, type Files } from './workspace.ts';

export interface ExpectedShape {
  readonly system: string;
  readonly peak: Amount | 'unknown';
  readonly name?: string;
  readonly host?: string;
  readonly variable?: string;
  readonly version?: string;
}

async function poolsOf(code: string | Files): Promise<ExpectedShape[]> {
  const { pools } = await analyseFiles(typeof code === 'string' ? { 'src/db.ts': `${code}\n` } : code);
  return pools.map(({ pool }) => ({
    system: pool.system,
    peak: typeof pool.peakPerProcess === 'object' ? 'unknown' : pool.peakPerProcess,
    name: pool.name,
    host: pool.address.host,
    variable: pool.address.variable,
  }));
}

/** Each pool of the code, or of several files, in order; what is not expected of it is not compared. */
export function shapes(
  system: string,
  cases: readonly (readonly [code: string | Files, ...expected: Omit<ExpectedShape, 'system'>[]])[],
): void {
  test(`${system}: ${cases.length} shapes`, async () => {
    for (const [code, ...expected] of cases) {
      const found = await poolsOf(code);
      const shown = JSON.stringify(code);
      assert.equal(found.length, expected.length, shown);
      for (const [index, each] of expected.entries()) {
        const keys = Object.keys(each) as (keyof ExpectedShape)[];
        const compared = Object.fromEntries(keys.map((key) => [key, found[index]![key]]));
        assert.deepEqual({ system: found[index]!.system, ...compared }, { system, ...each }, shown);
      }
    }
  });
}
