/** What reading a topology file found wrong, as results of the rule that names it. */
import type { TopologyProblem } from '../topology/model.ts';
import type { RuleResult } from './rule.ts';

export function problemResults(problems: readonly TopologyProblem[], rule: TopologyProblem['rule']): RuleResult[] {
  return problems
    .filter((problem) => problem.rule === rule)
    .map(({ at, message, suggestion }) => ({
      at,
      message,
      fixes: suggestion && [
        {
          title: suggestion.title,
          safety: 'suggestion',
          preferred: true,
          edits: [{ ...suggestion.at, newText: suggestion.newText }],
        },
      ],
    }));
}
