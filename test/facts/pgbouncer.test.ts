/** The table of PgBouncer's settings: what can be told of it without a PgBouncer. `npm run oracle:pgbouncer` asks a real one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choicesIn,
  fallbackIn,
  hasSection,
  isKnownIn,
  newestPgbouncer,
  pgbouncerSections,
  settingNamed,
  settingsOf,
} from '../../server/src/facts/pgbouncer.ts';
import { compareVersions } from '../../server/src/facts/versions.ts';

const all = pgbouncerSections.flatMap((section) => settingsOf(section));

test('every setting that the releases have is there once', () => {
  const count = (section: (typeof pgbouncerSections)[number]) => settingsOf(section).length;
  assert.deepEqual(pgbouncerSections.map(count), [101, 23, 10, 3]);
  const known = all.filter((setting) => isKnownIn(setting, newestPgbouncer)).length;
  // Four of the development version, one of Windows.
  assert.equal(known, all.length - 5);
});

test('versions are versions, and histories run from old to new', () => {
  for (const { name, since, history = [] } of all) {
    assert.match(since, /^(?:1\.\d+(?:\.\d+)?|unreleased)$/, name);
    const borders = history.map((each) => each.before);
    assert.deepEqual(borders, [...borders].sort(compareVersions), name);
    for (const { before, fallback } of history) {
      assert.ok(compareVersions(since, before) < 0, `${name} had a default before it existed`);
      assert.notEqual(fallback, settingNamed('pgbouncer', name)!.fallback);
    }
  }
});

test('defaults are values that the setting takes', () => {
  for (const setting of all) {
    const { name, type, fallback, choices } = setting;
    if (fallback === null) continue;
    if (type === 'integer' || type === 'seconds' || type === 'mode') assert.match(fallback, /^\d+$/, name);
    if (type === 'switch') assert.match(fallback, /^[01]$/, name);
    if (type === 'choice') assert.ok(choices!.includes(fallback), name);
  }
});

test('defaults and words follow the version', () => {
  const statements = settingNamed('pgbouncer', 'max_prepared_statements')!;
  assert.deepEqual(
    ['1.20.1', '1.21.0', '1.23.1', '1.24', '1.25.2'].map((version) => [
      isKnownIn(statements, version),
      fallbackIn(statements, version),
    ]),
    [
      [false, '0'],
      [true, '0'],
      [true, '0'],
      [true, '200'],
      [true, '200'],
    ],
  );
  const authType = settingNamed('pgbouncer', 'auth_type')!;
  assert.equal(choicesIn(authType, '1.24.1')!.includes('ldap'), false);
  assert.equal(choicesIn(authType, '1.25')!.includes('ldap'), true);
  assert.equal(choicesIn(settingNamed('pgbouncer', 'logfile')!, '1.25'), undefined);
  assert.equal(settingNamed('pgbouncer', 'Pool_Mode'), undefined);
  assert.deepEqual(
    pgbouncerSections.filter((section) => hasSection('1.18', section)),
    ['pgbouncer', 'databases', 'users'],
  );
});
