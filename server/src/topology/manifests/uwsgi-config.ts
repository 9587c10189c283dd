/** uwsgi.ini: the [uwsgi] section, its conditions on environment variables included. */
import type { Span } from '../../core/text.ts';
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { fileName, folderName } from './names.ts';
import { type CommandFact, numberOrReason } from './program-options.ts';

const numbers: Readonly<Record<string, ManifestKey>> = {
  processes: 'workers',
  workers: 'workers',
  p: 'workers',
  threads: 'threads',
  gevent: 'concurrency',
};

/** Processes beside the workers, which may run the application's code. */
const companions: Readonly<Record<string, string>> = {
  mule: 'mules',
  mules: 'mules',
  spooler: 'a spooler',
  'attach-daemon': 'attached programs',
  'attach-daemon2': 'attached programs',
  'smart-attach-daemon': 'attached programs',
  'legion-attach-daemon': 'attached programs',
};

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly span: Span;
  /** `default`: holds unless the variable is set. `unclear`: whether it holds is not known. */
  readonly condition?: { readonly kind: 'default' | 'unclear'; readonly variable?: string };
}

export function readUwsgiConfig(uri: string, text: string): ManifestFact[] {
  const { section, settings } = settingsOf(text);
  if (!section) return [];
  const collector = new FactCollector(uri, fileName(uri), 'config');
  const service = folderName(uri);
  collector.add(service, 'server', 'uwsgi', section);
  const facts = new Map<ManifestKey, CommandFact>();
  const beside = new Map<string, Span>();
  for (const setting of settings) {
    const companion = Object.hasOwn(companions, setting.name) ? companions[setting.name] : undefined;
    if (companion && !beside.has(companion)) beside.set(companion, setting.nameSpan);
    const fact = factOf(setting);
    if (fact) facts.set(fact.key, merged(facts.get(fact.key), fact, setting));
  }
  if (!facts.has('lazy_apps')) facts.set('lazy_apps', { key: 'lazy_apps', value: false, span: section });
  const greenlets = facts.get('concurrency');
  if (greenlets) facts.set('worker_class', { ...greenlets, key: 'worker_class', value: 'gevent', reason: undefined });
  for (const fact of facts.values()) collector.addCommandFact(service, fact);
  for (const [companion, span] of beside) {
    collector.add(
      service,
      'note',
      `uWSGI starts ${companion} beside its workers: state them as a service if they use the database`,
      span,
    );
  }
  return collector.facts;
}

function factOf({ name, value, span, condition }: Setting): CommandFact | undefined {
  const place = { span, ...(condition?.variable && { variable: condition.variable }) };
  if (name === 'lazy-apps' || name === 'lazy') {
    return { key: 'lazy_apps', value: /^(true|1|yes|)$/i.test(value), ...place };
  }
  if (name === 'module' || name === 'wsgi' || name === 'wsgi-file' || name === 'mount') {
    return /^[\w.:/-]{1,200}$/.test(value) ? { key: 'application', value, ...place } : undefined;
  }
  const key = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (!key) return undefined;
  const variable = /^\$\((\w+)\)$/.exec(value)?.[1];
  if (variable) return { key, value: null, reason: `the variable ${variable} decides it`, ...place, variable };
  if (value.includes('%k')) return { key, value: null, reason: 'it counts CPU cores', ...place };
  return { key, ...numberOrReason(value), ...place };
}

/** What a further setting of the same key leaves of the one before. */
function merged(before: CommandFact | undefined, fact: CommandFact, { condition }: Setting): CommandFact {
  if (!condition) return fact;
  // `if-env = N` and `if-not-env = N` beside each other: the default holds unless N is set.
  if (condition.kind === 'default') return fact;
  if (before?.variable !== undefined && before.variable === condition.variable) return before;
  return { ...fact, value: null, reason: 'it is set under conditions' };
}

function settingsOf(text: string): { section: Span | undefined; settings: Setting[] } {
  const settings: Setting[] = [];
  let section: Span | undefined;
  let isInside = false;
  const conditions: NonNullable<Setting['condition']>[] = [];
  for (const line of text.matchAll(/^[ \t]*([^\r\n]+)/gm)) {
    const content = line[1]!.trimEnd();
    const start = line.index + line[0].length - line[1]!.length;
    if (/^[;#]/.test(content)) continue;
    if (content.startsWith('[')) {
      isInside = /^\[uwsgi\]/i.test(content);
      if (isInside) section ??= { start, end: start + content.length };
      continue;
    }
    const equals = content.indexOf('=');
    const name = (equals === -1 ? content : content.slice(0, equals)).trim().toLowerCase();
    const value = equals === -1 ? '' : content.slice(equals + 1).trim();
    if (!isInside) continue;
    if (name === 'endif' || name === 'end-if') conditions.pop();
    else if (name.startsWith('if-')) {
      const variable = /^\w+/.exec(value)?.[0];
      conditions.push({
        kind: name === 'if-not-env' ? 'default' : 'unclear',
        variable: /env$/.test(name) ? variable : undefined,
      });
    } else {
      const end = start + content.length;
      settings.push({
        name,
        value,
        nameSpan: { start, end: start + name.length },
        span: { start: end - value.length, end },
        condition: conditions.find((each) => each.kind === 'unclear') ?? conditions[0],
      });
    }
  }
  return { section, settings };
}
