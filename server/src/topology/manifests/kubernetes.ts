/** Kubernetes: workloads, jobs, autoscalers, and Knative services as Cloud Run takes them. */
import { kedaMaximumReplicas } from '../../facts/platforms.ts';
import type { ManifestFact } from '../drift.ts';
import { type DataNode, nodeAt, readYaml, type ScalarNode } from '../yaml.ts';
import { FactCollector, knownVariables } from './collector.ts';
import { programsOf, variablesOf, wordsOf } from './command-node.ts';
import { readServerSettings } from './database-command.ts';
import { databaseEngine, isForeignImage } from './names.ts';
import { readPoolerContainer } from './pooler-image.ts';
import { readPoolerResource } from './pooler-resources.ts';
import { numberOrReason, type StartedProgram } from './program-options.ts';

const workloads = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet', 'Rollout']);

export function readKubernetes(uri: string, text: string): ManifestFact[] {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return [];
  const objects = documents.flatMap((document) => {
    const items = textOf(nodeAt(document, 'kind')) === 'List' ? nodeAt(document, 'items') : undefined;
    return items?.kind === 'list' ? items.items : document ? [document] : [];
  });
  return objects.flatMap((object) => new ObjectReader(uri, text, object).facts());
}

class ObjectReader {
  private readonly kind: string;
  private readonly collector: FactCollector;
  private readonly name: string | undefined;

  constructor(
    uri: string,
    private readonly text: string,
    private readonly object: DataNode,
  ) {
    this.kind = textOf(nodeAt(object, 'kind')) ?? '';
    const isAutoscaler = this.kind === 'HorizontalPodAutoscaler' || this.kind === 'ScaledObject';
    this.collector = new FactCollector(uri, `Kubernetes ${this.kind}`, isAutoscaler ? 'autoscaler' : 'orchestrator');
    this.name = textOf(nodeAt(object, 'metadata', 'name'));
  }

  facts(): readonly ManifestFact[] {
    if (this.kind === 'HorizontalPodAutoscaler') this.autoscaler('minReplicas', 'maxReplicas');
    else if (this.kind === 'ScaledObject') this.autoscaler('minReplicaCount', 'maxReplicaCount');
    else if (this.kind === 'Kustomization') this.kustomization();
    else if (this.name !== undefined) {
      if (readPoolerResource(this.collector, this.object, this.name)) return this.collector.facts;
      if (workloads.has(this.kind)) this.workload(this.name);
      else if (this.kind === 'Job') this.job(this.name, nodeAt(this.object, 'spec'));
      else if (this.kind === 'CronJob') this.cronJob(this.name);
      else if (this.kind === 'Service') this.knative(this.name);
    }
    return this.collector.facts;
  }

  private autoscaler(fewest: string, most: string): void {
    const spec = nodeAt(this.object, 'spec');
    const target = nodeAt(spec, 'scaleTargetRef', 'name');
    const service = textOf(target);
    if (service === undefined) return;
    const maximum = nodeAt(spec, most);
    if (maximum) this.number(service, 'replicas', maximum);
    else if (this.kind === 'ScaledObject') this.collector.add(service, 'replicas', kedaMaximumReplicas, target!.span);
    const minimum = nodeAt(spec, fewest);
    if (minimum) this.number(service, 'min_replicas', minimum);
  }

  private workload(service: string): void {
    const containers = this.containers(this.object, 'spec', 'template', 'spec', 'containers');
    const database = this.databaseIn(containers);
    if (database) {
      const { engine, image, container } = database;
      this.collector.add(service, 'engine', engine, image.span);
      const words = [
        ...wordsOf(this.text, nodeAt(container, 'command')),
        ...wordsOf(this.text, nodeAt(container, 'args')),
      ];
      for (const fact of readServerSettings(words)) this.collector.addCommandFact(service, fact);
      return;
    }
    const own = containers.filter((container) => !isForeignImage(textOf(nodeAt(container, 'image')) ?? ''));
    if (containers.length > 0 && own.length === 0) {
      for (const container of containers) this.pooler(service, container);
      return;
    }
    const kindNode = nodeAt(this.object, 'kind')!;
    this.collector.add(service, 'platform', 'kubernetes', kindNode.span);
    if (this.kind === 'DaemonSet')
      this.collector.addUnknown(service, 'replicas', 'a DaemonSet runs one on every node', kindNode.span);
    else this.number(service, 'replicas', nodeAt(this.object, 'spec', 'replicas'));
    this.surge(service, kindNode);
    this.programs(service, own);
    const bouncer = containers.find((container) => /pgbouncer/.test(textOf(nodeAt(container, 'image')) ?? ''));
    if (bouncer) {
      const note = 'PgBouncer runs in every pod: the pooler has as many instances as this service has replicas';
      this.collector.add(service, 'note', note, nodeAt(bouncer, 'image')!.span);
      this.pooler(`${service}-pgbouncer`, bouncer, `it is one in each pod of ${service}`);
    }
  }

  /** A PgBouncer that runs by itself; as many instances as pods. */
  private pooler(service: string, container: DataNode, whyUnknown?: string): void {
    const image = nodeAt(container, 'image');
    if (image === undefined || nodeAt(container, 'command') || nodeAt(container, 'args')) return;
    const isPooler = readPoolerContainer(this.collector, service, {
      image: textOf(image) ?? '',
      imageSpan: image.span,
      variables: variablesOf(this.text, nodeAt(container, 'env')),
      isOpen: nodeAt(container, 'envFrom') !== undefined,
      mounts: this.containers(container, 'volumeMounts').flatMap((each) => textOf(nodeAt(each, 'mountPath')) ?? []),
    });
    if (!isPooler) return;
    const kindNode = nodeAt(this.object, 'kind')!;
    const replicas = nodeAt(this.object, 'spec', 'replicas');
    const reason = whyUnknown ?? (this.kind === 'DaemonSet' ? 'a DaemonSet runs one on every node' : undefined);
    if (reason !== undefined) this.collector.addUnknown(service, 'pooler_instances', reason, kindNode.span);
    else this.number(service, 'pooler_instances', replicas);
  }

