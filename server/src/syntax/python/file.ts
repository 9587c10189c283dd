/** One Python file as text and top-level statements. */
import type { LanguageParser } from '../parser.ts';
import { type Cut, SegmentedFile } from '../segmentedFile.ts';
import { endOfTopLevelStatement } from './segments.ts';

export type { Segment } from '../segmentedFile.ts';

/** An open bracket ends at the next definition, so that no end depends on text far behind it. */
export function cutPython(text: string, start: number): Cut {
  return { ends: [endOfTopLevelStatement(text, start)], isOpen: false };
}

export class PythonFile extends SegmentedFile {
  constructor(uri: string, text: string, parser: LanguageParser) {
    super(uri, text, parser, cutPython);
  }
}
