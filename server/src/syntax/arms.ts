/** The arms of conditions that a call stands in, for languages of statements and blocks. */
import type { Node } from 'web-tree-sitter';
import type { ConditionArm } from '../declarations/callSite.ts';

/** How a language writes what is asked here; the patterns match types of nodes. */
export interface ConditionSyntax {
  /** What may run its body several times, once this way and once that way. */
  readonly loop: RegExp;
  /** `if` and its short form: each child apart from the condition is an arm. */
  readonly condition: RegExp;
  /** One of several cases of its parent or its parent's parent. */
  readonly case: RegExp;
  readonly block: RegExp;
  /** Ends what the function does: what stands after an `if` that ends so is the other arm. */
  readonly exit: RegExp;
  /** The object that a method belongs to; objects differ in what they decide by. */
  readonly receiver: RegExp;
}

/**
 * Outermost first. Undefined where none is known, and where one arm may run at one time and another at another: in a loop,
 * and where the object that a method belongs to decides. The caller looks at the parameters of `owner`.
 */
export function armsAround(
  call: Node,
  owner: Node | null,
  syntax: ConditionSyntax,
  idOf: (offset: number) => string,
): readonly ConditionArm[] | undefined {
  const arms: ConditionArm[] = [];
  let node = call;
  for (let parent = call.parent; parent !== null && parent.id !== owner?.id; node = parent, parent = parent.parent) {
    if (syntax.loop.test(parent.type)) return undefined;
    for (const [decides, arm] of armsAt(parent, node, syntax)) {
      if (syntax.receiver.test(conditionOf(decides)?.text ?? '')) return undefined;
      arms.unshift({ condition: idOf(decides.startIndex), arm });
    }
  }
  return arms.length === 0 ? undefined : arms;
}

/** Conditions of one level with the offset of the arm that holds `node`, innermost first. */
function armsAt(parent: Node, node: Node, syntax: ConditionSyntax): [Node, number][] {
  if (syntax.condition.test(parent.type)) {
    return conditionOf(parent)?.id === node.id ? [] : [[parent, node.startIndex]];
  }
  if (syntax.case.test(parent.type)) {
    const isClosed = syntax.exit.test(lastOf(parent)?.type ?? '') || !fallsThrough(parent);
    return isClosed && parent.parent?.parent ? [[parent.parent.parent, parent.startIndex]] : [];
  }
  if (!syntax.block.test(parent.type)) return [];
  const before: [Node, number][] = [];
  for (let each = node.previousNamedSibling; each !== null; each = each.previousNamedSibling) {
    if (isGuard(each, syntax)) before.push([each, each.endIndex]);
  }
  return before;
}

/** JavaScript's cases go on into the next one; Python's do not, nor does the last. */
function fallsThrough(each: Node): boolean {
  return each.type.startsWith('switch') && each.nextNamedSibling !== null;
}

/** `if (…) return …` without an `else`. */
function isGuard(statement: Node, syntax: ConditionSyntax): boolean {
  if (!syntax.condition.test(statement.type) || statement.childForFieldName('alternative') !== null) return false;
  const consequence = statement.childForFieldName('consequence');
  const last = consequence !== null && syntax.block.test(consequence.type) ? lastOf(consequence) : consequence;
  return last !== null && syntax.exit.test(last.type);
}

function lastOf(block: Node): Node | null {
  return block.namedChildren.findLast((each) => each?.type !== 'comment') ?? null;
}

function conditionOf(node: Node): Node | null {
  const named =
    node.childForFieldName('condition') ?? node.childForFieldName('subject') ?? node.childForFieldName('value');
  // Python's `a if b else c` names none of its parts.
  return named ?? (node.type === 'conditional_expression' ? node.namedChild(1) : null);
}
