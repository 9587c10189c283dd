/** What a schema cannot say: references, relations between numbers, repeated keys, paths that leave the folder. */
import { nearest } from '../core/nearest.ts';
import type { Span } from '../core/text.ts';
import type { TopologyProblem } from './model.ts';
import { isCostlyGlob, leavesFolder } from './paths.ts';
import { nearMiss, shownName } from './problems.ts';
import { defaultReserved } from './read.ts';
import type { SchemaNode } from './schema-node.ts';
import { type DataEntry, type DataNode, entryOf, nodeAt, type ScalarNode } from './yaml.ts';

export interface SemanticProblem {
  readonly rule: TopologyProblem['rule'];
  readonly message: string;
  readonly span: Span;
  readonly suggestion?: { readonly title: string; readonly newText: string; readonly span: Span };
}

export interface SemanticResult {
  readonly problems: readonly SemanticProblem[];
  /** Nodes that a reader must pass over. */
  readonly invalid: ReadonlySet<DataNode>;
}

/** Checks relations between values that are each valid by the schema; `refused` holds those that are not. */
export function checkSemantics(root: DataNode, schema: SchemaNode, refused: ReadonlySet<DataNode>): SemanticResult {
  const check = new SemanticCheck(schema, refused);
  check.run(root);
  return check;
}

class SemanticCheck implements SemanticResult {
  readonly problems: SemanticProblem[] = [];
  readonly invalid = new Set<DataNode>();

  constructor(
    private readonly schema: SchemaNode,
    private readonly refused: ReadonlySet<DataNode>,
  ) {}

  run(root: DataNode): void {
    this.repeatedKeys(root);
    const databases = entriesOf(nodeAt(root, 'databases'));
    const names = databases.map((entry) => entry.key);
    for (const database of databases) this.database(database);
    for (const service of entriesOf(nodeAt(root, 'services'))) this.service(service, names);
    const extras = nodeAt(root, 'extra_connections');
    if (extras?.kind === 'list') {
      for (const extra of extras.items) {
        this.reference(nodeAt(extra, 'database'), names);
        if (textOf(nodeAt(extra, 'via')) !== 'pooler') continue;
        const database = nodeAt(root, 'databases', textOf(nodeAt(extra, 'database')) ?? '');
        if (database && !entryOf(database, 'pooler')) {
          this.refuse(
            nodeAt(extra, 'via')!,
            'This database states no pooler to connect through. State one, or use via: direct.',
          );
        }
      }
    }
    for (const glob of textsOf(nodeAt(root, 'exclude'))) this.glob(glob);
  }

  private database(entry: DataEntry): void {
    const node = entry.value;
    this.vocabulary(node, ['databases', '', 'engine'], ['postgres']);
    this.vocabulary(node, ['databases', '', 'provider']);
    const most = nodeAt(node, 'max_connections');
    const reserved = nodeAt(node, 'reserved');
    const limit = this.numberOf(most);
    const kept = reserved ? this.numberOf(reserved) : defaultReserved;
    if (limit !== undefined && kept !== undefined && kept > limit) {
      const isStated = reserved !== undefined;
      const message = isStated
        ? `reserved ${kept} is more than max_connections ${limit}: no connection is left for the services. Lower reserved.`
        : `max_connections ${limit} is less than the ${defaultReserved} connections kept free by default. State reserved.`;
      this.refuse(isStated ? reserved : most!, message);
      if (!isStated) this.invalid.add(most!);
    }
    const pooler = nodeAt(node, 'pooler');
    if (!pooler) return;
    this.vocabulary(pooler, ['databases', '', 'pooler', 'kind']);
    const config = nodeAt(pooler, 'config');
    if (config && leavesFolder(textOf(config) ?? '')) {
      this.refuse(config, "config leaves this file's folder. Give a path inside it, without .. and not absolute.");
    }
  }

