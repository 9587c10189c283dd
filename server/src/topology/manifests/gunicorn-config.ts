/** gunicorn.conf.py, as far as its values are literals, or variables with a default, at the left margin. */
import type { Span } from '../../core/text.ts';
import type { ManifestFact, ManifestKey } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { fileName, folderName } from './names.ts';
import { type CommandFact, wholeNumber } from './program-options.ts';

const settings: Readonly<Record<string, ManifestKey>> = {
  workers: 'workers',
  threads: 'threads',
  worker_class: 'worker_class',
  worker_connections: 'concurrency',
  preload_app: 'preload',
};

const assignment =
  /^([ \t]*)(workers|threads|worker_class|worker_connections|preload_app)[ \t]*(?::[ \t]*\w+[ \t]*)?=(?!=)[ \t]*([^\r\n#]*)/gm;

export function readGunicornConfig(uri: string, text: string): ManifestFact[] {
  const collector = new FactCollector(uri, fileName(uri), 'config');
  const service = folderName(uri);
  const prose = proseIn(text);
  const facts = new Map<ManifestKey, CommandFact>();
  for (const line of text.matchAll(assignment)) {
    const [whole, indent, name, rest] = line as unknown as [string, string, string, string];
    if (prose.some((span) => span.start < line.index && line.index < span.end)) continue;
    const key = settings[name]!;
    const written = rest.trimEnd();
    const start = line.index + whole.length - rest.length;
    const place = { key, span: { start, end: start + written.length } };
    // A value under a condition, or one of several, leaves the key unknown.
    const isCertain = indent === '' && !facts.has(key);
    const unclear = { value: null, reason: 'it is set under conditions' };
    facts.set(key, { ...place, ...(isCertain ? readValue(key, written) : unclear) });
  }
  const workerClass = facts.get('worker_class')?.value;
  // Only greenlets and coroutines are bounded by worker_connections.
  if (typeof workerClass !== 'string' || !/gevent|eventlet|asgi/i.test(workerClass)) facts.delete('concurrency');
  const [first] = facts.values();
  if (first) collector.add(service, 'server', 'gunicorn', first.span);
  const hook = afterFork.exec(text);
  if (hook) collector.add(service, 'post_fork', true, { start: hook.index, end: hook.index + hook[0].length });
  for (const fact of facts.values()) collector.addCommandFact(service, fact);
  return collector.facts;
}

const afterFork = /^(?:def[ \t]+)?post_(?:fork|worker_init)\b/m;

/** `int(os.environ.get("NAME", "4"))`, `os.getenv('NAME', 4)`, `int(os.getenv("NAME") or 4)`. */
const environment =
  /^(?:int\(|str\()?os\.(?:environ\.get|getenv)\([ \t]*["'](\w+)["'][ \t]*(?:,[ \t]*|\)[ \t]*or[ \t]*)(["']?)([\w.]+)\2[ \t]*\)*$/;

function readValue(key: ManifestKey, written: string): Pick<CommandFact, 'value' | 'reason' | 'variable'> {
  const variable = environment.exec(written);
  const literal = variable ? variable[3]! : written;
  const plain = variable ? literal : literal.replace(/^(["'])(.*)\1$/, '$2');
  const origin = variable ? { variable: variable[1]! } : {};
  if (key === 'preload') {
    if (/^(True|False)$/.test(plain)) return { value: plain === 'True', ...origin };
  } else if (key === 'worker_class') {
    if (/^[\w.]+$/.test(plain) && (variable || plain !== literal)) return { value: plain, ...origin };
  } else {
    const value = wholeNumber(plain);
    if (value !== undefined) return { value, ...origin };
  }
  return { value: null, reason: /cpu/i.test(written) ? 'it counts CPU cores' : 'it is computed when Gunicorn starts' };
}

/** Texts over several lines: documentation may look like settings. */
function proseIn(text: string): Span[] {
  const spans: Span[] = [];
  const quotes = /"""|'''/g;
  for (let open = quotes.exec(text); open; open = quotes.exec(text)) {
    const close = text.indexOf(open[0], open.index + 3);
    const end = close === -1 ? text.length : close + 3;
    spans.push({ start: open.index, end });
    quotes.lastIndex = end;
  }
  return spans;
}
