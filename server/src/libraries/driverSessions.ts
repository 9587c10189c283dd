/** What the pools of plain drivers do in their sessions, as their own options stand; behind a pooler it decides what breaks. */
import { locate } from '../core/text.ts';
import { settingText } from '../declarations/edits.ts';
import { setParameters } from '../declarations/parameters.ts';
import type { Pool, PreparedStatementUse } from '../declarations/pool.ts';

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
