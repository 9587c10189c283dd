/** Values as C reads them. What is refused is compared with a real PgBouncer elsewhere; here is what comes out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readChoice,
  readInteger,
  readLeadingInteger,
  readSeconds,
} from '../../server/src/declarations/pgbouncerValues.ts';

test('whole numbers: decimal, hexadecimal, octal, 32 bits', () => {
  const value = (text: string) => readInteger(text)?.value;
  assert.deepEqual(['20', '+5', '-3', '0x10', '010', '0', ' 7'].map(value), [20, 5, -3, 16, 8, 0, 7]);
  assert.deepEqual(
    ['', '08', '0x', '1.5', '20s', '2 0', '20 ', 'yes', '- 1', '0b1'].map(value),
    Array(10).fill(undefined),
  );
  assert.deepEqual(readInteger('2147483647'), { value: 2147483647, isTooLarge: false });
  assert.deepEqual(readInteger('2147483648'), { value: -2147483648, isTooLarge: true });
  assert.deepEqual(readInteger('4294967316'), { value: 20, isTooLarge: true });
  // The largest and the smallest long are all that is left of numbers beyond them.
  assert.deepEqual(readInteger('9'.repeat(100)), { value: -1, isTooLarge: true });
  assert.deepEqual(readInteger(`-${'9'.repeat(100)}`), { value: 0, isTooLarge: true });
  assert.deepEqual(readInteger('0xffffffff00000005'), { value: -1, isTooLarge: true });
});

test('numbers of connection strings: what follows the digits is dropped', () => {
  assert.deepEqual(readLeadingInteger('20'), { value: 20, isTooLarge: false, isWhole: true });
  assert.deepEqual(readLeadingInteger('20x'), { value: 20, isTooLarge: false, isWhole: false });
  assert.deepEqual(readLeadingInteger('x20'), { value: 0, isTooLarge: false, isWhole: false });
  assert.deepEqual(readLeadingInteger('-1'), { value: -1, isTooLarge: false, isWhole: true });
  assert.deepEqual(readLeadingInteger('0x10'), { value: 0, isTooLarge: false, isWhole: false });
});

test('seconds: fractions and powers, but neither units nor signs', () => {
  assert.deepEqual(['0', '1.5', '.5', '5.', '1e2', '0x10', '0x1p4', '0x.8', '-0', 'infinity'].map(readSeconds), [
    0,
    1.5,
    0.5,
    5,
    100,
    16,
    16,
    0.5,
    0,
    Number.POSITIVE_INFINITY,
  ]);
  assert.deepEqual(
    ['', '-1', '-infinity', '10min', '30s', '1 2', '1,5', '.', 'e5', '0x', '1e999', '1e-400'].map(readSeconds),
    Array(12).fill(undefined),
  );
  assert.ok(Number.isNaN(readSeconds('nan')));
});

test('choices: without regard to case, and nothing else', () => {
  assert.equal(readChoice('Transaction', ['session', 'transaction']), 'transaction');
  assert.equal(readChoice('transaction ', ['transaction']), undefined);
  // The Kelvin sign is no K to C.
  assert.equal(readChoice('\u212A', ['k']), undefined);
});
