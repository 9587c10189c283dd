/** What one PgBouncer opens on the server. Cases a to i were measured with a real one; the others follow its source. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { inForce } from '../../server/src/declarations/pgbouncerInForce.ts';
import { isUnknown } from '../../server/src/declarations/resolved.ts';
import { pgbouncerBudget } from '../../server/src/fleet/pgbouncer.ts';
import { largestFlow } from '../../server/src/fleet/pgbouncerFlow.ts';
import type { PoolerUsers } from '../../server/src/fleet/pgbouncerPools.ts';
import { explainTerm } from '../../server/src/fleet/terms.ts';
import { loadParser } from '../../server/src/syntax/parser.ts';
import { readPgbouncer } from '../../server/src/syntax/pgbouncer/extract.ts';
import { grammarSource } from '../support/python.ts';

const parser = await loadParser('pgbouncer', grammarSource);

function budgetOf(text: string, users: PoolerUsers = { count: 2 }, version = '1.25.2') {
  const file = readPgbouncer('file:///pgbouncer.ini', text, 'app', { parser });
  return pgbouncerBudget(inForce(file, version), users);
}

const total = (...given: Parameters<typeof budgetOf>) => budgetOf(...given).serverConnections;
const explained = (...given: Parameters<typeof budgetOf>) => explainTerm(budgetOf(...given).term);
const perEntry = (...given: Parameters<typeof budgetOf>) =>
  budgetOf(...given).entries.map((each) => each.serverConnections);

const two = '[databases]\nd1 = dbname=x\nd2 = dbname=x\n';

describe('as measured', () => {
  test('a: two users on two entries, three connections each', () => {
    assert.equal(total(`${two}[pgbouncer]\ndefault_pool_size = 3\n`), 12);
    assert.equal(explained(`${two}[pgbouncer]\ndefault_pool_size = 3\n`), '3 × 2 users + 3 × 2 users');
  });

  test('b: a limit for each entry', () => {
    const text = `${two}[pgbouncer]\ndefault_pool_size = 3\nmax_db_connections = 4\n`;
    assert.deepEqual(perEntry(text), [4, 4]);
    assert.equal(total(text), 8);
  });

  test('c: a limit for each user', () => {
    const text = `${two}[pgbouncer]\ndefault_pool_size = 3\nmax_user_connections = 5\n`;
    assert.equal(total(text), 10);
    assert.equal(explained(text), '10');
  });

  test('d: a size of 0 is no limit since 1.24, and one connection before', () => {
    const text = `${two}[pgbouncer]\ndefault_pool_size = 0\n`;
    assert.equal(total(text), 'unbounded');
    assert.equal(total(text, { count: 2 }, '1.23.1'), 4);
    assert.equal(total(`${text}max_db_connections = 7\n`), 14);
    assert.equal(total(`${text}max_user_connections = 7\n`), 14);
  });

  test('e: the reserve is per pool', () => {
    const text = `${two}[pgbouncer]\ndefault_pool_size = 3\nreserve_pool_size = 2\nreserve_pool_timeout = 1\n`;
    assert.equal(total(text, { count: 1 }), 10);
    assert.deepEqual(perEntry(text, { count: 1 }), [5, 5]);
    assert.equal(explained(text, { count: 1 }), '3 + 2 + 3 + 2');
    assert.equal(total(text.replace('timeout = 1', 'timeout = 0'), { count: 1 }), 6);
  });

  test('f: auth_user has a pool of its own, of full size', () => {
    const text = '[databases]\nd1 = dbname=x\n[pgbouncer]\ndefault_pool_size = 3\nauth_user = authu\n';
    assert.equal(total(text, { count: 1 }), 6);
    assert.equal(total(text, { names: ['u1'] }), 6);
    assert.equal(total(text, { names: ['u1', 'authu'] }), 6, 'a client by that name shares the pool');
  });

  test("g: a user's own size wins over all others", () => {
    const text = '[databases]\nd1 = dbname=x\n[users]\nu1 = pool_size=6\n[pgbouncer]\ndefault_pool_size = 3\n';
    assert.equal(total(text), 9);
    assert.equal(explained(text), '6 + 3');
    assert.equal(total(text, { names: ['u2', 'u3'] }), 6);
    assert.equal(total(text, { count: 1 }), 6);
    assert.equal(total(text.replace('[pgbouncer]', 'u2 = pool_size=8\n[pgbouncer]'), { count: 1 }), 8);
  });

  test('h: the limit of clients', () => {
    assert.equal(budgetOf('[pgbouncer]\nmax_client_conn = 5\n').clients, 5);
    assert.equal(budgetOf('[pgbouncer]\n').clients, 100);
  });

  test('i: 0 in an entry does not lift the limit that holds for all', () => {
    const text = '[databases]\nd1 = pool_size=6 max_db_connections=0\n[pgbouncer]\nmax_db_connections = 3\n';
    assert.equal(total(text, { count: 1 }), 3);
    assert.equal(total(text.replace('=0', '=5'), { count: 1 }), 5, 'a number above 0 takes its place');
  });
});

describe('entries', () => {
  test('a forced user is one pool, however many clients there are', () => {
    assert.equal(total('[databases]\nd = user=app pool_size=7\n[pgbouncer]\n', { count: 9 }), 7);
    assert.equal(total('[databases]\nd = user=app\n[pgbouncer]\n', { count: 9 }), 20);
  });

  test("a negative size counts as not written, and the entry's own reserve wins", () => {
    const text =
      '[databases]\nd = pool_size=-1 reserve_pool=3\n[pgbouncer]\ndefault_pool_size = 4\nreserve_pool_size = 9\n';
    assert.equal(total(text, { count: 1 }), 7);
  });

  test('the last of two entries with one name counts', () => {
    assert.equal(total('[databases]\nd = pool_size=5\nd = pool_size=6\n[pgbouncer]\n', { count: 1 }), 6);
  });

  test('any database at all: without limit, unless users have one', () => {
    const text = '[databases]\n* = host=h\n[pgbouncer]\ndefault_pool_size = 5\n';
    assert.equal(total(text), 'unbounded');
    assert.equal(total(`${text}max_db_connections = 5\n`), 'unbounded');
    assert.equal(total(`${text}max_user_connections = 15\n`), 30);
  });

  test('auth_dbname gathers the pools of auth_query in one entry', () => {
    const text = `${two}[pgbouncer]\ndefault_pool_size = 3\nauth_user = a\n`;
    assert.equal(total(text, { count: 1 }), 12);
    assert.equal(total(`${text}auth_dbname = d1\n`, { count: 1 }), 9);
  });
});

describe('users with limits', () => {
  test('a limit of a user over all entries', () => {
    const text = `${two}[users]\nu1 = max_user_connections=4\n[pgbouncer]\ndefault_pool_size = 3\n`;
    assert.equal(total(text), 4 + 6);
    assert.equal(total(text, { names: ['u1'] }), 4);
  });

  test('limits of users and of entries at once', () => {
    const text = `${two}[users]\nu1 = max_user_connections=4\n[pgbouncer]\ndefault_pool_size = 3\nmax_db_connections = 4\n`;
    // u1 may have 3 + 1, the other user 3 + 3; each entry takes 4.
    assert.equal(total(text), 8);
    assert.equal(total(`${text}max_user_connections = 2\n`), 6);
  });

  test('before 1.23 what is said of a user does not reach an entry that forces it', () => {
    const text = '[databases]\nd = user=app pool_size=40\n[users]\napp = max_user_connections=15\n[pgbouncer]\n';
    assert.equal(total(text, { count: 1 }, '1.18.0'), 40);
    assert.equal(total(text, { count: 1 }, '1.23.0'), 15);
    const both = `${text}max_user_connections = 30\n`.replace('[users]', 'e = user=app pool_size=40\n[users]');
    assert.equal(total(both, { count: 1 }, '1.18.0'), 60, 'each entry has a user of its own by that name');
    assert.equal(total(both, { count: 1 }, '1.23.0'), 15);
  });
});

describe('what is not known', () => {
  const reasons = (text: string) => {
    const amount = total(text);
    return isUnknown(amount) ? amount.unknown : amount;
  };

  test('a number that a template fills in', () => {
    const size = '$' + '{SIZE}';
    assert.equal(
      reasons(`[databases]\nd = host=h\n[pgbouncer]\ndefault_pool_size = ${size}\n`),
      'default_pool_size is filled in by a template',
    );
    assert.equal(reasons(`[databases]\nd = pool_size=${size}\n[pgbouncer]\n`), 'pool_size of d cannot be read');
    assert.equal(reasons('[databases]\nd = pool_size=ten\n[pgbouncer]\n'), 'pool_size of d is no number');
  });

  test('an include may hold entries and settings', () => {
    assert.equal(reasons('[databases]\n%include more.ini\n[pgbouncer]\n'), 'more.ini may hold more entries');
    assert.match(
      String(reasons('[databases]\nd = host=h\n[pgbouncer]\n%include more.ini\n')),
      /default_pool_size may stand in more\.ini/,
    );
  });

  test('an include behind an entry may write it again, one before it may give users sizes', () => {
    for (const text of [
      '[databases]\nd = pool_size=5\n%include more.ini\n[pgbouncer]\ndefault_pool_size = 3\n',
      '%include more.ini\n[databases]\nd = pool_size=5\n[pgbouncer]\n',
    ]) {
      assert.ok(isUnknown(perEntry(text)[0]!));
      assert.equal(reasons(text), 'more.ini may hold more entries');
      assert.ok(isUnknown(budgetOf(text).fileDescriptors));
    }
  });

  test('a template may put anything anywhere', () => {
    const conditional = '[databases]\nd = pool_size=5\n[pgbouncer]\n{% if a %}\nmax_client_conn = 7\n{% endif %}\n';
    assert.ok(isUnknown(total(conditional)));
    assert.ok(isUnknown(perEntry(conditional)[0]!));
    assert.ok(isUnknown(budgetOf(conditional).clients));
    const filled = '$' + '{CONNECTION}';
    assert.equal(reasons(`[databases]\nd = ${filled}\n[pgbouncer]\n`), 'd is filled in by a template');
    assert.ok(isUnknown(total('[databases]\nd = host={{ host }} pool_size=5\n[pgbouncer]\n')));
    assert.equal(total(`[databases]\nd = host=${filled} pool_size=5\n[pgbouncer]\n`, { count: 1 }), 5);
  });

  test('nothing that is unknown turns into a number', () => {
    assert.equal(typeof total('[pgbouncer]\n'), 'number');
    assert.equal(total('[pgbouncer]\n'), 0);
  });
});

test('file descriptors as PgBouncer reckons them when it starts', () => {
  // 100 clients and 10, 3 for the forced user, 20 for each of two users.
  const text = '[databases]\nd1 = user=app pool_size=3\nd2 = host=h\n[pgbouncer]\n';
  assert.equal(budgetOf(text).fileDescriptors, 100 + 10 + 3 + 40);
});

test('a hostile file is counted in time, or said to be too much', () => {
  const entries = Array.from({ length: 2000 }, (_, n) => `d${n} = host=h`).join('\n');
  const users = Array.from({ length: 2000 }, (_, n) => `u${n} = max_user_connections=${n + 1}`).join('\n');
  const amount = total(`[databases]\n${entries}\n[users]\n${users}\n[pgbouncer]\n`, { count: 5000 });
  assert.ok(isUnknown(amount) && amount.unknown.includes('too many'));
  assert.equal(total(`[databases]\n${entries}\n[pgbouncer]\nmax_user_connections = 7\n`, { count: 5000 }), 35_000);
});

/** By trying all ways: small numbers only. */
function triedOut(
  capacity: readonly (readonly number[])[],
  users: readonly number[],
  entries: readonly number[],
): number {
  let best = 0;
  const left = [...entries];
  const place = (user: number, entry: number, ofUser: number, sum: number): void => {
    if (user === users.length) {
      best = Math.max(best, sum);
      return;
    }
    if (entry === entries.length) {
      place(user + 1, 0, users[user + 1] ?? 0, sum);
      return;
    }
    for (let amount = Math.min(capacity[user]![entry]!, ofUser, left[entry]!); amount >= 0; amount--) {
      left[entry]! -= amount;
      place(user, entry + 1, ofUser - amount, sum + amount);
      left[entry]! += amount;
    }
  };
  place(0, 0, users[0] ?? 0, 0);
  return best;
}

test('the largest flow is what trying all ways finds', () => {
  const small = fc.nat(3);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(small, small), { minLength: 2, maxLength: 3 }),
      fc.array(small, { minLength: 3, maxLength: 3 }),
      fc.tuple(small, small),
      (capacity, users, entries) => {
        const edges = capacity.flatMap((row, user) =>
          row.map((each, entry) => ({
            user: String(user),
            userLimit: users[user]!,
            entry: String(entry),
            entryLimit: entries[entry]!,
            capacity: each,
          })),
        );
        assert.equal(largestFlow(edges), triedOut(capacity, users.slice(0, capacity.length), entries));
      },
    ),
    { numRuns: 300 },
  );
});
