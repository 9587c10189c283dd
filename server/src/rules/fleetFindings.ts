/** What the two rules about a fleet that is too large have in common: places, related places, fixes. */
import { haveSameItems, saysTheSame } from '../core/same.ts';
import type { Location } from '../core/text.ts';
import { setParameters, sizePlaceOf, withMinimum } from '../declarations/parameters.ts';
import { isUnknown } from '../declarations/resolved.ts';
import { explainBudget, explainCapacity, explainExcess, explainReach, groundsOfExcess } from '../fleet/explain.ts';
import type { DatabaseBudget, Phase, PoolShare, Recommendation, RecommendedSize, Term, Total } from '../fleet/model.ts';
import { rolloutInstances } from '../fleet/processes.ts';
import { counted, explainTerm, totalOfTerms } from '../fleet/terms.ts';
import type { Database } from '../topology/model.ts';
import type { Fix, RelatedLocation, Severity } from './finding.ts';
import type { RuleResult } from './rule.ts';

/** Related places beyond these help nobody; the fleet page lists them all. */
const mostRelatedPools = 12;

/** What the findings on a database rest on, besides the pool itself; the same object as long as all of it is the same. */
interface Grounds {
  readonly of: readonly unknown[];
  readonly places: readonly RelatedLocation[];
}

/** What was said of a pool last: of thousands most is said again after every keystroke. */
interface Said {
  readonly grounds: Grounds;
  readonly others: readonly PoolShare[];
  readonly result: RuleResult;
}

const lastGrounds: Readonly<Record<Phase, WeakMap<Database, Grounds>>> = {
  steady: new WeakMap(),
  rollout: new WeakMap(),
};
const said: Readonly<Record<Phase, WeakMap<PoolShare, Said>>> = { steady: new WeakMap(), rollout: new WeakMap() };

function sameGrounds(database: Database, phase: Phase, now: Grounds): Grounds {
  const before = lastGrounds[phase].get(database);
  if (before !== undefined && haveSameItems(now.of, before.of) && saysTheSame(now.places, before.places)) return before;
  lastGrounds[phase].set(database, now);
  return now;
}

/** One finding per pool in the sum, and one on the database in the topology file. */
export function* findingsOnExcess(
  database: DatabaseBudget,
  phase: Phase,
  displayPath: (uri: string) => string,
  options: { readonly severity?: Severity; readonly onlyCapacity?: boolean } = {},
): Generator<RuleResult> {
  const shares = database.services.flatMap((service) => service.pools);
  // A place per pool, made once: every finding is related to the largest of the others.
  const weights = new Map(shares.map((share) => [share, atLeast(share)]));
  const places = new Map(
    [...shares]
      .sort((a, b) => weights.get(b)! - weights.get(a)!)
      .slice(0, mostRelatedPools)
      .map((share) => [share, onPool(share, phase)]),
  );
  const unknownPart = knownPart(database, phase);
  const reaches = options.onlyCapacity ? shares.slice(0, mostRelatedPools).map(explainReach).filter(Boolean) : [];
  const byCapacity = options.onlyCapacity ? `By capacity only: ${reaches.join('; ')}.` : '';
  const grounds = sameGrounds(database.database, phase, {
    of: [options.severity, byCapacity, ...groundsOfExcess(database, phase)],
    places: [...places.values()],
  });
  if (database.pooler === null) {
    for (const [share, others] of byPlace(shares.filter((each) => opensAnything(each, phase)))) {
      const before = said[phase].get(share);
      if (before?.grounds === grounds && haveSameItems(others, before.others)) {
        yield before.result;
        continue;
      }
      const messages = [explainExcess(share, database, phase), unknownPart, whereFrom(share, phase), byCapacity];
      const result = {
        at: sizePlaceOf(share.pool),
        severity: options.severity,
        message: messages.filter(Boolean).join(' '),
        related: [
          ...others.slice(0, mostRelatedPools).map((each) => onPool(each, phase)),
          ...[...places].filter(([each]) => each !== share && !others.includes(each)).map(([, place]) => place),
          ...topologyLines(share, database, phase),
        ],
        fixes: fixesFor(share, phase),
      };
      said[phase].set(share, { grounds, others, result });
      yield result;
    }
  }
  yield {
    at: database.database.at,
    severity: options.severity,
    message: messageOnDatabase(database, phase, displayPath),
    related: database.pooler === null ? [...places.values()] : [],
  };
}

