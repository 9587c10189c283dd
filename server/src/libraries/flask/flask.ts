/** Flask-SQLAlchemy: an engine for the application's URI and one for each bind, with options out of its configuration. */
import { type Location, locate } from '../../core/text.ts';
import { written } from '../../declarations/edits.ts';
import type { ResolvedMapping } from '../../declarations/mappings.ts';
import { calleeOf } from '../../declarations/parameters.ts';
import type { DatabaseAddress, Pool } from '../../declarations/pool.ts';
import { headOf, isScalar, resolveValue } from '../../declarations/resolve.ts';
import type { Argument, ArgumentInsertion, CallSite, MappingEntry, Value } from '../../declarations/value.ts';
import {
  coercesTexts,
  flaskSqlalchemyReleases,
  formerSettings,
  hasFormerSettings,
  mysqlDefaults,
  newestFlaskSqlalchemy,
  optionsReachBinds,
  settingWins,
} from '../../facts/flaskSqlalchemy.ts';
import type { EffectiveArguments } from '../arguments.ts';
import type { AssumedVersion, InterpretationContext, Library } from '../library.ts';
import { assumedVersionOf } from '../plainPool.ts';
import { enginePool, sqlalchemyProblems } from '../sqlalchemy/sqlalchemy.ts';
import { type Configuration, type ConfiguredSetting, configurationAround } from './configuration.ts';
import { formerSettingProblems, unreachedOptionsProblem } from './problems.ts';

const uriSetting = 'SQLALCHEMY_DATABASE_URI';
const optionsSetting = 'SQLALCHEMY_ENGINE_OPTIONS';
const bindsSetting = 'SQLALCHEMY_BINDS';
const settingNames = [uriSetting, optionsSetting, bindsSetting, ...Object.keys(formerSettings)];

