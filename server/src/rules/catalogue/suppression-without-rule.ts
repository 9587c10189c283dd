/**
 * # suppression-without-rule
 *
 * A suppression comment names no rule and so suppresses all of them.
 *
 * ## Why it matters
 *
 * It was written for one finding and hides every other one on that line, among them those of rules that come later. A
 * password beside a missing pre-ping disappears with it.
 *
 * ## Wrong
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"])  # poolproof: ignore
 * ```
 *
 * ## Right
 *
 * ```python
 * import os
 * from sqlalchemy import create_engine
 *
 * engine = create_engine(os.environ["DATABASE_URL"])  # poolproof: ignore[missing-pre-ping] restarted with the database
 * ```
 *
 * ## Limits
 *
 * The comment works all the same; this finding alone cannot be suppressed by it.
 *
 * ## References
 *
 * - https://peps.python.org/pep-0008/#comments
 */
import { locate } from '../../core/text.ts';
import { listed } from '../../declarations/parameters.ts';
import { defineRule } from '../rule.ts';

export const suppressionWithoutRule = defineRule({
  id: 'suppression-without-rule',
  group: 'suppression',
  severity: 'warning',
  fix: 'none',
  summary: 'A suppression comment names no rule and so suppresses all of them.',
  contexts: ['app'],
  *check({ suppressionUses }) {
    for (const { suppression, used } of suppressionUses) {
      if (suppression.rules.length > 0) continue;
      const word = suppression.scope === 'file' ? 'ignore-file' : 'ignore';
      const names = [...used].sort();
      const hidden = names.length === 0 ? '' : ` It hides ${listed(names)}.`;
      const example = names.length === 0 ? 'rule-id' : names.join(', ');
      yield {
        at: locate(suppression.uri, suppression.span),
        message: `This comment suppresses every rule.${hidden} Name what is meant: ${word}[${example}].`,
      };
    }
  },
});
