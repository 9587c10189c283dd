/** What helpers that read a database URL put into `DATABASES`: dj-database-url, django-environ, environs. */
import {
  type Argument,
  type CallValue,
  type MappingEntry,
  plainText,
  qualifiedName,
  type Value,
} from '../../declarations/value.ts';

import { databaseUrlKeywords } from '../../facts/django.ts';

/** Stands for the URL in a mapping of settings; no key of Django's can be called so. */
export const urlKey = '(url)';
/** Stands for the name of the helper that read the URL. */
export const helperKey = '(helper)';

/** What a value comes down to. */
type Follow = (value: Value) => Value;
type Helper = 'dj-database-url' | 'django-environ';

interface Reader {
  readonly helper: Helper;
  /** Where the URL is: in an environment variable that the first argument names, or in the first argument itself. */
  readonly from: 'environment' | 'argument';
  /** True where the whole of `DATABASES` is made, with this as its default alias. */
  readonly makesDatabases?: boolean;
}

const usualVariable = 'DATABASE_URL';

const environmentReader = { helper: 'django-environ', from: 'environment' } as const;

const readers: Readonly<Record<string, Reader>> = {
  'dj_database_url.config': { helper: 'dj-database-url', from: 'environment' },
  'dj_database_url.parse': { helper: 'dj-database-url', from: 'argument' },
  'environ.Env.db': environmentReader,
  'environ.Env.db_url': environmentReader,
  'environ.Env.db_url_config': { helper: 'django-environ', from: 'argument' },
  'environs.Env.dj_db_url': { helper: 'dj-database-url', from: 'environment' },
  'configurations.values.DatabaseURLValue': { helper: 'dj-database-url', from: 'argument', makesDatabases: true },
};

const environmentClasses = new Set(['environ.Env', 'environ.FileAwareEnv', 'environs.Env', 'environs.FileAwareEnv']);

/** The names of functions whose argument is a database URL. */
export const urlReaders: readonly string[] = Object.keys(readers);

/** The settings a call makes out of a URL, as a mapping; undefined for any other call. */
export function settingsOfUrl(call: CallValue, head: Follow): Value | undefined {
  const reader = readers[nameOf(call.callee, head) ?? ''];
  if (reader === undefined) return castFromUrl(call, head);
  const byName = argumentsOf(call, reader.from === 'environment' ? ['env', 'default'] : ['url', 'engine']);
  const settings = settingsFrom(call, reader, byName, urlOf(call, reader, byName));
  if (!reader.makesDatabases) return settings;
  const entry: MappingEntry = { key: 'default', value: settings, span: call.at };
  return { kind: 'mapping', entries: [entry], complete: true, at: call.at };
}

/** `config("DATABASE_URL", cast=dj_database_url.parse)` of python-decouple and others: what `cast` makes of the text. */
function castFromUrl(call: CallValue, head: Follow): Value | undefined {
  const cast = call.arguments.find((each) => each.keyword === 'cast')?.value;
  const reader = cast === undefined ? undefined : readers[nameOf(cast, head) ?? ''];
  if (reader?.from !== 'argument' || reader.makesDatabases) return undefined;
  const byName = argumentsOf(call, ['env', 'default']);
  const url = urlOf(call, { ...reader, from: 'environment' }, byName);
  return settingsFrom({ ...call, insertion: undefined }, reader, new Map(), url);
}

function urlOf(call: CallValue, { from }: Reader, byName: ReadonlyMap<string, Argument>): Value {
  if (from === 'argument')
    return byName.get('url')?.value ?? { kind: 'unknown', reason: 'no URL is given', at: call.at };
  const variable = byName.get('env') ?? byName.get('var') ?? byName.get('name');
  const name = variable === undefined ? usualVariable : nameIn(variable.value);
  if (name === undefined) return { kind: 'unknown', reason: 'the name of the variable is not known', at: call.at };
  return { kind: 'environment', variable: name, fallback: byName.get('default')?.value, at: call.at };
}

/** The name of a variable; dj-database-url has one for its own. */
function nameIn(value: Value): string | undefined {
  const isUsual = value.kind === 'reference' && qualifiedName(value) === 'dj_database_url.DEFAULT_ENV';
  return isUsual ? usualVariable : plainText(value);
}

function settingsFrom(call: CallValue, { helper }: Reader, byName: ReadonlyMap<string, Argument>, url: Value): Value {
  const { at } = call;
  const entries: MappingEntry[] = [
    { key: urlKey, value: url, span: url.at },
    { key: helperKey, value: { kind: 'literal', value: helper, at }, span: at },
  ];
  if (helper === 'dj-database-url') {
    for (const [keyword, key] of Object.entries(databaseUrlKeywords)) {
      const argument = byName.get(keyword);
      if (argument !== undefined)
        entries.push({ key, keySpan: argument.keywordSpan, value: argument.value, span: argument.span });
    }
  }
  const engine = byName.get('engine');
  if (engine !== undefined) entries.push({ key: 'ENGINE', value: engine.value, span: engine.span });
  const hasUnread = call.arguments.some((each) => each.unpack !== undefined);
  const takesKeywords = helper === 'dj-database-url' && call.insertion !== undefined;
  return {
    kind: 'mapping',
    entries,
    complete: !hasUnread,
    at,
    insertion: takesKeywords ? { ...call.insertion!, style: { kind: 'keyword', isLowerCase: true } } : undefined,
  };
}

function argumentsOf(call: CallValue, names: readonly string[]): Map<string, Argument> {
  const byName = new Map<string, Argument>();
  let position = 0;
  for (const argument of call.arguments) {
    if (argument.unpack !== undefined) continue;
    const name = argument.keyword ?? names[position++];
    if (name !== undefined) byName.set(name, argument);
  }
  return byName;
}

/** The dotted name of what is called; a method of an object goes by its class: `environ.Env.db`. */
function nameOf(callee: Value, head: Follow): string | undefined {
  const what = head(callee);
  if (what.kind === 'reference') return what.module === '' ? undefined : qualifiedName(what);
  if (what.kind !== 'attribute') return undefined;
  const object = head(what.object);
  const maker = object.kind === 'call' ? head(object.callee) : object;
  const name = maker.kind === 'reference' ? qualifiedName(maker) : '';
  return environmentClasses.has(name) ? `${name.replace('FileAwareEnv', 'Env')}.${what.name}` : undefined;
}
