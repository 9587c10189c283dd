/** Ties a pgbouncer.ini of the workspace to the topology file: which databases it may stand in front of, and the edit that says so. */
import type { TextEdit } from '../core/text.ts';
import { written } from './assist.ts';
import { governingTopology, pathInFolder } from './lookup.ts';
import type { Database, Topology } from './model.ts';
import { type DataEntry, entryOf, nodeAt, readYaml } from './yaml.ts';

export interface TieTarget {
  readonly topology: Topology;
  readonly database: Database;
  /** Of the file, relative to the topology's folder. */
  readonly path: string;
}

/** PostgreSQL databases of the topology around a file whose pooler is not described yet, or by no file. */
export function tieTargets(topologies: readonly Topology[], uri: string): TieTarget[] {
  const topology = governingTopology(topologies, uri);
  const path = topology && pathInFolder(topology, uri);
  if (topology === undefined || path === undefined) return [];
  return [...topology.databases.values()]
    .filter(({ engine, pooler }) => {
      const isPostgresql = engine === undefined || /^postgres/i.test(engine.value);
      const isFree = pooler === undefined || (pooler.config === undefined && /^pgbouncer$/i.test(pooler.kind.value));
      return isPostgresql && isFree;
    })
    .map((database) => ({ topology, database, path }));
}

/** Names the file as the configuration of the database's pooler; undefined where the topology file's text leaves no room for it. */
export function tieEdit(uri: string, text: string, name: string, path: string): TextEdit | undefined {
  const { documents, problems } = readYaml(text);
  const database = entryOf(nodeAt(documents[0], 'databases'), name);
  if (problems.length > 0 || database === undefined) return undefined;
  const isJson = /\.json$/i.test(uri);
  const pooler = entryOf(database.value, 'pooler');
  const key = (word: string) => (isJson ? JSON.stringify(word) : word);
  const config: Line = [key('config'), written(path, true, isJson)];
  const place = new Place(uri, text);
  if (pooler !== undefined) return place.add(pooler, [config], isJson);
  const kind: Line = [key('kind'), isJson ? '"pgbouncer"' : 'pgbouncer'];
  return place.add(database, [[key('pooler'), [kind, config]]], isJson);
}

type Line = readonly [key: string, value: string | readonly Line[]];

class Place {
  constructor(
    private readonly uri: string,
    private readonly text: string,
  ) {}

  /** Behind the last entry of a mapping, in its own style. */
  add({ keySpan, value: map }: DataEntry, lines: readonly Line[], isJson: boolean): TextEdit | undefined {
    const { text } = this;
    if (map.kind !== 'map' || map.entries.length === 0) return undefined;
    const last = map.entries.at(-1)!;
    // An alias stands for what is written elsewhere.
    if (map.span.start < keySpan.end || last.value.span.start < last.keySpan.end) return undefined;
    if (isJson || text[map.span.start] === '{') return this.insert(last.value.span.end, `, ${flow(lines)}`);
    const first = map.entries[0]!.keySpan.start;
    const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first);
    if (!/^ *$/.test(indent)) return undefined;
    const lineEnd = text.slice(last.value.span.end).search(/\r?\n|$/) + last.value.span.end;
    const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
    return this.insert(
      lineEnd,
      block(lines, indent)
        .map((line) => lineBreak + line)
        .join(''),
    );
  }

  private insert(at: number, newText: string): TextEdit {
    return { uri: this.uri, start: at, end: at, newText };
  }
}

function flow(lines: readonly Line[]): string {
  return lines.map(([key, value]) => `${key}: ${typeof value === 'string' ? value : `{${flow(value)}}`}`).join(', ');
}

function block(lines: readonly Line[], indent: string): string[] {
  return lines.flatMap(([key, value]) =>
    typeof value === 'string' ? [`${indent}${key}: ${value}`] : [`${indent}${key}:`, ...block(value, `${indent}  `)],
  );
}
