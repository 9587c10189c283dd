/** One Prisma schema with its tree, parsed anew from the edited one: schemas are short and hold one datasource. */
import { Edit, type Tree } from 'web-tree-sitter';
import { LineIndex } from '../../core/text.ts';
import type { SourceDocument, TextChange } from '../frontEnd.ts';
import type { LanguageParser } from '../parser.ts';

export class PrismaFile implements SourceDocument {
  lines: LineIndex;
  private current: Tree | undefined;
  private outdated: Tree | undefined;

  constructor(
    readonly uri: string,
    public text: string,
    private readonly parser: LanguageParser,
  ) {
    this.lines = LineIndex.of(text);
  }

  edit(change: TextChange): void {
    const { start, end, newText } = change;
    const text = change.after?.text ?? this.text.slice(0, start) + newText + this.text.slice(end);
    const lines = change.after?.lines ?? this.lines.withEdit(start, end, newText, text);
    const tree = this.current ?? this.outdated;
    if (tree !== undefined) {
      const at = (table: LineIndex, offset: number) => {
        const { line, character } = table.position(offset);
        return { row: line, column: character };
      };
      tree.edit(
        new Edit({
          startIndex: start,
          oldEndIndex: end,
          newEndIndex: start + newText.length,
          startPosition: at(this.lines, start),
          oldEndPosition: at(this.lines, end),
          newEndPosition: at(lines, start + newText.length),
        }),
      );
      if (this.current !== undefined && this.outdated !== undefined) this.outdated.delete();
      this.outdated = tree;
      this.current = undefined;
    }
    this.text = text;
    this.lines = lines;
  }

  /** The tree of the text as it stands; the file keeps it. */
  get tree(): Tree {
    if (this.current === undefined) {
      this.current = this.parser.parse(this.text, this.outdated);
      this.outdated?.delete();
      this.outdated = undefined;
    }
    return this.current;
  }

  release(): void {
    this.current?.delete();
    this.outdated?.delete();
    this.current = undefined;
    this.outdated = undefined;
  }
}
