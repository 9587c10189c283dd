/** Engines of SQLAlchemy that connect while a module is imported. */
import type { Location } from '../core/text.ts';
import type { CallStep, Step } from '../declarations/lifecycle.ts';
import { connectingByArgument, connectingMethods, engineMakers } from '../facts/lifecycle/connections.ts';
import type { FunctionInFile, WorkspaceFunctions } from './functions.ts';
import type { LibraryObject, Named, Resolved, Resolver } from './resolve.ts';

export interface EngineUsedAtImport {
  readonly uri: string;
  /** The engine, by its name at module level. */
  readonly engine: Named;
  /** The method that connects. */
  readonly at: Location;
  readonly method: string;
}

interface Use {
  readonly call: CallStep;
  readonly engine: Named;
  readonly method: string;
}

const importQuestion = {};

export function enginesUsedAtImport(functions: WorkspaceFunctions): EngineUsedAtImport[] {
  const uses = [...functions.all()].flatMap((owner) =>
    owner.placed.life.name === '' && owner.placed.life.script === undefined
      ? functions.ask(importQuestion, owner, () => usesIn(owner, functions.resolver)).map((use) => ({ owner, use }))
      : [],
  );
  // What is disposed of at import, too, hands no connection on.
  const disposed = new Set(uses.flatMap(({ use }) => (use.method === 'dispose' ? [keyOf(use.engine)] : [])));
  return uses.flatMap(({ owner: { uri, placed }, use: { call, engine, method } }) => {
    if (method === 'dispose' || disposed.has(keyOf(engine))) return [];
    const at = { uri, start: placed.start + call.nameSpan.start, end: placed.start + call.nameSpan.end };
    return [{ uri, engine, at, method }];
  });
}

const keyOf = ({ uri, name }: Named) => `${uri} ${name}`;

function usesIn({ uri, placed: { life } }: FunctionInFile, resolver: Resolver): Use[] {
  return certainCalls(life.steps).flatMap((call): Use[] => {
    const method = call.text.slice(call.text.lastIndexOf('.') + 1);
    const engine = engineOf(call, method, uri, resolver);
    return engine === undefined ? [] : [{ call, engine, method }];
  });
}

function engineOf(call: CallStep, method: string, uri: string, resolver: Resolver): Named | undefined {
  if (connectingByArgument.has(method)) {
    const given = call.arguments.find((each) => each.name === 'bind') ?? call.arguments.find((each) => !each.name);
    return given && nameOf(resolver.resolve(uri, given.origin));
  }
  if (!connectingMethods.has(method) && method !== 'dispose') return undefined;
  const callee = resolver.resolve(uri, call.callee);
  return callee?.kind === 'library' ? nameOf(callee.of) : undefined;
}

function nameOf(engine: Resolved | LibraryObject | undefined): Named | undefined {
  return engine?.kind === 'library' && engineMakers.has(engine.path) ? engine.named : undefined;
}

/** Calls that run whenever the statement does. */
function certainCalls(steps: readonly Step[]): CallStep[] {
  return steps.flatMap((step): CallStep[] => {
    switch (step.kind) {
      case 'call':
        return step.isGuarded ? [] : [step];
      case 'scope':
        return certainCalls(step.body);
      case 'try':
        return certainCalls(step.body);
      default:
        return [];
    }
  });
}
