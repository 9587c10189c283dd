/** Which packages, in which versions, the dependency files of a Python project name. Read line by line; nothing is resolved. */
import type { Location } from '../core/text.ts';
import { compareVersions } from '../facts/versions.ts';

export interface Requirement {
  /** Normalised: lower case, hyphens. */
  readonly name: string;
  /** A version that is certain: pinned or locked. */
  readonly version?: string;
  /** The version is certainly lower than this. */
  readonly below?: string;
  readonly isLocked: boolean;
  /** The requirement as written. */
  readonly text: string;
  readonly at: Location;
}

const dependencyFile =
  /^(?:.*\/)?(?:requirements\/[^/]*\.(?:txt|in)|[^/]*requirements[^/]*\.(?:txt|in)|pyproject\.toml|poetry\.lock|uv\.lock|pdm\.lock|Pipfile|Pipfile\.lock|setup\.cfg|setup\.py)$/i;

/** `path` with `/`: files of a folder `requirements` count whatever they are called. */
export function isDependencyFile(path: string): boolean {
  return dependencyFile.test(path);
}

export function readDependencies(uri: string, text: string): Requirement[] {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  if (/^(?:poetry|uv|pdm)\.lock$/i.test(name))
    return readLock(uri, text, /^name = "([^"\n]+)"\s*\nversion = "([^"\n]+)"/gm);
  if (name === 'Pipfile.lock')
    return readLock(uri, text, /^[ \t]*"([\w.-]+)": \{(?:(?!": \{|^[ \t]{8}\})[\s\S])*?"version": "==([^"]+)"/gm);
  if (/\.(?:txt|in)$/i.test(name)) return readRequirementLines(uri, text);
  return readProjectFile(uri, text);
}

function readLock(uri: string, text: string, pattern: RegExp): Requirement[] {
  return [...text.matchAll(pattern)].map((match) => ({
    name: normalise(match[1]!),
    version: match[2]!,
    isLocked: true,
    text: `${match[1]} ${match[2]}`,
    at: { uri, start: match.index, end: match.index + match[0].length },
  }));
}

const specification =
  /^([A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]\n]*\])?[ \t]*\(?((?:[ \t]*(?:===?|~=|!=|<=?|>=?)[ \t]*[\w.*+!-]+[ \t]*,?)*)\)?/;

function readRequirementLines(uri: string, text: string): Requirement[] {
  const found: Requirement[] = [];
  for (const match of text.matchAll(/^[ \t]*([A-Za-z0-9][^\r\n#;]*)/gm)) {
    // A backslash continues the line with hashes, which are no part of the requirement.
    const text = match[1]!.replace(/\s*\\?\s*$/, '');
    const requirement = readSpecification(uri, text, match.index + match[0].indexOf(match[1]!));
    if (requirement !== undefined) found.push(requirement);
  }
  return found;
}

/** pyproject.toml, Pipfile, setup.cfg and setup.py: quoted specifications, and `name = "^2.0"` lines. */
function readProjectFile(uri: string, text: string): Requirement[] {
  const found: Requirement[] = [];
  for (const match of text.matchAll(
    /["']([A-Za-z0-9][\w.-]*[ \t]*(?:\[[^\]\n]*\])?[ \t]*\(?(?:===?|~=|!=|<|>)[^"'\n;]*|[A-Za-z][\w-]*(?:\[[\w,-]*\])?)["'][ \t]*(?=[,\]\n;])/g,
  )) {
    const requirement = readSpecification(uri, match[1]!, match.index + 1);
    if (requirement !== undefined) found.push(requirement);
  }
  const table =
    /^[ \t]*"?([A-Za-z0-9][\w.-]*)"?[ \t]*=[ \t]*(?:"([\^~=<>*\d][^"\n]*)"|\{[^}\n]*version[ \t]*=[ \t]*"([^"\n]+)"[^}\n]*\})/gm;
  for (const match of text.matchAll(table)) {
    if (/^(?:version|python|requires-python|name)$/.test(match[1]!)) continue;
    const bounds = readBounds(match[2] ?? match[3]!);
    const at = { uri, start: match.index, end: match.index + match[0].length };
    found.push({ name: normalise(match[1]!), ...bounds, isLocked: false, text: match[0].trim(), at });
  }
  for (const match of text.matchAll(/^[ \t]+([A-Za-z0-9][\w.-]*(?:\[[^\]\n]*\])?[ \t]*(?:==|~=|<|>)[^\r\n;#"']*)$/gm)) {
    const requirement = readSpecification(uri, match[1]!.trimEnd(), match.index + match[0].indexOf(match[1]!));
    if (requirement !== undefined) found.push(requirement);
  }
  return found;
}

function readSpecification(uri: string, text: string, start: number): Requirement | undefined {
  const match = specification.exec(text);
  if (!match) return undefined;
  const at = { uri, start, end: start + text.length };
  return { name: normalise(match[1]!), ...readBounds(match[2] ?? ''), isLocked: false, text, at };
}

/** The certain version or the upper bound that a specification gives. */
export function readBounds(specifiers: string): { version?: string; below?: string } {
  let version: string | undefined;
  let below: string | undefined;
  const lower = (bound: string) => {
    if (below === undefined || compareVersions(bound, below) < 0) below = bound;
  };
  const bare = /^[ \t]*v?\d/.test(specifiers) ? `==${specifiers.trim()}` : specifiers;
  for (const [, operator, bound] of bare.matchAll(/(===?|~=|<=?|\^|~)[ \t]*v?(\d[\w.*]*)/g)) {
    const release = bound!.replace(/\.\*$/, '');
    const parts = release.split('.').map(Number);
    if (operator === '==' || operator === '===') {
      version = release;
    } else if (operator === '<') lower(release);
    else if (operator === '<=') version ??= release;
    else if (operator === '^') lower(parts[0] === 0 ? `0.${(parts[1] ?? 0) + 1}` : `${parts[0]! + 1}`);
    else if (operator === '~') lower(parts.length > 1 ? `${parts[0]}.${parts[1]! + 1}` : `${parts[0]! + 1}`);
    else if (operator === '~=') lower(parts.length > 2 ? `${parts[0]}.${parts[1]! + 1}` : `${parts[0]! + 1}`);
  }
  return { version, below };
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
