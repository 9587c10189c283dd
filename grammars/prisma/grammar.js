/**
 * The Prisma schema language, as far as connections need it: `datasource` and `generator` blocks are read to the last
 * value, the bodies of models, enums and types only to their end.
 */
const commaSeparated = (rule) => optional(seq(rule, repeat(seq(',', rule)), optional(',')));

module.exports = grammar({
  name: 'prisma',

  extras: ($) => [/\s/, $.comment],

  word: ($) => $.identifier,

  rules: {
    source_file: ($) => repeat(choice($.configuration, $.declaration, $.alias)),

    comment: () => token(seq('//', /[^\r\n]*/)),

    configuration: ($) =>
      seq(field('kind', choice('datasource', 'generator')), field('name', $.identifier), '{', repeat($.setting), '}'),

    setting: ($) => seq(field('name', $.identifier), '=', field('value', $._value)),

    _value: ($) => choice($.string, $.number, $.call, $.array, $.path, $.identifier),

    call: ($) => seq(field('function', $.identifier), '(', commaSeparated($._argument), ')'),

    _argument: ($) => choice($._value, $.named_argument),

    named_argument: ($) => seq(field('name', $.identifier), ':', field('value', $._value)),

    array: ($) => seq('[', commaSeparated($._value), ']'),

    path: ($) => seq($.identifier, repeat1(seq('.', $.identifier))),

    identifier: () => /[A-Za-z][\w-]*/,

    number: () => /-?\d+(?:\.\d+)?/,

    string: () => token(seq('"', repeat(choice(/[^"\\\r\n]/, /\\[^\r\n]/)), '"')),

    declaration: ($) =>
      seq(field('kind', choice('model', 'enum', 'type', 'view')), field('name', $.identifier), field('body', $.body)),

    alias: ($) => seq('type', field('name', $.identifier), '=', repeat1($._attribute_part)),

    _attribute_part: ($) => choice($.identifier, $.attribute),

    attribute: ($) => seq(/@@?/, choice($.identifier, $.path, $.call)),

    // A body holds fields and attributes; only its strings and braces matter here.
    body: ($) => seq('{', repeat(choice($.string, $.body, $._text)), '}'),

    _text: () => token(prec(-1, choice(/[^\s{}"/]+/, '/'))),
  },
});
