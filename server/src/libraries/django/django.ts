/** Django's `DATABASES`: each alias of the settings that production uses is a pool. */
import type { Pool, SourceContext } from '../../declarations/pool.ts';
import type { ResolveContext } from '../../declarations/resolve.ts';
import { headOf, isScalar, resolveValue } from '../../declarations/resolve.ts';
import type { Argument, CallSite } from '../../declarations/value.ts';
import { djangoReleases, newestDjango } from '../../facts/django.ts';
import type { InterpretationContext, Library, PlacedSetting } from '../library.ts';
import { assumedVersionOf } from '../plainPool.ts';
import { type Alias, aliasesOf } from './aliases.ts';
import { settingsOfUrl, urlReaders } from './databaseUrl.ts';
import { type Standing, standingOf } from './modules.ts';
import { libraryName, poolOfAlias } from './pools.ts';
import { djangoProblems } from './problems.ts';

const databases = 'DATABASES';
const age = 'CONN_MAX_AGE';
const moduleVariable = 'DJANGO_SETTINGS_MODULE';

export const django: Library = {
  name: libraryName,
  language: 'python',
  systems: ['django'],
  callables: new Set(),
  connectors: new Set(urlReaders),
  shownDefaults: ['CONN_MAX_AGE', 'CONN_HEALTH_CHECKS', 'min_size', 'max_size', 'timeout'],
  settingNames: new Set([databases, age, moduleVariable]),
  interpret,
  problems: djangoProblems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool[] {
  if (path !== databases) return [];
  const all = context.settings(databases).filter(isDeclaration);
  const own = all.find((each) => each.site === site);
  if (own === undefined) return [];
  const standing = standingOf(own, all, namedModules(context));
  if (standing.kind === 'replaced') return [];
  const resolve: ResolveContext = {
    ...context.resolve,
    call: (call) => settingsOfUrl(call, (value) => headOf(value, resolve)),
  };
  const inner = { ...context, resolve, sourceContext: contextOf(standing, context.sourceContext) };
  const version = assumedVersionOf(context.dependencies, 'django', newestDjango, djangoReleases);
  const value = site.arguments[0]?.value;
  const aliases = value === undefined ? [] : aliasesOf(value, resolve);
  const declaration = {
    site,
    version,
    strayAge: strayAgeOf(site, aliases, context),
    contextReason:
      standing.kind === 'production' ? undefined : `These are settings for ${standing.kind}, which do not count`,
  };
  return aliases
    .filter((alias) => standing.kind === 'production' || alias.keyAt.uri === site.uri)
    .map((alias) => poolOfAlias(alias, declaration, inner));
}

/** `CONN_MAX_AGE = 600` in the module itself, where no alias says anything of it. */
function strayAgeOf(site: CallSite, aliases: readonly Alias[], context: InterpretationContext): Argument | undefined {
  const isTaken = aliases.some(({ ways }) => ways.some(({ byKey, complete }) => !complete || byKey.has(age)));
  if (isTaken) return undefined;
  const stray = context.settings(age).find((each) => each.site.uri === site.uri && each.site.holder.kind === 'module');
  return stray?.site.arguments[0];
}

/**
 * A whole module's value, or that of a class of django-configurations; not a key somewhere, and nothing empty, which something
 * out of sight will fill.
 */
function isDeclaration({ site }: PlacedSetting): boolean {
  const value = site.arguments[0]?.value;
  const isEmpty = value?.kind === 'mapping' && value.entries.length === 0;
  return site.holder.kind !== 'entry' && !isEmpty;
}

/** Settings that production does not use count as what they are for. */
function contextOf(standing: Standing, own: SourceContext): SourceContext {
  if (own !== 'app') return own;
  switch (standing.kind) {
    case 'test':
      return 'test';
    case 'development':
    case 'staging':
      return 'example';
    default:
      return own;
  }
}

/** By manifests, by the environment, by the files that start the application. */
function namedModules(context: InterpretationContext): string[] {
  const inCode = context.settings(moduleVariable).flatMap(({ site, context: kind }) => {
    const value = site.arguments[0]?.value;
    const resolved = value && resolveValue(value, context.resolve);
    return kind === 'app' && resolved?.known && isScalar(resolved.value) ? [String(resolved.value)] : [];
  });
  const set = context.resolve.environment(moduleVariable)?.value;
  return [...context.settingsModules(), ...(set === undefined ? [] : [set]), ...inCode];
}
