/** A URI's path for people; as it is where it holds a percent sign that escapes nothing. */
export function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
