/** A set of file URIs that counts how often it changed: what was found out by looking for files holds until then. */
export class FileSet extends Set<string> {
  changes = 0;

  override add(uri: string): this {
    if (!this.has(uri)) this.changes++;
    return super.add(uri);
  }

  override delete(uri: string): boolean {
    const isGone = super.delete(uri);
    if (isGone) this.changes++;
    return isGone;
  }
}
