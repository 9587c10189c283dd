/** Which lines differ between two texts. */

/** A run of lines that differ: lines `start` to `end` (from 0, end excluded) on either side. */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** With more differing lines than this the rest is shown as one replacement, so that time and memory stay bounded. */
const mostDifferences = 1000;

/** The lines of a text, each with its line break. */
export function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** A shortest list of changes, by Myers' greedy algorithm. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  if (start === oldEnd && start === newEnd) return [];
  const path = shortestPath(before.slice(start, oldEnd), after.slice(start, newEnd));
  if (path === undefined) return [{ oldStart: start, oldEnd, newStart: start, newEnd }];
  return changesAlong(path).map((change) => ({
    oldStart: change.oldStart + start,
    oldEnd: change.oldEnd + start,
    newStart: change.newStart + start,
    newEnd: change.newEnd + start,
  }));
}

type Point = readonly [oldLine: number, newLine: number];

/** Corners of the edit path from (0, 0) to both ends; undefined where the texts differ too much. */
function shortestPath(before: readonly string[], after: readonly string[]): Point[] | undefined {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  const most = Math.min(before.length + after.length, mostDifferences);
  for (let distance = 0; distance <= most; distance++) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      let oldLine = stepsDown(furthest, diagonal, distance)
        ? furthest.get(diagonal + 1)!
        : furthest.get(diagonal - 1)! + 1;
      let newLine = oldLine - diagonal;
      while (oldLine < before.length && newLine < after.length && before[oldLine] === after[newLine]) {
        oldLine++;
        newLine++;
      }
      next.set(diagonal, oldLine);
      if (oldLine >= before.length && newLine >= after.length) return backtrack(trace, before.length, after.length);
    }
    furthest = next;
  }
  return undefined;
}

function stepsDown(furthest: ReadonlyMap<number, number>, diagonal: number, distance: number): boolean {
  if (diagonal === -distance) return true;
  return diagonal !== distance && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1);
}

function backtrack(trace: readonly ReadonlyMap<number, number>[], oldLine: number, newLine: number): Point[] {
  const points: Point[] = [[oldLine, newLine]];
  for (let distance = trace.length - 1; distance > 0; distance--) {
    const furthest = trace[distance]!;
    const diagonal = oldLine - newLine;
    const previous = stepsDown(furthest, diagonal, distance) ? diagonal + 1 : diagonal - 1;
    const previousOld = furthest.get(previous)!;
    const previousNew = previousOld - previous;
    const isDown = previous === diagonal + 1;
    points.push(isDown ? [previousOld, previousNew + 1] : [previousOld + 1, previousNew], [previousOld, previousNew]);
    oldLine = previousOld;
    newLine = previousNew;
  }
  points.push([0, 0]);
  return points.reverse();
}

function changesAlong(points: readonly Point[]): LineChange[] {
  const changes: LineChange[] = [];
  for (let index = 1; index < points.length; index++) {
    const [oldStart, newStart] = points[index - 1]!;
    const [oldEnd, newEnd] = points[index]!;
    // Along a diagonal both sides advance: those lines are equal.
    if (oldEnd - oldStart === newEnd - newStart) continue;
    const last = changes.at(-1);
    if (last !== undefined && last.oldEnd === oldStart && last.newEnd === newStart) {
      changes[changes.length - 1] = { ...last, oldEnd, newEnd };
    } else {
      changes.push({ oldStart, oldEnd, newStart, newEnd });
    }
  }
  return changes;
}
