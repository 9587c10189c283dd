/** Sequelize 6, and sequelize-typescript on it: one pool, or two where it replicates. */
import { knownValueOf, placeOf, writtenArgument } from '../declarations/parameters.ts';
import type { DatabaseAddress, Pool, PoolProblem } from '../declarations/pool.ts';
import { isScalar, resolveValue } from '../declarations/resolve.ts';
import { unknownAmount } from '../declarations/resolved.ts';
import type { Argument, CallSite } from '../declarations/value.ts';
import { advisedPoolSize } from '../facts/advice.ts';
import { newestSequelize, sequelizeDialects, sequelizeFacts } from '../facts/sequelize.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { nestModule, nestOptions } from './nest.ts';
import { nestedOptions, type Options, optionsIn } from './options.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, plainPool, waitBoundBy } from './plainPool.ts';
import { minimumAboveMaximum, setting } from './plainProblems.ts';
import { fix } from './results.ts';

const nest = nestModule('@nestjs/sequelize.SequelizeModule');
const callables = ['sequelize.Sequelize', 'sequelize', 'sequelize-typescript.Sequelize', ...nest];

export const sequelize: Library = {
  name: 'Sequelize',
  language: 'typescript',
  systems: ['sequelize'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['max', 'acquire'],
  interpret,
  problems,
};

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool[] {
  const { options, url } = nest.includes(path) ? nestArguments(site, path, context) : argumentsOf(site, context);
  const address = addressOf(options, url, context);
  if (address === undefined) return [];
  const inner = nestedOptions(options, 'pool', context.resolve);
  const replicates = options.byName.get('replication') !== undefined;
  const base = {
    system: 'sequelize',
    library: 'Sequelize',
    version: assumedVersionOf(context.dependencies, 'sequelize', newestSequelize),
    callable: 'Sequelize',
    facts: sequelizeFacts,
    effective: inner,
    address,
    poolClass: 'Pool',
    peak: limitedBy('max'),
    acquireWait: waitBoundBy('acquire'),
    idleLimit: idleBoundBy('idle', () => false),
    insertion: inner.insertion,
  } as const;
  const written = options.byName.get('pool');
  if (written !== undefined && isFalse(written, context)) return [withoutPool(plainPool(base, site, context), written)];
  if (!replicates) return [plainPool(base, site, context)];
  // However many readers there are, they share one pool.
  return ['write', 'read'].map((key) =>
    plainPool({ ...base, key, name: `${site.assignedTo ?? 'sequelize'} (${key})` }, site, context),
  );
}

/** `new Sequelize(url, options)`, `new Sequelize(database, user, password, options)`, `new Sequelize(options)`. */
function argumentsOf(site: CallSite, context: InterpretationContext): { options: Options; url?: Argument } {
  const none: Options = { list: [], byName: new Map(), hasUnread: false };
  const [first, second, third, fourth] = site.arguments;
  if (first === undefined || site.arguments.some((each) => each.unpack !== undefined))
    return { options: { ...none, hasUnread: first !== undefined } };
  const alone = optionsIn(first, context.resolve);
  if (alone.byName.size > 0 || (site.arguments.length === 1 && alone.text === undefined)) {
    return { options: alone, url: alone.byName.get('url') };
  }
  const isUrl = site.arguments.length <= 2;
  const options = isUrl ? second : (fourth ?? third);
  const read = options === undefined ? { ...none, insertion: site.insertion } : optionsIn(options, context.resolve);
  return { options: read, url: isUrl ? first : undefined };
}

function isFalse({ value }: Argument, context: InterpretationContext): boolean {
  const resolved = resolveValue(value, context.resolve);
  return resolved.known && resolved.value === false;
}

function withoutPool(pool: Pool, written: Argument): Pool {
  const problem: PoolProblem = {
    rule: 'invalid-pool-arguments',
    at: written.valueSpan,
    message:
      'pool: false: Sequelize throws "Support for pool:false was removed in v4.0" when it is built. Write { max: 1 } for one connection.',
    fixes: fix('Write { max: 1 }', 'suggestion', [{ ...written.valueSpan, newText: '{ max: 1 }' }]),
  };
  return { ...pool, peakPerProcess: unknownAmount('Sequelize throws for pool: false'), problems: [problem] };
}

function nestArguments(
  site: CallSite,
  path: string,
  context: InterpretationContext,
): { options: Options; url?: Argument } {
  const options = nestOptions(site, path, 'createSequelizeOptions', context);
  return { options, url: options.byName.get('uri') };
}

/** Undefined for databases without a server, and where nothing says which it is. */
function addressOf(
  options: Options,
  url: Argument | undefined,
  context: InterpretationContext,
): DatabaseAddress | undefined {
  const written = options.byName.get('dialect');
  const resolved = written && resolveValue(written.value, context.resolve);
  const named = resolved?.known && isScalar(resolved.value) ? String(resolved.value) : undefined;
  const byUrl = driverAddress(url, options.byName, { dialect: '', driver: '' }, context);
  const scheme = url === undefined ? undefined : schemeOf(url, context);
  const name = named ?? scheme;
  const dialect = name === undefined ? undefined : sequelizeDialects[name];
  if (name !== undefined && dialect === undefined) return undefined;
  return { ...byUrl, dialect, driver: undefined };
}

function schemeOf(url: Argument, context: InterpretationContext): string | undefined {
  const resolved = resolveValue(url.value, context.resolve);
  const text = resolved.known && typeof resolved.value === 'string' ? resolved.value : '';
  return /^([a-z]\w*):/.exec(text)?.[1];
}

function* problems(pool: Pool): Iterable<PoolProblem> {
  const max = writtenArgument(pool, 'max');
  const value = knownValueOf(pool, 'max');
  if (max !== undefined && (typeof value === 'string' || value === 0)) {
    const shown = typeof value === 'string' ? 'max is a text' : 'max: 0';
    yield {
      rule: 'invalid-pool-arguments',
      at: placeOf(pool, 'max'),
      message: `${shown}: Sequelize throws "max must be an integer > 0" when it is built. Write a whole number, Number(…) for what comes from the environment.`,
      fixes: value === 0 ? setting(pool, 'max', advisedPoolSize) : [],
    };
  }
  yield* minimumAboveMaximum(pool, 'min', 'max', 'the pool cannot keep what it may not open');
}