/** Shares of one declaration stand at one place: the largest speaks, the others are related to it. */
function byPlace(shares: readonly PoolShare[]): (readonly [PoolShare, readonly PoolShare[]])[] {
  const places = new Map<string, PoolShare[]>();
  for (const share of shares) {
    const at = sizePlaceOf(share.pool);
    const key = `${at.uri} ${at.start}`;
    const list = places.get(key);
    if (list === undefined) places.set(key, [share]);
    else list.push(share);
  }
  return [...places.values()].map((list) => {
    const [first, ...rest] = [...list].sort((a, b) => atLeast(b) - atLeast(a));
    return [first!, rest] as const;
  });
}

function atLeast(share: PoolShare): number {
  return share.total === 'unbounded' ? Number.POSITIVE_INFINITY : totalOfTerms([share.term]).atLeast;
}

/** Not known at all is no reason to blame a pool; known in part is. */
function opensAnything(share: PoolShare, phase: Phase): boolean {
  const term = phase === 'steady' ? share.term : share.rolloutTerm;
  return term.amount === 'unbounded' || totalOfTerms([term]).atLeast > 0;
}

function totalIn(database: DatabaseBudget, phase: Phase): Total {
  return phase === 'steady' ? database.total : database.rolloutTotal;
}

function knownPart(database: DatabaseBudget, phase: Phase): string {
  const total = totalIn(database, phase);
  if (total.value !== null) return '';
  return `At least ${total.atLeast} whatever the unknown part is: ${total.unknown.join('; ')}.`;
}

/** Where the sizes cannot be edited here, their origin says where to change them. */
function whereFrom(share: PoolShare, phase: Phase): string {
  if (fixesFor(share, phase).length > 0) return '';
  const variables = share.pool.peakTerms.flatMap(({ parameter, value }) => {
    const origin = value.known && value.source === 'environment' ? value.origins[0] : undefined;
    return origin === undefined ? [] : [`${parameter} comes from ${origin.label}`];
  });
  return variables.length === 0 ? '' : `${variables.join(', ')}.`;
}

const onPool = oncePerPhase(
  (share, phase): RelatedLocation => ({ at: sizePlaceOf(share.pool), message: explainCapacity(share, phase) }),
);

/** A share stays the same object as long as nothing about it changes. */
function oncePerPhase<T extends object>(make: (share: PoolShare, phase: Phase) => T) {
  const made = { steady: new WeakMap<PoolShare, T>(), rollout: new WeakMap<PoolShare, T>() };
  return (share: PoolShare, phase: Phase): T => {
    let known = made[phase].get(share);
    if (known === undefined) made[phase].set(share, (known = make(share, phase)));
    return known;
  };
}

/** The lines of the topology file, and of environment files, that the sum is made of. */
function topologyLines(share: PoolShare, database: DatabaseBudget, phase: Phase): RelatedLocation[] {
  const lines: RelatedLocation[] = [];
  const add = (at: Location | undefined, message: string) => {
    if (at !== undefined) lines.push({ at, message });
  };
  const { maxConnections, reserved } = database.database;
  add(maxConnections?.at, `max_connections ${maxConnections?.value}`);
  add(reserved.at, `reserved ${reserved.value}`);
  for (const leaf of leavesOf(share.term)) if (leaf.text !== undefined) add(leaf.at, leaf.text);
  if (phase === 'rollout') {
    const { maxSurge, replicas } = share.service;
    add(
      maxSurge?.at ?? replicas.at,
      `${counted(rolloutInstances(share.service), 'instance')} of ${share.service.name} while a deploy rolls`,
    );
  }
  for (const { parameter, value } of share.pool.peakTerms) {
    const origin = value.known ? value.origins[0] : undefined;
    if (origin?.source === 'environment') add(origin.at, `${parameter}: ${origin.label}`);
  }
  for (const extra of database.extras) add(extra.at, `${extra.name} ${extra.connections.value}`);
  return lines;
}

function leavesOf(term: Term): Extract<Term, { kind: 'quantity' }>[] {
  return term.kind === 'quantity' ? [term] : term.terms.flatMap(leavesOf);
}

const madeFixes = oncePerPhase(makeFixes);

/** One fix per choice that fits; none where the sizes come from a place that cannot be edited here. */
export function fixesFor(share: PoolShare, phase: Phase = 'steady'): readonly Fix[] {
  return madeFixes(share, phase);
}

