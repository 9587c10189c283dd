/** Pools in the words of the JSON contract, compared with what a case expects of them. */
import assert from 'node:assert/strict';
import type { Pool } from '../../server/src/declarations/pool.ts';
import { analyseFiles, type Files } from './workspace.ts';

export interface Expected {
  readonly [key: string]: unknown;
}

/** A pool in the words of the JSON contract, only what a case cares about. */
function describe(pool: Pool): Record<string, unknown> {
  const parameters = Object.fromEntries(
    [...pool.parameters.values()].map(({ name, value }) => [
      name,
      value.known ? [value.value, value.source] : ['?', value.reason],
    ]),
  );
  const peak = pool.peakPerProcess;
  return {
    ...parameters,
    name: pool.name,
    key: pool.key,
    system: pool.system,
    callable: pool.callable,
    peak: typeof peak === 'object' ? null : peak,
    poolClass: pool.poolClass,
    dialect: pool.address.dialect,
    driver: pool.address.driver,
    host: pool.address.host,
    source: pool.address.source,
    variable: pool.address.variable,
    credentials: pool.address.hardcodedCredentials,
    network: pool.address.isNetworkDatabase,
    version: pool.libraryVersion,
    context: pool.context,
    wait: inWords(pool.acquireWait),
    idle: inWords(pool.idleLimit),
    unread: pool.hasUnreadArguments,
    unrecognised: pool.unrecognised.map((each) => each.keyword),
  };
}

/** "30 s by timeout", "forever", "never-waits". */
function inWords(limit: Pool['acquireWait'] | Pool['idleLimit']): string {
  const amount = limit.kind === 'seconds' ? `${limit.seconds} s` : limit.kind;
  return 'parameter' in limit && limit.parameter !== undefined ? `${amount} by ${limit.parameter}` : amount;
}

/** The pools of a workspace, in order; each compared by the properties its case names. */
export async function expectPools(files: Files, expected: readonly Expected[]): Promise<void> {
  const { pools } = await analyseFiles(files);
  const actual = pools.map(({ pool }, index) => {
    const all = describe(pool);
    return Object.fromEntries(Object.keys(expected[index] ?? { name: '' }).map((key) => [key, all[key]]));
  });
  assert.deepEqual(actual, expected);
}
