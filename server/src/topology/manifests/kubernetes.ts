/** Kubernetes Deployments, StatefulSets and HorizontalPodAutoscalers. */
import { locate, type Span } from '../../core/text.ts';
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { type DataNode, nodeAt, readYaml } from '../yaml.ts';
import { wholeNumber } from './command-line.ts';
import { commandFactsOf } from './command-node.ts';

const workloads = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);

export function readKubernetes(uri: string, text: string): ManifestFact[] {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return [];
  const objects = documents.flatMap((document) => {
    const items = textOf(nodeAt(document, 'kind')) === 'List' ? nodeAt(document, 'items') : undefined;
    return items?.kind === 'list' ? items.items : document ? [document] : [];
  });
  const facts: ManifestFact[] = [];
  for (const object of objects) {
    const kind = textOf(nodeAt(object, 'kind')) ?? '';
    const manifest = `Kubernetes ${kind}`;
    const add = (service: string, key: ManifestKey, value: number | string, span: Span) =>
      facts.push({ service, key, value, at: locate(uri, span), manifest });
    if (kind === 'HorizontalPodAutoscaler') {
      const target = textOf(nodeAt(object, 'spec', 'scaleTargetRef', 'name'));
      const most = nodeAt(object, 'spec', 'maxReplicas');
      const value = most?.kind === 'scalar' ? wholeNumber(most.text) : undefined;
      if (target && most && value !== undefined) add(target, 'replicas', value, most.span);
    } else if (workloads.has(kind)) {
      const service = textOf(nodeAt(object, 'metadata', 'name'));
      if (!service) continue;
      const replicas = nodeAt(object, 'spec', 'replicas');
      const value = replicas?.kind === 'scalar' ? wholeNumber(replicas.text) : undefined;
      if (replicas && value !== undefined) add(service, 'replicas', value, replicas.span);
      for (const fact of containerFacts(object, text)) add(service, fact.key, fact.value, fact.span);
    }
  }
  return facts;
}

/** Of several containers the first that starts a known server; the others are sidecars. */
function containerFacts(workload: DataNode, text: string): ReturnType<typeof commandFactsOf> {
  const containers = nodeAt(workload, 'spec', 'template', 'spec', 'containers');
  if (containers?.kind !== 'list') return [];
  for (const container of containers.items) {
    const facts = commandFactsOf(text, nodeAt(container, 'command'), nodeAt(container, 'args'));
    if (facts.length > 0) return facts;
  }
  return [];
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
