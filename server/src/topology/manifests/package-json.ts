/** package.json: the script that starts the program, and PM2's own key. */
import type { ManifestFact } from '../drift.ts';
import { nodeAt } from '../yaml.ts';
import { FactCollector } from './collector.ts';
import { readShellCommand } from './command-line.ts';
import { placeOf } from './command-node.ts';
import { readJson } from './literal.ts';
import { folderName } from './names.ts';
import { readPm2 } from './pm2.ts';

/** The scripts that start a program, the most telling first: `start` is for development where there is another. */
const startScripts = ['start:prod', 'start:production', 'serve:prod', 'start'];

export function readPackageJson(uri: string, text: string): ManifestFact[] {
  // Most have neither.
  if (!/"(?:start(?::prod\w*)?|serve:prod|pm2|build)"\s*:/.test(text)) return [];
  const root = readJson(text);
  if (!root) return [];
  const collector = new FactCollector(uri, 'package.json', 'package');
  const service = folderName(uri);
  const scripts = nodeAt(root, 'scripts');
  for (const name of startScripts) {
    const script = nodeAt(scripts, name);
    if (script?.kind !== 'scalar' || typeof script.value !== 'string') continue;
    const programs = readShellCommand(script.text, placeOf(text, script));
    // A script that runs another script says nothing new.
    const known = programs.filter((program) => program[0]?.key === 'server');
    if (known.length === 0) continue;
    collector.addPrograms(service, known);
    break;
  }
  const build = nodeAt(scripts, 'build');
  if (build?.kind === 'scalar' && /\bnext build\b/.test(build.text)) {
    const note = 'next build prerenders in one process per CPU core but one; each may open a pool while it builds';
    collector.add(service, 'note', note, build.span);
  }
  const pm2 = nodeAt(root, 'pm2');
  return [...collector.facts, ...(pm2 ? readPm2(uri, 'package.json', text, pm2) : [])];
}
