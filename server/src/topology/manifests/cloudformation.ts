/** CloudFormation and SAM templates, and serverless.yml. */
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { type DataNode, nodeAt } from '../yaml.ts';
import { FactCollector } from './collector.ts';
import { variablesOf } from './command-node.ts';
import { cloudFormationSpelling, readEcsService, readTaskDefinition } from './ecs.ts';
import { fileName } from './names.ts';
import { numberOrReason } from './program-options.ts';
import { readData } from './read-data.ts';

export function readCloudFormation(uri: string, text: string): ManifestFact[] {
  // Most files of this name are something else.
  if (!/\bAWS::/.test(text)) return [];
  const resources = nodeAt(readData(uri, text), 'Resources');
  if (resources?.kind !== 'map') return [];
  const collector = new FactCollector(uri, fileName(uri), 'orchestrator');
  for (const { key: name, keySpan, value: resource } of resources.entries) {
    const properties = nodeAt(resource, 'Properties');
    if (!properties) continue;
    switch (textOf(nodeAt(resource, 'Type'))) {
      case 'AWS::Serverless::Function':
      case 'AWS::Lambda::Function': {
        const service = textOf(nodeAt(properties, 'FunctionName')) ?? name;
        const reserved = nodeAt(properties, 'ReservedConcurrentExecutions');
        lambda(collector, service, { at: keySpan, reserved });
        collector.addVariables(service, variablesOf(text, nodeAt(properties, 'Environment', 'Variables')));
        break;
      }
      case 'AWS::ECS::Service':
        readEcsService(
          collector,
          textOf(nodeAt(properties, 'ServiceName')) ?? name,
          properties,
          cloudFormationSpelling,
        );
        break;
      case 'AWS::ECS::TaskDefinition':
        readTaskDefinition(
          collector,
          text,
          properties,
          cloudFormationSpelling,
          textOf(nodeAt(properties, 'Family')) ?? name,
        );
        break;
      case 'AWS::RDS::DBParameterGroup':
      case 'AWS::RDS::DBClusterParameterGroup':
        databaseLimit(collector, name, nodeAt(properties, 'Parameters', 'max_connections'));
        break;
    }
  }
  return collector.facts;
}

export function readServerlessFramework(uri: string, text: string): ManifestFact[] {
  const root = readData(uri, text);
  const functions = nodeAt(root, 'functions');
  if (functions?.kind !== 'map') return [];
  const collector = new FactCollector(uri, fileName(uri), 'orchestrator');
  const isAws = textOf(nodeAt(root, 'provider', 'name')) === 'aws' || textOf(nodeAt(root, 'provider')) === 'aws';
  const shared = variablesOf(text, nodeAt(root, 'provider', 'environment'));
  for (const { key: service, keySpan, value } of functions.entries) {
    const reserved = nodeAt(value, 'reservedConcurrency') ?? onlyQueue(value);
    if (isAws) lambda(collector, service, { at: keySpan, reserved });
    else collector.add(service, 'server', 'serverless', keySpan);
    collector.addVariables(service, [...shared, ...variablesOf(text, nodeAt(value, 'environment'))]);
  }
  return collector.facts;
}

/** A function that only a queue calls runs as often at a time as the queue allows. */
function onlyQueue(value: DataNode): DataNode | undefined {
  const events = nodeAt(value, 'events');
  if (events?.kind !== 'list' || events.items.length !== 1) return undefined;
  return nodeAt(events.items[0], 'sqs', 'maximumConcurrency');
}

function lambda(
  collector: FactCollector,
  service: string,
  { at, reserved }: { readonly at: DataNode['span']; readonly reserved: DataNode | undefined },
): void {
  collector.add(service, 'server', 'serverless', at);
  collector.add(service, 'platform', 'lambda', at);
  if (reserved?.kind !== 'scalar') return;
  const read = numberOrReason(typeof reserved.value === 'number' ? reserved.text : '');
  collector.addCommandFact(service, { key: 'concurrency', ...read, span: reserved.span });
}

function databaseLimit(collector: FactCollector, service: string, node: DataNode | undefined): void {
  if (node?.kind !== 'scalar') return;
  const key: ManifestKey = 'max_connections';
  if (/^\d{1,7}$/.test(node.text)) collector.add(service, key, Number(node.text), node.span);
  else collector.addUnknown(service, key, 'it depends on the size of the server', node.span);
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
