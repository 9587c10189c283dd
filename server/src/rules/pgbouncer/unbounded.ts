/** Pools of PgBouncer that no number ends: a size of 0 since 1.24, and no limit of the entry or the user above it. */
import type { Span } from '../../core/text.ts';
import { settingNamed, zeroIsUnlimitedSince } from '../../facts/pgbouncer.ts';
import { isAtLeast } from '../../facts/versions.ts';
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import { fix, placeIn, replaced } from './edits.ts';
import { globalSize, sizesOf } from './sizes.ts';
import { versionNote } from './version.ts';

export function* unboundedPools(context: PgbouncerInContext): Iterable<RuleResult> {
  const { file, inForce, version } = context;
  // What is written elsewhere may give users sizes and limits.
  if (!isAtLeast(version, zeroIsUnlimitedSince) || inForce.moreIn !== undefined) return;
  const perUser = globalSize(inForce, 'max_user_connections');
  if (perUser === undefined || perUser.value > 0) return;
  const told = new Set<Span>();
  for (const { size, limit } of sizesOf(inForce)) {
    if (size?.at === undefined || size.value !== 0 || limit !== undefined || told.has(size.at)) continue;
    told.add(size.at);
    const usual = settingNamed('pgbouncer', 'default_pool_size')!.fallback!;
    yield {
      at: placeIn(file, size.at),
      message: `${size.name} 0 sets no limit since PgBouncer ${zeroIsUnlimitedSince}, and neither max_db_connections nor max_user_connections does: every waiting client gets a connection of its own on the server.${versionNote(context)}`,
      fixes: [fix(`Set ${size.name} to ${usual}`, 'suggestion', [replaced(file, size.at, usual)])],
    };
  }
}
