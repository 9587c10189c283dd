/**
 * # pgbouncer-section-repeated
 *
 * A second `[pgbouncer]` header sets everything back.
 *
 * ## Why it matters
 *
 * Each time the header appears PgBouncer sets every setting to its default again. What the first block said is gone without a
 * word: with `default_pool_size = 80` above and a second `[pgbouncer]` below, pools have 20 connections. Sections with entries may
 * be repeated.
 *
 * ## Wrong
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * default_pool_size = 80
 *
 * [pgbouncer]
 * pool_mode = transaction
 * ```
 *
 * ## Right
 *
 * `pgbouncer.ini`
 * ```ini
 * [pgbouncer]
 * default_pool_size = 80
 * pool_mode = transaction
 *
 * [databases]
 * shop = host=10.0.0.5
 *
 * [databases]
 * stock = host=10.0.0.6
 * ```
 *
 * ## Limits
 *
 * Headers in included files are seen where the workspace holds the file. A file with template control lines (`{% if … %}`) may
 * have each header in a branch of its own, and nothing is said about it.
 *
 * ## Fix safety
 *
 * Suggestion: without the header the settings above it are in force. There is no fix where another section lies between.
 *
 * ## References
 *
 * - https://github.com/libusual/libusual/blob/master/usual/cfparser.c
 */
import type { PgbouncerFile, SectionHeader } from '../../declarations/pgbouncer.ts';
import type { Fix } from '../finding.ts';
import { fix, placeIn, replaced } from '../pgbouncer/edits.ts';
import { defineRule, everyContext, type PgbouncerInContext } from '../rule.ts';

export const pgbouncerSectionRepeated = defineRule({
  id: 'pgbouncer-section-repeated',
  group: 'pgbouncer',
  severity: 'error',
  fix: 'suggestion',
  summary: 'A second [pgbouncer] header sets every setting back to its default.',
  contexts: everyContext,
  *check({ pgbouncerFiles }) {
    for (const context of pgbouncerFiles) {
      const { file, whole } = context;
      const hasBranches = file.statements.some((each) => each.kind === 'broken' && each.form === 'template');
      const [first, ...others] = whole.allHeaders;
      if (first === undefined || hasBranches) continue;
      for (const repeated of others) {
        const where = first.include === undefined ? 'the first one' : `the one in ${nameOf(first.file)}`;
        const what = `PgBouncer sets everything that stands under ${where} back to its default.`;
        yield {
          at: placeIn(file, repeated.include?.span ?? repeated.header.span),
          message:
            repeated.include === undefined
              ? `A second [pgbouncer] header: ${what}`
              : `${nameOf(repeated.file)} has a [pgbouncer] header of its own: ${what} Take it out there: the section goes along into an include.`,
          related: [{ at: placeIn(first.file, first.header.span), message: 'The first header' }],
          fixes: repeated.include === undefined ? removal(context, repeated.header) : [],
        };
      }
    }
  },
});

function nameOf({ uri }: PgbouncerFile): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

/** Only where the section above is the same one: else the settings below would become entries of another. */
function removal({ file }: PgbouncerInContext, header: SectionHeader): Fix[] {
  const index = file.statements.indexOf(header);
  const above = file.statements.slice(0, index).findLast((statement) => statement.kind === 'section');
  if (above?.kind !== 'section' || above.name.text !== 'pgbouncer') return [];
  const line = file.lines.lineAt(header.span.start);
  const next = file.lines.lineStart(line + 1);
  const isAlone = file.statements[index + 1] === undefined || file.statements[index + 1]!.span.start >= next;
  const hasComment = file.comments.some((comment) => comment.start >= header.span.end && comment.start < next);
  const start = isAlone && !hasComment ? file.lines.lineStart(line) : header.span.start;
  const end = isAlone && !hasComment ? Math.min(next, file.end) : header.span.end;
  return [fix('Remove the second header', 'suggestion', [replaced(file, { start, end }, '')])];
}
