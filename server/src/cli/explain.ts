/** `poolproof explain` */
import documentation from 'virtual:rule-documentation';
import { table } from '../present/poolsText.ts';
import { ruleIds, rules } from '../rules/registry.ts';
import { type CommandIo, exitStatus } from './io.ts';
import { checkRuleIds } from './options.ts';

export function runExplain(rule: string | undefined, io: CommandIo): number {
  if (rule === undefined) {
    const rows = rules.map(({ id, severity, fix, summary }) => [id, severity, fix === 'none' ? '' : fix, summary]);
    io.stdout.write(table([['RULE', 'SEVERITY', 'FIX', 'FIRES WHEN'], ...rows]));
    return exitStatus.clean;
  }
  checkRuleIds([rule], ruleIds);
  const page = documentation[rule] ?? `# ${rule}\n\n${rules.find(({ id }) => id === rule)!.summary}`;
  io.stdout.write(`${page}\n`);
  return exitStatus.clean;
}
