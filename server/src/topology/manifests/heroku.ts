/** Heroku: app.json says how many dynos each process type has, heroku.yml what they run. */
import type { ManifestFact } from '../drift.ts';
import { nodeAt, readYaml } from '../yaml.ts';
import { FactCollector } from './collector.ts';
import { programsOf } from './command-node.ts';
import { readJson } from './literal.ts';
import { fileName } from './names.ts';
import { numberOrReason } from './program-options.ts';

export function readAppJson(uri: string, text: string): ManifestFact[] {
  // Most files of this name are Expo's.
  if (!text.includes('"formation"')) return [];
  const formation = nodeAt(readJson(text), 'formation');
  if (formation?.kind !== 'map') return [];
  const collector = new FactCollector(uri, fileName(uri), 'orchestrator');
  for (const { key: service, keySpan, value } of formation.entries) {
    const quantity = nodeAt(value, 'quantity');
    if (quantity?.kind !== 'scalar') continue;
    collector.add(service, 'platform', 'heroku', keySpan);
    const read = quantity.value === 0 ? { value: 0 } : numberOrReason(quantity.text);
    collector.addCommandFact(service, { key: 'replicas', ...read, span: quantity.span });
  }
  return collector.facts;
}

export function readHerokuYaml(uri: string, text: string): ManifestFact[] {
  const { documents, problems } = readYaml(text);
  const run = nodeAt(documents[0], 'run');
  if (problems.length > 0 || run?.kind !== 'map') return [];
  const collector = new FactCollector(uri, fileName(uri), 'processes');
  for (const { key: service, value } of run.entries) {
    const command = nodeAt(value, 'command') ?? value;
    collector.addPrograms(service, programsOf(text, [command]));
  }
  return collector.facts;
}
