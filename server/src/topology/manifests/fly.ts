/** fly.toml: process groups and how a deploy rolls. How many machines run is set elsewhere. */
import type { Span } from '../../core/text.ts';
import type { ManifestFact } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import { fileName, folderName } from './names.ts';

interface TomlValue {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly span: Span;
}

export function readFly(uri: string, text: string): ManifestFact[] {
  const values = valuesOf(text);
  const valueAt = (section: string, key: string) => values.find((each) => each.section === section && each.key === key);
  const app = valueAt('', 'app');
  if (!app) return [];
  const collector = new FactCollector(uri, fileName(uri), 'orchestrator');
  const groups = values.filter(({ section }) => section === 'processes');
  const services = groups.length > 0 ? groups.map(({ key }) => key) : [app.value || folderName(uri)];
  const strategy = valueAt('deploy', 'strategy');
  for (const service of services) {
    const group = groups.find(({ key }) => key === service);
    collector.add(service, 'platform', 'fly', (group ?? app).span);
    collector.addUnknown(service, 'replicas', '"fly scale count" decides it', (group ?? app).span);
    if (group) collector.addPrograms(service, readShellCommand(group.value, group.span));
    if (strategy?.value === 'bluegreen') collector.add(service, 'max_surge', '100%', strategy.span);
    else if (strategy?.value === 'canary') collector.add(service, 'max_surge', 1, strategy.span);
    collector.addVariables(
      service,
      values.filter(({ section }) => section === 'env').map(({ key, value, span }) => ({ name: key, value, span })),
    );
  }
  return collector.facts;
}

/** Settings that stand on one line, as they nearly always do. Spans are those of the text inside quotes. */
function valuesOf(text: string): TomlValue[] {
  const values: TomlValue[] = [];
  let section = '';
  for (const line of text.matchAll(/^[ \t]*(?:\[{1,2}([\w.-]+)\]{1,2}|"?([\w-]+)"?[ \t]*=[ \t]*([^\r\n]+))/gm)) {
    if (line[1] !== undefined) {
      section = line[1];
      continue;
    }
    const rest = line[3]!;
    const written = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'|^([\w.+-]+)/.exec(rest);
    if (!written || rest.startsWith('"""') || rest.startsWith("'''")) continue;
    const inside = written[1] ?? written[2] ?? written[3]!;
    const start = line.index + line[0].length - rest.length + (written[3] === undefined ? 1 : 0);
    values.push({
      section,
      key: line[2]!,
      value: inside.replace(/\\(["\\])/g, '$1'),
      span: { start, end: start + inside.length },
    });
  }
  return values;
}
