/** What a hover over one setting of a pool shows. Markdown. */
import { codeOf } from '../declarations/edits.ts';
import type { PoolParameter } from '../declarations/pool.ts';
import type { Language } from '../declarations/value.ts';
import type { ParameterFact } from '../facts/parameter.ts';
import type { PoolInContext } from '../rules/rule.ts';
import { escapeMarkdown, shownSource, shownValue } from './values.ts';

/** Meaning, unit, default and special values of one argument, and what it is here. */
export function parameterHover({ pool }: PoolInContext, parameter: PoolParameter): string {
  const { fact } = parameter;
  const source = shownSource(parameter.value);
  const here = `**${parameter.name}** ${shownValue(parameter.value, pool.site.language, fact?.unit)}${source === '' ? '' : ` *(${escapeMarkdown(source)})*`}`;
  return fact === undefined ? here : `${here}\n\n${factMarkdown(fact, pool.libraryName, pool.site.language)}`;
}

/** Meaning, unit, default and special values of a setting of a library. */
export function factMarkdown(fact: ParameterFact, library: string, language: Language = 'typescript'): string {
  const lines = [fact.meaning];
  const unit = /^(?:seconds|milliseconds|connections)$/.test(fact.unit) ? `Unit: ${fact.unit}. ` : '';
  const hasDefault = fact.fallback !== null || fact.defaultsToNone === true;
  const fallback = hasDefault ? `Default of ${library}: ${codeOf(fact.fallback, language)}.` : '';
  if (unit + fallback !== '') lines.push((unit + fallback).trim());
  if (fact.special.length > 0) lines.push(fact.special.map((each) => `- \`${each.value}\`: ${each.effect}`).join('\n'));
  lines.push(`[${library} documentation](${fact.source})`);
  return lines.join('\n\n');
}
