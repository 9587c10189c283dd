/** The calls of an expression in the order in which they run, and where variables occur in it otherwise. */
import type { Node } from 'web-tree-sitter';
import type { CallStep, Step, Taker } from '../../../declarations/lifecycle.ts';
import { StepReader } from '../../stepReader.ts';
import { isFunction, itemsOf } from '../nodes.ts';
import { asksForAbsence, runsAtOnce } from './conditions.ts';
import { enclosureOf } from './enclosure.ts';
import { handedBy } from './handed.ts';
import { argumentsOf, moduleOf, originOf } from './origins.ts';
import { Scope } from './scope.ts';
import { stepsOf } from './statements.ts';
import { callbackOf, endedIn, inside, keeping, ofRequest, rootOf, variablesIn, variablesOf } from './variables.ts';

/** What becomes of an expression's value. `tested`: it is looked at and forgotten. */
export type Use = Taker | { readonly kind: 'tested' };

const tested: Use = { kind: 'tested' };
const stored: Use = { kind: 'other' };
const chained: Use = { kind: 'chained' };
const passed: Use = { kind: 'passed' };

/** What puts a variable where other code reaches it. */
const storing: ReadonlySet<Use['kind']> = new Set(['variable', 'shared', 'other']);

const dottedName = /^[A-Za-z_$][\w.$]{0,79}$/;

/** What is nested more deeply is generated, or hostile. */
const deepest = 80;

export class ExpressionReader extends StepReader {
  /** Variables that are put where other code reaches them. */
  readonly kept = new Set<string>();
  /** Callbacks that are read with the function around them, and are under way. */
  callbacks = 0;
  /** The expression that is waited for. */
  private awaited: Node | undefined;

  constructor(
    /** That of the function whose code is being read: callbacks that run at once are read with it. */
    public scope: Scope,
    /** Variables whose occurrences are noted. */
    private readonly tracked: Set<string>,
    base: number,
    /** True where each request gets a `this` of its own. */
    private readonly hasOwnThis = false,
  ) {
    super(base, deepest);
  }

  isTracked(node: Node | null | undefined): node is Node {
    const isName = node?.type === 'identifier' || node?.type === 'shorthand_property_identifier';
    return isName && this.tracked.has(node.text);
  }

  /** Adds the steps of `node` to `steps`; the call that makes its value, where it is one. */
  read(node: Node | null | undefined, use: Use, steps: Step[]): CallStep | undefined {
    return node ? this.nested(() => this.readNode(node, use, steps)) : undefined;
  }

  private readAll(nodes: readonly Node[], use: Use, steps: Step[]): void {
    for (const each of nodes) this.read(each, use, steps);
  }

  private readNode(node: Node, use: Use, steps: Step[]): CallStep | undefined {
    switch (node.type) {
      case 'identifier':
      case 'shorthand_property_identifier':
        if (this.isTracked(node)) this.mention(node, use, steps);
        return undefined;
      case 'call_expression':
      case 'new_expression':
        return this.readCall(node, use, steps);
      case 'await_expression':
        return this.readAwait(node, use, steps);
      case 'parenthesized_expression':
      case 'as_expression':
      case 'satisfies_expression':
      case 'non_null_expression':
        return this.read(itemsOf(node)[0], use, steps);
      case 'type_assertion':
        return this.read(itemsOf(node)[1], use, steps);
      case 'member_expression': {
        const object = node.childForFieldName('object');
        const member = node.childForFieldName('property')?.text;
        if (this.isTracked(object)) steps.push({ kind: 'mention', variable: object.text, how: 'member', member });
        else this.read(object, chained, steps);
        return undefined;
      }
      case 'subscript_expression':
        this.readAll(itemsOf(node), chained, steps);
        return undefined;
      case 'yield_expression':
        this.readAll(itemsOf(node), { kind: 'yielded' }, steps);
        steps.push({ kind: 'pause', how: 'yield', span: this.span(node) });
        return undefined;
      case 'ternary_expression':
        this.readChoice(node, use, steps);
        return undefined;
      case 'binary_expression':
        this.readBinary(node, use, steps);
        return undefined;
      case 'assignment_expression':
      case 'augmented_assignment_expression':
        return this.readAssignment(node, steps);
      case 'object':
      case 'array':
      case 'pair':
      case 'spread_element':
      case 'sequence_expression':
        this.readParts(node, use, steps);
        return undefined;
      case 'class':
        this.capture(node, use, steps);
        return undefined;
      case 'template_string':
        for (const child of itemsOf(node))
          if (child.type === 'template_substitution') this.read(itemsOf(child)[0], tested, steps);
        return undefined;
      default:
        if (isFunction(node)) this.capture(node, use, steps);
        else this.readAll(itemsOf(node), tested, steps);
        return undefined;
    }
  }

