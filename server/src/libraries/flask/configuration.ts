/** What a Flask application's configuration holds: module constants, classes, `app.config`, one layer over the other. */
import type { SettingSite } from '../../declarations/source.ts';
import type { Value } from '../../declarations/value.ts';
import { environmentOrder, rankOfFile, rankOfName } from '../environments.ts';
import type { InterpretationContext, PlacedSetting } from '../library.ts';

export interface ConfiguredSetting {
  readonly value: Value;
  /** Where it is set; the first place, where several add up. */
  readonly site: SettingSite;
}

export type Configuration = (name: string) => ConfiguredSetting | undefined;

/** The settings under these names that the application around a file has in production. */
export function configurationAround(
  uri: string,
  names: readonly string[],
  telling: readonly string[],
  context: InterpretationContext,
): Configuration {
  const all = settingsAround(uri, names, telling, context);
  const ofClass = classInUse(all);
  return (name) =>
    layered(
      all.filter((each) => each.name === name),
      ofClass,
    );
}

/**
 * Settings in the nearest folder around the file in which one of the `telling` ones is set: a workspace may hold several
 * applications.
 */
function settingsAround(
  uri: string,
  names: readonly string[],
  telling: readonly string[],
  context: InterpretationContext,
): SettingSite[] {
  const placed = names.flatMap((name) => context.settings(name)).filter((each) => isInUse(each, context));
  for (let folder = parentOf(uri); folder !== ''; folder = parentOf(folder)) {
    const inside = placed.filter(({ site }) => site.uri.startsWith(`${folder}/`)).map(({ site }) => site);
    if (inside.some((site) => telling.includes(site.name))) return inside;
  }
  return placed.map(({ site }) => site);
}

function parentOf(uri: string): string {
  const slash = uri.lastIndexOf('/');
  return slash <= 0 || uri[slash - 1] === '/' ? '' : uri.slice(0, slash);
}

/** Settings for tests and for development are not what the application runs with. */
function isInUse({ site, context: kind }: PlacedSetting, context: InterpretationContext): boolean {
  if (kind !== 'app' && kind !== context.sourceContext) return false;
  const rank = (site.holder.kind === 'class' ? rankOfName(site.holder.name) : undefined) ?? rankOfFile(site.uri);
  return rank !== 'test' && rank !== 'development';
}

/** The class that production most likely uses, and its ancestors, nearest first; empty where there are no classes. */
function classInUse(all: readonly SettingSite[]): readonly string[] {
  const classes = new Map<string, readonly string[]>();
  for (const { holder } of all) if (holder.kind === 'class') classes.set(holder.name, holder.ancestors);
  const weight = (name: string) => environmentOrder.indexOf(rankOfName(name) ?? 'base');
  const [best] = [...classes.keys()].sort(
    // Of two alike, the one that the other is derived from.
    (a, b) => weight(a) - weight(b) || Number(isDerived(a, b)) - Number(isDerived(b, a)) || (a < b ? -1 : 1),
  );
  if (best === undefined) return [];
  const chain = [best, ...classes.get(best)!];
  // Bases in other files say themselves what they are derived from.
  for (let index = 0; index < chain.length; index++)
    for (const each of classes.get(chain[index]!) ?? []) if (!chain.includes(each)) chain.push(each);
  return chain;

  function isDerived(name: string, from: string): boolean {
    return classes.get(name)?.includes(from) === true;
  }
}

function layered(all: readonly SettingSite[], classes: readonly string[]): ConfiguredSetting | undefined {
  const of = (test: (site: SettingSite) => boolean) => all.filter(test);
  const fallback = single(of(({ holder }) => holder.kind === 'entry' && holder.isFallback));
  const constants = of(({ holder }) => holder.kind === 'module').sort((a, b) => rankAt(a) - rankAt(b));
  const inClasses = of(({ holder }) => holder.kind === 'class' && classes.includes(holder.name)).sort(
    (a, b) => classes.indexOf(classNameOf(a)) - classes.indexOf(classNameOf(b)),
  );
  let found = settingOf(inClasses[0] ?? constants[0]) ?? fallback;
  const entries = of(({ holder }) => holder.kind === 'entry' && !holder.isFallback);
  const whole = entries.filter(({ holder }) => holder.kind === 'entry' && !holder.isPartial);
  found = overlaid(found, whole);
  for (const { holder, arguments: list, ...site } of entries) {
    if (holder.kind !== 'entry' || !holder.isPartial) continue;
    found = changed(found, { ...site, holder, arguments: list }, holder.isConditional);
  }
  return found;
}

/** What is set by key counts over what classes and modules say; where several places do, or conditions, it depends. */
function overlaid(
  below: ConfiguredSetting | undefined,
  entries: readonly SettingSite[],
): ConfiguredSetting | undefined {
  const [first, ...rest] = entries;
  if (first === undefined) return below;
  const isCertain = rest.length === 0 && first.holder.kind === 'entry' && !first.holder.isConditional;
  const values = entries.map(valueIn);
  const all = isCertain || below === undefined ? values : [below.value, ...values];
  const value: Value = all.length === 1 ? all[0]! : { kind: 'alternatives', values: all, at: all[0]!.at };
  return { value, site: first };
}

function changed(
  below: ConfiguredSetting | undefined,
  site: SettingSite,
  isConditional: boolean,
): ConfiguredSetting | undefined {
  const more = valueIn(site);
  const { at } = more;
  const start: Value = below?.value ?? { kind: 'unknown', reason: 'it is changed before it is set', at };
  const added: Value = isConditional ? { kind: 'unknown', reason: 'it is changed under a condition', at } : more;
  const entries = [start, added].map((value) => ({ value, span: value.at, spread: true }));
  return { value: { kind: 'mapping', entries, complete: true, at: start.at }, site: below?.site ?? site };
}

function single(sites: readonly SettingSite[]): ConfiguredSetting | undefined {
  return settingOf(sites[0]);
}

function settingOf(site: SettingSite | undefined): ConfiguredSetting | undefined {
  return site && { value: valueIn(site), site };
}

function valueIn(site: SettingSite): Value {
  return site.arguments[0]!.value;
}

function classNameOf({ holder }: SettingSite): string {
  return holder.kind === 'class' ? holder.name : '';
}

function rankAt({ uri }: SettingSite): number {
  return environmentOrder.indexOf(rankOfFile(uri));
}
