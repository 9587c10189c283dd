/** When FastAPI closes what dependencies with `yield` hand out. */
import { isAtLeast } from '../versions.ts';

/** The newest release these facts know; assumed where the workspace names none. */
export const newestFastapi = '0.142';

/**
 * Before 0.106 after the response; from there before the body is sent; from 0.118 after it again, except with
 * `Depends(…, scope="function")`. https://fastapi.tiangolo.com/release-notes/ ; measured on 0.142.
 */
export function closesAfterBody(version: string): boolean {
  return !isAtLeast(version, '0.106') || isAtLeast(version, '0.118');
}

/** Releases on either side of what changed, for requirements that name an upper bound alone. */
export const fastapiReleases: readonly string[] = [
  ...['0.121', '0.118', '0.117', '0.110', '0.106', '0.105', '0.100', '0.90', '0.60', '0.1'],
];

/** From 0.121 a dependency can be told to end with the function that asks for it. */
export function knowsScope(version: string): boolean {
  return isAtLeast(version, '0.121');
}
