/** The calls of an expression in the order in which they run, and where variables occur in it otherwise. */
import type { Node } from 'web-tree-sitter';
import type { CallStep, MentionStep, Step, Taker } from '../../../declarations/lifecycle.ts';
import { StepReader } from '../../stepReader.ts';
import { itemsOf } from '../nodes.ts';
import { argumentsOf, originOf } from './origins.ts';
import type { Scope } from './scope.ts';

/** What becomes of an expression's value. `tested`: it is looked at and forgotten. */
export type Use =
  | Taker
  /** The context manager of a block. */
  | { readonly kind: 'entered' }
  | { readonly kind: 'tested' };

const tested: Use = { kind: 'tested' };
const stored: Use = { kind: 'other' };
const chained: Use = { kind: 'chained' };
const passed: Use = { kind: 'passed' };

const dottedName = /^[A-Za-z_][\w.]{0,79}$/;

/** What is nested more deeply is generated, or hostile. */
const deepest = 60;

export class ExpressionReader extends StepReader {
  constructor(
    readonly scope: Scope,
    /** Variables whose occurrences are noted. */
    private readonly tracked: ReadonlySet<string>,
    base: number,
  ) {
    super(base, deepest);
  }

  isTracked(node: Node | null | undefined): node is Node {
    return node?.type === 'identifier' && this.tracked.has(node.text);
  }

  /** Adds the steps of `node` to `steps`; the call that makes its value, where it is one. */
  read(node: Node | null | undefined, use: Use, steps: Step[]): CallStep | undefined {
    return node ? this.nested(() => this.readNode(node, use, steps)) : undefined;
  }

  private readNode(node: Node, use: Use, steps: Step[]): CallStep | undefined {
    switch (node.type) {
      case 'identifier':
        if (this.isTracked(node)) this.mention(node, use, steps);
        return undefined;
      case 'call':
        return this.readCall(node, use, steps, false);
      case 'await': {
        const inner = itemsOf(node)[0];
        if (inner?.type === 'call') return this.readCall(inner, use, steps, true);
        this.read(inner, use, steps);
        steps.push({ kind: 'pause', how: 'await', span: this.span(node) });
        return undefined;
      }
      case 'parenthesized_expression':
        return this.read(itemsOf(node)[0], use, steps);
      case 'attribute': {
        const object = node.childForFieldName('object');
        if (this.isTracked(object)) {
          const member = node.childForFieldName('attribute')?.text;
          steps.push({ kind: 'mention', variable: object.text, how: 'member', member });
        } else this.read(object, chained, steps);
        return undefined;
      }
      case 'yield':
        for (const child of itemsOf(node)) this.read(child, { kind: 'yielded' }, steps);
        steps.push({ kind: 'pause', how: 'yield', span: this.span(node) });
        return undefined;
      case 'conditional_expression': {
        const [whenTrue, condition, whenFalse] = itemsOf(node);
        this.read(condition, tested, steps);
        const isGuarded = asksForAbsence(condition);
        // Which of them it is, is not known: their calls are nobody's value.
        for (const child of [whenTrue, whenFalse])
          this.guarded(isGuarded, () => this.read(child, use.kind === 'variable' ? stored : use, steps));
        return undefined;
      }
      case 'boolean_operator':
      case 'list':
      case 'tuple':
      case 'set':
      case 'dictionary':
      case 'pair':
      case 'list_splat':
      case 'dictionary_splat':
      case 'keyword_argument':
      case 'expression_list':
      case 'named_expression': {
        const isTest = use.kind === 'tested';
        for (const child of itemsOf(node)) this.read(child, isTest ? tested : stored, steps);
        return undefined;
      }
      case 'lambda':
        this.capture(node, steps);
        return undefined;
      case 'string':
        for (const child of node.namedChildren)
          if (child?.type === 'interpolation') this.read(child.childForFieldName('expression'), tested, steps);
        return undefined;
      case 'concatenated_string':
        for (const child of itemsOf(node)) this.read(child, tested, steps);
        return undefined;
      case 'subscript':
        for (const child of itemsOf(node)) this.read(child, chained, steps);
        return undefined;
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
      case 'for_in_clause':
      case 'if_clause':
        for (const child of itemsOf(node)) this.read(child, chained, steps);
        return undefined;
      default:
        for (const child of itemsOf(node)) this.read(child, tested, steps);
        return undefined;
    }
  }

  /** Variables that a function defined in here, or a lambda, takes along. */
  capture(node: Node, steps: Step[]): void {
    const seen = new Set<string>();
    for (const each of node.descendantsOfType('identifier')) {
      if (!this.isTracked(each) || seen.has(each.text)) continue;
      seen.add(each.text);
      steps.push({ kind: 'mention', variable: each.text, how: 'captured' });
    }
  }

  private mention(node: Node, use: Use, steps: Step[]): void {
    const how: Partial<Record<Use['kind'], MentionStep['how']>> = {
      variable: 'stored',
      shared: 'stored',
      other: 'stored',
      passed: 'stored',
      returned: 'returned',
      yielded: 'yielded',
    };
    const kind = how[use.kind];
    if (kind !== undefined) steps.push({ kind: 'mention', variable: node.text, how: kind });
  }

  private readCall(call: Node, use: Use, steps: Step[], isAwaited: boolean): CallStep | undefined {
    const callee = call.childForFieldName('function');
    const list = call.childForFieldName('arguments');
    if (callee === null || list === null) return undefined;
    const isMethod = callee.type === 'attribute';
    const object = isMethod ? callee.childForFieldName('object') : null;
    const isDirect = object?.type === 'identifier';
    if (isMethod) {
      if (!isDirect) this.read(object, chained, steps);
    } else if (callee.type !== 'identifier') this.read(callee, chained, steps);
    const passes: string[] = [];
    for (const item of itemsOf(list)) {
      const value = item.type === 'keyword_argument' ? item.childForFieldName('value') : item;
      if (this.isTracked(value)) passes.push(value.text);
      else this.read(value, passed, steps);
    }
    const last = (isMethod ? callee.childForFieldName('attribute') : undefined) ?? callee;
    const root = rootOf(callee);
    const step: CallStep = {
      kind: 'call',
      callee: originOf(callee, this.scope),
      arguments: argumentsOf(call, this.scope),
      span: this.span(call),
      nameSpan: this.span(last),
      text: dottedName.test(callee.text) ? callee.text : dottedName.test(last.text) ? last.text : 'the call',
      receiver: isMethod && this.isTracked(root) ? root.text : undefined,
      isDirect,
      passes,
      taker: use.kind === 'tested' || use.kind === 'entered' ? undefined : use,
      isAwaited,
      isGuarded: this.isGuarded,
    };
    steps.push(step);
    return step;
  }
}

/** The name that a chain of attributes, calls and subscripts begins with. */
function rootOf(node: Node): Node | undefined {
  let current: Node | null = node;
  while (current !== null) {
    switch (current.type) {
      case 'identifier':
        return current;
      case 'attribute':
        current = current.childForFieldName('object');
        continue;
      case 'call':
        current = current.childForFieldName('function');
        continue;
      case 'subscript':
        current = current.childForFieldName('value');
        continue;
      case 'await':
      case 'parenthesized_expression':
        current = itemsOf(current)[0] ?? null;
        continue;
      default:
        return undefined;
    }
  }
  return undefined;
}

const absence = /\bNone\b|\bnot\b|\bhasattr\b|\bgetattr\b|\bglobals\b|\bget\b/;

/** True for a condition that asks whether something is there yet. */
export function asksForAbsence(condition: Node | null | undefined): boolean {
  return condition ? absence.test(condition.text) : false;
}
