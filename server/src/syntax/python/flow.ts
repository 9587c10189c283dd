/**
 * What a place holds at one point of the code: the statements of its scope run in order, branches run side by side and
 * merge where they meet. Knows nothing of what the statements mean; {@link FlowReader} does.
 */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { unknown, type Value } from '../../declarations/value.ts';
import type { PlacedBinding } from './bindings.ts';
import type { Segment } from './file.ts';
import { either, merge, mergeAll, type Outcome } from './outcomes.ts';

export interface FlowReader {
  /** What the place holds after a statement that binds or changes it. */
  readonly apply: (placed: PlacedBinding, before: Value | undefined) => Value | undefined;
  /** The condition of a branch. */
  readonly test: (segment: Segment, condition: Node) => Value;
}

export interface FlowRequest {
  readonly bindings: readonly PlacedBinding[];
  /** Absolute offset of the use; infinite where all of the scope has run by then. */
  readonly use: number;
  readonly at: Location;
  readonly reader: FlowReader;
}

/** Changes under more conditions than this, one after the other, are not followed. */
const mostBranches = 12;

const ending = new Set(['return_statement', 'raise_statement', 'break_statement', 'continue_statement']);

/** Runs the top-level statements of a module; each binding belongs to the statement its segment is. */
export function runModule(request: FlowRequest, rootOf: (segment: Segment) => Node, initial?: Value) {
  const flow = new Flow(request);
  let state = initial;
  const done = new Set<Segment>();
  for (const placed of request.bindings) {
    const { segment } = placed;
    if (placed.binding.subject === undefined) {
      if (segment.start < request.use) state = request.reader.apply(placed, state);
      continue;
    }
    if (done.has(segment)) continue;
    done.add(segment);
    if (segment.start > request.use) break;
    const outcome = flow.block(rootOf(segment).namedChildren, segment, { state });
    state = outcome.state;
    if (outcome.isReached) break;
  }
  return state;
}

/** Runs the statements of a function's or a class's body; `initial` is what holds before them. */
export function runBody(request: FlowRequest, body: Node, segment: Segment, initial: Value | undefined) {
  return new Flow(request).block(body.namedChildren, segment, { state: initial }).state;
}

class Flow {
  private branches = 0;
  private use: number;

  constructor(private readonly request: FlowRequest) {
    this.use = request.use;
  }

  block(statements: readonly (Node | null)[], segment: Segment, before: Outcome): Outcome {
    let outcome = before;
    for (const statement of statements) {
      if (statement === null || statement.type === 'comment') continue;
      if (segment.start + statement.startIndex > this.use) return { ...outcome, isReached: true };
      outcome = this.statement(statement, segment, outcome.state);
      if (outcome.isReached || outcome.hasEnded) return outcome;
    }
    return outcome;
  }

  private statement(node: Node, segment: Segment, state: Value | undefined): Outcome {
    const inside = this.within(node, segment);
    const holdsUse = this.holdsUse(node, segment);
    if (inside.length === 0 && !holdsUse) return { state, hasEnded: ending.has(node.type) };
    switch (node.type) {
      case 'if_statement':
        return this.branch(clausesOf(node), segment, inside, state);
      case 'for_statement':
      case 'while_statement':
        return this.loop(node, segment, inside, state);
      case 'try_statement':
        return this.attempt(node, segment, state);
      case 'with_statement': {
        const body = node.childForFieldName('body');
        const opened = this.applyOutside(body, segment, inside, state);
        return body === null ? { state: opened } : this.block(body.namedChildren, segment, { state: opened });
      }
      case 'match_statement':
        return this.match(node, segment, state);
      default:
        return {
          state: this.applyAll(inside, state),
          isReached: holdsUse,
          hasEnded: !holdsUse && ending.has(node.type),
        };
    }
  }

  /** `if`, `elif` and `else`, one after the other. */
  private branch(
    clauses: readonly Clause[],
    segment: Segment,
    inside: readonly PlacedBinding[],
    before: Value | undefined,
  ): Outcome {
    const [clause, ...rest] = clauses;
    if (clause === undefined) return { state: before };
    const { condition, body } = clause;
    if (condition === undefined) return this.block(body.namedChildren, segment, { state: before });
    const state = this.applyAll(
      inside.filter((each) => contains(condition, segment, each.offset)),
      before,
    );
    if (this.holdsUse(condition, segment)) return { state, isReached: true };
    if (this.holdsUse(body, segment)) return this.block(body.namedChildren, segment, { state });
    if (
      rest.some(
        (each) => this.holdsUse(each.body, segment) || (each.condition && this.holdsUse(each.condition, segment)),
      )
    )
      return this.branch(rest, segment, inside, state);
    const test = this.request.reader.test(segment, condition);
    return this.apart(inside, state, (start) => ({
      whenTrue: this.block(body.namedChildren, segment, { state: start }),
      whenFalse: this.branch(rest, segment, inside, start),
      test,
    }));
  }

  private loop(node: Node, segment: Segment, inside: readonly PlacedBinding[], before: Value | undefined): Outcome {
    const body = node.childForFieldName('body');
    const state = this.applyOutside(body, segment, inside, before);
    if (body === null) return { state };
    const inBody = this.within(body, segment);
    const test = unknown('it is set in a loop', this.request.at);
    // A loop that changes nothing but what it sets itself counts as one that may run once.
    const looped =
      inBody.length === 0
        ? { state }
        : this.apart(inBody, state, (start) => {
            const once = this.withoutUse(() => this.block(body.namedChildren, segment, { state: start }));
            return { test, whenTrue: { state: once.state }, whenFalse: { state: start } };
          });
    return this.holdsUse(body, segment) ? this.block(body.namedChildren, segment, looped) : looped;
  }

