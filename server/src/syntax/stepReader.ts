/** What reading the steps of a function has in common, whatever the language: how deep it goes, and what is conditional in it. */
import type { Node } from 'web-tree-sitter';

export class StepReader {
  /** True once something was nested too deeply to be read: then nothing of the function counts. */
  isTooDeep = false;
  private depth = 0;
  private guards = 0;

  constructor(
    /** Offset of the place that spans are relative to, in the tree. */
    readonly base: number,
    /** What is nested more deeply is generated, or hostile. */
    private readonly deepest: number,
  ) {}

  span(node: Node) {
    return { start: node.startIndex - this.base, end: node.endIndex - this.base };
  }

  /** Runs `read` one level further in; not where that is too deep. */
  nested<T>(read: () => T): T | undefined {
    if (this.depth >= this.deepest) {
      this.isTooDeep = true;
      return undefined;
    }
    this.depth++;
    const result = read();
    this.depth--;
    return result;
  }

  /** Runs `read` for code that runs only if something was missing before, or failed. */
  guarded<T>(isGuarded: boolean, read: () => T): T {
    if (isGuarded) this.guards++;
    const result = read();
    if (isGuarded) this.guards--;
    return result;
  }

  protected get isGuarded(): boolean {
    return this.guards > 0;
  }
}
