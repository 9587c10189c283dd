/** What a look-up in the environment yields. */
import { asDefault, known, missing, type ResolvedContent } from './content.ts';
import { convert } from './conversions.ts';
import type { Origin, Resolved } from './resolved.ts';
import type { Resolver } from './resolver.ts';
import type { EnvironmentValue } from './value.ts';

export function resolveEnvironment(value: EnvironmentValue, resolver: Resolver): Resolved<ResolvedContent> {
  const { variable, fallback, readAs } = value;
  for (const name of [variable, ...(value.alsoNamed ?? [])]) {
    const set = resolver.context.environment(name);
    if (set === undefined) continue;
    const origin: Origin = { source: 'environment', label: `${name} in ${set.origin}`, variable: name, at: set.at };
    const read = readAs === undefined ? set.value : convert(set.value, readAs);
    if (read === undefined) return missing(`${name} is read in a way that is not followed here`, value.at, name);
    return known(read, 'environment', [origin], undefined);
  }
  const resolved = fallback && resolver.resolve(fallback);
  if (fallback === undefined || resolved === undefined || (resolved.known && (resolved.value ?? null) === null))
    return { ...missing(`${variable} has no default`, value.at, variable), isUnset: true };
  if (!resolved.known) return { ...resolved, variable: resolved.variable ?? variable };
  return asDefault(resolved, value, fallback.at);
}
