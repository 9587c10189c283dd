import assert from 'node:assert/strict';
import type { Location } from '../../server/src/core/text.ts';
import type { Service, Topology, TopologyProblem } from '../../server/src/topology/model.ts';
import { parseTopology } from '../../server/src/topology/parse.ts';

export const uri = 'file:///srv/poolproof.yaml';
export const knownRules = ['missing-pre-ping', 'pool-too-large', 'implicit-overflow'];

export interface Parsed {
  readonly text: string;
  readonly topology: Topology | undefined;
  readonly problems: readonly TopologyProblem[];
  /** The text a location covers. */
  readonly slice: (at: Location | undefined) => string | undefined;
}

export function parse(text: string, at = uri): Parsed {
  const { topology, problems } = parseTopology(at, text, { knownRules });
  return { text, topology, problems, slice: (place) => (place ? text.slice(place.start, place.end) : undefined) };
}

/** Parses a text that must be without problems. */
export function good(text: string): Parsed & { readonly topology: Topology } {
  const parsed = parse(text);
  assert.deepEqual(
    parsed.problems.map((problem) => problem.message),
    [],
  );
  return parsed as Parsed & { readonly topology: Topology };
}

/** The one problem of a text, and what it covers. */
export function onlyProblem(
  text: string,
): TopologyProblem & { readonly covered: string; readonly topology: Topology | undefined } {
  const parsed = parse(text);
  assert.equal(parsed.problems.length, 1, JSON.stringify(parsed.problems, undefined, 1));
  const problem = parsed.problems[0]!;
  return { ...problem, covered: parsed.slice(problem.at)!, topology: parsed.topology };
}

/** A service of database main with the given lines. */
export function serviceWith(...lines: string[]): Service {
  const body = ['database: main', ...lines].map((line) => `    ${line}`).join('\n');
  return good(`databases:\n  main: {max_connections: 100}\nservices:\n  api:\n${body}\n`).topology.services.get('api')!;
}
