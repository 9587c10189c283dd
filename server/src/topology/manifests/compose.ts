/** docker-compose.yml and compose.yaml. */
import { locate, type Span } from '../../core/text.ts';
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { type DataNode, nodeAt, readYaml } from '../yaml.ts';
import { expandVariables, readMaxConnections, wholeNumber } from './command-line.ts';
import { commandFactsOf, wordsOf } from './command-node.ts';

const databaseImage = /(^|\/)(postgres|postgis|timescaledb|pgvector|mysql|mariadb|percona)[\w.-]*(:|@|$)/;

export function readCompose(uri: string, text: string): ManifestFact[] {
  const { documents, problems } = readYaml(text);
  const services = nodeAt(documents[0], 'services');
  if (problems.length > 0 || services?.kind !== 'map') return [];
  const manifest = uri.slice(uri.lastIndexOf('/') + 1);
  const facts: ManifestFact[] = [];
  for (const { key: service, value: node } of services.entries) {
    const add = (key: ManifestKey, value: number | string, span: Span) =>
      facts.push({ service, key, value, at: locate(uri, span), manifest });
    const image = nodeAt(node, 'image');
    const command = nodeAt(node, 'command');
    if (image?.kind === 'scalar' && databaseImage.test(image.text)) {
      const limit = readMaxConnections(wordsOf(text, command));
      if (limit) add(limit.key, limit.value, limit.span);
      continue;
    }
    const replicas = replicasOf(node);
    if (replicas) add('replicas', replicas.value, replicas.span);
    for (const fact of commandFactsOf(text, nodeAt(node, 'entrypoint'), command)) add(fact.key, fact.value, fact.span);
  }
  return facts;
}

function replicasOf(service: DataNode): { value: number; span: Span } | undefined {
  // In global mode the number of machines decides.
  const mode = nodeAt(service, 'deploy', 'mode');
  if (mode?.kind === 'scalar' && mode.text !== 'replicated') return undefined;
  const node = nodeAt(service, 'deploy', 'replicas') ?? nodeAt(service, 'scale');
  if (node?.kind !== 'scalar') return undefined;
  const value = wholeNumber(expandVariables(node.text));
  return value === undefined ? undefined : { value, span: node.span };
}
