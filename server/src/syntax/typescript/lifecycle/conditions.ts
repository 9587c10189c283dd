/** When code inside a function runs: only where something is missing, or as part of the call that takes it. */
import type { Node } from 'web-tree-sitter';

const absence = /!(?!=)|\b(?:null|undefined|typeof|in|instanceof|has|get)\b|\?\?/;

/** True for a condition that asks whether something is there yet. */
export function asksForAbsence(condition: Node | null | undefined): boolean {
  return condition ? absence.test(condition.text) : false;
}

/** Methods of lists and promises, and transactions, whose callback runs before what they return is there. */
const callers =
  /^(?:map|forEach|filter|flatMap|some|every|find|findIndex|reduce|reduceRight|then|catch|finally|\$?transaction)$/;

/** True for `list.map(…)`, `promise.then(…)` and `new Promise(…)`: callbacks run where they are written. */
export function runsAtOnce(call: Node): boolean {
  const callee = call.childForFieldName('function') ?? call.childForFieldName('constructor');
  if (call.type === 'new_expression') return callee?.text === 'Promise';
  return callee?.type === 'member_expression' && callers.test(callee.childForFieldName('property')?.text ?? '');
}
