/** What is claimed of a library, and how one file per library says it. */

import type { NumberArgument } from '../../server/src/facts/numberArgument.ts';
import type { ParameterFact } from '../../server/src/facts/parameter.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** One statement about a library that a probe has measured. */
export interface Claim {
  /** The statement in one line, as it is printed when it no longer holds. */
  readonly says: string;
  /** What the probe calls its measurement. */
  readonly key: string;
  readonly expected: Json;
  /** Where the number stands: a file of the facts table with the name in it; absent where only the claim itself says it. */
  readonly table?: string;
  /** Where the library says so. */
  readonly source?: string;
}

/** Packages installed together in a folder of their own. */
export interface Environment {
  readonly id: string;
  readonly language: 'python' | 'node';
  /** As the package manager takes them: `sqlalchemy<2`, `pg@8`. */
  readonly packages: readonly string[];
  /** The oldest Python these packages accept, where it is newer than usual: `3.12`. */
  readonly python?: string;
  /** The version of Node that runs them, where this one may be too old. */
  readonly node?: string;
  /** Why it cannot be run anywhere: said in the report. */
  readonly cannot?: string;
}

/** What is known when claims are made: which environment was measured and which versions it holds. */
export interface Measured {
  readonly environment: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What was measured, for claims about every entry of a list that only the library has. */
  readonly values: Readonly<Record<string, Json>>;
}

export interface LibraryClaims {
  readonly name: string;
  /** The probe's file below `probes/`. */
  readonly probe: string;
  readonly server?: 'postgresql' | 'mariadb';
  /** A PgBouncer in transaction mode, with one server connection, in front of the PostgreSQL. */
  readonly isBehindPgbouncer?: boolean;
  readonly environments: readonly Environment[];
  /** What the probe is asked about beyond what it measures anyway: names from the facts table. */
  readonly asks?: Json;
  claims(measured: Measured): readonly Claim[];
}

/** A claim whose number stands in a facts table. */
export function tableClaim(table: string, key: string, expected: Json, says: string, source?: string): Claim {
  return { table, key, expected, says, source };
}

/** The defaults of a facts table, beside what the probe calls `default NAME`. */
export function defaultClaims(table: string, owner: string, facts: readonly ParameterFact[], prefix = ''): Claim[] {
  return facts.map(({ name, fallback, source }) =>
    tableClaim(`${table}: ${name}.fallback`, `${prefix}default ${name}`, fallback, `${owner}: ${name}`, source),
  );
}

/** Names that a callable refuses: each with what the probe calls `refused NAME`. */
export function refusedClaims(table: string, owner: string, names: Iterable<string>, error = 'TypeError'): Claim[] {
  return [...names].map((name) => tableClaim(table, `refused ${name}`, error, `${owner} refuses ${name}`));
}

/** The stage at which a number argument raises, in the words of the facts tables, and as probes call it. */
const stages: Readonly<Record<string, string>> = {
  'when the engine is created': 'construction',
  'when the pool is created': 'construction',
  'at the first checkout': 'checkout',
  'when a connection is asked for': 'checkout',
  'as soon as a checkout has to wait': 'wait',
};

/** When numbers that are a text or None raise: what a probe calls `NAME as a text` and `NAME as None`. */
export function numberClaims(table: string, numbers: Readonly<Record<string, NumberArgument>>): Claim[] {
  return Object.entries(numbers).flatMap(([name, { raises, mayBeNone }]) => {
    const stage = stages[raises] ?? raises;
    return [
      tableClaim(`${table}.${name}`, `${name} as a text`, stage, `${name}="5" raises ${raises}`),
      tableClaim(
        `${table}.${name}`,
        `${name} as None`,
        mayBeNone ? 'never' : stage,
        mayBeNone ? `${name}=None is allowed` : `${name}=None raises ${raises}`,
      ),
    ];
  });
}

/** Claims that share a source and stand nowhere but here. */
export function claimsOf(source: string, entries: readonly (readonly [key: string, expected: Json, says: string])[]) {
  return entries.map(([key, expected, says]): Claim => ({ key, expected, says, source }));
}

/** Claims about numbers of one table. */
export function tableClaimsOf(
  table: string,
  entries: readonly (readonly [key: string, expected: Json, says: string])[],
) {
  return entries.map(([key, expected, says]): Claim => ({ key, expected, says, table }));
}
