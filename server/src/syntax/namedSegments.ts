/** Finds the statements that bind a name without an index of all names, which every keystroke would have to make anew. */
import type { Segment, SegmentedFile } from './segmentedFile.ts';

/** Segments that a text with this name in it may stand in, in source order, of which `binds` holds. */
export function segmentsWithName(
  file: SegmentedFile,
  name: string,
  binds: (segment: Segment) => boolean,
): readonly Segment[] {
  return file.remember(`binding ${name}`, () => {
    const found: Segment[] = [];
    for (let at = file.text.indexOf(name); at !== -1; ) {
      const segment = file.segmentAt(at);
      if (binds(segment)) found.push(segment);
      at = segment.end > at ? file.text.indexOf(name, segment.end) : -1;
    }
    return found;
  });
}
