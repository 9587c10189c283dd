/** What Nest's `ConfigService` gives for a key, `config.get('database.poolSize')`, out of the configurations of the workspace. */
import { type CallValue, plainText, qualifiedName, type ReferenceValue, type Value } from '../declarations/value.ts';
import { nestConfiguration } from '../facts/nest.ts';
import type { Library, PlacedSetting } from './library.ts';

const { module, registers, loads, get, injected } = nestConfiguration;

/** It declares no pool; its configurations are looked up by those that do. */
export const nestConfigurations: Library = {
  name: 'Nest configuration',
  language: 'typescript',
  systems: [],
  callables: new Set(),
  connectors: new Set(),
  shownDefaults: [],
  settingNames: new Set([registers, loads]),
  interpret: () => [],
};

/** Undefined for every other call, and where no configuration has the key. */
export function configuredValue(
  call: CallValue,
  settings: (name: string) => readonly PlacedSetting[],
  reference: (reference: ReferenceValue) => Value | undefined,
): Value | undefined {
  const { callee, arguments: list, at } = call;
  if (callee.kind !== 'reference' || callee.module !== module) return undefined;
  if (callee.name === injected) return list[0] && registeredAs(list[0].value, at.uri, settings, reference);
  if (qualifiedName(callee) !== `${module}.${get}`) return undefined;
  const key = list[0] && plainText(list[0].value);
  if (key === undefined) return undefined;
  const found = objectFor(key, at.uri, settings);
  if (found === undefined) return undefined;
  const value = found.path.reduce<Value>((object, name) => ({ kind: 'attribute', object, name, at }), found.object);
  const fallback = list[1]?.value;
  return fallback === undefined ? value : { kind: 'operation', operator: '??', operands: [value, fallback], at };
}

/** Names handed on from module to module more often than this are a circle. */
const longestChain = 8;

/** What a variable holds that `registerAs` made. */
function registeredAs(
  value: Value,
  uri: string,
  settings: (name: string) => readonly PlacedSetting[],
  reference: (reference: ReferenceValue) => Value | undefined,
): Value | undefined {
  let made: Value | undefined = value;
  for (let step = 0; step < longestChain && made !== undefined && made.kind !== 'call'; step++)
    made = made.kind === 'constant' ? made.value : made.kind === 'reference' ? reference(made) : undefined;
  if (made?.kind !== 'call' || made.callee.kind !== 'reference') return undefined;
  const name = made.callee.name === registers ? made.arguments[0] && plainText(made.arguments[0].value) : undefined;
  return name === undefined ? undefined : registeredUnder(name, uri, settings)?.value;
}

function registeredUnder(name: string, uri: string, settings: (name: string) => readonly PlacedSetting[]) {
  const own = ofApplication(settings(registers)).filter(({ site }) => plainText(site.arguments[0]!.value) === name);
  return nearest(own, uri)?.site.arguments[1];
}

/** The configuration that a key begins in, and the rest of the key. */
function objectFor(
  key: string,
  uri: string,
  settings: (name: string) => readonly PlacedSetting[],
): { object: Value; path: readonly string[] } | undefined {
  const path = key.split('.');
  const registered = registeredUnder(path[0]!, uri, settings)?.value;
  if (registered !== undefined) return { object: registered, path: path.slice(1) };
  // With several functions nobody says which of them has the key.
  const loaded = nearest(ofApplication(settings(loads)), uri)?.site.arguments.filter(
    ({ value }) => !isRegistered(value),
  );
  return loaded?.length === 1 ? { object: loaded[0]!.value, path } : undefined;
}

function ofApplication(settings: readonly PlacedSetting[]): PlacedSetting[] {
  return settings.filter(({ context }) => context === 'app');
}

/** `load: [databaseConfig]` hands on what is registered under a name. */
function isRegistered(value: Value): boolean {
  return value.kind === 'call' && value.callee.kind === 'call';
}

function nearest(settings: readonly PlacedSetting[], uri: string): PlacedSetting | undefined {
  const parts = uri.split('/');
  const shared = ({ site }: PlacedSetting) => {
    const other = site.uri.split('/');
    let count = 0;
    while (count < parts.length && parts[count] === other[count]) count++;
    return count;
  };
  return [...settings].sort((a, b) => shared(b) - shared(a))[0];
}
