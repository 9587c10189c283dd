/** Values and amounts in words. */
import { codeOf } from '../declarations/edits.ts';
import type { PoolParameter } from '../declarations/pool.ts';
import type { Resolved, ValueSource } from '../declarations/resolved.ts';
import type { Language } from '../declarations/value.ts';
import type { ParameterUnit } from '../facts/parameter.ts';

const sourceNames: Readonly<Record<ValueSource, string>> = {
  literal: '',
  default: 'library default',
  constant: 'constant',
  environment: 'environment',
  settings: 'settings',
};

const symbols: Partial<Record<ParameterUnit, string>> = { seconds: ' s', milliseconds: ' ms' };

/** "5", "30 s", "unknown"; never a text value, which might be one nobody wants shown. */
export function shownValue(value: Resolved<unknown>, language: Language, unit?: ParameterUnit): string {
  if (!value.known) return 'unknown';
  const content = value.value;
  if (typeof content === 'boolean' || content === null) return codeOf(content, language);
  if (typeof content === 'number')
    return content >= 0 ? `${content}${symbols[unit ?? 'other'] ?? ''}` : String(content);
  if (typeof content === 'string') return unit === 'choice' ? `"${content}"` : 'a text';
  return typeof content === 'object' && 'path' in content ? String(content.path).split('.').at(-1)! : 'a value';
}

/** "library default", "POOL_SIZE in poolproof.yaml", "constant SIZE"; empty for what is written on the spot. */
export function shownSource(value: Resolved<unknown>): string {
  if (!value.known) return value.reason;
  if (value.source === 'literal') return '';
  const origin = value.origins.find((each) => each.source === value.source);
  if (value.source === 'default' || origin === undefined) return sourceNames[value.source];
  return value.source === 'constant' ? `constant ${origin.label}` : origin.label;
}

/** "pool_size 5 *(library default)*" for Markdown. */
export function parameterInMarkdown(parameter: PoolParameter, language: Language): string {
  const source = shownSource(parameter.value);
  return `${parameter.name} ${shownValue(parameter.value, language, parameter.fact?.unit)}${source === '' ? '' : ` *(${escapeMarkdown(source)})*`}`;
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);
}
