/** Slonik: one pool per `createPool`. */
import { locate } from '../core/text.ts';
import { setParameters } from '../declarations/parameters.ts';
import type { Pool, PoolProblemFix, SessionUse } from '../declarations/pool.ts';
import type { CallSite } from '../declarations/value.ts';
import {
  newestSilverhandSlonik,
  newestSlonik,
  readsMaxPoolSize,
  slonikFacts,
  slonikStartupParameters,
} from '../facts/slonik.ts';
import { driverAddress } from './driverAddress.ts';
import type { InterpretationContext, Library } from './library.ts';
import { optionsAt } from './options.ts';
import { assumedVersionOf, idleBoundBy, limitedBy, plainPool, waitBoundBy } from './plainPool.ts';

/** The package, and a fork of its version 30. */
const packages = ['slonik', '@silverhand/slonik'];
const callables = packages.map((each) => `${each}.createPool`);

export const slonik: Library = {
  name: 'Slonik',
  language: 'typescript',
  systems: ['slonik'],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['maximumPoolSize', 'connectionTimeout'],
  interpret: (site, path, context) => [interpret(site, path, context)],
};

/** No time limit. */
const off = 'DISABLE_TIMEOUT';
const isOff = (value: unknown) => value === off;

function interpret(site: CallSite, path: string, context: InterpretationContext): Pool {
  const options = optionsAt(site, 1, context.resolve);
  const version = path.startsWith('@')
    ? assumedVersionOf(context.dependencies, packages[1]!, newestSilverhandSlonik)
    : assumedVersionOf(context.dependencies, packages[0]!, newestSlonik);
  const byName = new Map(options.byName);
  const alias = byName.get('maxPoolSize');
  const facts = alias !== undefined && readsMaxPoolSize(version.version) ? renamed : slonikFacts;
  const size = facts === renamed ? 'maxPoolSize' : 'maximumPoolSize';
  const pool = plainPool(
    {
      system: 'slonik',
      library: 'Slonik',
      version,
      callable: 'createPool',
      facts,
      effective: options,
      address: driverAddress(site.arguments[0], new Map(), { dialect: 'postgresql', driver: 'pg' }, context),
      poolClass: 'Pool',
      peak: limitedBy(size),
      acquireWait: waitBoundBy('connectionTimeout', { forever: isOff }),
      idleLimit: idleBoundBy('idleTimeout', isOff),
      insertion: options.insertion ?? null,
    },
    site,
    context,
  );
  return { ...pool, sessions: sessionsOf(pool, site) };
}

const renamed = slonikFacts.map((fact) => (fact.name === 'maximumPoolSize' ? { ...fact, name: 'maxPoolSize' } : fact));

function sessionsOf(pool: Pool, site: CallSite): SessionUse {
  const startupParameters = Object.entries(slonikStartupParameters).flatMap(([setting, name]) => {
    const parameter = pool.parameters.get(setting);
    if (parameter === undefined || !parameter.value.known || isOff(parameter.value.value)) return [];
    const fixes = timeoutOff(pool, setting);
    return [{ name, at: parameter.written?.valueSpan ?? locate(site.uri, site.calleeSpan), fixes }];
  });
  return { statements: { kind: 'none' }, startupParameters };
}

/** Takes the time limit away where the setting stands, or adds the word that does. */
function timeoutOff(pool: Pool, setting: string): PoolProblemFix[] {
  const edits = setParameters(pool, { [setting]: `'${off}'` });
  if (edits === undefined) return [];
  return [{ title: `Set ${setting}: '${off}'`, safety: 'suggestion', preferred: true, edits }];
}