  private service(entry: DataEntry, databases: readonly string[]): void {
    const node = entry.value;
    if (node.kind !== 'map') return;
    for (const key of ['server', 'worker_class', 'platform']) this.vocabulary(node, ['services', '', key]);
    const one = entryOf(node, 'database');
    const several = entryOf(node, 'databases');
    if (one && several) {
      this.report('topology-invalid', 'database and databases are both stated. Keep one of them.', several.keySpan);
    } else if (!one && !several) {
      const example = databases[0] ? `database: ${databases[0]}` : 'database with a name under databases';
      const message = `${shownName(entry.key)} names no database. Add ${example}, or databases: [] where it uses none.`;
      this.report('topology-invalid', message, entry.keySpan);
    }
    this.reference(one?.value, databases);
    if (several?.value.kind === 'list') for (const item of several.value.items) this.reference(item, databases);
    for (const key of ['replicas', 'autoscale']) {
      const range = nodeAt(node, key);
      const fewest = this.numberOf(nodeAt(range, 'min'));
      const most = this.numberOf(nodeAt(range, 'max'));
      if (fewest !== undefined && most !== undefined && fewest > most) {
        this.refuse(nodeAt(range, 'min')!, `min ${fewest} is above max ${most}. Swap them, or raise max.`);
      }
    }
    for (const glob of textsOf(nodeAt(node, 'paths'))) this.glob(glob);
  }

  /** A name that must stand under `databases`. A dangling reference is withheld from the model. */
  private reference(node: DataNode | undefined, databases: readonly string[]): void {
    const name = textOf(node);
    if (node === undefined || name === undefined || this.refused.has(node) || databases.includes(name)) return;
    // A name that is no plain word may be a URL with a password: it is not repeated.
    const near = nearest(
      name,
      databases.filter((each) => shownName(each) === each),
    );
    const defined =
      databases.length > 0 ? `Defined: ${databases.map(shownName).join(', ')}.` : 'No database is defined.';
    const advice = near ? `Did you mean ${near}?` : `${defined} Add it under databases, or name another.`;
    const suggestion = near ? { title: `Change to ${near}`, newText: near, span: node.span } : undefined;
    this.invalid.add(node);
    this.report('topology-unknown-reference', `No database of this name is defined. ${advice}`, node.span, suggestion);
  }

  private glob(node: ScalarNode): void {
    const text = node.text.replace(/^!/, '');
    if (leavesFolder(text)) {
      this.refuse(node, "This path leaves this file's folder. Give a glob inside it, without .. and not absolute.");
    } else if (isCostlyGlob(text)) {
      this.refuse(node, 'This glob has too many wildcards to be matched quickly. Split it, or make it plainer.');
    }
  }

  /** A word near a well-known one, which is probably what was meant; other words are accepted. */
  private vocabulary(parent: DataNode, path: readonly string[], alsoKnown: readonly string[] = []): void {
    const key = path[path.length - 1]!;
    const node = nodeAt(parent, key);
    const word = textOf(node);
    if (!node || word === undefined || this.refused.has(node) || alsoKnown.includes(word)) return;
    const near = nearMiss(this.schema, path, word);
    if (!near) return;
    this.invalid.add(node);
    const suggestion = { title: `Change to ${near}`, newText: near, span: node.span };
    this.report('topology-invalid', `This is not a ${key} that is known. Did you mean ${near}?`, node.span, suggestion);
  }

  private repeatedKeys(node: DataNode): void {
    if (node.kind === 'list') for (const item of node.items) this.repeatedKeys(item);
    if (node.kind !== 'map') return;
    const seen = new Set<string>();
    for (const entry of node.entries) {
      if (seen.has(entry.key)) {
        const message = `${shownName(entry.key)} stands here twice; only the first counts. Remove one.`;
        this.report('topology-invalid', message, entry.keySpan);
      }
      seen.add(entry.key);
      this.repeatedKeys(entry.value);
    }
  }

  private numberOf(node: DataNode | undefined): number | undefined {
    if (node?.kind !== 'scalar' || typeof node.value !== 'number' || this.refused.has(node)) return undefined;
    return node.value;
  }

  private refuse(node: DataNode, message: string): void {
    this.invalid.add(node);
    this.report('topology-invalid', message, node.span);
  }

  private report(
    rule: TopologyProblem['rule'],
    message: string,
    span: Span,
    suggestion?: SemanticProblem['suggestion'],
  ): void {
    this.problems.push({ rule, message, span, suggestion });
  }
}

function entriesOf(node: DataNode | undefined): readonly DataEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function textsOf(node: DataNode | undefined): ScalarNode[] {
  const nodes = node?.kind === 'list' ? node.items : node ? [node] : [];
  return nodes.filter((item): item is ScalarNode => item.kind === 'scalar' && typeof item.value === 'string');
}
