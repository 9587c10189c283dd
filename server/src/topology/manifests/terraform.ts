/** Terraform: services of ECS and Cloud Run, functions of Lambda, and the limits of managed databases. */
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { type DataNode, nodeAt } from '../yaml.ts';
import { FactCollector } from './collector.ts';
import { readContainers, readEcsService, terraformSpelling } from './ecs.ts';
import { type HclBlock, readHcl } from './hcl.ts';
import { isExpression, LiteralReader } from './literal.ts';
import { numberOrReason } from './program-options.ts';

const databaseNames: Readonly<Record<string, ManifestKey>> = {
  max_connections: 'max_connections',
  superuser_reserved_connections: 'superuser_reserved_connections',
  reserved_connections: 'reserved_connections',
};

export function readTerraform(uri: string, text: string): ManifestFact[] {
  if (
    !/"(?:aws_(?:ecs|appautoscaling|lambda|db_parameter|rds)|google_(?:sql|cloud_run)|azurerm_postgresql)/.test(text)
  ) {
    return [];
  }
  const collector = new FactCollector(uri, 'Terraform', 'orchestrator');
  const blocks = readHcl(text).filter(({ type, labels }) => type === 'resource' && labels.length === 2);
  const services = new Map(
    blocks.filter(({ labels }) => labels[0] === 'aws_ecs_service').map((block) => [block.labels[1]!, nameOf(block)]),
  );
  for (const block of blocks) {
    const [type, label] = block.labels as [string, string];
    if (!Object.hasOwn(resources, type)) continue;
    resources[type]!({ collector, text, label, name: nameOf(block), body: block.body, services });
  }
  return collector.facts;
}

interface Resource {
  readonly collector: FactCollector;
  readonly text: string;
  /** Its name for Terraform. */
  readonly label: string;
  /** Its own name, else its label. */
  readonly name: string;
  readonly body: DataNode;
  /** Names of the file's ECS services, by their names for Terraform. */
  readonly services: ReadonlyMap<string, string>;
}

/** Each kind of resource that says something about processes or limits. */
const resources: Readonly<Record<string, (resource: Resource) => void>> = {
  aws_ecs_service({ collector, name, body }) {
    readEcsService(collector, name, body, terraformSpelling);
  },
  aws_ecs_task_definition({ collector, text, label, body }) {
    readTask(collector, text, textOf(nodeAt(body, 'family')) ?? label, nodeAt(body, 'container_definitions'));
  },
  aws_appautoscaling_target({ collector, body, services }) {
    const resource = sourceOf(nodeAt(body, 'resource_id')).slice(0, 300);
    const service = /\/(?:\$\{aws_ecs_service\.(\w+)\.name\}|([\w-]+))"?$/.exec(resource);
    const target = service?.[1] === undefined ? service?.[2] : (services.get(service[1]) ?? service[1]);
    if (target === undefined || !/^"?service\//.test(resource)) return;
    number(collector, target, 'replicas', nodeAt(body, 'max_capacity'), 'autoscaler');
    number(collector, target, 'min_replicas', nodeAt(body, 'min_capacity'), 'autoscaler');
  },
  aws_lambda_function({ collector, label, body }) {
    const reserved = nodeAt(body, 'reserved_concurrent_executions');
    const service = textOf(nodeAt(body, 'function_name')) ?? label;
    const at = nodeAt(body, 'function_name') ?? body;
    collector.add(service, 'server', 'serverless', at.span);
    collector.add(service, 'platform', 'lambda', at.span);
    // -1 takes the function out of every limit but the account's.
    if (reserved && sourceOf(reserved) !== '-1') number(collector, service, 'concurrency', reserved);
  },
  google_cloud_run_v2_service({ collector, name, body }) {
    const scaling = nodeAt(body, 'template', 'scaling') ?? nodeAt(body, 'scaling');
    collector.add(name, 'platform', 'cloud-run', (nodeAt(body, 'name') ?? body).span);
    number(collector, name, 'replicas', nodeAt(scaling, 'max_instance_count'));
    number(collector, name, 'min_replicas', nodeAt(scaling, 'min_instance_count'));
  },
  aws_db_parameter_group: ({ collector, label, body }) => parameters(collector, label, body, 'parameter'),
  aws_rds_cluster_parameter_group: ({ collector, label, body }) => parameters(collector, label, body, 'parameter'),
  google_sql_database_instance({ collector, label, body }) {
    for (const settings of childrenOf(body, 'settings')) parameters(collector, label, settings, 'database_flags');
  },
  azurerm_postgresql_flexible_server_configuration: ({ collector, label, body }) => parameter(collector, label, body),
};

function nameOf({ labels, body }: HclBlock): string {
  return textOf(nodeAt(body, 'name')) ?? labels[1]!;
}

/** `jsonencode([…])`, or JSON in a here document. */
function readTask(collector: FactCollector, text: string, service: string, node: DataNode | undefined): void {
  if (node?.kind !== 'scalar') return;
  const encoded = /^jsonencode\(\s*/.exec(isExpression(node) ? node.text.slice(0, 80) : '');
  const isDocument = typeof node.value === 'string';
  if (!encoded && !isDocument) return;
  const start = node.span.start + (encoded?.[0].length ?? 0);
  const list = new LiteralReader(text, start, 'hcl', node.span.end).value();
  if (list.kind === 'list') readContainers(collector, text, service, list.items, (field) => field);
}

function parameters(collector: FactCollector, service: string, body: DataNode, key: string): void {
  for (const node of childrenOf(body, key)) parameter(collector, service, node);
}

function parameter(collector: FactCollector, service: string, node: DataNode): void {
  const key = databaseNames[textOf(nodeAt(node, 'name')) ?? ''];
  const value = nodeAt(node, 'value');
  if (key && value?.kind === 'scalar' && /^\d{1,7}$/.test(value.text)) {
    collector.add(service, key, Number(value.text), value.span);
  } else if (key && value) {
    collector.addUnknown(service, key, 'it depends on the size of the server', value.span);
  }
}

function childrenOf(body: DataNode, key: string): DataNode[] {
  return body.kind === 'map' ? body.entries.filter((entry) => entry.key === key).map((entry) => entry.value) : [];
}

function number(
  collector: FactCollector,
  service: string,
  key: ManifestKey,
  node: DataNode | undefined,
  kind?: 'autoscaler',
): void {
  if (node?.kind !== 'scalar') return;
  const read = node.value === 0 ? { value: 0 } : numberOrReason(node.value === null ? '' : node.text);
  collector.addCommandFact(service, { key, ...read, span: node.span }, kind && { kind });
}

function sourceOf(node: DataNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