  private mention(node: Node, use: Use, steps: Step[]): void {
    const how =
      use.kind === 'returned' || use.kind === 'yielded' ? use.kind : storing.has(use.kind) ? 'stored' : undefined;
    if (how === 'stored') this.kept.add(node.text);
    if (how !== undefined) steps.push({ kind: 'mention', variable: node.text, how });
  }

  private readAwait(node: Node, use: Use, steps: Step[]): CallStep | undefined {
    const inner = itemsOf(node)[0];
    this.awaited = inner === undefined ? undefined : inside(inner);
    const call = this.read(inner, use, steps);
    if (call === undefined) steps.push({ kind: 'pause', how: 'await', span: this.span(node) });
    return call;
  }

  /** An object or a list of options is passed as what it holds. */
  private readParts(node: Node, use: Use, steps: Step[]): void {
    const part = use.kind === 'tested' || use.kind === 'passed' ? use : stored;
    for (const child of node.type === 'pair' ? [node.childForFieldName('value')] : itemsOf(node))
      this.read(child, part, steps);
  }

  private readChoice(node: Node, use: Use, steps: Step[]): void {
    const condition = node.childForFieldName('condition');
    this.read(condition, tested, steps);
    const isGuarded = asksForAbsence(condition);
    // Which of them it is, is not known: their calls are nobody's value.
    for (const name of ['consequence', 'alternative'])
      this.guarded(isGuarded, () =>
        this.read(node.childForFieldName(name), use.kind === 'variable' ? stored : use, steps),
      );
  }

  private readBinary(node: Node, use: Use, steps: Step[]): void {
    const operator = node.childForFieldName('operator')?.text ?? '';
    const isFallback = operator === '??' || operator === '||';
    const part = (isFallback || operator === '&&') && use.kind !== 'tested' ? stored : tested;
    this.read(node.childForFieldName('left'), part, steps);
    this.guarded(isFallback, () => this.read(node.childForFieldName('right'), part, steps));
  }

  /** The call whose result is assigned. */
  private readAssignment(node: Node, steps: Step[]): CallStep | undefined {
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    // `pool ??= new Pool()`, `pool ||= new Pool()`
    const isGuarded = /(?:\?\?|\|\|)=/.test(node.childForFieldName('operator')?.text ?? '');
    const isOwn = left?.type === 'identifier' && this.scope.isLocal(left.text);
    if (left !== null && left.type !== 'identifier') this.readAll(itemsOf(left).slice(0, 1), chained, steps);
    const isCarried = ofRequest(left) || (this.hasOwnThis && left?.text.startsWith('this.') === true);
    const taker: Taker = isOwn ? { kind: 'variable', name: left.text } : { kind: isCarried ? 'chained' : 'shared' };
    const call = this.guarded(isGuarded, () => this.read(right, taker, steps));
    if (call === undefined && this.isTracked(left)) steps.push({ kind: 'bind', variable: left.text });
    // Others reach it from there, until the request is answered.
    if (isCarried && this.isTracked(right)) steps.push({ kind: 'mention', variable: right.text, how: 'stored' });
    return call;
  }

