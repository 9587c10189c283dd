/** Poolers, and the servers behind them, as objects of PostgreSQL operators in Kubernetes: CloudNativePG and Zalando's. */
import { readInteger } from '../../declarations/pgbouncerValues.ts';
import { fallbackIn, newestPgbouncer, settingNamed } from '../../facts/pgbouncer.ts';
import { cloudNativePooler, versionOfTag, zalandoPooler, zalandoSizes } from '../../facts/poolerCarriers.ts';
import { poolerSettings } from '../read.ts';
import { type DataNode, nodeAt, type ScalarNode } from '../yaml.ts';
import type { FactCollector } from './collector.ts';
import { numberOrReason } from './program-options.ts';

/** True where the object was one of these. */
export function readPoolerResource(collector: FactCollector, object: DataNode, name: string): boolean {
  const kind = scalar(nodeAt(object, 'kind'));
  const group = scalar(nodeAt(object, 'apiVersion'))?.text.split('/')[0];
  if (kind === undefined) return false;
  if (group === 'postgresql.cnpg.io' && kind.text === 'Pooler') readCloudNativePooler(collector, object, kind, name);
  else if (group === 'postgresql.cnpg.io' && kind.text === 'Cluster') readServer(collector, object, kind, name);
  else if (group === 'acid.zalan.do' && kind.text === 'postgresql') {
    readServer(collector, object, kind, name);
    readZalandoPooler(collector, object, kind, name);
  } else return false;
  return true;
}

function readServer(collector: FactCollector, object: DataNode, kind: ScalarNode, name: string): void {
  collector.add(name, 'engine', 'postgresql', kind.span);
  const limit = scalar(nodeAt(object, 'spec', 'postgresql', 'parameters', 'max_connections'));
  if (limit !== undefined)
    collector.addCommandFact(name, { key: 'max_connections', ...numberOrReason(limit.text), span: limit.span });
}

function readCloudNativePooler(collector: FactCollector, object: DataNode, kind: ScalarNode, name: string): void {
  const spec = nodeAt(object, 'spec');
  // The others lead to replicas, which are servers of their own.
  const type = scalar(nodeAt(spec, 'type'))?.text ?? 'rw';
  if (type !== 'rw') return;
  collector.add(name, 'pooler', 'pgbouncer', kind.span);
  const cluster = scalar(nodeAt(spec, 'cluster', 'name'));
  if (cluster !== undefined) collector.add(name, 'pooler_host', cluster.text, cluster.span);
  const instances = scalar(nodeAt(spec, 'instances'));
  if (instances === undefined)
    collector.add(name, 'pooler_instances', cloudNativePooler.instances, kind.span, { isDefault: true });
  else
    collector.addCommandFact(name, {
      key: 'pooler_instances',
      ...numberOrReason(instances.text),
      span: instances.span,
    });
  const mode = scalar(nodeAt(spec, 'pgbouncer', 'poolMode'));
  if (mode === undefined) collector.add(name, 'pooler_mode', cloudNativePooler.mode, kind.span, { isDefault: true });
  else if (isMode(mode.text)) collector.add(name, 'pooler_mode', mode.text, mode.span);
  const image = imageOfTemplate(spec);
  const version = image && versionOfTag(image.text);
  if (version !== undefined) collector.add(name, 'pooler_version', version, image!.span);
  collector.add(name, 'pooler_users', usersWithQuery, kind.span, { reason: whyTwoUsers });
  readParameters(collector, nodeAt(spec, 'pgbouncer', 'parameters'), kind, name);
}

/** Whoever connects is looked up by a user who has a pool of its own. */
const usersWithQuery = 2;
const whyTwoUsers = 'the one that the services connect as, and the one of auth_query';

