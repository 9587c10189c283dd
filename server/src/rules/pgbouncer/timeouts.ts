/** Times in a pgbouncer.ini: how long clients wait for a server connection, and how long one is kept unused. */
import type { Location, Span } from '../../core/text.ts';
import { numberInForce } from '../../declarations/pgbouncerInForce.ts';
import { advisedAcquireTimeoutSeconds, secondsBelow } from '../../facts/advice.ts';
import type { Fix } from '../finding.ts';
import type { PgbouncerInContext, RuleResult } from '../rule.ts';
import { shorterWait, whyTooLong } from '../waits.ts';
import { fix, lineAdded, placeIn, replaced } from './edits.ts';
import { globalSize, type Size } from './sizes.ts';
import { versionNote } from './version.ts';

/** A wait that is written and as long as `threshold` seconds, or longer. The default, 120 s, is nobody's choice and not told. */
export function* longWaits(context: PgbouncerInContext, threshold: number): Iterable<RuleResult> {
  const wait = globalSize(context.inForce, 'query_wait_timeout');
  if (wait?.at === undefined || !(wait.value >= threshold) || wait.value === Number.POSITIVE_INFINITY) return;
  const seconds = shorterWait(threshold);
  yield {
    at: placeIn(context.file, wait.at),
    message: `A query waits up to ${wait.value} s for a server connection: ${whyTooLong(wait.value, threshold)}`,
    fixes: seconds === undefined ? [] : [setNumber(context, wait, seconds)],
  };
}

/** 0 is no limit. */
export function* endlessWaits(context: PgbouncerInContext): Iterable<RuleResult> {
  const wait = globalSize(context.inForce, 'query_wait_timeout');
  if (wait?.at === undefined || wait.value !== 0) return;
  yield {
    at: placeIn(context.file, wait.at),
    message: `query_wait_timeout 0 sets no limit: when every server connection is in use, queries wait for ever and no error says so. ${advisedAcquireTimeoutSeconds} s fails fast.`,
    fixes: [setNumber(context, wait, advisedAcquireTimeoutSeconds)],
  };
}

/** Server connections that stay unused longer than the way to the server lets them live. */
export function* connectionsKeptTooLong(context: PgbouncerInContext): Iterable<RuleResult> {
  const path = shortestIdleTimeout(context);
  const kept = globalSize(context.inForce, 'server_idle_timeout');
  const isEndless = kept?.value === 0;
  if (path === undefined || kept === undefined || !(isEndless || kept.value > path.seconds)) return;
  if (isClosedSooner(context, path.seconds) || isKeptAlive(context, path.seconds)) return;
  const { file, inForce } = context;
  const below = secondsBelow(path.seconds);
  const header = inForce.mainHeaders.at(-1)?.span;
  const at = kept.at ?? header;
  if (at === undefined) return;
  const isWritten = kept.at !== undefined;
  const name = `server_idle_timeout ${kept.value}${isWritten ? '' : ', the default,'}`;
  const keeps = `keeps unused server connections ${isEndless ? 'for ever' : `up to ${kept.value} s`}`;
  const advice = below === undefined ? '' : ` server_idle_timeout = ${below} stays below.`;
  yield {
    at: placeIn(file, at),
    message: `${name} ${keeps}, but the way to ${path.database} drops a connection after ${path.seconds} s of silence: the next query on it, or the check before it, fails or hangs.${advice}${isWritten ? '' : versionNote(context)}`,
    related: [{ at: path.at, message: `${path.database}: idle connections are dropped after ${path.seconds} s` }],
    fixes: below === undefined ? [] : [setIdleTimeout(context, kept, below, at)],
  };
}

function shortestIdleTimeout({ databases }: PgbouncerInContext) {
  const timeouts: { seconds: number; at: Location; database: string }[] = databases.flatMap(({ idleTimeout, name }) =>
    idleTimeout === undefined ? [] : [{ seconds: idleTimeout.value, at: idleTimeout.at, database: name }],
  );
  return timeouts.sort((a, b) => a.seconds - b.seconds)[0];
}

/** An age that is no longer than the path's limit bounds the silence as well; 0 uses each connection once. */
function isClosedSooner({ inForce }: PgbouncerInContext, limit: number): boolean {
  const lifetime = numberInForce(inForce, 'server_lifetime');
  return lifetime.kind === 'unknown' || lifetime.value <= limit;
}

/** Also where it cannot be read. 0 leaves the operating system's two hours. */
function isKeptAlive({ inForce }: PgbouncerInContext, limit: number): boolean {
  const isOn = numberInForce(inForce, 'tcp_keepalive');
  const after = numberInForce(inForce, 'tcp_keepidle');
  if (isOn.kind === 'unknown' || after.kind === 'unknown') return true;
  return isOn.value !== 0 && after.value > 0 && after.value < limit;
}

function setNumber({ file }: PgbouncerInContext, { name, at }: Size, seconds: number): Fix {
  return fix(`Set ${name} to ${seconds}`, 'suggestion', [replaced(file, at!, String(seconds))]);
}

function setIdleTimeout(context: PgbouncerInContext, kept: Size, seconds: number, header: Span): Fix {
  if (kept.at !== undefined) return setNumber(context, kept, seconds);
  const edits = [lineAdded(context.file, header, `server_idle_timeout = ${seconds}`)];
  return fix(`Set server_idle_timeout to ${seconds}`, 'suggestion', edits);
}
