/** Numbers that are written as text, come out of the environment as text, or are None. */
import type { Location, TextEdit } from '../core/text.ts';
import { removeArguments } from '../declarations/edits.ts';
import { environmentTextOf } from '../declarations/environmentText.ts';
import { isCertainlyPassed, setParameters } from '../declarations/parameters.ts';
import type { Pool } from '../declarations/pool.ts';
import type { NumberArgument } from '../facts/numberArgument.ts';
import { fix, type Result } from './results.ts';

/** `isFromConfig`: the library turns texts into numbers, and raises for a text that is none. */
export function* textOrNoneForNumber(
  pool: Pool,
  numbers: Readonly<Record<string, NumberArgument>>,
  { isFromConfig = false } = {},
): Iterable<Result> {
  for (const [name, { raises: when, mayBeNone, converter = 'int' }] of Object.entries(numbers)) {
    const parameter = pool.parameters.get(name);
    const written = parameter?.written;
    if (parameter === undefined || written === undefined || !isCertainlyPassed(pool, written)) continue;
    const environment = environmentTextOf(written.value);
    const value = parameter.value.known ? parameter.value.value : undefined;
    if (environment !== undefined && !isFromConfig) {
      yield {
        at: written.valueSpan,
        message: `${name} is read from ${environment.variable} as text: TypeError ${when}. Wrap it in ${converter}(…).`,
        fixes: fix(
          `Wrap ${name} in ${converter}(…)`,
          environment.isSafeToConvert ? 'safe' : 'suggestion',
          wrap(written.valueSpan, `${converter}(`, ')'),
        ),
      };
    } else if (typeof value === 'string') {
      const number = value.trim();
      const error = isFromConfig ? 'ValueError when the engine is created' : `TypeError ${when}`;
      const isWholeLiteral = parameter.value.known && parameter.value.source === 'literal' && /^\d{1,9}$/.test(number);
      yield {
        at: written.valueSpan,
        message: `${name} is a text where a number is compared: ${error}.${isWholeLiteral ? ` Write ${name}=${Number(number)}.` : ''}`,
        fixes: isWholeLiteral
          ? fix(`Set ${name}=${Number(number)}`, 'safe', setParameters(pool, { [name]: Number(number) }))
          : [],
      };
    } else if (value === null && !mayBeNone) {
      yield {
        at: written.valueSpan,
        message: `${name}=None: TypeError ${when}. Leave ${name} out to have the library's default.`,
        fixes: fix(`Remove ${name}=None`, 'suggestion', removeArguments(pool.site, [written])),
      };
    }
  }
}

function wrap(span: Location, before: string, after: string): readonly TextEdit[] {
  const { uri, start, end } = span;
  return [
    { uri, start, end: start, newText: before },
    { uri, start: end, end, newText: after },
  ];
}
