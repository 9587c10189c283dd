/** `OPTIONS["pool"]`: Django's own pools, of psycopg_pool and of oracledb. */

import { readUrl } from '../../declarations/credentials.ts';
import type { ResolvedMapping } from '../../declarations/mappings.ts';
import { isScalar, type ResolveContext, readableText, resolveValue } from '../../declarations/resolve.ts';
import type { MappingEntry } from '../../declarations/value.ts';
import type { AliasSettings } from './aliases.ts';
import { urlKey } from './databaseUrl.ts';

/** What an alias says about a pool. */
export type NativePool =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string }
  /** Written, but false in Python's eyes, so that there is no pool: an empty dictionary. */
  | { readonly kind: 'empty'; readonly entry: MappingEntry }
  | {
      readonly kind: 'on';
      /** Absent where a URL switches it on. */
      readonly entry?: MappingEntry;
      /** Its settings; absent where it is only switched on. */
      readonly settings?: ResolvedMapping;
    };

export function nativePoolOf(ways: readonly AliasSettings[], context: ResolveContext): NativePool {
  const all = ways.map((way) => poolIn(way, context));
  const [first, ...rest] = all;
  if (first === undefined) return { kind: 'none' };
  return rest.every((each) => isSame(each, first))
    ? first
    : { kind: 'unknown', reason: 'OPTIONS depends on a condition' };
}

function isSame(a: NativePool, b: NativePool): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== 'on' || b.kind !== 'on' || JSON.stringify(a.settings) === JSON.stringify(b.settings);
}

function poolIn(way: AliasSettings, context: ResolveContext): NativePool {
  const options = way.byKey.get('OPTIONS');
  if (options === undefined) return way.complete ? poolInUrl(way, context) : unknownOptions;
  const content = resolveValue(options.value, context);
  if (!content.known) return unknownOptions;
  if (isScalar(content.value)) return content.value ? unknownOptions : poolInUrl(way, context);
  if (content.value.type !== 'mapping') return unknownOptions;
  const entry = content.value.entries.find((each) => each.key === 'pool');
  if (entry === undefined) return content.value.complete ? poolInUrl(way, context) : unknownOptions;
  return poolFrom(entry, context);
}

const unknownOptions: NativePool = { kind: 'unknown', reason: 'OPTIONS cannot be read here' };

function poolFrom(entry: MappingEntry, context: ResolveContext): NativePool {
  const content = resolveValue(entry.value, context);
  if (!content.known) return { kind: 'unknown', reason: `pool: ${content.reason}` };
  if (isScalar(content.value)) return content.value ? { kind: 'on', entry } : { kind: 'none' };
  if (content.value.type !== 'mapping') return { kind: 'unknown', reason: 'pool is no dictionary' };
  if (content.value.entries.length > 0) return { kind: 'on', entry, settings: content.value };
  return content.value.complete ? { kind: 'empty', entry } : unknownOptions;
}

/** `?pool=true` of dj-database-url. */
function poolInUrl(way: AliasSettings, context: ResolveContext): NativePool {
  const url = way.byKey.get(urlKey);
  const query = url && readUrl(readableText(url.value, context).text)?.query;
  return query?.['pool']?.value.toLowerCase() === 'true' ? { kind: 'on' } : { kind: 'none' };
}
