/** postgresql.conf: of each setting the last one counts. */
import type { ManifestFact, ManifestKey, ManifestValue } from '../drift.ts';
import { FactCollector } from './collector.ts';
import { fileName, folderName } from './names.ts';

const setting =
  /^[ \t]*(max_connections|superuser_reserved_connections|reserved_connections|idle_session_timeout)(?:[ \t]*=[ \t]*|[ \t]+)(?:'([^'\r\n]*)'|([^\s#']+))/gim;

/** Seconds per unit; without one a time is in milliseconds. */
const units: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400, '': 1e-3 };

export function readPostgresqlConfig(uri: string, text: string): ManifestFact[] {
  const collector = new FactCollector(uri, fileName(uri), 'database');
  const service = folderName(uri);
  const found = new Map<ManifestKey, { readonly value: ManifestValue; readonly start: number; readonly end: number }>();
  for (const line of text.matchAll(setting)) {
    const written = line[2] ?? line[3]!;
    const name = line[1]!.toLowerCase();
    const start = line.index + line[0].lastIndexOf(written);
    const place = { start, end: start + written.length };
    const value = name === 'idle_session_timeout' ? secondsOf(written) : numberOf(written);
    const key = name === 'idle_session_timeout' ? 'idle_timeout' : (name as ManifestKey);
    if (value !== undefined) found.set(key, { value, ...place });
  }
  // 0 switches the timeout off.
  if (found.get('idle_timeout')?.value === 0) found.delete('idle_timeout');
  if (found.size > 0) collector.add(service, 'engine', 'postgresql', [...found.values()][0]!);
  for (const [key, { value, ...span }] of found) collector.add(service, key, value, span);
  return collector.facts;
}

function numberOf(written: string): number | undefined {
  return /^\d{1,7}$/.test(written) ? Number(written) : undefined;
}

/** Whole seconds, rounded up to at least 1. */
function secondsOf(written: string): number | undefined {
  const match = /^(\d{1,9})[ \t]*([a-z]*)$/.exec(written.trim());
  const unit = match && Object.hasOwn(units, match[2]!) ? units[match[2]!] : undefined;
  return unit === undefined ? undefined : Math.ceil(Number(match![1]) * unit);
}
