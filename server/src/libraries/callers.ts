/** Calls inside functions, with what the callers of those functions pass put in. */
import { bindParameters } from '../declarations/bind.ts';
import type { PoolFactory } from '../declarations/source.ts';
import { substitute } from '../declarations/substitute.ts';
import { type Argument, type CallSite, isImplied, qualifiedName, unknown, type Value } from '../declarations/value.ts';

/** `make = partial(create_engine, pool_pre_ping=True); make(url)`: both argument lists together. */
export function withoutPartial(site: CallSite): CallSite {
  if (site.callee.kind !== 'call' || site.callee.callee.kind !== 'reference') return site;
  const [first, ...bound] = site.callee.arguments;
  const maker = qualifiedName(site.callee.callee);
  if (first === undefined) return site;
  if (maker === 'functools.lru_cache' || maker === 'functools.cache') return { ...site, callee: first.value };
  if (maker !== 'functools.partial') return site;
  const positional = (each: Argument) => each.keyword === undefined && each.unpack === undefined;
  const overridden = new Set(site.arguments.map((each) => each.keyword));
  const kept = bound.filter((each) => each.keyword === undefined || !overridden.has(each.keyword));
  return {
    ...site,
    callee: first.value,
    arguments: [...kept.filter(positional), ...site.arguments, ...kept.filter((each) => !positional(each))],
  };
}

/**
 * One of several sites that say the same: how often a function is called does not tell how many pools it keeps, because
 * most keep what they built. Different arguments do.
 */
export function distinctInMeaning(sites: readonly CallSite[]): readonly CallSite[] {
  const byMeaning = new Map<string, CallSite>();
  for (const site of sites) {
    const key = meaningOf(site.arguments);
    const same = byMeaning.get(key);
    if (same === undefined) byMeaning.set(key, site);
    else
      byMeaning.set(key, {
        ...same,
        // Built under a condition here and under another one, or none, there.
        arms: JSON.stringify(same.arms) === JSON.stringify(site.arms) ? same.arms : undefined,
        calledFrom: [...new Set([...(same.calledFrom ?? []), ...(site.calledFrom ?? [])])],
      });
  }
  return [...byMeaning.values()];
}

const meanings = new WeakMap<readonly Argument[], string>();

/** What a call is given, without where it stands: equal texts mean the same. */
export function meaningOf(list: readonly Argument[]): string {
  let meaning = meanings.get(list);
  if (meaning === undefined) {
    const parts = list.map(({ keyword, unpack, value }) => [keyword, unpack, value]);
    meanings.set(list, (meaning = JSON.stringify(parts, meaningOnly)));
  }
  return meaning;
}

const places = new Set(['at', 'span', 'valueSpan', 'keySpan', 'keywordSpan', 'removal', 'insertion', 'owner']);

/** Leaves out where a value stands and what it is called. */
function meaningOnly(key: string, value: unknown): unknown {
  if (places.has(key)) return undefined;
  let meaning = value as Value;
  while (meaning?.kind === 'constant') meaning = meaning.value;
  // The same words mean something else in another file.
  if (meaning?.kind === 'reference' && (meaning.module === '' || meaning.level > 0))
    return [meaning.at.uri, meaning.level, meaning.module, meaning.name];
  return meaning?.kind === 'parameter' ? 'parameter' : meaning;
}

/** The site with the function's parameters replaced by what one caller passes, or by their defaults. */
export function fill(site: CallSite, factory: PoolFactory, caller: CallSite | undefined): CallSite {
  const { owner, parameters, isMethod, receiver } = factory;
  const at = { uri: site.uri, start: site.span.start, end: site.span.end };
  const bindings =
    receiver !== undefined && caller !== undefined
      ? new Map([[receiver, builtBy(caller)]])
      : bindParameters(isMethod ? parameters.slice(1) : parameters, caller?.arguments ?? [], at, caller === undefined);
  return {
    ...site,
    arguments: site.arguments.map((each) => {
      const value = substitute(each.value, owner, bindings);
      // The place to change is where the caller wrote the value.
      return value === each.value
        ? each
        : { ...each, value, valueSpan: each.unpack || isImplied(value) ? each.valueSpan : value.at };
    }),
    keyedBy: site.keyedBy === undefined ? caller?.keyedBy : substitute(site.keyedBy, owner, bindings),
    arms: site.arms ?? caller?.arms,
    assignedTo: site.assignedTo ?? caller?.assignedTo,
    builtBy: site.builtBy ?? caller?.builtBy,
    calledFrom: caller && (caller.calledFrom ?? [caller.uri]),
  };
}

/** The object that a call of a class builds. */
function builtBy({ uri, span, callee, arguments: list }: CallSite): Value {
  return { kind: 'call', callee, arguments: list, at: { uri, start: span.start, end: span.end } };
}

/** The site with nothing known of its arguments. */
export function withUnreadArguments(site: CallSite): CallSite {
  const at = { uri: site.uri, ...site.span };
  const value = unknown('a constructor of its own passes them on', at);
  return { ...site, arguments: [{ value, span: at, valueSpan: at, unpack: 'mapping' }] };
}
