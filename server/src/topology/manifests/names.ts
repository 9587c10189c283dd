/** Names for what manifests without names of their own describe. */

/** Manifests that are named after their folder, because they name no service themselves. */
export const manifestsWithoutNames: ReadonlySet<string> = new Set([
  'gunicorn.conf.py',
  'Dockerfile',
  'postgresql.conf',
]);

/** The folder a file lies in: `services/api/gunicorn.conf.py` is about "api". */
export function folderName(uri: string): string {
  const name = uri.split('/').at(-2) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** `Dockerfile.api` and `api.Dockerfile` are about "api", `services/api/Dockerfile` as well. */
export function dockerfileService(uri: string): string {
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  const named = /^Dockerfile[.-](.+)$/i.exec(file) ?? /^(.+)\.Dockerfile$/i.exec(file);
  return named?.[1] ?? folderName(uri);
}