function makeFixes(share: PoolShare, phase: Phase): Fix[] {
  const { choices } = phase === 'steady' ? share.recommendation : share.rolloutRecommendation;
  const fixes = choices.map((choice, index) => fixFor(share, choice, titleOf(share, choice), index === 0));
  // What fits in steady state may not fit while a deploy rolls: the size that fits both is offered as well.
  const [lasting] = share.rolloutRecommendation.choices;
  const isKnown =
    lasting === undefined || choices.length === 0 || choices.some((choice) => choice.label === lasting.label);
  if (phase === 'steady' && !isKnown) {
    fixes.push(fixFor(share, lasting, titleOf(share, lasting, ' during a rolling deploy'), false));
  }
  return fixes.filter((fix) => fix !== undefined);
}

function fixFor(share: PoolShare, choice: RecommendedSize, title: string, preferred: boolean): Fix | undefined {
  const edits = setParameters(share.pool, choice.parameters);
  return edits === undefined || edits.length === 0 ? undefined : { title, safety: 'suggestion', preferred, edits };
}

/** "Set pool_size to 9, keep max_overflow 2 (88 of 90)" */
function titleOf(share: PoolShare, choice: RecommendedSize, when = ''): string {
  const parts = Object.entries(withMinimum(share.pool, choice.parameters)).map(([name, value]) => {
    const term = share.pool.peakTerms.find((each) => each.parameter === name);
    return { name, value, isKept: term?.amount === value };
  });
  const ordered = [...parts.filter((each) => !each.isKept), ...parts.filter((each) => each.isKept)];
  const text = ordered.map(({ name, value, isKept }, index) => {
    if (isKept) return `keep ${name} ${value}`;
    return index === 0 ? `set ${name} to ${value}` : `${name} to ${value}`;
  });
  const title = text.join(', ');
  return `${title[0]!.toUpperCase()}${title.slice(1)} (${choice.total} of ${budgetOf(share)}${when})`;
}

function budgetOf({ database }: PoolShare): number {
  return (database.maxConnections?.value ?? 0) - database.reserved.value;
}

function openedByPooler({ pooler }: DatabaseBudget, phase: Phase): string {
  const opened = phase === 'steady' ? pooler?.serverConnections : pooler?.rolloutServerConnections;
  return typeof opened === 'number' ? ` ${opened}` : '';
}

function messageOnDatabase(database: DatabaseBudget, phase: Phase, displayPath: (uri: string) => string): string {
  const total = totalIn(database, phase);
  const when = phase === 'steady' ? '' : ' during a rolling deploy';
  const name = database.database.name;
  const parts =
    database.pooler === null
      ? database.services.flatMap(({ service, pools, total: ofService, rolloutTotal }) => {
          const sum = phase === 'steady' ? ofService : rolloutTotal;
          if (pools.length > mostRelatedPools)
            return [`${service.name} ${sum.value ?? `at least ${sum.atLeast}`} (${pools.length} pools)`];
          return pools.flatMap((pool) => {
            return partOf(pool, nameAmong(pool, pools, displayPath), phase);
          });
        })
      : [`its pooler${openedByPooler(database, phase)}`];
  const extras = database.extras
    .filter((extra) => database.pooler === null || extra.via?.value !== 'pooler')
    .map((extra) => `${extra.name} ${extra.connections.value}`);
  const count =
    total.value === 'unbounded'
      ? `There is no limit on the connections to ${name}`
      : `${total.value ?? `At least ${total.atLeast}`} connections to ${name} can be opened`;
  return `${count}${when}: ${[...parts, ...extras].join(', ')}; ${explainBudget(database)}.`;
}

/** Several pools of one service are told apart by their files, those of one file by their names. */
function nameAmong({ pool, service }: PoolShare, pools: readonly PoolShare[], displayPath: (uri: string) => string) {
  if (pools.length < 2) return service.name;
  const hasTwin = pools.some((each) => each.pool !== pool && each.pool.uri === pool.uri);
  const name = hasTwin && pool.name !== '' ? `${service.name}'s ${pool.name}` : service.name;
  return `${name} in ${displayPath(pool.uri)}`;
}

function partOf(share: PoolShare, name: string, phase: Phase): string[] {
  const total = phase === 'steady' ? share.total : share.rolloutTotal;
  if (total === 0) return [];
  const term = explainTerm(phase === 'steady' ? share.term : share.rolloutTerm);
  if (total === 'unbounded') return [`${name} without limit`];
  if (isUnknown(total)) return [`${name} (${term})`];
  return [term === String(total) ? `${name} ${total}` : `${name} ${total} (${term})`];
}

/** The size that fits beside everything else, rounded down; undefined where that is not known. */
export function fittingPerProcess(recommendation: Recommendation): number | undefined {
  return recommendation.share === null ? undefined : Math.floor(recommendation.share);
}
