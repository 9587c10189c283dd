/** Versions as dotted numbers; enough for "from 2.0.28", not for pre-releases. */

/** Negative, zero or positive as in a sort. Missing parts count as zero: `2.0` equals `2.0.0`. */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isAtLeast(version: string, bound: string): boolean {
  return compareVersions(version, bound) >= 0;
}

function numbersOf(version: string): number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 4).map(Number);
}
