/** TCP keepalives that a pool's driver is told to send. */
import type { Pool } from '../declarations/pool.ts';

/**
 * True where keepalives begin after fewer seconds of silence than `limit`, so that the connection is never silent that
 * long; also where that cannot be read, since then nothing is certain.
 */
export function isKeptAlive(pool: Pool, limit: number): boolean {
  const driver = pool.driverArguments;
  if (driver === undefined) return true;
  if (isOff(driver.get('keepalives')?.value) || pool.address.query['keepalives'] === '0') return false;
  const inUrl = pool.address.query['keepalives_idle'];
  if (inUrl !== undefined && isBelow(Number(inUrl), limit)) return true;
  for (const name of ['keepalives_idle', 'tcp_keepalives_idle']) {
    const value = driver.get(name)?.value;
    if (value !== undefined && (!value.known || isBelow(Number(value.value), limit))) return true;
  }
  // The server sends them where a session asks for it: asyncpg's server_settings, libpq's options.
  const session = driver.get('server_settings')?.value ?? driver.get('options')?.value;
  if (session === undefined) return false;
  if (!session.known) return true;
  if (typeof session.value === 'string') {
    const seconds = /tcp_keepalives_idle\s*=\s*(\d+)/.exec(session.value)?.[1];
    return seconds !== undefined && isBelow(Number(seconds), limit);
  }
  return keepaliveIn(session.value, limit);
}

function isOff(value: { readonly known: boolean; readonly value?: unknown } | undefined): boolean {
  return value?.known === true && (value.value === 0 || value.value === false);
}

function isBelow(seconds: number, limit: number): boolean {
  return seconds > 0 && seconds < limit;
}

/** `{"tcp_keepalives_idle": "60"}` as a value that was read. */
function keepaliveIn(content: unknown, limit: number): boolean {
  const entries = (
    content as { readonly entries?: readonly { key?: string; value: { kind: string; value?: unknown } }[] }
  )?.entries;
  const entry = entries?.find((each) => each.key === 'tcp_keepalives_idle');
  if (entry === undefined) return false;
  return entry.value.kind !== 'literal' || isBelow(Number(entry.value.value), limit);
}
