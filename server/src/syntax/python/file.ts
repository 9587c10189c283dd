/**
 * One Python file as text and top-level segments, parsed segment by segment on demand. Keeps trees of segments between
 * edits and parses them incrementally; the owner calls `release` when it no longer needs them.
 */
import { Edit, type Node, type Tree } from 'web-tree-sitter';
import { LineIndex, type Span } from '../../core/text.ts';
import type { SourceDocument, TextChange } from '../frontEnd.ts';
import type { LanguageParser } from '../parser.ts';
import { endOfTopLevelStatement } from './segments.ts';

/** A top-level statement with the blank lines and comments after it. */
export class Segment {
  tree: Tree | undefined;
  /** The tree before edits that have been recorded in it but not parsed. */
  outdated: Tree | undefined;
  /** Facts about the segment's text that stay true while it does not change; offsets in them are relative. */
  readonly notes = new Map<object, unknown>();

  constructor(
    public start: number,
    public end: number,
  ) {}

  release(): void {
    this.tree?.delete();
    this.outdated?.delete();
    this.tree = undefined;
    this.outdated = undefined;
  }

  /** Keeps a fact about this segment's text until the text changes. Every segment is asked after every keystroke. */
  remember<T>(fact: object, compute: () => T): T {
    const known = this.notes.get(fact);
    if (known !== undefined) return known as T;
    const value = compute();
    this.notes.set(fact, value);
    return value;
  }
}

/** A syntax node together with the segment its offsets are relative to. */
export interface PlacedNode {
  readonly node: Node;
  readonly segment: Segment;
}

export class PythonFile implements SourceDocument {
  segments: Segment[];
  lines: LineIndex;
  /** Facts about the whole text that stay true until the next edit. */
  private readonly notes = new Map<string, unknown>();

  constructor(
    readonly uri: string,
    public text: string,
    private readonly parser: LanguageParser,
  ) {
    this.segments = cutSegments(text);
    this.lines = LineIndex.of(text);
  }

  /** Keeps a fact about the text until it changes. */
  remember<T>(name: string, compute: () => T): T {
    if (!this.notes.has(name)) this.notes.set(name, compute());
    return this.notes.get(name) as T;
  }

  /** Replaces a span. Only segments that the change touches are cut anew; their trees are edited, not dropped. */
  edit(change: TextChange): void {
    const newText =
      change.after?.text ?? this.text.slice(0, change.start) + change.newText + this.text.slice(change.end);
    this.lines = change.after?.lines ?? this.lines.withEdit(change.start, change.end, change.newText, newText);
    const delta = change.newText.length - (change.end - change.start);
    const old = this.segments;
    // The statement before may swallow a changed beginning (`else:`), so cutting starts there.
    const first = Math.max(0, this.indexOfSegment(change.start) - 1);
    const cut: Segment[] = [];
    let next = first;
    let at = old[first]?.start ?? 0;
    while (at < newText.length) {
      while (next < old.length && old[next]!.start < change.end) next++;
      while (next < old.length && old[next]!.start + delta < at) next++;
      const candidate = old[next];
      // Back in step: from here on the old cut, shifted, is the new one.
      if (candidate !== undefined && candidate.start > change.end && candidate.start + delta === at) break;
      const end = endOfTopLevelStatement(newText, at);
      cut.push(new Segment(at, end));
      at = end;
    }
    if (at >= newText.length) next = old.length;
    this.keepTrees(old.slice(first, next), cut, change, newText, delta);
    if (delta !== 0) {
      for (let index = next; index < old.length; index++) {
        old[index]!.start += delta;
        old[index]!.end += delta;
      }
    }
    this.segments = [...old.slice(0, first), ...cut, ...old.slice(next)];
    if (this.segments.length === 0) this.segments = [new Segment(0, newText.length)];
    this.text = newText;
    this.notes.clear();
  }

  /** Carries trees and notes from the segments cut before to those cut now, where the text allows it. */
  private keepTrees(before: Segment[], after: Segment[], change: TextChange, newText: string, delta: number): void {
    const unclaimed = new Set(before);
    for (const segment of after) {
      const same = before.find((each) => unclaimed.has(each) && sameText(each, segment, change, delta));
      if (same !== undefined) {
        unclaimed.delete(same);
        segment.tree = same.tree;
        segment.outdated = same.outdated;
        for (const [name, value] of same.notes) segment.notes.set(name, value);
        continue;
      }
      const edited = before.find(
        (each) =>
          unclaimed.has(each) &&
          each.start === segment.start &&
          each.start <= change.start &&
          change.end <= each.end &&
          each.end + delta === segment.end,
      );
      const base = edited && (edited.tree ?? edited.outdated);
      if (edited !== undefined && base !== undefined) {
        unclaimed.delete(edited);
        base.edit(this.treeEdit(edited, change, newText));
        if (edited.tree !== undefined && edited.outdated !== undefined) edited.outdated.delete();
        segment.outdated = base;
      }
    }
    for (const each of unclaimed) each.release();
  }

  private treeEdit(segment: Segment, change: TextChange, newText: string): Edit {
    const startIndex = change.start - segment.start;
    return new Edit({
      startIndex,
      oldEndIndex: change.end - segment.start,
      newEndIndex: startIndex + change.newText.length,
      startPosition: pointIn(this.text, segment.start, change.start),
      oldEndPosition: pointIn(this.text, segment.start, change.end),
      newEndPosition: pointIn(newText, segment.start, change.start + change.newText.length),
    });
  }

  indexOfSegment(offset: number): number {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.segments[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  segmentAt(offset: number): Segment {
    return this.segments[this.indexOfSegment(offset)]!;
  }

  /** The segment's tree, parsed now if it has none; the file keeps it. */
  tree(segment: Segment): Tree {
    if (segment.tree === undefined) {
      segment.tree = this.parser.parse(this.text.slice(segment.start, segment.end), segment.outdated);
      segment.outdated?.delete();
      segment.outdated = undefined;
    }
    return segment.tree;
  }

  /** The smallest node that covers an offset. */
  nodeAt(offset: number, end = offset): PlacedNode {
    const segment = this.segmentAt(offset);
    const root = this.tree(segment).rootNode;
    const node = root.descendantForIndex(offset - segment.start, Math.max(offset, end) - segment.start);
    return { node: node ?? root, segment };
  }

  textOf(placed: PlacedNode): string {
    const base = placed.segment.start;
    return this.text.slice(base + placed.node.startIndex, base + placed.node.endIndex);
  }

  spanOf(placed: PlacedNode): Span {
    const base = placed.segment.start;
    return { start: base + placed.node.startIndex, end: base + placed.node.endIndex };
  }

  /** Frees every tree. The text and the cut stay; trees are parsed again on demand. */
  release(): void {
    for (const segment of this.segments) segment.release();
  }
}

function sameText(old: Segment, now: Segment, change: TextChange, delta: number): boolean {
  if (old.end < change.start) return old.start === now.start && old.end === now.end;
  if (old.start > change.end) return old.start + delta === now.start && old.end + delta === now.end;
  return false;
}

function pointIn(text: string, from: number, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = from;
  for (let at = text.indexOf('\n', from); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}

export function cutSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  do {
    const end = endOfTopLevelStatement(text, at);
    segments.push(new Segment(at, end));
    at = end;
  } while (at < text.length);
  return segments;
}
