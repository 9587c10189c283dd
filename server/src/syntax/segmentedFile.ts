/**
 * One source file as text and top-level statements, parsed statement by statement on demand. Keeps trees between edits and
 * parses them incrementally; the owner calls `release` when it no longer needs them. How a text is cut, its language says.
 */
import { Edit, type Node, type Tree } from 'web-tree-sitter';
import { LineIndex, type Span } from '../core/text.ts';
import type { TextChange } from './frontEnd.ts';
import { Gathered, type Held, type TextFact } from './gathered.ts';
import type { LanguageParser } from './parser.ts';

/** One or several top-level statements with the blank lines and comments after them. */
export class Segment {
  tree: Tree | undefined;
  /** The tree before edits that have been recorded in it but not parsed. */
  outdated: Tree | undefined;
  /** Facts about the segment's text that stay true while it does not change; offsets in them are relative. */
  readonly notes = new Map<object, unknown>();

  constructor(
    public start: number,
    public end: number,
    /** Something in it stands open until the end of the file: where it ends, all the text after it decides. */
    readonly isOpen = false,
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

/** Where statements end, and whether that hangs on something that stands open until the end of the text. */
export interface Cut {
  /** One end; where something stands open, the ends of all statements up to the end of the text. */
  readonly ends: readonly number[];
  readonly isOpen: boolean;
}

/** Finds the end of the top-level statement that begins at `start`, which is 0 or an end found before. */
export type Cutter = (text: string, start: number) => Cut;

/** Facts kept of a file at a time; words that are looked for change as the workspace does. */
const mostGathered = 200;

export class SegmentedFile {
  segments: Segment[];
  lines: LineIndex;
  /** Facts about the whole text that stay true until the next edit. */
  private readonly notes = new Map<string, unknown>();
  private readonly nodes = new Map<string, unknown>();
  private readonly gathered = new Map<TextFact<unknown>, Gathered<unknown>>();

  constructor(
    readonly uri: string,
    public text: string,
    private readonly parser: LanguageParser,
    private readonly cutter: Cutter,
  ) {
    this.segments = cutSegments(text, cutter);
    this.lines = LineIndex.of(text);
  }

  /** Keeps a fact about the text until it changes. */
  remember<T>(name: string, compute: () => T): T {
    if (!this.notes.has(name)) this.notes.set(name, compute());
    return this.notes.get(name) as T;
  }

  /** Keeps something made of nodes until the text changes or the trees are freed. */
  rememberNodes<T>(name: string, compute: () => T): T {
    if (!this.nodes.has(name)) this.nodes.set(name, compute());
    return this.nodes.get(name) as T;
  }

  /** The segments whose text a fact says something of, in source order; after an edit only what changed is read again. */
  gather<T>(fact: TextFact<T>): readonly Held<T>[] {
    let known = this.gathered.get(fact) as Gathered<T> | undefined;
    if (known === undefined) {
      // Facts of one editing session, not of all time.
      if (this.gathered.size > mostGathered) this.gathered.clear();
      known = new Gathered(fact, this.segments);
      this.gathered.set(fact, known as Gathered<unknown>);
    }
    return known.of(this.text);
  }

  /** Replaces a span. Only segments that the change touches are cut anew; their trees are edited, not dropped. */
  edit(change: TextChange): void {
    const newText =
      change.after?.text ?? this.text.slice(0, change.start) + change.newText + this.text.slice(change.end);
    this.lines = change.after?.lines ?? this.lines.withEdit(change.start, change.end, change.newText, newText);
    const delta = change.newText.length - (change.end - change.start);
    const old = this.segments;
    // The statement before may swallow a changed beginning (`else`), so cutting starts there; and where something stood
    // open before the change, there: the change may close it.
    const firstOpen = old.findIndex((each) => each.isOpen);
    const touched = Math.max(0, this.indexOfSegment(change.start) - 1);
    const first = firstOpen === -1 ? touched : Math.min(firstOpen, touched);
    const cut: Segment[] = [];
    let next = first;
    let at = old[first]?.start ?? 0;
    while (at < newText.length) {
      while (next < old.length && old[next]!.start < change.end) next++;
      while (next < old.length && old[next]!.start + delta < at) next++;
      const candidate = old[next];
      // Back in step: from here on the old cut, shifted, is the new one; unless it hung on what stood open before it.
      const isInStep = candidate !== undefined && candidate.start > change.end && candidate.start + delta === at;
      if (isInStep && (firstOpen === -1 || next <= firstOpen)) break;
      at = pushCut(cut, this.cutter(newText, at), at);
    }
    if (at >= newText.length) next = old.length;
    this.keepTrees(old.slice(first, next), cut, change, newText, delta);
    const [from, to] = [old[first]?.start ?? 0, old[next]?.start ?? Number.POSITIVE_INFINITY];
    for (const each of this.gathered.values()) each.replace(from, to, cut);
    if (delta !== 0) {
      for (let index = next; index < old.length; index++) {
        old[index]!.start += delta;
        old[index]!.end += delta;
      }
    }
    this.segments = [...old.slice(0, first), ...cut, ...old.slice(next)];
    if (this.segments.length === 0) {
      this.segments = [new Segment(0, newText.length)];
      this.gathered.clear();
    }
    this.text = newText;
    this.notes.clear();
    this.nodes.clear();
  }

  /** Carries trees and notes from the segments cut before to those cut now, where the text allows it. */
  private keepTrees(before: Segment[], after: Segment[], change: TextChange, newText: string, delta: number): void {
    const unclaimed = new Map(before.map((each) => [each.start, each]));
    for (const segment of after) {
      const isBefore = segment.end < change.start;
      const old = unclaimed.get(isBefore ? segment.start : segment.start - delta);
      if (old !== undefined && sameText(old, segment, change, delta)) {
        unclaimed.delete(old.start);
        segment.tree = old.tree;
        segment.outdated = old.outdated;
        for (const [name, value] of old.notes) segment.notes.set(name, value);
        continue;
      }
      const edited = unclaimed.get(segment.start);
      if (edited === undefined || !isEditOf(edited, segment, change, delta)) continue;
      const base = edited.tree ?? edited.outdated;
      if (base === undefined) continue;
      unclaimed.delete(edited.start);
      base.edit(this.treeEdit(edited, change, newText));
      if (edited.tree !== undefined && edited.outdated !== undefined) edited.outdated.delete();
      segment.outdated = base;
    }
    for (const each of unclaimed.values()) each.release();
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
    this.nodes.clear();
  }
}

/** True where a segment's text did not change, only its place. */
function sameText(old: Segment, now: Segment, change: TextChange, delta: number): boolean {
  if (old.end < change.start) return old.start === now.start && old.end === now.end;
  if (old.start > change.end) return old.start + delta === now.start && old.end + delta === now.end;
  return false;
}

/** True where the change lies in the segment and is all that happened to it. */
function isEditOf(old: Segment, now: Segment, change: TextChange, delta: number): boolean {
  return old.start === now.start && old.start <= change.start && change.end <= old.end && old.end + delta === now.end;
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

function pushCut(segments: Segment[], { ends, isOpen }: Cut, start: number): number {
  let at = start;
  for (const end of ends) {
    segments.push(new Segment(at, end, isOpen));
    at = end;
  }
  return at;
}

export function cutSegments(text: string, cutter: Cutter): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  do {
    at = pushCut(segments, cutter(text, at), at);
  } while (at < text.length);
  return segments;
}

/** Nodes that begin where a pattern matches, one for each match. */
export function* nodesAt(file: SegmentedFile, matches: TextFact<readonly number[]>): Generator<PlacedNode> {
  for (const { segment, value: offsets } of file.gather(matches)) {
    const root = file.tree(segment).rootNode;
    for (const offset of offsets) {
      const node = root.descendantForIndex(offset, offset + 1);
      if (node !== null && node.startIndex === offset) yield { segment, node };
    }
  }
}
