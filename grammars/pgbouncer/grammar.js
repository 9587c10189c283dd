/**
 * pgbouncer.ini as PgBouncer itself reads it (cfparser.c of libusual, loader.c of PgBouncer), not as INI files are read
 * elsewhere: a comment begins only where a statement may begin, what follows `]` is the next statement, names are bare
 * or in single quotes, and the entries of `databases`, `users` and `peers` hold `key=value` pairs that only spaces part.
 *
 * The grammar is total: every text has a tree without error nodes. What PgBouncer refuses is there as `broken`, as a
 * setting without `equals` or as a pair without value, so that one mistake says nothing about the lines around it.
 *
 * White space is written out, because `\s` holds more than C's isspace(), and stands in the rules themselves, because a
 * line's end means something here. Precedence, not length, decides between tokens: 2 for a line's end and for `=`,
 * 1 for what continues a statement, 0 for what begins one, -1 for what nothing else begins.
 */
const space = ' \\t\\r\\v\\f';
const printable = `[^${space}\\n]`;
/** Up to the end of the line, without the white space there. */
const rest = `${printable}(?:[^\\n]*${printable})?`;

/** White space before it that is neither a space nor a tab belongs to it. */
const value = `(?:[\\r\\v\\f][${space}]*)?${rest}`;

const begins = (pattern) => token(new RegExp(pattern));
const continues = (pattern) => token.immediate(prec(1, new RegExp(pattern)));

/** `name = value`; what the value looks like depends on the section. */
const assignment = ($, right) =>
  choice(
    seq(
      field('name', choice($.name, $.quoted_name)),
      choice(seq(field('equals', $.equals), optional(field('value', right))), optional(alias($._rest, $.broken))),
    ),
    // A name of no characters is one as well.
    seq(field('equals', alias($._leading_equals, $.equals)), optional(field('value', right))),
  );

module.exports = grammar({
  name: 'pgbouncer',

  extras: () => [],

  rules: {
    source_file: ($) => seq(repeat($._settings_statement), repeat(choice($.settings_section, $.entries_section))),

    settings_section: ($) => prec.right(seq($.header, repeat($._settings_statement))),

    entries_section: ($) => prec.right(seq(alias($._entries_header, $.header), repeat($._entries_statement))),

    header: ($) => prec.right(seq('[', optional(field('name', $.section_name)), optional(']'))),

    _entries_header: ($) => prec.right(seq('[', field('name', alias($._entries_name, $.section_name)), optional(']'))),

    // Of two names of equal length the one that stands here first wins.
    _entries_name: () => token.immediate(prec(1, choice('databases', 'users', 'peers'))),

    section_name: () => continues('[^\\]\\n]+'),

    _settings_statement: ($) => choice($._line_end, $._blank, $.comment, $.include, $.setting, $.broken),

    _entries_statement: ($) => choice($._line_end, $._blank, $.comment, $.include, alias($.entry, $.setting), $.broken),

    _line_end: () => token(prec(2, new RegExp(`[${space}]*\\n`))),

    // One kind of white space at a time, so that it is never longer than what may continue a value.
    _blank: () => begins(' +|[\\t\\r\\v\\f]+'),

    comment: () => begins(`[#;](?:[^\\n]*${printable})?`),

    include: ($) => prec.right(seq(alias($._include, '%include'), optional(field('path', $.path)))),

    _include: () => begins('%include[ \\t]+'),

    path: () => continues(value),

    broken: () => token(prec(-1, new RegExp(rest))),

    setting: ($) => prec.right(assignment($, $.value)),

    entry: ($) => prec.right(assignment($, $.connection_string)),

    name: () => begins('[A-Za-z0-9_.*-]+'),

    // PgBouncer would read on over the line's end; whoever forgot a quote did not mean that.
    quoted_name: () => begins("'[^'\\n]*'"),

    equals: () => token.immediate(prec(2, /[ \t]*=[ \t]*/)),

    _leading_equals: () => begins('=[ \\t]*'),

    value: () => continues(value),

    _rest: () => continues(`[${space}]*${rest}`),

    connection_string: ($) => {
      const before = choice(
        seq(alias($._quoted_pair, $.pair), choice($._separator, seq($.dropped, optional($._separator)))),
        seq(alias($._other_pair, $.pair), $._separator),
      );
      const last = choice(alias($._quoted_pair, $.pair), alias($._other_pair, $.pair));
      return prec.right(choice(seq(repeat1(before), optional(last)), last));
    },

    _quoted_pair: ($) =>
      seq(
        optional(field('key', $.key)),
        field('equals', alias($._pair_equals, $.equals)),
        field('value', $.quoted_value),
      ),

    _other_pair: ($) =>
      prec.right(
        choice(
          field('key', $.key),
          seq(
            optional(field('key', $.key)),
            field('equals', alias($._pair_equals, $.equals)),
            optional(field('value', choice($.plain_value, $.unclosed_value))),
          ),
        ),
      ),

    key: ($) => prec.right(repeat1(choice($._key_word, $._inner_blank))),

    _key_word: () => continues(`[^=${space}\\n]+`),

    _pair_equals: () => token.immediate(prec(2, / *= */)),

    _separator: () => continues(' +'),

    quoted_value: () => continues("'(?:[^'\\n]|'')*'"),

    /** The character after a closing quote is dropped, whatever it is. */
    dropped: () => continues('[^ \\n]'),

    unclosed_value: () => continues(`'(?:(?:[^'\\n]|'')*(?:[^'${space}\\n]|''))?`),

    plain_value: ($) => prec.right(seq(choice($._first_word, $._inner_blank), repeat(choice($._word, $._inner_blank)))),

    _first_word: () => continues(`[^'${space}\\n][^${space}\\n]*`),

    _word: () => continues(`${printable}+`),

    _inner_blank: () => continues('[\\t\\r\\v\\f]+'),
  },
});