export const flaskSqlalchemy: Library = {
  name: 'Flask-SQLAlchemy',
  language: 'python',
  systems: ['flask-sqlalchemy'],
  callables: new Set([
    'flask_sqlalchemy.SQLAlchemy',
    'flask_sqlalchemy.extension.SQLAlchemy',
    'flask_appbuilder.SQLA',
    'flask_appbuilder.models.sqla.SQLA',
  ]),
  tellingNames: new Set(),
  connectors: new Set(),
  shownDefaults: ['pool_size', 'max_overflow', 'pool_timeout'],
  settingNames: new Set(settingNames),
  interpret,
  problems: sqlalchemyProblems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool[] {
  if (!flaskSqlalchemy.callables.has(path)) return [];
  const version = assumedVersionOf(
    context.dependencies,
    'flask-sqlalchemy',
    newestFlaskSqlalchemy,
    flaskSqlalchemyReleases,
  );
  const configuration = configurationAround(site.uri, settingNames, [uriSetting, bindsSetting], context);
  const changesOptions = mayChangeOptions(site.callee, context);
  const passed = constructorOptions(site, context);
  const application = { site, version, configuration, context, passed, changesOptions };
  return [defaultPool(application), ...bindPools(application)].filter((pool) => pool !== undefined);
}

interface Application {
  readonly site: CallSite;
  readonly version: AssumedVersion;
  readonly configuration: Configuration;
  readonly context: InterpretationContext;
  /** `SQLAlchemy(engine_options={…})` */
  readonly passed: Options;
  /** True where a class of the workspace sets options when the engines are made. */
  readonly changesOptions: boolean;
}

/** Methods that derived classes override to change the options of an engine, in version 2 and 3. */
const optionHooks = [
  'apply_pool_defaults',
  'apply_driver_hacks',
  'create_engine',
  'get_engine',
  'make_connector',
  '_make_engine',
  '_apply_driver_defaults',
];

function mayChangeOptions(callee: Value, context: InterpretationContext): boolean {
  const head = headOf(callee, context.resolve);
  if (head.kind !== 'reference' || head.module !== '') return false;
  const definition = context.resolve.definition(head.at.uri, head.name);
  if (definition?.kind !== 'class') return false;
  return (
    optionHooks.some((name) => definition.members.has(name)) ||
    definition.bases.some((base) => mayChangeOptions(base, context))
  );
}

/** Engine options from one place. */
interface Options {
  readonly entries: readonly MappingEntry[];
  /** False where an option that is not listed may still be set. */
  readonly complete: boolean;
  readonly insertion?: ArgumentInsertion;
}

const noOptions: Options = { entries: [], complete: true };
const unreadOptions: Options = { entries: [], complete: false };

function optionsIn(value: Value | undefined, context: InterpretationContext): Options {
  if (value === undefined) return noOptions;
  const content = resolveValue(value, context.resolve);
  if (!content.known) return unreadOptions;
  if (isScalar(content.value)) return content.value ? unreadOptions : noOptions;
  return content.value.type === 'mapping' ? fromMapping(content.value) : unreadOptions;
}

function fromMapping({ entries, complete, insertion }: ResolvedMapping): Options {
  return { entries, complete, insertion };
}

function constructorOptions(site: CallSite, context: InterpretationContext): Options {
  const argument = site.arguments.find((each) => each.keyword === 'engine_options');
  if (argument !== undefined) return optionsIn(argument.value, context);
  return site.arguments.some((each) => each.unpack !== undefined) ? unreadOptions : noOptions;
}

/** The engine of SQLALCHEMY_DATABASE_URI. Where only binds are configured there is none. */
function defaultPool(application: Application): Pool | undefined {
  const { configuration, passed, version, context, site } = application;
  const uri = configuration(uriSetting);
  const setting = configuration(optionsSetting);
  if (uri === undefined && setting === undefined && configuration(bindsSetting) !== undefined) return undefined;
  const options = optionsIn(setting?.value, context);
  const former = formerOptions(application);
  const [weaker, stronger] = settingWins(version.version) ? [passed, options] : [options, passed];
  const effective = effectiveArguments([former, weaker, stronger], uri && urlArgument(uri));
  // Where the URI comes from out of sight, so may the options.
  const isInSight = uri !== undefined || setting !== undefined || passed !== noOptions;
  const pool = build(application, {
    key: '',
    name: site.assignedTo ?? '',
    effective: isInSight && !application.changesOptions ? effective : { ...effective, hasUnread: true },
    insertion: insertionFor(options, setting, uri, application),
    optionsAt: keyOf(setting) ?? keyOf(uri),
  });
  if (hasFormerSettings(version.version)) return pool;
  return { ...pool, problems: formerSettingProblems(formerInUse(configuration), setting, version) };
}

function bindPools(application: Application): Pool[] {
  const { configuration, passed, version, context } = application;
  const binds = configuration(bindsSetting);
  const content = binds && resolveValue(binds.value, context.resolve);
  if (!content?.known || isScalar(content.value) || content.value.type !== 'mapping') return [];
  const setting = configuration(optionsSetting);
  const shared = optionsReachBinds(version.version) ? optionsIn(setting?.value, context) : noOptions;
  return content.value.entries.flatMap((entry) => {
    if (entry.key === undefined) return [];
    const own = ownOptions(entry, context);
    const effective = effectiveArguments([shared, passed, own.options], own.url);
    const pool = build(application, {
      key: entry.key,
      name: entry.key,
      effective: application.changesOptions ? { ...effective, hasUnread: true } : effective,
      insertion: own.options.insertion,
      optionsAt: entry.keySpan ?? entry.span,
    });
    const isReached = optionsReachBinds(version.version) || passed !== noOptions || own.options !== noOptions;
    if (isReached) return [pool];
    const { entries } = optionsIn(setting?.value, context);
    return [{ ...pool, problems: unreachedOptionsProblem(pool, calleeOf(pool), entries, version) }];
  });
}

/** Values that are texts, whatever they say. */
const textKinds: ReadonlySet<Value['kind']> = new Set(['environment', 'text', 'convert', 'operation']);

/** A bind is a URL, or from 3.0 on a dictionary of options with `url` among them. */
function ownOptions(entry: MappingEntry, context: InterpretationContext): { url?: Argument; options: Options } {
  const content = resolveValue(entry.value, context.resolve);
  if (content.known && !isScalar(content.value) && content.value.type === 'mapping')
    return { options: fromMapping(content.value) };
  const isText = content.known || textKinds.has(headOf(entry.value, context.resolve).kind);
  return { url: argumentOf('url', entry), options: isText ? noOptions : unreadOptions };
}

function argumentOf(keyword: string, entry: MappingEntry): Argument {
  return { keyword, keywordSpan: entry.keySpan, value: entry.value, span: entry.span, valueSpan: entry.value.at };
}

function urlArgument({ value, site }: ConfiguredSetting): Argument {
  return { ...site.arguments[0]!, keyword: 'url', value };
}

function effectiveArguments(layers: readonly Options[], url: Argument | undefined): EffectiveArguments {
  const byName = new Map<string, Argument>();
  if (url !== undefined) byName.set('url', url);
  for (const { entries } of layers)
    for (const entry of entries) if (entry.key !== undefined) byName.set(entry.key, argumentOf(entry.key, entry));
  return { list: [...byName.values()], byName, hasUnread: layers.some((each) => !each.complete) };
}

function formerInUse(configuration: Configuration): ConfiguredSetting[] {
  return Object.keys(formerSettings).flatMap((name) => configuration(name) ?? []);
}

/** SQLALCHEMY_POOL_SIZE and its kin, where the version still reads them. */
function formerOptions({ configuration, version }: Application): Options {
  if (!hasFormerSettings(version.version)) return noOptions;
  const entries = formerInUse(configuration).flatMap(({ value, site }): MappingEntry[] => {
    const isUnset = value.kind === 'literal' && value.value === null;
    if (isUnset) return [];
    const [argument] = site.arguments;
    return [{ key: formerSettings[site.name]!, keySpan: argument!.keywordSpan, value, span: argument!.span }];
  });
  return { entries, complete: true };
}

interface Engine {
  readonly key: string;
  readonly name: string;
  readonly effective: EffectiveArguments;
  readonly insertion: ArgumentInsertion | undefined;
  readonly optionsAt: Location | undefined;
}

function build({ site, version, context }: Application, engine: Engine): Pool {
  const { key, name, effective, insertion, optionsAt } = engine;
  const pool = enginePool(
    {
      system: 'flask-sqlalchemy',
      libraryName: 'SQLAlchemy',
      key,
      callable: 'SQLAlchemy',
      name,
      isAsync: false,
      isFromConfig: coercesTexts(version.version),
      defaults: (address) => (isMysql(address) ? mysqlDefaults(version.version) : {}),
      optionsAt,
    },
    insertion === undefined ? site : { ...site, insertion },
    effective,
    context,
  );
  // Options that nothing can be added to: the passed takes none of them.
  return insertion === undefined ? { ...pool, hasUnreadArguments: true } : pool;
}

/** Flask-SQLAlchemy looks at the beginning of the URL: MariaDB's own dialect is not meant. */
function isMysql(address: DatabaseAddress): boolean {
  return address.dialect === 'mysql';
}

function keyOf(setting: ConfiguredSetting | undefined): Location | undefined {
  return setting && locate(setting.site.uri, setting.site.calleeSpan);
}

/** Into the options where they are written as a dictionary, else as a setting of their own beside the URI. */
function insertionFor(
  options: Options,
  setting: ConfiguredSetting | undefined,
  uri: ConfiguredSetting | undefined,
  { passed, site }: Application,
): ArgumentInsertion | undefined {
  if (setting !== undefined) return options.insertion;
  if (passed !== noOptions) return passed.insertion;
  if (uri === undefined) return wrapped(site.insertion, 'engine_options', site.uri);
  return wrapped(uri.site.insertion, optionsSetting, uri.site.uri);
}

/** A new setting around the option that is added. */
function wrapped(insertion: ArgumentInsertion, name: string, uri: string): ArgumentInsertion {
  const { style } = insertion;
  const quote = style?.kind === 'entry' || style?.kind === 'item' ? style.quote : '"';
  return {
    uri,
    ...insertion,
    before: `${insertion.before}${written(insertion, name, '{')}`,
    after: `}${insertion.after}`,
    separator: ', ',
    style: { kind: 'entry', quote },
  };
}
