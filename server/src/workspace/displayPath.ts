import { safeDecode } from './safeDecode.ts';

/** A file's path for people: relative to the workspace folder where it lies in it. */
export function displayPathIn(root: string, uri: string): string {
  return uri.startsWith(`${root}/`)
    ? safeDecode(uri.slice(root.length + 1))
    : safeDecode(uri.replace(/^file:\/\//, ''));
}
