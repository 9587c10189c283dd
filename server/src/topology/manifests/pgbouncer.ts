/** pgbouncer.ini: that there is one. What it says is read where poolers are. */
import type { ManifestFact } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { fileName, folderName } from './names.ts';

export function readPgbouncer(uri: string, text: string): ManifestFact[] {
  const section = /^[ \t]*\[(?:databases|pgbouncer)\]/m.exec(text);
  if (!section) return [];
  const collector = new FactCollector(uri, fileName(uri), 'database');
  const span = { start: section.index, end: section.index + section[0].length };
  collector.add(folderName(uri), 'pooler_config', fileName(uri), span);
  return collector.facts;
}
