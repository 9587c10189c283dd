/** What is wrong with the settings of an alias: combinations that raise, keys that do nothing, connections nobody tests. */
import { type CodeValue, codeOf, written } from '../../declarations/edits.ts';
import { knownValueOf, placeOf, setParameters, versionNote, writtenArgument } from '../../declarations/parameters.ts';
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import type { Argument } from '../../declarations/value.ts';
import { aliasKeys, connectionPoolFacts, hasHealthChecks } from '../../facts/django.ts';
import { notANumber } from '../plainProblems.ts';
import { fix } from '../results.ts';
import { helperKey } from './databaseUrl.ts';
import { geventPoolClass } from './kinds.ts';
import { keyRenamed, nativePoolProblems } from './poolProblems.ts';
import { poolOptionsKey, strayAgeKey } from './pools.ts';

export function* djangoProblems(pool: Pool): Iterable<PoolProblem> {
  yield* notANumber(pool, { CONN_MAX_AGE: { raises: 'at the first connect', mayBeNone: true } });
  yield* nativePoolProblems(pool);
  yield* settingsInUrl(pool);
  yield* keysInOtherLetters(pool);
  yield* ageOfNoAlias(pool);
  yield* checksSwitchedOnByText(pool);
  yield* untested(pool);
}

/** Kept connections that are handed out untested after a restart of the database. */
function* untested(pool: Pool): Iterable<PoolProblem> {
  const checks = pool.parameters.get('CONN_HEALTH_CHECKS');
  if (!hasHealthChecks(pool.libraryVersion) || !checks?.value.known || checks.value.value) return;
  // django-db-connection-pool tests with PRE_PING, django_db_geventpool always.
  if (pool.parameters.has('PRE_PING') || pool.poolClass === geventPoolClass) return;
  const isPool = pool.poolClassKind === 'queue';
  const isKept = isPool || pool.idleLimit.kind === 'seconds' || pool.idleLimit.kind === 'forever';
  if (!isKept) return;
  const isOff = checks.written !== undefined;
  const where = isPool ? 'each connection of the pool' : `each connection that ${ageOf(pool)} keeps`;
  const what = isOff ? 'CONN_HEALTH_CHECKS is switched off' : 'No CONN_HEALTH_CHECKS';
  const advice = isOff ? '' : ' Set it to True.';
  yield {
    rule: 'missing-health-checks',
    at: placeOf(pool, 'CONN_HEALTH_CHECKS'),
    severity: isOff ? 'information' : undefined,
    message: `${what}: after a database restart or failover the first query on ${where} fails.${advice}${isOff ? '' : versionNote(pool)}`,
    fixes: fix(
      titleOf(pool, 'CONN_HEALTH_CHECKS', true),
      isOff ? 'suggestion' : 'safe',
      setParameters(pool, { CONN_HEALTH_CHECKS: true }),
    ),
  };
}

function ageOf(pool: Pool): string {
  const age = knownValueOf(pool, 'CONN_MAX_AGE');
  return age === null ? 'CONN_MAX_AGE=None' : `CONN_MAX_AGE=${String(age)}`;
}

/** `Add "CONN_HEALTH_CHECKS": True`, as the place writes it; "Set CONN_MAX_AGE to 0" where it is written. */
export function titleOf(pool: Pool, name: string, value: CodeValue): string {
  const code = codeOf(value, pool.site.language);
  const parameter = pool.parameters.get(name);
  if (parameter?.written !== undefined) return `Set ${name} to ${code}`;
  return `Add ${written(parameter?.insertion ?? pool.site.insertion, name, code)}`;
}

/** dj-database-url hands what stands in the query to the driver, which knows nothing of it. */
function* settingsInUrl(pool: Pool): Iterable<PoolProblem> {
  const { at, query, dialect } = pool.address;
  if (at === undefined || dialect !== 'postgresql' || helperOf(pool) !== 'dj-database-url') return;
  for (const name of Object.keys(query)) {
    const setting = name.toUpperCase();
    if (setting !== 'CONN_MAX_AGE' && setting !== 'CONN_HEALTH_CHECKS') continue;
    yield {
      rule: 'invalid-pool-arguments',
      at,
      message: `${name} in the URL becomes an option of the driver, which rejects it at the first connect; ${setting} stays as it is. Pass ${setting.toLowerCase()}=… beside the URL instead.`,
    };
  }
}

function helperOf(pool: Pool): unknown {
  const helper = pool.otherArguments.get(helperKey)?.value;
  return helper?.known ? helper.value : undefined;
}

function* keysInOtherLetters(pool: Pool): Iterable<PoolProblem> {
  const names = new Set(pool.site.arguments.map((each) => each.keyword));
  for (const argument of pool.site.arguments) {
    const name = argument.keyword!;
    const meant = name.toUpperCase();
    if (name === meant || !aliasKeys.has(meant)) continue;
    yield ignoredKey(argument, meant, 'DATABASES', names.has(meant));
  }
  const options = pool.otherArguments.get(poolOptionsKey)?.value;
  if (!options?.known) return;
  for (const argument of pool.unrecognised) {
    const meant = argument.keyword!.toUpperCase();
    if (argument.keyword === meant || !connectionPoolFacts.some((fact) => fact.name === meant)) continue;
    yield ignoredKey(argument, meant, 'POOL_OPTIONS', writtenArgument(pool, meant) !== undefined);
  }
}

function ignoredKey(argument: Argument, meant: string, where: string, isTaken: boolean): PoolProblem {
  const name = argument.keyword!;
  const span = argument.keywordSpan ?? argument.span;
  const rename = isTaken ? undefined : keyRenamed(argument, meant);
  return {
    rule: 'ignored-pool-options',
    at: span,
    message: `${name} is ignored: in ${where} only ${meant} counts, in capitals.`,
    fixes: fix(`Change to ${meant}`, 'suggestion', rename && [rename]),
  };
}

/** `CONN_MAX_AGE = 600` beside DATABASES instead of in it. */
function* ageOfNoAlias(pool: Pool): Iterable<PoolProblem> {
  const stray = pool.otherArguments.get(strayAgeKey)?.written;
  if (stray === undefined || pool.hasUnreadArguments) return;
  yield {
    rule: 'ignored-pool-options',
    at: stray.keywordSpan ?? stray.span,
    message:
      'CONN_MAX_AGE does nothing here: Django reads it from each alias of DATABASES, and no alias has it. Connections are closed after each request.',
  };
}

const falseWords = new Set(['false', 'no', 'off', '0']);

function* checksSwitchedOnByText(pool: Pool): Iterable<PoolProblem> {
  const value = knownValueOf(pool, 'CONN_HEALTH_CHECKS');
  if (typeof value !== 'string' || !falseWords.has(value.toLowerCase())) return;
  yield {
    rule: 'ignored-pool-options',
    at: placeOf(pool, 'CONN_HEALTH_CHECKS'),
    message: `CONN_HEALTH_CHECKS is switched on: the text "${value}" is no boolean, and every text but the empty one counts as true.`,
  };
}
