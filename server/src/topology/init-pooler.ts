/** The part of a fresh topology file about the pooler in front of a database. */
import { written } from './assist.ts';
import type { ManifestKey } from './drift.ts';
import { comment, found, openQuestion, type PlacedFact } from './init-lines.ts';
import { decidingFacts, type FoundPooler } from './manifest-services.ts';
import { poolerSettings } from './read.ts';

const indent = '      ';

/** The keys of a pooler in the order they are written, and by which facts they are found. */
const keys: readonly (readonly [key: string, fact: ManifestKey])[] = [
  ['mode', 'pooler_mode'],
  ['version', 'pooler_version'],
  ['instances', 'pooler_instances'],
  ['users', 'pooler_users'],
  ...poolerSettings.map((name) => [name, name] as const),
  ['ignore_startup_parameters', 'ignore_startup_parameters'],
];

const examples: Readonly<Record<string, string>> = {
  mode: 'transaction',
  instances: '1',
  default_pool_size: '20',
  max_client_conn: '100',
};

/** `config` is the place of a pgbouncer.ini in the workspace. */
export function poolerLines(
  pooler: FoundPooler | undefined,
  config: PlacedFact | undefined,
  placeOf: (fact: PlacedFact['fact']) => string,
): string[] {
  if (pooler === undefined && config === undefined) return [];
  const lines = ['    pooler:'];
  const kind = pooler && decidingFacts(pooler.facts, 'pooler')[0];
  lines.push(kind === undefined ? `${indent}kind: pgbouncer` : found(indent, 'kind', 'pgbouncer', placeOf(kind)));
  const isMounted = pooler?.facts.some(({ key, reason }) => key === 'pooler_mode' && reason?.includes('mounted'));
  // Variables take the place of a file that lies elsewhere in the workspace.
  if (config !== undefined && (pooler === undefined || isMounted))
    lines.push(found(indent, 'config', config.place.replace(/:\d+$/, ''), config.place));
  for (const [key, fact] of keys) lines.push(...keyLines(key, pooler?.facts, fact, isMounted === true, placeOf));
  return lines;
}

function keyLines(
  key: string,
  facts: FoundPooler['facts'] | undefined,
  name: ManifestKey,
  isMounted: boolean,
  placeOf: (fact: PlacedFact['fact']) => string,
): string[] {
  const deciding = decidingFacts(facts ?? [], name);
  // Of environments that differ, one that is known.
  const fact = deciding.find(({ value }) => value !== null) ?? deciding[0];
  if (fact === undefined || (isMounted && key === 'mode')) return [];
  const example = examples[key];
  if (fact.value === null)
    return example === undefined
      ? []
      : [openQuestion(indent, `${key}: ${example}`, `${fact.reason} (${placeOf(fact)})`)];
  if (fact.reason !== undefined)
    return [`${indent}${key}: ${fact.value}${comment(`${fact.reason} (${placeOf(fact)})`)}`];
  if (fact.isDefault !== true) return [found(indent, key, fact.value, placeOf(fact))];
  const value = written(String(fact.value), typeof fact.value === 'string');
  return [`${indent}${key}: ${value}${comment(`the default, which ${placeOf(fact)} leaves in force`)}`];
}
