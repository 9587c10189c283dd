/** PgBouncer in a container, configured by the variables of its image. */
import type { Span } from '../../core/text.ts';
import { readChoice, readInteger } from '../../declarations/pgbouncerValues.ts';
import { fallbackIn, newestPgbouncer, settingNamed } from '../../facts/pgbouncer.ts';
import { type PoolerImage, poolerImage, versionOfTag } from '../../facts/poolerCarriers.ts';
import type { ManifestKey } from '../drift.ts';
import { type PoolerSetting, poolerSettings } from '../read.ts';
import type { FactCollector } from './collector.ts';
import type { ManifestVariable } from './command-node.ts';

export interface PoolerContainer {
  readonly image: string;
  readonly imageSpan: Span;
  readonly variables: readonly ManifestVariable[];
  /** Variables may come from elsewhere as well: a file, a secret. */
  readonly isOpen: boolean;
  /** Where files or folders are mounted in the container. */
  readonly mounts: readonly string[];
}

/** Adds what the container says; false where its image is none that is known. */
export function readPoolerContainer(collector: FactCollector, service: string, container: PoolerContainer): boolean {
  const known = poolerImage(container.image);
  if (known === undefined) return false;
  const { image, imageSpan, mounts } = container;
  collector.add(service, 'pooler', 'pgbouncer', imageSpan);
  const version = versionOfTag(image);
  if (version !== undefined) collector.add(service, 'pooler_version', version, imageSpan);
  const host = hostOf(known, container.variables);
  if (host !== undefined) collector.add(service, 'pooler_host', host.value, host.span);
  if (mounts.some((path) => known.configured.test(path))) {
    collector.addUnknown(service, 'pooler_mode', 'a pgbouncer.ini is mounted', imageSpan);
    return true;
  }
  const reader = new VariableReader(collector, service, known, container);
  reader.mode();
  for (const name of poolerSettings) reader.number(name);
  reader.ignoredParameters();
  reader.authentication();
  reader.fatal();
  return true;
}

class VariableReader {
  constructor(
    private readonly collector: FactCollector,
    private readonly service: string,
    private readonly known: PoolerImage,
    private readonly container: PoolerContainer,
  ) {}

  mode(): void {
    const set = this.variable('pool_mode');
    const word = set?.value === undefined ? undefined : readChoice(set.value, poolModes);
    this.add('pooler_mode', 'pool_mode', set, word, word !== undefined);
  }

  number(name: PoolerSetting): void {
    const set = this.variable(name);
    const read = readInteger(set?.value ?? '');
    const isPlain = /^\d{1,7}$/.test(set?.value ?? '');
    this.add(name, name, set, isPlain ? Number(set!.value) : undefined, read !== undefined);
  }

  ignoredParameters(): void {
    const set = this.variable('ignore_startup_parameters');
    const { collector, service, container, known } = this;
    if (set?.value !== undefined && /^[\w., -]{1,300}$/.test(set.value))
      collector.add(service, 'ignore_startup_parameters', set.value, set.span);
    else if (set === undefined && !container.isOpen)
      collector.add(service, 'ignore_startup_parameters', known.ignoredStartupParameters, container.imageSpan, {
        isDefault: true,
      });
  }

  /** The ways to let clients in that the image hands on. */
  authentication(): void {
    const set = this.variable('auth_type');
    const type = set?.value === undefined ? undefined : readChoice(set.value, authTypes);
    if (set !== undefined && type !== undefined)
      this.collector.add(this.service, 'pooler_auth', type, set.span, { variable: set.name });
  }

  fatal(): void {
    const { collector, service, known, container } = this;
    const set = known.fatal && container.variables.find(({ name }) => name === known.fatal!.variable);
    if (known.fatal === undefined || set?.nameSpan === undefined) return;
    const { meant } = known.fatal;
    const details = { variable: set.name };
    if (container.variables.some(({ name }) => name === meant))
      collector.addUnknown(service, 'pooler_fatal', `${meant} is set as well`, set.nameSpan, details);
    else collector.add(service, 'pooler_fatal', meant, set.nameSpan, details);
  }

  private variable(setting: string): ManifestVariable | undefined {
    if (this.known.without.includes(setting)) return undefined;
    const wanted = this.known.prefix + setting.toUpperCase();
    const set = this.container.variables.findLast(({ name }) => name === wanted);
    // What is empty is as if it were not there.
    return set?.value === '' ? undefined : set;
  }

  private add(
    key: ManifestKey,
    setting: string,
    set: ManifestVariable | undefined,
    value: string | number | undefined,
    isAccepted: boolean,
  ): void {
    const { collector, service, container } = this;
    if (set !== undefined) {
      if (value !== undefined) collector.add(service, key, value, set.span);
      else {
        const isKnown = set.value !== undefined;
        const reason = isKnown ? 'is not what it should be' : 'is set from elsewhere';
        collector.addUnknown(service, key, `${set.name} ${reason}`, set.span);
        if (isKnown && !isAccepted) collector.add(service, 'pooler_invalid', setting, set.span, { variable: set.name });
      }
      return;
    }
    if (!told.has(setting)) return;
    if (container.isOpen) {
      const name = this.known.prefix + setting.toUpperCase();
      collector.addUnknown(service, key, `${name} may come from elsewhere`, container.imageSpan);
      return;
    }
    const fallback = fallbackIn(settingNamed('pgbouncer', setting)!, newestPgbouncer)!;
    const plain = /^\d+$/.test(fallback) ? Number(fallback) : fallback;
    collector.add(service, key, plain, container.imageSpan, { isDefault: true });
  }
}

const authTypes = settingNamed('pgbouncer', 'auth_type')!.choices!;
const poolModes = settingNamed('pgbouncer', 'pool_mode')!.choices!;

/** Settings whose defaults decide what the pooler opens and accepts; they are the same in every version. */
const told: ReadonlySet<string> = new Set(['pool_mode', 'default_pool_size', 'max_client_conn']);

/** The server behind it; of a URL nothing else is looked at. */
function hostOf(
  { hosts, urls }: PoolerImage,
  variables: readonly ManifestVariable[],
): { readonly value: string; readonly span: Span } | undefined {
  for (const { name, value, span } of variables) {
    if (value === undefined) continue;
    if (hosts.includes(name) && plainHost.test(value)) return { value, span };
    const host = urls.includes(name) ? /^[a-z][\w+.-]*:\/\/(?:.*@)?([\w.-]{1,250})(?=[:/?]|$)/.exec(value) : null;
    if (host !== null) return { value: host[1]!, span };
  }
  return undefined;
}

const plainHost = /^[\w.-]{1,250}$/;