  /** Variables that a function or class defined in here takes along, where somebody keeps it. */
  capture(node: Node, use: Use, steps: Step[]): void {
    if (!storing.has(use.kind)) return;
    const seen = new Set<string>();
    for (const each of node.descendantsOfType(['identifier', 'shorthand_property_identifier'])) {
      if (!this.isTracked(each) || seen.has(each.text)) continue;
      seen.add(each.text);
      this.kept.add(each.text);
      steps.push({ kind: 'mention', variable: each.text, how: 'captured' });
    }
  }

  private readCall(call: Node, use: Use, steps: Step[]): CallStep | undefined {
    const callee = call.childForFieldName('function') ?? call.childForFieldName('constructor');
    if (callee === null || moduleOf(call) !== undefined) return undefined;
    const isMethod = callee.type === 'member_expression';
    const object = isMethod ? callee.childForFieldName('object') : null;
    const isDirect = object?.type === 'identifier';
    const isAtOnce = runsAtOnce(call);
    if (isMethod) {
      if (!isDirect) this.read(object, chained, steps);
    } else if (isFunction(inside(callee))) this.inline(inside(callee), steps);
    else if (callee.type !== 'identifier') this.read(callee, chained, steps);
    const last = (isMethod ? callee.childForFieldName('property') : undefined) ?? callee;
    const list = call.childForFieldName('arguments');
    const callbacks: Node[] = [];
    const passes: string[] = [];
    const isAwaited = this.awaited?.id === call.id;
    const isKept = keeping.test(last.text);
    // The values in a template are looked at.
    const argument = list?.type === 'arguments' ? passed : tested;
    for (const item of list === null ? [] : itemsOf(list)) {
      passes.push(...variablesIn(item, (node) => this.isTracked(node)));
      if (isFunction(item)) this.captureEnded(item, isAtOnce, steps);
      if (isFunction(item) && isAtOnce) callbacks.push(item);
      else if (isKept || !this.isTracked(item)) this.read(item, isKept ? stored : argument, steps);
    }
    const root = rootOf(callee);
    const step: CallStep = {
      kind: 'call',
      callee: originOf(callee, this.scope),
      arguments: argumentsOf(call, this.scope),
      span: this.span(call),
      nameSpan: this.span(last),
      text: dottedName.test(callee.text) ? callee.text : dottedName.test(last.text) ? last.text : 'the call',
      // `trx('orders')`: what is called is the variable itself.
      receiver: this.isTracked(root) ? root.text : undefined,
      isDirect,
      passes,
      isAwaited,
      ...callbackOf(list),
      handed: handedBy(call, last.text, this.base),
      enclosure: use.kind === 'variable' ? enclosureOf(call, last.text, this.base) : undefined,
      taker: use.kind === 'tested' ? undefined : use,
      isGuarded: this.isGuarded,
      isOfCallback: this.callbacks > 0,
    };
    steps.push(step);
    for (const each of callbacks) this.inlineCallback(each, steps);
    return step;
  }

  /** Variables that a callback may end: what becomes of them then, nobody follows. */
  private captureEnded(callback: Node, isAtOnce: boolean, steps: Step[]): void {
    for (const variable of endedIn(callback, isAtOnce, (node) => this.isTracked(node)))
      steps.push({ kind: 'mention', variable, how: 'captured' });
  }

  private inlineCallback(callback: Node, steps: Step[]): void {
    const inner: Step[] = [];
    this.inline(callback, inner);
    if (inner.length > 0) steps.push({ kind: 'branch', alternatives: [inner, []], isOpen: true });
  }

  /** Reads the code of a function that runs where it stands, unless one of its names means something else around it. */
  private inline(node: Node, steps: Step[]): void {
    const outer = this.scope;
    const scope = new Scope(node, outer, undefined);
    for (const name of scope.bindings.keys()) {
      if (!this.tracked.has(name)) continue;
      this.capture(node, stored, steps);
      return;
    }
    for (const name of variablesOf(scope)) this.tracked.add(name);
    this.scope = scope;
    this.callbacks++;
    const body = node.childForFieldName('body');
    if (body?.type === 'statement_block') steps.push(...stepsOf(body, this));
    else this.read(body, tested, steps);
    this.callbacks--;
    this.scope = outer;
  }
}
