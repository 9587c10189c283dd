/**
 * # unused-suppression
 *
 * A suppression comment suppresses nothing.
 *
 * ## Why it matters
 *
 * The finding it was written for is gone, or the rule's name is misspelt and the comment never worked. Left where it is, it
 * will hide the next finding on that line.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)  # poolproof: ignore[missing-pre-ping] for the demo
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"])  # poolproof: ignore[missing-pre-ping] for the demo
 * ```
 *
 * ## Limits
 *
 * A comment after code covers its own line, one that stands alone the next line with code, and `ignore-file` the whole file
 * where it stands in the file's head. A rule that is switched off finds nothing, so suppressing it is unused as well.
 *
 * ## Fix safety
 *
 * Safe: it takes out the comment, or only the names that are unused.
 *
 * ## References
 *
 * - https://peps.python.org/pep-0008/#comments
 */
import type { TextEdit } from '../../core/text.ts';
import { locate } from '../../core/text.ts';
import { listed } from '../../declarations/parameters.ts';
import type { Suppression } from '../../declarations/pool.ts';
import { defineRule } from '../rule.ts';

export const unusedSuppression = defineRule({
  id: 'unused-suppression',
  group: 'suppression',
  severity: 'warning',
  fix: 'safe',
  summary: 'A suppression comment suppresses nothing.',
  contexts: ['app'],
  *check({ suppressionUses }) {
    for (const { suppression, used } of suppressionUses) {
      const unused = suppression.rules.filter((rule) => !used.has(rule));
      const isAll = suppression.rules.length === 0 ? used.size === 0 : unused.length === suppression.rules.length;
      if (!isAll && unused.length === 0) continue;
      const names = unused.length === 0 ? '' : ` ${listed(unused)}`;
      yield {
        at: locate(
          suppression.uri,
          (!isAll && suppression.ruleSpans[suppression.rules.indexOf(unused[0]!)]) || suppression.span,
        ),
        tags: ['unnecessary'],
        message: isAll
          ? `This comment suppresses nothing: there is no finding${names && ` of${names}`} here. Remove it.`
          : `There is no finding of${names} here to suppress. Remove the name.`,
        fixes: [
          {
            title: isAll ? 'Remove the comment' : `Remove${names}`,
            safety: 'safe',
            preferred: true,
            edits: isAll ? [removal(suppression)] : [keep(suppression, (rule) => !unused.includes(rule))],
          },
        ],
      };
    }
  },
});

function removal(suppression: Suppression): TextEdit {
  return { ...locate(suppression.uri, suppression.removal), newText: '' };
}

/** Writes the list of names anew without the unused ones. */
function keep(suppression: Suppression, isKept: (rule: string) => boolean): TextEdit {
  const start = suppression.ruleSpans[0]!.start;
  const end = suppression.ruleSpans.at(-1)!.end;
  return { uri: suppression.uri, start, end, newText: suppression.rules.filter(isKept).join(', ') };
}