  /** A Deployment starts new pods beside the old ones; the others replace pods in place. */
  private surge(service: string, kindNode: DataNode): void {
    if (this.kind !== 'Deployment' && this.kind !== 'Rollout') {
      this.collector.add(service, 'max_surge', 0, kindNode.span);
      return;
    }
    const strategy = nodeAt(this.object, 'spec', 'strategy');
    const type = nodeAt(strategy, 'type');
    const surge = nodeAt(strategy, 'rollingUpdate', 'maxSurge');
    if (textOf(type) === 'Recreate') this.collector.add(service, 'max_surge', 0, type!.span);
    else if (surge?.kind === 'scalar' && /^\d{1,5}%?$/.test(surge.text)) {
      this.collector.add(service, 'max_surge', surge.text.endsWith('%') ? surge.text : Number(surge.text), surge.span);
    } else if (nodeAt(strategy, 'blueGreen')) this.collector.add(service, 'max_surge', '100%', strategy!.span);
  }

  private job(service: string, spec: DataNode | undefined): void {
    const containers = this.containers(spec, 'template', 'spec', 'containers');
    const kindNode = nodeAt(this.object, 'kind')!;
    const programs = this.programsIn(containers);
    // Migrations and other commands that are known to be short-lived start no program.
    if (programs.length === 0) return;
    const [first] = programs[0]!;
    const server = typeof first?.value === 'string' && first.key === 'server' ? undefined : 'script';
    if (server) this.collector.add(service, 'server', server, kindNode.span);
    else this.collector.addPrograms(service, programs);
    this.number(service, 'replicas', nodeAt(spec, 'parallelism'));
    for (const container of containers) this.environment(service, container);
  }

  private cronJob(service: string): void {
    const spec = nodeAt(this.object, 'spec');
    const template = nodeAt(spec, 'jobTemplate', 'spec');
    if (this.programsIn(this.containers(template, 'template', 'spec', 'containers')).length === 0) return;
    const kindNode = nodeAt(this.object, 'kind')!;
    this.collector.add(service, 'server', 'cron', kindNode.span);
    const policy = nodeAt(spec, 'concurrencyPolicy');
    if (textOf(policy) === 'Forbid' || textOf(policy) === 'Replace') {
      this.collector.add(service, 'concurrency', 1, policy!.span);
    } else {
      const reason = 'concurrencyPolicy Allow, the default, lets runs overlap without bound';
      this.collector.addUnknown(service, 'concurrency', reason, (policy ?? kindNode).span);
    }
    this.number(service, 'replicas', nodeAt(template, 'parallelism'));
    for (const container of this.containers(template, 'template', 'spec', 'containers'))
      this.environment(service, container);
  }

  private knative(service: string): void {
    if (!/^serving\.knative\.dev\//.test(textOf(nodeAt(this.object, 'apiVersion')) ?? '')) return;
    const template = nodeAt(this.object, 'spec', 'template');
    const annotations = nodeAt(template, 'metadata', 'annotations');
    this.collector.add(service, 'platform', 'cloud-run', nodeAt(this.object, 'apiVersion')!.span);
    this.number(service, 'replicas', nodeAt(annotations, 'autoscaling.knative.dev/maxScale'));
    this.number(service, 'min_replicas', nodeAt(annotations, 'autoscaling.knative.dev/minScale'));
    this.programs(service, this.containers(template, 'spec', 'containers'));
  }

  private kustomization(): void {
    const list = nodeAt(this.object, 'replicas');
    for (const item of list?.kind === 'list' ? list.items : []) {
      const name = textOf(nodeAt(item, 'name'));
      if (name !== undefined) this.number(name, 'replicas', nodeAt(item, 'count'));
    }
  }

  /** Of several containers the first that starts a known server; the others are sidecars. */
  private programs(service: string, containers: readonly DataNode[]): void {
    this.collector.addPrograms(service, this.programsIn(containers));
    for (const container of containers) this.environment(service, container);
  }

  private programsIn(containers: readonly DataNode[]): StartedProgram[] {
    for (const container of containers) {
      const variables = knownVariables(variablesOf(this.text, nodeAt(container, 'env')));
      const found = programsOf(this.text, [nodeAt(container, 'command'), nodeAt(container, 'args')], variables);
      if (found.length > 0) return found;
    }
    return [];
  }

  private environment(service: string, container: DataNode): void {
    this.collector.addVariables(service, variablesOf(this.text, nodeAt(container, 'env')));
  }

  private databaseIn(containers: readonly DataNode[]) {
    for (const container of containers) {
      const image = nodeAt(container, 'image');
      const engine = databaseEngine(textOf(image) ?? '');
      if (engine && image) return { engine, image, container };
    }
    return undefined;
  }

  private containers(from: DataNode | undefined, ...path: readonly string[]): readonly DataNode[] {
    const list = nodeAt(from, ...path);
    return list?.kind === 'list' ? list.items : [];
  }

  private number(
    service: string,
    key: 'replicas' | 'min_replicas' | 'pooler_instances',
    node: DataNode | undefined,
  ): void {
    if (node?.kind !== 'scalar') return;
    const { text, span } = node as ScalarNode;
    const { value, reason } = text === '0' ? { value: 0 } : numberOrReason(text);
    this.collector.addCommandFact(service, { key, value, reason, span });
  }
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
