/** Reads a topology file: text in, model and problems out. */
import { locate, type Span } from '../core/text.ts';
import type { Topology, TopologyProblem, TopologyResult } from './model.ts';
import { schemaChecker, type Validate } from './problems.ts';
import { TopologyReader } from './read.ts';
import { topologySchema } from './schema.ts';
import type { SchemaNode } from './schema-node.ts';
import { checkSemantics, type SemanticProblem } from './semantics.ts';
import { type DataNode, readYaml } from './yaml.ts';

export interface ParseTopologyOptions {
  /** Ids that `rules:` accepts; empty accepts any. */
  readonly knownRules: readonly string[];
  /** The folder it governs, where that is not the one it lies in (setting `poolproof.topology`); a URI. */
  readonly folder?: string;
}

/**
 * Reads a topology file. Never throws. A file that is not YAML, or not a mapping, has problems and no topology; one
 * with wrong parts has problems and the topology of its good parts. An empty file is a topology that names nothing.
 */
export function parseTopology(uri: string, text: string, options: ParseTopologyOptions): TopologyResult {
  const { documents, problems: syntax } = readYaml(text);
  const problems: TopologyProblem[] = syntax.map((problem) => invalid(uri, problem.message, problem.span));
  if (syntax.length > 0) return { problems };
  const filled = documents.filter((document) => document !== undefined);
  const root = filled[0] ?? emptyDocument;
  if (root.kind !== 'map' && !isNothing(root)) {
    const span = firstLine(text, root.span);
    return { problems: [invalid(uri, 'A topology file is a mapping with keys such as databases and services.', span)] };
  }
  for (const further of filled.slice(1)) {
    if (isNothing(further)) continue;
    const span = firstLine(text, further.span);
    problems.push(invalid(uri, 'Only the first document of a topology file is read. Merge this one into it.', span));
  }
  const { schema, validate } = checkerFor(options.knownRules);
  const content = root.kind === 'map' ? root : emptyDocument;
  const structure = validate(content);
  const semantics = checkSemantics(content, schema, structure.invalid);
  for (const problem of structure.problems) problems.push(placed(uri, text, { ...problem, rule: 'topology-invalid' }));
  for (const problem of semantics.problems) problems.push(placed(uri, text, problem));
  problems.sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);
  const reader = new TopologyReader(uri, new Set([...structure.invalid, ...semantics.invalid]));
  const topology: Topology = {
    uri,
    folder: (options.folder ?? uri.slice(0, Math.max(0, uri.lastIndexOf('/')))).replace(/\/+$/, ''),
    databases: reader.databases(content),
    services: reader.services(content),
    extraConnections: reader.extraConnections(content),
    settings: reader.settings(content),
  };
  return { topology, problems };
}

const emptyDocument: DataNode = { kind: 'map', entries: [], span: { start: 0, end: 0 } };

interface Checker {
  readonly knownRules: readonly string[];
  readonly schema: SchemaNode;
  readonly validate: Validate;
}

/** Building a checker costs more than using it, and the rules do not change while a process runs. */
let latestChecker: Checker | undefined;

function checkerFor(knownRules: readonly string[]): Checker {
  if (latestChecker?.knownRules.join() !== knownRules.join()) {
    const schema = topologySchema(knownRules);
    latestChecker = { knownRules: [...knownRules], schema, validate: schemaChecker(schema) };
  }
  return latestChecker!;
}

function isNothing(node: DataNode): boolean {
  return node.kind === 'scalar' && node.value === null && node.text === '';
}

function invalid(uri: string, message: string, span: Span): TopologyProblem {
  return { rule: 'topology-invalid', message, at: locate(uri, span) };
}

function placed(uri: string, text: string, problem: SemanticProblem): TopologyProblem {
  const { rule, message, span, suggestion } = problem;
  const at = locate(uri, span);
  if (!suggestion) return { rule, message, at };
  // A name keeps its quotes, a number written as text loses them.
  const quote = text[suggestion.span.start];
  const isQuotedName = (quote === '"' || quote === "'") && !/^[0-9.]+$/.test(suggestion.newText);
  const newText = isQuotedName ? `${quote}${suggestion.newText}${quote}` : suggestion.newText;
  return { rule, message, at, suggestion: { title: suggestion.title, newText, at: locate(uri, suggestion.span) } };
}

function firstLine(text: string, span: Span): Span {
  const lineBreak = text.slice(span.start, span.end).search(/[\r\n]/);
  return { start: span.start, end: lineBreak === -1 ? span.end : span.start + lineBreak };
}
