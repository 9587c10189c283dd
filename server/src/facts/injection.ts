/**
 * Containers that build objects and inject them. Providers of dependency-injector: how often each builds what it is given.
 * https://python-dependency-injector.ets-labs.org/providers/
 */

/** Once per process, once and closed at the end, or at every request for it. */
export type ProviderKind = 'singleton' | 'resource' | 'factory';

const kinds: Readonly<Record<string, ProviderKind>> = {
  Singleton: 'singleton',
  ThreadSafeSingleton: 'singleton',
  DelegatedSingleton: 'singleton',
  // One per thread and one per task: more than one in a process.
  ThreadLocalSingleton: 'factory',
  ContextLocalSingleton: 'factory',
  Resource: 'resource',
  Factory: 'factory',
  Callable: 'factory',
  Coroutine: 'factory',
};

/** By dotted name. */
export const providerKinds: ReadonlyMap<string, ProviderKind> = new Map(
  Object.entries(kinds).map(([name, kind]) => [`dependency_injector.providers.${name}`, kind]),
);

/** A provider of a value that is there already. */
export const objectProvider = 'dependency_injector.providers.Object';

/**
 * Decorators of classes that a container of JavaScript builds once and hands to whoever asks: Nest's and inversify's, typedi's,
 * tsyringe's. https://docs.nestjs.com/providers, https://github.com/typestack/typedi, https://github.com/microsoft/tsyringe
 */
export const injectableDecorators: ReadonlySet<string> = new Set(['Injectable', 'injectable', 'Service', 'singleton']);
