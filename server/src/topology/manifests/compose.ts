/** docker-compose.yml and compose.yaml. */

import type { Span } from '../../core/text.ts';
import type { ManifestFact } from '../drift.ts';
import { type DataNode, nodeAt, readYaml } from '../yaml.ts';
import { FactCollector } from './collector.ts';
import { programsOf, variablesOf, wordsOf } from './command-node.ts';
import { readServerSettings } from './database-command.ts';
import { databaseEngine, fileName, isForeignImage, resolvePath } from './names.ts';
import { readPoolerContainer } from './pooler-image.ts';
import { numberOrReason } from './program-options.ts';
import { type Word, wordOf } from './shell.ts';

export function readCompose(uri: string, text: string): ManifestFact[] {
  const { documents, problems } = readYaml(text);
  const services = nodeAt(documents[0], 'services');
  if (problems.length > 0 || services?.kind !== 'map') return [];
  const collector = new FactCollector(uri, fileName(uri), 'compose');
  for (const { key: service, value: node } of services.entries) {
    const imageNode = nodeAt(node, 'image');
    const image = imageNode && wordOf(textOf(imageNode) ?? '', imageNode.span).text;
    const command = nodeAt(node, 'command');
    const engine = image === undefined ? undefined : databaseEngine(image);
    if (engine !== undefined) {
      // Its image also carries clients, which create or save databases and are gone.
      if (nodeAt(node, 'entrypoint') || !startsServer(wordsOf(text, command))) continue;
      collector.add(service, 'engine', engine, imageNode!.span);
      for (const fact of readServerSettings(wordsOf(text, command))) collector.addCommandFact(service, fact);
      continue;
    }
    if (image !== undefined && readPooler(collector, service, node, { text, image, imageSpan: imageNode!.span }))
      continue;
    if (image !== undefined && isForeignImage(image) && !nodeAt(node, 'build')) continue;
    readReplicas(collector, service, node);
    readUpdates(collector, service, node);
    const entrypoint = nodeAt(node, 'entrypoint');
    collector.addPrograms(service, programsOf(text, [entrypoint, command]));
    collector.addVariables(service, variablesOf(text, nodeAt(node, 'environment')));
    // A command of its own takes the place of the Dockerfile's.
    const runsBuild = command === undefined && entrypoint === undefined;
    readBuild(collector, service, uri, nodeAt(node, 'build'), runsBuild);
  }
  return collector.facts;
}

/** A PgBouncer whose image is configured by variables. A command of its own may configure it otherwise. */
function readPooler(
  collector: FactCollector,
  service: string,
  node: DataNode,
  { text, image, imageSpan }: { readonly text: string; readonly image: string; readonly imageSpan: Span },
): boolean {
  if (nodeAt(node, 'entrypoint') || nodeAt(node, 'command')) return false;
  const isPooler = readPoolerContainer(collector, service, {
    image,
    imageSpan,
    variables: variablesOf(text, nodeAt(node, 'environment')),
    isOpen: nodeAt(node, 'env_file') !== undefined,
    mounts: mountsOf(nodeAt(node, 'volumes')),
  });
  if (isPooler) readReplicas(collector, service, node, 'pooler_instances');
  return isPooler;
}

/** Where in the container volumes, or single files, are mounted: `./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro`. */
function mountsOf(volumes: DataNode | undefined): string[] {
  const items = volumes?.kind === 'list' ? volumes.items : [];
  return items.flatMap((item) => {
    const path = item.kind === 'map' ? textOf(nodeAt(item, 'target')) : textOf(item)?.split(':')[1];
    return path ?? [];
  });
}

function startsServer([first]: readonly Word[]): boolean {
  return first === undefined || /^(?:-|postgres$|mysqld|mariadbd|docker-entrypoint\.sh$)/.test(first.text ?? '');
}

function readReplicas(
  collector: FactCollector,
  service: string,
  node: DataNode,
  key: 'replicas' | 'pooler_instances' = 'replicas',
): void {
  const mode = nodeAt(node, 'deploy', 'mode');
  if (textOf(mode) === 'global') {
    collector.addUnknown(service, key, 'mode global runs one on every machine', mode!.span);
    return;
  }
  const replicas = nodeAt(node, 'deploy', 'replicas') ?? nodeAt(node, 'scale');
  if (replicas?.kind !== 'scalar') return;
  const { text, variable } = wordOf(replicas.text, replicas.span);
  const { value, reason } = text === '0' ? { value: 0 } : numberOrReason(text ?? '');
  collector.addCommandFact(service, { key, value, reason, variable, span: replicas.span });
}

/** With start-first the new containers of a batch run beside the old ones. */
function readUpdates(collector: FactCollector, service: string, node: DataNode): void {
  const order = nodeAt(node, 'deploy', 'update_config', 'order');
  if (textOf(order) !== 'start-first') return;
  const parallelism = nodeAt(node, 'deploy', 'update_config', 'parallelism');
  const batch = parallelism?.kind === 'scalar' ? parallelism.value : 1;
  // 0 updates all of them at once.
  if (batch === 0) collector.add(service, 'max_surge', '100%', parallelism!.span);
  else if (typeof batch === 'number') collector.add(service, 'max_surge', batch, (parallelism ?? order!).span);
}

function readBuild(
  collector: FactCollector,
  service: string,
  uri: string,
  build: DataNode | undefined,
  runsBuild: boolean,
): void {
  const context = build?.kind === 'map' ? (textOf(nodeAt(build, 'context')) ?? '.') : textOf(build);
  if (build === undefined || context === undefined) return;
  const file = textOf(nodeAt(build, 'dockerfile')) ?? 'Dockerfile';
  const folder = resolvePath(uri, context);
  const dockerfile = resolvePath(uri, `${context}/${file}`);
  if (folder !== undefined) collector.add(service, 'context', folder, build.span);
  // The command that is read is the last stage's.
  const hasTarget = nodeAt(build, 'target') !== undefined;
  if (dockerfile !== undefined && runsBuild && !hasTarget) collector.add(service, 'build', dockerfile, build.span);
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