/** `parameters` go into [pgbouncer] as they are. */
function readParameters(collector: FactCollector, node: DataNode | undefined, kind: ScalarNode, name: string): void {
  for (const setting of poolerSettings) {
    const value = scalar(nodeAt(node, setting));
    const isTold = setting === 'default_pool_size' || setting === 'max_client_conn';
    if (value !== undefined) {
      const number = /^\d{1,7}$/.test(value.text) ? Number(value.text) : undefined;
      if (number !== undefined) collector.add(name, setting, number, value.span);
      else {
        collector.addUnknown(name, setting, `${setting} is not what it should be`, value.span);
        if (readInteger(value.text) === undefined)
          collector.add(name, 'pooler_invalid', setting, value.span, { variable: setting });
      }
    } else if (isTold) {
      const fallback = Number(fallbackIn(settingNamed('pgbouncer', setting)!, newestPgbouncer));
      collector.add(name, setting, fallback, kind.span, { isDefault: true });
    }
  }
  const ignored = scalar(nodeAt(node, 'ignore_startup_parameters'));
  const { ignoredStartupParameters } = cloudNativePooler;
  if (ignored === undefined)
    collector.add(name, 'ignore_startup_parameters', ignoredStartupParameters, kind.span, { isDefault: true });
  else if (/^[\w., -]{1,300}$/.test(ignored.text))
    collector.add(name, 'ignore_startup_parameters', `${ignoredStartupParameters},${ignored.text}`, ignored.span);
}

function imageOfTemplate(spec: DataNode | undefined): ScalarNode | undefined {
  const containers = nodeAt(spec, 'template', 'spec', 'containers');
  const own =
    containers?.kind === 'list'
      ? containers.items.find((each) => scalar(nodeAt(each, 'name'))?.text === 'pgbouncer')
      : undefined;
  return scalar(nodeAt(own, 'image'));
}

/** What the object leaves out, the operator's own configuration says. */
function readZalandoPooler(collector: FactCollector, object: DataNode, kind: ScalarNode, name: string): void {
  const spec = nodeAt(object, 'spec');
  const pooler = nodeAt(spec, 'connectionPooler');
  const enabled = nodeAt(spec, 'enableConnectionPooler');
  const isOn = enabled?.kind === 'scalar' ? enabled.value === true : pooler?.kind === 'map';
  if (!isOn) return;
  const service = `${name}-pooler`;
  const decides = "the operator's own configuration decides";
  collector.add(service, 'pooler', 'pgbouncer', (enabled ?? kind).span);
  collector.add(service, 'pooler_host', name, kind.span);
  const mode = scalar(nodeAt(pooler, 'mode'));
  if (mode !== undefined && isMode(mode.text)) collector.add(service, 'pooler_mode', mode.text, mode.span);
  else collector.addUnknown(service, 'pooler_mode', `${decides}; ${zalandoPooler.mode} as it is shipped`, kind.span);
  const instances = scalar(nodeAt(pooler, 'numberOfInstances'));
  const count = wholeNumber(instances);
  if (count !== undefined) collector.add(service, 'pooler_instances', count, instances!.span);
  else
    collector.addUnknown(
      service,
      'pooler_instances',
      `${decides}; ${zalandoPooler.instances} as it is shipped`,
      kind.span,
    );
  const limit = scalar(nodeAt(pooler, 'maxDBConnections'));
  const most = wholeNumber(limit);
  if (most !== undefined && count !== undefined)
    for (const [setting, size] of Object.entries(zalandoSizes(most, count)))
      collector.add(service, setting as 'default_pool_size', size, limit!.span);
  else
    collector.addUnknown(
      service,
      'default_pool_size',
      `it follows from numberOfInstances and maxDBConnections, where ${decides}`,
      (limit ?? kind).span,
    );
  collector.add(service, 'pooler_users', usersWithQuery, kind.span, { reason: whyTwoUsers });
  collector.add(service, 'max_client_conn', zalandoPooler.maxClients, kind.span, { isDefault: true });
}

function wholeNumber(node: ScalarNode | undefined): number | undefined {
  return node !== undefined && /^[1-9]\d{0,6}$/.test(node.text) ? Number(node.text) : undefined;
}

function isMode(text: string): boolean {
  return text === 'session' || text === 'transaction';
}

function scalar(node: DataNode | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' ? node : undefined;
}
