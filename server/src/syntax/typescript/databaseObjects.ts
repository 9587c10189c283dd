/** Object literals that visibly hold the settings of a database connection, wherever they go. */
import type { Node } from 'web-tree-sitter';
import { plainText } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { itemsOf } from './nodes.ts';

const dialect = /^(?:postgres|pg|mysql|mariadb|mssql|sqlserver|cockroach|oracle|redshift|db2)/i;
const dialectKey = /^(?:dialect|type|client|driver|engine|adapter|provider)$/;
const placeKey = /^(?:host|hostname|server|port|user|username)$/;
const databasePorts = new Set(['5432', '3306', '1433', '1521', '6432', '26257']);

/** The text under one of an object's keys, where it is certain. */
export function textUnder(file: ScriptFile, segment: Segment, object: Node, name: RegExp): string | undefined {
  for (const item of itemsOf(object)) {
    if (!name.test(keyOf(item))) continue;
    const value = item.childForFieldName('value');
    const text = value === null ? undefined : plainText(evaluate(file, segment, value));
    if (text !== undefined) return text;
  }
  return undefined;
}

export function isDatabaseObject(file: ScriptFile, segment: Segment, object: Node): boolean {
  const items = itemsOf(object);
  const keys = items.map(keyOf);
  if (!keys.some((key) => placeKey.test(key)) || holdsLabels(file, segment, object)) return false;
  if (keys.includes('database')) return true;
  if (dialect.test(textUnder(file, segment, object, dialectKey) ?? '')) return true;
  const port = items[keys.indexOf('port')]?.childForFieldName('value')?.text;
  if (port !== undefined && databasePorts.has(port)) return true;
  const around = object.parent?.type === 'pair' && keyOf(object.parent) === 'connection' ? object.parent.parent : null;
  return around?.type === 'object' && itemsOf(around).some((each) => keyOf(each) === 'client');
}

/** `{ host: "Host", password: "Password" }`, `{ port: "public", password: "secret" }`: what a form is labelled with, or how it treats each. */
function holdsLabels(file: ScriptFile, segment: Segment, object: Node): boolean {
  const text = textUnder(file, segment, object, /^(?:host|hostname|server|port|database)$/);
  return text !== undefined && label.test(text);
}

const label = /[^\x21-\x7e]|^(?:Host|Hostname|Server|Port|Database|public|private|string|text|required|optional)$/;

/** `{ APP_DB_HOST: 'host', APP_DB_PASSWORD: 'password' }`: which setting each variable is for. */
export function namesSettings(file: ScriptFile, segment: Segment, object: Node): boolean {
  return ['host', 'port'].some((name) => {
    const key = new RegExp(`(?:^|_)${name}$`, 'i');
    return textUnder(file, segment, object, key)?.toLowerCase() === name;
  });
}

function keyOf(item: Node): string {
  if (item.type === 'shorthand_property_identifier') return item.text;
  return item.childForFieldName('key')?.text.replace(/['"]/g, '') ?? '';
}
