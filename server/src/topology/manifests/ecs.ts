/** Amazon ECS: services and task definitions, as JSON for the API and as CloudFormation or Terraform name their fields. */
import { ecsMaximumPercent } from '../../facts/platforms.ts';
import type { ManifestFact } from '../drift.ts';
import { type DataNode, nodeAt } from '../yaml.ts';
import { FactCollector, knownVariables } from './collector.ts';
import { programsOf, variablesOf } from './command-node.ts';
import { readJson } from './literal.ts';
import { fileName } from './names.ts';
import { numberOrReason, type StartedProgram } from './program-options.ts';

/** How a format spells a field that the API calls `desiredCount`. */
export type Spelling = (field: string) => string;

export const apiSpelling: Spelling = (field) => field;
export const cloudFormationSpelling: Spelling = (field) => field.charAt(0).toUpperCase() + field.slice(1);
export const terraformSpelling: Spelling = (field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export function readEcsFile(uri: string, text: string): ManifestFact[] {
  const root = readJson(text);
  if (!root) return [];
  const collector = new FactCollector(uri, fileName(uri), 'orchestrator');
  // `describe-task-definition` wraps what it shows.
  const task = nodeAt(root, 'taskDefinition');
  readTaskDefinition(collector, text, task?.kind === 'map' ? task : root, apiSpelling);
  const name = textOf(nodeAt(root, 'serviceName'));
  if (name !== undefined && nodeAt(root, 'desiredCount')) readEcsService(collector, name, root, apiSpelling);
  return collector.facts;
}

export function readTaskDefinition(
  collector: FactCollector,
  text: string,
  node: DataNode,
  spelling: Spelling,
  service = textOf(nodeAt(node, spelling('family'))),
): void {
  const containers = nodeAt(node, spelling('containerDefinitions'));
  if (service === undefined || containers?.kind !== 'list') return;
  readContainers(collector, text, service, containers.items, spelling);
}

/** Of several containers the first that starts a known server. */
export function readContainers(
  collector: FactCollector,
  text: string,
  service: string,
  containers: readonly DataNode[],
  spelling: Spelling,
): void {
  let hasProgram = false;
  for (const container of containers) {
    const variables = variablesOf(text, nodeAt(container, spelling('environment')));
    const command = [nodeAt(container, spelling('entryPoint')), nodeAt(container, spelling('command'))];
    const programs: StartedProgram[] = hasProgram ? [] : programsOf(text, command, knownVariables(variables));
    hasProgram ||= programs.length > 0;
    collector.addPrograms(service, programs);
    collector.addVariables(service, variables);
  }
}

export function readEcsService(collector: FactCollector, service: string, node: DataNode, spelling: Spelling): void {
  const desired = nodeAt(node, spelling('desiredCount'));
  if (desired?.kind !== 'scalar') return;
  collector.add(service, 'platform', 'ecs', desired.span);
  const count = typeof desired.value === 'number' ? desired.value : undefined;
  if (count === 0) collector.add(service, 'replicas', 0, desired.span);
  else collector.addCommandFact(service, { key: 'replicas', ...numberOrReason(desired.text), span: desired.span });
  const percent =
    nodeAt(node, spelling('deploymentConfiguration'), spelling('maximumPercent')) ??
    nodeAt(node, 'deployment_maximum_percent');
  if (percent?.kind === 'scalar' && typeof percent.value !== 'number') return;
  const most = percent?.kind === 'scalar' ? (percent.value as number) : ecsMaximumPercent;
  if (most <= 100) collector.add(service, 'max_surge', 0, (percent ?? desired).span);
  else if (count !== undefined && most % 100 !== 0) {
    // ECS rounds down, so that a percentage would say too much.
    const extra = Math.floor((count * most) / 100) - count;
    collector.add(service, 'max_surge', extra, (percent ?? desired).span);
  } else collector.add(service, 'max_surge', `${most - 100}%`, (percent ?? desired).span);
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
