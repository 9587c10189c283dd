/** PM2: ecosystem files in JavaScript, JSON and YAML, and the `pm2` key of package.json. */
import type { ManifestFact } from '../drift.ts';
import { type DataNode, entryOf, nodeAt } from '../yaml.ts';
import { FactCollector } from './collector.ts';
import { variablesOf } from './command-node.ts';
import { isExpression, LiteralReader, spreadKey } from './literal.ts';
import { fileName, folderName } from './names.ts';
import { type CommandFact, pm2Instances } from './program-options.ts';
import { readData } from './read-data.ts';

export function readPm2Script(uri: string, text: string): ManifestFact[] {
  const root = exportedValue(text);
  return root ? readPm2(uri, fileName(uri), text, root) : [];
}

export function readPm2Data(uri: string, text: string): ManifestFact[] {
  const root = readData(uri, text);
  return root ? readPm2(uri, fileName(uri), text, root) : [];
}

/** `{apps: […]}`, a list of applications, or one of them. */
export function readPm2(uri: string, manifest: string, text: string, root: DataNode): ManifestFact[] {
  const apps = nodeAt(root, 'apps') ?? root;
  const list = apps.kind === 'list' ? apps.items : [apps];
  const collector = new FactCollector(uri, manifest, 'pm2');
  for (const app of list) {
    if (app.kind !== 'map' || !isApplication(app)) continue;
    const name = textOf(nodeAt(app, 'name'));
    const script = nodeAt(app, 'script');
    const service = name ?? scriptName(textOf(script)) ?? folderName(uri);
    // PM2 runs anything; it manages processes of Node.js as a cluster.
    const isForeign = /\.(py|sh|rb)$|^(python|bash|sh)/.test(`${textOf(script)}`) || nodeAt(app, 'interpreter');
    collector.add(service, 'server', 'pm2', (script ?? app).span);
    const instances = instancesOf(app);
    if (instances) collector.addCommandFact(service, instances);
    if (isForeign) continue;
    for (const key of ['env', 'env_production']) collector.addVariables(service, variablesOf(text, nodeAt(app, key)));
  }
  return collector.facts;
}

function isApplication(node: DataNode): boolean {
  return entryOf(node, 'script') !== undefined || entryOf(node, 'instances') !== undefined;
}

/** `dist/main.js` is "main". */
function scriptName(script: string | undefined): string | undefined {
  return script === undefined ? undefined : /([\w-]+)(?:\.[cm]?[jt]s)?$/.exec(script)?.[1];
}

function instancesOf(app: DataNode): CommandFact | undefined {
  const node = nodeAt(app, 'instances') ?? nodeAt(app, 'exec_instances');
  if (node?.kind !== 'scalar') {
    const spread = entryOf(app, spreadKey);
    return spread && { key: 'workers', value: null, reason: 'another object may set instances', span: spread.keySpan };
  }
  const place = { key: 'workers' as const, span: node.span };
  if (!isExpression(node)) return { ...place, ...pm2Instances(node.text) };
  const variable = /process\.env(?:\.(\w+)|\[["'](\w+)["']\])/.exec(node.text.slice(0, 300));
  const fallback = /(?:\|\||\?\?)\s*(?:"([^"]{0,20})"|'([^']{0,20})'|(-?\d{1,6}))/.exec(node.text.slice(0, 300));
  const name = variable?.[1] ?? variable?.[2];
  if (name === undefined || !fallback) return { ...place, value: null, reason: 'it is computed when PM2 starts' };
  const written = fallback[1] ?? fallback[2] ?? fallback[3]!;
  return { ...place, ...pm2Instances(written), variable: name };
}

/** What `module.exports = …` or `export default …` holds; a constant of the file, and the argument of a call, included. */
function exportedValue(text: string): DataNode | undefined {
  const found = /(?:\bmodule\.exports\s*=|\bexport\s+default\b)\s*(?:([A-Za-z_$][\w$]{0,80})(\s*\(\s*)?)?/.exec(text);
  if (!found) return undefined;
  const [whole, name, call] = found;
  if (name === undefined || call !== undefined) return valueAt(text, found.index + whole.length);
  const constant = new RegExp(`\\b(?:const|let|var)\\s+${name.replaceAll('$', '\\$')}\\s*=\\s*`).exec(text);
  return constant ? valueAt(text, constant.index + constant[0].length) : undefined;
}

function valueAt(text: string, at: number): DataNode {
  return new LiteralReader(text, at).value();
}

function textOf(node: DataNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
