/** Drizzle: a URL or an object makes the driver's pool; a client or pool that is handed over counts where it is built. */
import type { Pool } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import type { InterpretationContext, Library } from './library.ts';
import { pgPoolWithin } from './nodePostgres.ts';
import { nestedOptions, type Options, optionsAt } from './options.ts';

const path = 'drizzle-orm/node-postgres.drizzle';

export const drizzle: Library = {
  name: 'Drizzle',
  language: 'typescript',
  systems: ['drizzle'],
  callables: new Set([path]),
  tellingNames: new Set(),
  connectors: new Set([path]),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret(site, _path, context) {
    const pool = interpret(site, context);
    return pool === undefined ? [] : [pool];
  },
};

function interpret(site: CallSite, context: InterpretationContext): Pool | undefined {
  const given = optionsAt(site, 0, context.resolve);
  const options = connectionOf(given, context);
  if (options === undefined) return undefined;
  return pgPoolWithin('drizzle', 'drizzle', { ...options, insertion: options.insertion ?? null }, site, context);
}

/** `drizzle(url)` and `drizzle({ connection: … })`; undefined where a client is handed over, or nothing can be read. */
function connectionOf(given: Options, context: InterpretationContext): Options | undefined {
  if (given.text !== undefined) return given;
  const connection = given.byName.get('connection');
  if (given.byName.has('client') || connection === undefined) return undefined;
  const inner = nestedOptions(given, 'connection', context.resolve);
  return inner.hasUnread && inner.byName.size === 0 && inner.text === undefined
    ? undefined
    : { ...inner, insertion: inner.insertion ?? undefined };
}
