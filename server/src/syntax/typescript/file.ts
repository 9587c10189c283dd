/** One TypeScript or JavaScript file as text and top-level statements. */
import type { GrammarName, LanguageParser } from '../parser.ts';
import { type Cutter, SegmentedFile } from '../segmentedFile.ts';
import { cutStatement } from './segments.ts';

export type { Segment } from '../segmentedFile.ts';

/** Only files that cannot hold elements may hold assertions in angle brackets and arrow functions that begin with `<T>`. */
const withoutElements = /\.[mc]?ts$/;

export function grammarOf(uri: string): GrammarName {
  return withoutElements.test(uri) ? 'typescript' : 'tsx';
}

export function cutterFor(uri: string): Cutter {
  const hasElements = grammarOf(uri) === 'tsx';
  return (text, start) => cutStatement(text, start, hasElements);
}

export class ScriptFile extends SegmentedFile {
  constructor(uri: string, text: string, parser: LanguageParser) {
    super(uri, text, parser, cutterFor(uri));
  }
}
