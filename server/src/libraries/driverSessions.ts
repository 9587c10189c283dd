/** What the pools of plain drivers do in their sessions, as their own options stand; behind a pooler it decides what breaks. */
import { type Location, locate } from '../core/text.ts';
import { settingText } from '../declarations/edits.ts';
import { setParameters } from '../declarations/parameters.ts';
import type { Pool, PreparedStatementUse, SessionUse } from '../declarations/pool.ts';
import { isScalar } from '../declarations/resolve.ts';

/** The option that switches named statements off. */
export interface StatementSwitch {
  readonly option: string;
  /** Its value, and as source code. */
  readonly off: unknown;
  readonly code: string | number | boolean;
  /** "asyncpg" */
  readonly driver: string;
}

/** Named statements unless the option among the pool's other arguments says otherwise. */
export function statementsUnless(pool: Pool, { option, off, code, driver }: StatementSwitch): PreparedStatementUse {
  if (pool.hasUnreadArguments) return { kind: 'unknown' };
  const written = pool.otherArguments.get(option) ?? pool.driverArguments?.get(option) ?? pool.parameters.get(option);
  if (written !== undefined && !written.value.known) return { kind: 'unknown' };
  if (written?.value.known && written.value.value === off) return { kind: 'none' };
  const setting = settingText(option, code, pool.site.language);
  const edits = written?.written === undefined ? setParameters(pool, { [option]: code }) : undefined;
  return {
    kind: 'named',
    driver,
    at: written?.written?.valueSpan ?? locate(pool.uri, pool.site.calleeSpan),
    remedy: setting,
    fixes: edits === undefined ? [] : [{ title: `Set ${setting}`, safety: 'suggestion', preferred: true, edits }],
  };
}

/** Options that a driver sends when a connection starts, by their own names. */
export function sentAtStart(pool: Pool, names: readonly string[]): SessionUse['startupParameters'] {
  return names.flatMap((name) => {
    const argument = pool.otherArguments.get(name);
    const value = argument?.value.known ? argument.value.value : undefined;
    const isSent = isScalar(value) && value !== undefined && value !== null && value !== 0 && value !== false;
    return argument?.written === undefined || !isSent ? [] : [{ name, at: placeOf(argument.written) }];
  });
}

function placeOf({ keywordSpan, span }: { readonly keywordSpan?: Location; readonly span: Location }): Location {
  return keywordSpan ?? span;
}

/** The entries of asyncpg's `server_settings`. */
export function serverSettings(pool: Pool): SessionUse['startupParameters'] {
  const settings = pool.otherArguments.get('server_settings')?.value;
  const content = settings?.known ? settings.value : undefined;
  if (content === undefined || content === null || typeof content !== 'object' || !('entries' in content)) return [];
  const { entries } = content as { entries: readonly { key?: string; keySpan?: Location; span: Location }[] };
  return entries.flatMap(({ key, keySpan, span }) => (key === undefined ? [] : [{ name: key, at: keySpan ?? span }]));
}
