/**
 * What PgBouncer really does with its settings: every one it knows, by section, with defaults by version. Taken from the
 * tables in PgBouncer's own main.c and loader.c at every release from 1.0 to 1.25.2 and from the development version of
 * 2026-07-10 (https://github.com/pgbouncer/pgbouncer). No setting of [pgbouncer] has ever been removed.
 */
import { accessSettings } from './pgbouncer/access.ts';
import { databaseSettings } from './pgbouncer/databases.ts';
import { networkSettings } from './pgbouncer/network.ts';
import { poolSettings } from './pgbouncer/pools.ts';
import { processSettings } from './pgbouncer/process.ts';
import type { PgbouncerSection, PgbouncerSetting, SettingRow } from './pgbouncer/setting.ts';
import { timeoutSettings } from './pgbouncer/timeouts.ts';
import { peerSettings, userSettings } from './pgbouncer/users.ts';
import { compareVersions, isAtLeast } from './versions.ts';

export type { PgbouncerSection, PgbouncerSetting, PgbouncerUnit, PgbouncerValueType } from './pgbouncer/setting.ts';

/** The newest release that these facts know. */
export const newestPgbouncer = '1.25.2';

/** Since when a `default_pool_size` of 0 is no limit; before, such a pool stays at its first connection. NEWS, 1.24.0 */
export const zeroIsUnlimitedSince = '1.24.0';

/** Since when names may stand in single quotes. NEWS, 1.25.0; libusual cfparser.c */
export const quotedNamesSince = '1.25.0';

/** Since when settings of [users] also hold for a user whom an entry forces. Measured: 1.18 ignores them. */
export const usersReachForcedUsersSince = '1.23.0';

/** Since when there is a section. */
const sectionsSince: Readonly<Record<PgbouncerSection, string>> = {
  pgbouncer: '1.0',
  databases: '1.0',
  users: '1.6',
  peers: '1.19.0',
};

export const pgbouncerSections = Object.keys(sectionsSince) as readonly PgbouncerSection[];

/** Since when TLS words of 2009 mean nothing any more. NEWS, 1.21.0; libusual tls_config.c. Measured: 1.18 and 1.25.2 */
const oldTlsWordsUntil = '1.21.0';

/** A word of client_tls_protocols and server_tls_protocols. */
export function isTlsProtocol(word: string, version: string): boolean {
  if (/^legacy$/i.test(word)) return !isAtLeast(version, oldTlsWordsUntil);
  return /^(?:all|default|secure|tlsv1|tlsv1\.[0-3])$/i.test(word);
}

/** Words of client_tls_ciphers and server_tls_ciphers that were dropped; what else OpenSSL knows only OpenSSL knows. */
export function isRemovedCipherWord(text: string, version: string): boolean {
  const isOld = /^(?:compat|legacy|insecure|all)$/i.test(text);
  // In capitals it is OpenSSL's own word.
  return isOld && text !== 'ALL' && isAtLeast(version, oldTlsWordsUntil);
}

/** Ids of peers run from 1 to this: loader.c, parse_peer. Measured with 1.25.2 */
export const largestPeerId = 65535;

/** A name that [databases] refuses: the console's. */
export const reservedDatabase = 'pgbouncer';

/** The entry that stands for every database without one. */
export const fallbackDatabase = '*';

const rows: Readonly<Record<PgbouncerSection, readonly SettingRow[]>> = {
  pgbouncer: [...poolSettings, ...timeoutSettings, ...networkSettings, ...accessSettings, ...processSettings],
  databases: databaseSettings,
  users: userSettings,
  peers: peerSettings,
};

const manual = 'https://www.pgbouncer.org/config.html';

/** Every setting, by section and name. */
const settings: Readonly<Record<PgbouncerSection, ReadonlyMap<string, PgbouncerSetting>>> = {
  pgbouncer: tableOf('pgbouncer'),
  databases: tableOf('databases'),
  users: tableOf('users'),
  peers: tableOf('peers'),
};

function tableOf(section: PgbouncerSection): ReadonlyMap<string, PgbouncerSetting> {
  const source = (name: string) => `${manual}#${section === 'pgbouncer' ? name : `section-${section}`}`;
  return new Map(rows[section].map((row) => [row.name, { ...row, section, source: source(row.name) }]));
}

export function isSection(name: string): name is PgbouncerSection {
  return Object.hasOwn(sectionsSince, name);
}

export function sectionSince(section: PgbouncerSection): string {
  return sectionsSince[section];
}

export function hasSection(version: string, section: PgbouncerSection): boolean {
  return isAtLeast(version, sectionsSince[section]);
}

/** All settings of a section, also those that only some versions know. */
export function settingsOf(section: PgbouncerSection): readonly PgbouncerSetting[] {
  return [...settings[section].values()];
}

/** Exactly that name: PgBouncer tells upper from lower case. */
export function settingNamed(section: PgbouncerSection, name: string): PgbouncerSetting | undefined {
  return settings[section].get(name);
}

/** A release that came out after these facts were gathered: 1.26.0, of 2026-09-23, is one. What else it knows is not known here. */
export function isBeyondFacts(version: string): boolean {
  return compareVersions(version, newestPgbouncer) > 0;
}

/** True where a release knows the setting, on any system but Windows. */
export function isKnownIn(setting: PgbouncerSetting, version: string): boolean {
  if (setting.since === 'unreleased') return isBeyondFacts(version);
  return setting.isWindowsOnly !== true && isAtLeast(version, setting.since);
}

/** The default of a release, as it would be written in the file. */
export function fallbackIn(setting: PgbouncerSetting, version: string): string | null {
  const earlier = setting.history?.find(({ before }) => !isAtLeast(version, before));
  return earlier === undefined ? setting.fallback : earlier.fallback;
}

/** The words a release accepts; undefined where the setting is no choice. */
export function choicesIn(setting: PgbouncerSetting, version: string): readonly string[] | undefined {
  return setting.choices?.filter((choice) => isAtLeast(version, setting.choicesSince?.[choice] ?? '0'));
}
