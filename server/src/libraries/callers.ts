/** A call inside a function as its callers have it: their arguments in the place of the function's parameters. */
import { bindParameters } from '../declarations/bind.ts';
import type { PoolFactory } from '../declarations/source.ts';
import { substitute } from '../declarations/substitute.ts';
import type { CallSite, Value } from '../declarations/value.ts';

/**
 * One of several sites that say the same: how often a function is called does not tell how many pools it keeps, because
 * most keep what they built. Different arguments do.
 */
export function distinctInMeaning(sites: readonly CallSite[]): CallSite[] {
  const byMeaning = new Map<string, CallSite>();
  for (const site of sites) {
    const key = JSON.stringify(
      site.arguments.map(({ keyword, unpack, value }) => [keyword, unpack, value]),
      meaningOnly,
    );
    const same = byMeaning.get(key);
    if (same === undefined) byMeaning.set(key, site);
    else
      byMeaning.set(key, {
        ...same,
        calledFrom: [...new Set([...(same.calledFrom ?? []), ...(site.calledFrom ?? [])])],
      });
  }
  return [...byMeaning.values()];
}

const places = new Set(['at', 'span', 'valueSpan', 'keySpan', 'keywordSpan', 'removal', 'insertion', 'owner']);

/** Leaves out where a value stands and what it is called. */
function meaningOnly(key: string, value: unknown): unknown {
  if (places.has(key)) return undefined;
  let meaning = value as Value;
  while (meaning?.kind === 'constant') meaning = meaning.value;
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
      return value === each.value ? each : { ...each, value, valueSpan: each.unpack ? each.valueSpan : value.at };
    }),
    assignedTo: site.assignedTo ?? caller?.assignedTo,
    builtBy: site.builtBy ?? caller?.builtBy,
    calledFrom: caller && (caller.calledFrom ?? [caller.uri]),
  };
}

/** The object that a call of a class builds. */
function builtBy({ uri, span, callee, arguments: list }: CallSite): Value {
  return { kind: 'call', callee, arguments: list, at: { uri, start: span.start, end: span.end } };
}
