/** The only list of rules. Adding one is a file in catalogue/ and a line here. */
import { missingPrePing } from './catalogue/missing-pre-ping.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [missingPrePing];

export const ruleIds: readonly string[] = rules.map((rule) => rule.id);

export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
