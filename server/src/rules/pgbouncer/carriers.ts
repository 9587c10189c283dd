/** PgBouncer's settings as variables of its images and as objects of operators: what keeps it from starting. */
import { settingNamed } from '../../facts/pgbouncer.ts';
import type { ManifestFact } from '../../topology/drift.ts';
import type { RuleResult } from '../rule.ts';
import { fix } from './edits.ts';
import { expectation } from './valueAdvice.ts';

/** A variable that the image writes into [pgbouncer] although PgBouncer has no such setting there. */
export function* fatalVariables(facts: readonly ManifestFact[]): Iterable<RuleResult> {
  for (const { key, variable, value, reason, at } of facts) {
    if (key !== 'pooler_fatal' || variable === undefined) continue;
    const meant = typeof value === 'string' ? value : undefined;
    const advice = meant === undefined ? `${reason}: remove it.` : `For all pools it is ${meant}.`;
    yield {
      at,
      message: `The image writes ${variable} into [pgbouncer] as ${variable.toLowerCase()}, a setting that PgBouncer does not have there: it does not start. ${advice}`,
      fixes: meant === undefined ? [] : [fix(`Rename to ${meant}`, 'suggestion', [{ ...at, newText: meant }])],
    };
  }
}

/** Images that let anybody in. They listen on every address of their container, whose network is not known here. */
export function* openDoors(facts: readonly ManifestFact[]): Iterable<RuleResult> {
  for (const { key, variable, value, at } of facts) {
    if (key !== 'pooler_auth' || (value !== 'any' && value !== 'trust')) continue;
    const who = value === 'any' ? 'under any name, and into the admin console' : 'who names a user that exists';
    yield {
      at,
      message: `With ${variable} ${value} everybody gets in ${who}, and PgBouncer has the password of the database. scram-sha-256 asks for one and does not send it.`,
    };
  }
}

/** A value that is written into the file as it is, and that PgBouncer refuses. */
export function* invalidVariables(facts: readonly ManifestFact[], version: string): Iterable<RuleResult> {
  for (const { key, variable, value, at } of facts) {
    const setting = key === 'pooler_invalid' ? settingNamed('pgbouncer', String(value)) : undefined;
    if (setting === undefined || variable === undefined) continue;
    yield {
      at,
      message: `${variable} becomes ${setting.name}, which is ${expectation(setting, version)}: PgBouncer does not start.`,
    };
  }
}