  private attempt(node: Node, segment: Segment, state: Value | undefined): Outcome {
    const parts = node.namedChildren.filter((each): each is Node => each !== null && each.type !== 'comment');
    const blockOf = (part: Node) =>
      part.childForFieldName('body') ?? part.namedChildren.find((each) => each?.type === 'block') ?? part;
    const run = (part: Node, start: Value | undefined) =>
      this.block(blockOf(part).namedChildren, segment, { state: start });
    const [body, ...others] = parts;
    if (body === undefined) return { state };
    let tried = this.block(body.namedChildren, segment, { state });
    if (tried.isReached) return tried;
    const handlers: Outcome[] = [];
    for (const part of others) {
      if (part.type === 'else_clause' && !tried.hasEnded) tried = run(part, tried.state);
      else if (part.type.startsWith('except')) {
        const holdsUse = this.holdsUse(part, segment);
        const handled = run(part, holdsUse ? either(this.request.at, [state, tried.state]) : state);
        if (holdsUse) return handled;
        handlers.push(handled);
      } else if (part.type === 'finally_clause') {
        const merged = mergeAll(this.request.at, [tried, ...handlers]);
        return run(part, merged.state);
      }
      if (tried.isReached) return tried;
    }
    return mergeAll(this.request.at, [tried, ...handlers]);
  }

  private match(node: Node, segment: Segment, state: Value | undefined): Outcome {
    const cases = node.childForFieldName('body')?.namedChildren ?? [];
    const isExhaustive = cases.some((each) => /^case[ \t]+_[ \t]*:/.test(each?.text ?? ''));
    const outcomes: Outcome[] = isExhaustive ? [] : [{ state }];
    for (const each of cases) {
      const body = each?.childForFieldName('consequence');
      if (!body) continue;
      const outcome = this.block(body.namedChildren, segment, { state });
      if (this.holdsUse(body, segment)) return outcome;
      outcomes.push(outcome);
    }
    return mergeAll(this.request.at, outcomes);
  }

  /**
   * Runs two branches and merges what they leave. A mapping that both only change is kept, and what each would change is
   * recorded beside it, so that conditions one after the other stay a list.
   */
  private apart(
    inside: readonly PlacedBinding[],
    state: Value | undefined,
    run: (start: Value | undefined) => { test: Value; whenTrue: Outcome; whenFalse: Outcome },
  ): Outcome {
    const { at } = this.request;
    const content = state?.kind === 'constant' ? state.value : state;
    const isRecorded = content?.kind === 'mapping' && inside.every(changesOnly);
    if (!isRecorded) {
      // Each branch holds all that was there before: together they double with every condition.
      if (++this.branches > mostBranches)
        return { state: unknown('it is changed under too many conditions to follow', at) };
      const { test, whenTrue, whenFalse } = run(state);
      return merge(at, test, whenTrue, whenFalse);
    }
    const { test, whenTrue, whenFalse } = run({ kind: 'mapping', entries: [], complete: true, at });
    const change = merge(at, test, whenTrue, whenFalse);
    const value = change.state!;
    const isNothing = value.kind === 'mapping' && value.entries.length === 0 && value.complete;
    if (isNothing) return { ...change, state };
    return { ...change, state: { ...content, entries: [...content.entries, { value, span: at, spread: true }], at } };
  }

  private within(node: Node, segment: Segment): PlacedBinding[] {
    return this.request.bindings.filter((each) => each.segment === segment && contains(node, segment, each.offset));
  }

  private holdsUse(node: Node, segment: Segment): boolean {
    return contains(node, segment, this.use);
  }

  private applyAll(list: readonly PlacedBinding[], before: Value | undefined): Value | undefined {
    let state = before;
    for (const placed of list) if (placed.end <= this.use) state = this.request.reader.apply(placed, state);
    return state;
  }

  /** Bindings of a statement outside its block: targets of `for` and `with`. */
  private applyOutside(
    body: Node | null,
    segment: Segment,
    inside: readonly PlacedBinding[],
    before: Value | undefined,
  ) {
    return this.applyAll(
      inside.filter((each) => body === null || !contains(body, segment, each.offset)),
      before,
    );
  }

  /** Runs all of a block although the use lies in it: what an earlier round of a loop did. */
  private withoutUse(run: () => Outcome): Outcome {
    const { use } = this;
    this.use = Number.POSITIVE_INFINITY;
    try {
      return run();
    } finally {
      this.use = use;
    }
  }
}

interface Clause {
  readonly condition?: Node;
  readonly body: Node;
}

function clausesOf(statement: Node): Clause[] {
  const clauses: Clause[] = [];
  const add = (condition: Node | null, body: Node | null) => {
    if (body !== null) clauses.push(condition === null ? { body } : { condition, body });
  };
  add(statement.childForFieldName('condition'), statement.childForFieldName('consequence'));
  for (const each of statement.namedChildren) {
    if (each?.type === 'elif_clause') add(each.childForFieldName('condition'), each.childForFieldName('consequence'));
    else if (each?.type === 'else_clause') add(null, each.childForFieldName('body'));
  }
  return clauses;
}

function contains(node: Node, segment: Segment, offset: number): boolean {
  return segment.start + node.startIndex <= offset && offset < segment.start + node.endIndex;
}

/** Bindings that leave the place where it is and change what it holds. */
function changesOnly({ binding }: PlacedBinding): boolean {
  switch (binding.kind) {
    case 'item':
    case 'removal':
      return true;
    case 'method':
      return binding.method !== 'clear';
    case 'augmented':
      return binding.operator === '|';
    default:
      return false;
  }
}
