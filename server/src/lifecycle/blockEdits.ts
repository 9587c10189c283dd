/** How what follows a taken connection in Python is put into a `with`, or into a `try` whose `finally` gives it back. */
import type { TextEdit } from '../core/text.ts';
import type { FollowingStatement, RestOfBlock } from '../declarations/enclosure.ts';
import { type CallStep, callsIn, type FunctionLife, type Step, stepsIn } from '../declarations/lifecycle.ts';
import type { ConnectionFact } from '../facts/lifecycle/connections.ts';
import { finishes } from './effects.ts';
import type { Effects } from './paths.ts';

/** Places are relative to the function, like those of its steps. */
export interface BlockPlan {
  readonly form: 'with' | 'finally';
  readonly edits: readonly RelativeEdit[];
}

interface RelativeEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** What is known of the call that takes the connection. */
export interface Taking {
  readonly call: CallStep;
  readonly fact: ConnectionFact;
  readonly variable: string;
  /** What stands before the method's name; empty where that is no name. */
  readonly source: string;
  /** False where a function of the workspace takes it. */
  readonly isDirect: boolean;
  /** False where the library's sessions cannot stand in a `with` yet. */
  readonly hasBlocks: boolean;
}

/** Undefined where it is not certain that everything happens as before, and the connection is given back besides. */
export function blockPlan(
  life: FunctionLife,
  effects: Effects,
  taking: Taking,
  rest: RestOfBlock | undefined,
): BlockPlan | undefined {
  const { call, fact, variable } = taking;
  if (rest === undefined || rest.isUsedElsewhere) return undefined;
  // What is not waited for is no connection yet.
  if (fact.noun === 'connection' && fact.isReleaseAwaited === true && !call.isAwaited) return undefined;
  const release = releaseIn(rest, taking);
  const isOwn = (each: CallStep) =>
    release !== undefined && release.start <= each.span.start && each.span.end <= release.end;
  const isHarmless = (each: CallStep) =>
    fact.isCloseRepeatable === true && each.receiver === variable && /\.close$/.test(each.text);
  const data = plainData(life, variable);
  for (const step of stepsIn(life.steps)) {
    const isFine =
      step.kind === 'call' ? isOwn(step) || isHarmless(step) : step.kind === 'mention' && data.has(step.variable);
    if (spoils(step, effects) && !isFine) return undefined;
  }
  const body = bodyOf(rest, release, fact);
  const last = body?.at(-1);
  if (body === undefined || last === undefined) return undefined;
  const { edits, form } = placeOf(rest, taking, body, release) ?? {};
  if (edits === undefined || form === undefined) return undefined;
  const removed = release === undefined ? [] : [{ start: release.start, end: release.next, newText: '' }];
  return { form, edits: [...edits, ...removed].sort((a, b) => a.start - b.start) };
}

export function editsAt({ edits }: BlockPlan, { uri, start }: { uri: string; start: number }): TextEdit[] {
  return edits.map((each) => ({ uri, start: start + each.start, end: start + each.end, newText: each.newText }));
}

/** Variables that hold rows and no cursor, whoever they are returned to. */
function plainData(life: FunctionLife, variable: string): ReadonlySet<string> {
  const data = new Set<string>();
  const open = new Set([variable]);
  for (const { taker, text } of callsIn(life.steps))
    if (taker?.kind === 'variable')
      (finishes.test(text.slice(text.lastIndexOf('.') + 1)) ? data : open).add(taker.name);
  for (const name of open) data.delete(name);
  return data;
}

/** Somebody else gives it back, or the variable stands for something else from there on. */
function spoils(step: Step, effects: Effects): boolean {
  const effect = effects.of(step);
  if (effect === 'gives back' || effect === 'hands over' || effect === 'forgets') return true;
  return step.kind === 'scope' && effects.isClosedBy(step);
}

/** The statement of the block that gives it back whatever happened before. */
function releaseIn(rest: RestOfBlock, { fact, variable }: Taking): FollowingStatement | undefined {
  const own = new RegExp(`^(?:await\\s+)?${variable}\\.(\\w+)\\(\\s*\\)$`);
  const ofPool = new RegExp(`^(?:await\\s+)?[\\w.]+\\.(\\w+)\\(\\s*${variable}\\s*\\)$`);
  const isBackInPool = fact.remedy.includes('{pool}');
  return rest.following.findLast(({ text }) => {
    if (text === undefined) return false;
    const method = ofPool.exec(text)?.[1];
    if (method !== undefined) return fact.returnedBy.includes(method);
    return !isBackInPool && /^a?close$/.test(own.exec(text)?.[1] ?? '');
  });
}

