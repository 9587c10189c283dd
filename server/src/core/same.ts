/** Whether what was worked out again is what was there before. */

/** Whether two lists hold the very same objects in the same order. */
export function haveSameItems(now: readonly unknown[], before: readonly unknown[]): boolean {
  return now === before || (now.length === before.length && now.every((each, index) => each === before[index]));
}

/** Whether two pieces of plain data (no maps, no functions) say the same. */
export function saysTheSame(now: unknown, before: unknown): boolean {
  if (now === before) return true;
  if (typeof now !== 'object' || typeof before !== 'object' || now === null || before === null) return false;
  if (Array.isArray(now) !== Array.isArray(before)) return false;
  const keys = Object.keys(now);
  if (keys.length !== Object.keys(before).length) return false;
  return keys.every((key) => saysTheSame((now as Data)[key], (before as Data)[key]));
}

type Data = Readonly<Record<string, unknown>>;
