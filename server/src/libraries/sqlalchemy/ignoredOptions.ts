/** SQLAlchemy arguments that do nothing, or the opposite of what they say. */
import type { Location } from '../../core/text.ts';
import { removeArguments } from '../../declarations/edits.ts';
import { environmentTextOf, saysNo } from '../../declarations/environmentText.ts';
import { isCertainlyPassed } from '../../declarations/parameters.ts';
import type { Pool, PoolParameter, PoolProblemFix } from '../../declarations/pool.ts';
import type { Value } from '../../declarations/value.ts';
import type { Result } from '../results.ts';

export function* ignoredOptions(pool: Pool): Iterable<Result> {
  yield* withoutEffectUnderNullPool(pool);
  for (const name of ['pool_pre_ping', 'pool_use_lifo']) {
    const parameter = pool.parameters.get(name);
    if (parameter !== undefined && pool.poolClassKind !== 'null') yield* switchedOnByText(parameter);
  }
}

function* withoutEffectUnderNullPool(pool: Pool): Iterable<Result> {
  if (pool.poolClassKind !== 'null') return;
  for (const name of ['pool_pre_ping', 'pool_recycle']) {
    const { written, value } = pool.parameters.get(name) ?? {};
    if (written === undefined || !value?.known || !isCertainlyPassed(pool, written)) continue;
    const isOff = name === 'pool_pre_ping' ? !value.value : typeof value.value !== 'number' || value.value < 0;
    if (isOff) continue;
    const edits = removeArguments(pool.site, [written]);
    const why = name === 'pool_pre_ping' ? 'there is none to test' : 'there is none to replace';
    yield {
      at: written.span,
      tags: ['unnecessary'],
      message: `${name} does nothing here: NullPool keeps no connection, so ${why}.`,
      fixes: edits && [{ title: `Remove ${name}`, safety: 'suggestion', preferred: true, edits }],
    };
  }
}

function* switchedOnByText({ name, value, written }: PoolParameter): Iterable<Result> {
  if (written === undefined) return;
  const inner = written.value.kind === 'convert' && written.value.to === 'bool' ? written.value.value : undefined;
  const text = inner === undefined ? (value.known ? value.value : undefined) : fallbackText(inner);
  if (!saysNo(text)) return;
  const variable = environmentTextOf(inner ?? written.value)?.variable;
  const source = variable === undefined ? `the text "${String(text)}"` : `the text that ${variable} holds`;
  yield {
    at: written.valueSpan,
    message: `${name} is switched on: ${source} is no boolean, and every text but the empty one counts as true. ${variable === undefined ? 'Write True or False.' : 'Compare it with "true".'}`,
    fixes: correct(name, written.valueSpan, value.known && value.source === 'literal' ? value.literal : undefined, {
      isText: inner === undefined && isLookUp(written.value),
    }),
  };
}

function correct(
  name: string,
  at: Location,
  literal: Location | undefined,
  source: { isText: boolean },
): PoolProblemFix[] {
  if (literal !== undefined) {
    const set = (value: string, outcome: string, preferred: boolean): PoolProblemFix => ({
      title: `Set ${name}=${value} (${outcome})`,
      safety: 'suggestion',
      preferred,
      edits: [{ ...literal, newText: value }],
    });
    // A pre-ping that has been on all the time is worth keeping; a queue that was meant to be first in first out is not.
    const isWorthKeeping = name === 'pool_pre_ping';
    return [set('True', 'as it works now', isWorthKeeping), set('False', 'as it is written', !isWorthKeeping)];
  }
  if (!source.isText) return [];
  const edits = [{ uri: at.uri, start: at.end, end: at.end, newText: '.lower() == "true"' }];
  return [{ title: 'Compare the text with "true"', safety: 'suggestion', preferred: true, edits }];
}

/** A look-up that always yields a text, so that a method can be called on it. */
function isLookUp(value: Value): boolean {
  return value.kind === 'environment' && (value.fallback === undefined || fallbackText(value) !== undefined);
}

function fallbackText(value: Value): string | undefined {
  if (value.kind === 'constant') return fallbackText(value.value);
  if (value.kind === 'environment') return value.fallback && fallbackText(value.fallback);
  return value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}