/** The statements that are put into the block. */
function bodyOf(
  rest: RestOfBlock,
  release: FollowingStatement | undefined,
  fact: ConnectionFact,
): readonly FollowingStatement[] | undefined {
  const { following } = rest;
  if (release !== undefined) {
    const index = following.indexOf(release);
    return following.slice(index + 1).some((each) => each.mentions === 'variable')
      ? undefined
      : following.slice(0, index);
  }
  // Objects of a session that is closed load nothing any more, wherever they have gone.
  if (fact.noun !== 'connection' || rest.isDerivedUsedElsewhere) return undefined;
  return following.slice(0, following.findLastIndex((each) => each.mentions !== 'nothing') + 1);
}

function placeOf(
  rest: RestOfBlock,
  taking: Taking,
  body: readonly FollowingStatement[],
  release: FollowingStatement | undefined,
): { readonly form: BlockPlan['form']; readonly edits: readonly RelativeEdit[] } | undefined {
  const { indentation, unit, lineEnding, lineStarts, lineEnd } = rest;
  const end = body.at(-1)!.end;
  const insert = (at: number, newText: string) => ({ start: at, end: at, newText });
  const line = (text: string) => `${lineEnding}${indentation}${text}`;
  const indented = lineStarts.flatMap((each) => (each < end && each > lineEnd ? [insert(each, unit)] : []));
  const head = headOf(rest, taking, body, release);
  if (head !== undefined) return { form: 'with', edits: [...head, ...indented] };
  const text = release?.text ?? releaseText(taking);
  if (text === undefined) return undefined;
  const last = insert(end, `${line('finally:')}${line(`${unit}${text}`)}`);
  if (body.length === 1 && body[0]!.isOpenTry) return { form: 'finally', edits: [last] };
  return { form: 'finally', edits: [insert(lineEnd, line('try:')), ...indented, last] };
}

/** `with pool.connection() as conn:` in place of the statement; absent where no block does what a `finally` does. */
function headOf(
  { statement, call: value, isPlain }: RestOfBlock,
  { call, fact, variable, isDirect, hasBlocks }: Taking,
  body: readonly FollowingStatement[],
  release: FollowingStatement | undefined,
): RelativeEdit[] | undefined {
  const { head } = fact;
  if (head === undefined || !isPlain || !isDirect || !hasBlocks) return undefined;
  if (head.isCommitting === true && !endsWithCommit(body, variable)) return undefined;
  // A session's constructor is waited for by nobody; whether its end is tells the kind it is.
  if (fact.noun === 'session' && call.isAwaited) return undefined;
  const isAsync = fact.noun === 'session' ? /^await\b/.test(release?.text ?? '') : call.isAwaited;
  return [
    { start: statement.start, end: value.start, newText: isAsync ? 'async with ' : 'with ' },
    ...(head.method === undefined ? [] : [{ ...call.nameSpan, newText: head.method }]),
    { start: statement.end, end: statement.end, newText: ` as ${variable}:` },
  ];
}

/** Whoever gets to the end has committed, so that the block's own commit adds nothing. */
function endsWithCommit(body: readonly FollowingStatement[], variable: string): boolean {
  const isCommit = ({ text }: FollowingStatement) =>
    text !== undefined && text.replace(/^await\s+/, '') === `${variable}.commit()`;
  return isCommit(body.at(-1)!) && !body.some((each) => each.leaves);
}

/** How the fact says to give it back; undefined where that needs a pool without a name. */
function releaseText({ call, fact, variable, source, isDirect }: Taking): string | undefined {
  if (fact.remedy.includes('{pool}') && (source === '' || !isDirect)) return undefined;
  const text = fact.remedy.replace('{name}', variable).replace('{pool}', source);
  return `${(fact.isReleaseAwaited ?? call.isAwaited) ? 'await ' : ''}${text}`;
}
