/**
 * Follows origins across files to what they are in the end: a dotted path of a library, in which `()` stands for a result
 * (`asyncpg.create_pool().acquire`), or a function, class or instance of the workspace. What is not certain is undefined.
 */
import type { FileLifecycle, PlacedFunction } from '../declarations/lifecycle.ts';
import type { Origin, OriginArgument } from '../declarations/origin.ts';
import { wholeModule } from '../declarations/source.ts';
import type { ResolvedModule } from '../libraries/modules.ts';
import { isLibraryModule } from '../libraries/registry.ts';

export interface LibraryObject {
  readonly kind: 'library';
  readonly path: string;
  /** What it was taken from: the pool whose method this is. */
  readonly of?: Resolved;
  /** For a result: what was passed, and the file whose names that uses. */
  readonly passed?: { readonly uri: string; readonly list: readonly OriginArgument[] };
  /** The name at module level, or `Class.attribute`, that the object was first given. */
  readonly named?: Named;
}

export interface Named {
  readonly uri: string;
  readonly name: string;
}

export interface WorkspaceObject extends Named {
  /** `generator`: what calling a function gives that yields. */
  readonly kind: 'function' | 'class' | 'instance' | 'generator' | 'module';
}

export type Resolved = LibraryObject | WorkspaceObject;

/**
 * What a file is asked about: a name, an attribute as `Class.name`, a function's signature, or all that it does; `file` where
 * it has not been read.
 */
export type Question = 'name' | 'field' | 'function' | 'body' | 'file';

export interface LifecycleView {
  readonly lifecycle: (uri: string) => FileLifecycle | undefined;
  /** Told of everything that is looked up. */
  readonly note?: (kind: Question, uri: string, name: string) => void;
  readonly resolveModule: (fromUri: string, module: string, name: string, level: number) => ResolvedModule | undefined;
}

/** Names handed on more often than this are a circle. */
const longestChain = 40;

export class Resolver {
  /** Files that names lead to and that have not been read yet. */
  readonly demands = new Set<string>();

  constructor(private readonly view: LifecycleView) {}

  resolve(uri: string, origin: Origin, depth = 0): Resolved | undefined {
    if (depth > longestChain) return undefined;
    switch (origin.kind) {
      case 'global':
        return this.named(uri, origin.name, depth);
      case 'import':
        return this.imported(uri, origin, depth);
      case 'definition':
        return this.definition(uri, origin.name);
      case 'member':
        return this.member(this.resolve(uri, origin.of, depth + 1), origin.name, depth);
      case 'result':
        return this.result(uri, this.resolve(uri, origin.of, depth + 1), origin.arguments, depth);
      case 'entered': {
        const of = this.resolve(uri, origin.of, depth + 1);
        return of?.kind === 'generator' ? this.yielded(of, depth) : of;
      }
      case 'own':
        return this.attribute({ uri, name: origin.className }, origin.name, depth);
      case 'parameter':
        return origin.type && this.result(uri, this.resolve(uri, origin.type, depth + 1), [], depth);
      case 'several':
        return this.agreed(origin.origins.map((each) => this.resolve(uri, each, depth + 1)));
      default:
        return undefined;
    }
  }

  /** The dotted path of an origin, where it leads into a library. */
  path(uri: string, origin: Origin): string | undefined {
    const found = this.resolve(uri, origin);
    return found?.kind === 'library' ? found.path : undefined;
  }

  /** What a name is an alias of, in the file that says so: for types, which are nothing that a call returned. */
  aliased(uri: string, origin: Origin): { readonly uri: string; readonly origin: Origin } | undefined {
    let place = { uri, origin };
    for (let step = 0; step < longestChain; step++) {
      const next = this.nextAlias(place.uri, place.origin);
      if (next === undefined) break;
      place = next;
    }
    return place.origin === origin ? undefined : place;
  }

  private nextAlias(uri: string, origin: Origin): { uri: string; origin: Origin } | undefined {
    if (origin.kind === 'global') {
      const found = this.lookUp(uri, origin.name);
      return found ? { uri, origin: found } : undefined;
    }
    const target = this.moduleMember(uri, origin);
    if (target === undefined || target.rest === '' || target.rest.includes('.')) return undefined;
    const found = this.lookUp(target.uri, target.rest);
    return found ? { uri: target.uri, origin: found } : undefined;
  }

  /** The file and name that `from m import name`, or `m.name` after `import m`, mean. */
  private moduleMember(uri: string, origin: Origin): ResolvedModule | undefined {
    if (origin.kind === 'import') {
      if (origin.level === 0 && isLibraryModule(origin.module)) return undefined;
      return this.view.resolveModule(uri, origin.module, origin.name, origin.level);
    }
    if (origin.kind !== 'member') return undefined;
    const module = this.resolve(uri, origin.of);
    return module?.kind === 'module' ? { uri: module.uri, rest: origin.name } : undefined;
  }

  /** A function of the workspace at module level, or a method as `Class.name`. */
  functionOf({ uri, name }: Named): PlacedFunction | undefined {
    const file = this.file(uri);
    this.view.note?.('function', uri, name);
    return file?.function(name);
  }

  /** The same for those who look at what it does. */
  bodyOf(named: Named): PlacedFunction | undefined {
    this.view.note?.('body', named.uri, named.name);
    return this.functionOf(named);
  }

  /** What a generator function hands to those who wait for it. */
  yielded(of: Named, depth = 0): Resolved | undefined {
    const placed = this.functionOf(of);
    if (placed === undefined) return undefined;
    return this.agreed(placed.life.yields.map((each) => this.resolve(of.uri, each, depth + 1)));
  }

  /** An argument of the call that made an object, by keyword or position. */
  argument(object: LibraryObject, name: string, position: number): Resolved | undefined {
    if (object.passed === undefined) return undefined;
    const { uri, list } = object.passed;
    const positional = list.filter((each) => each.name === undefined);
    const found = list.find((each) => each.name === name) ?? positional[position];
    return found && this.resolve(uri, found.origin);
  }

  private named(uri: string, name: string, depth: number): Resolved | undefined {
    const file = this.file(uri);
    if (file === undefined) return undefined;
    this.view.note?.('name', uri, name);
    const origin = file.name(name);
    if (origin === undefined) return { kind: 'library', path: `builtins.${name}` };
    return withName(this.resolve(uri, origin, depth + 1), { uri, name });
  }

  private attribute(owner: Named, name: string, depth: number): Resolved | undefined {
    const file = this.file(owner.uri);
    this.view.note?.('field', owner.uri, `${owner.name}.${name}`);
    const origin = file?.field(owner.name, name);
    const path = `${owner.name}.${name}`;
    if (origin !== undefined)
      return withName(this.resolve(owner.uri, origin, depth + 1), { uri: owner.uri, name: path });
    return this.functionOf({ uri: owner.uri, name: path }) && { kind: 'function', uri: owner.uri, name: path };
  }

  private lookUp(uri: string, name: string): Origin | undefined {
    this.view.note?.('name', uri, name);
    return this.file(uri)?.name(name);
  }

  private file(uri: string): FileLifecycle | undefined {
    const file = this.view.lifecycle(uri);
    if (file === undefined) {
      this.demands.add(uri);
      this.view.note?.('file', uri, '');
    }
    return file;
  }

  private imported(uri: string, origin: Extract<Origin, { kind: 'import' }>, depth: number): Resolved | undefined {
    const { module, name, level } = origin;
    const library: Resolved = { kind: 'library', path: [module, name].filter((part) => part !== '').join('.') };
    if (level === 0 && isLibraryModule(module)) return library;
    const target = this.view.resolveModule(uri, module, name, level);
    if (target === undefined) return level === 0 ? library : undefined;
    return this.inModule(target, depth);
  }

  private inModule({ uri, rest }: ResolvedModule, depth: number): Resolved | undefined {
    const [name, ...members] = rest.split('.');
    if (name === undefined || name === '') return { kind: 'module', uri, name: '' };
    if (name === wholeModule) return this.wholeModule(uri, depth);
    let found = this.named(uri, name, depth + 1);
    if (found?.kind === 'library' && found.path === `builtins.${name}`) return undefined;
    for (const each of members) found = this.member(found, each, depth);
    return found;
  }

  /** What `require` yields: what the module is set to, else the module with its names. */
  private wholeModule(uri: string, depth: number): Resolved | undefined {
    const file = this.file(uri);
    if (file === undefined) return undefined;
    this.view.note?.('name', uri, wholeModule);
    const origin = file.name(wholeModule);
    return origin === undefined ? { kind: 'module', uri, name: '' } : this.resolve(uri, origin, depth + 1);
  }

  private definition(uri: string, name: string): Resolved {
    const isClass = this.view.lifecycle(uri)?.isClass(name) === true;
    return { kind: isClass ? 'class' : 'function', uri, name };
  }

  private member(of: Resolved | undefined, name: string, depth: number): Resolved | undefined {
    switch (of?.kind) {
      case 'library':
        return { kind: 'library', path: `${of.path}.${name}`, of };
      case 'module': {
        const target = this.view.resolveModule(of.uri, '', name, 1);
        return target?.rest === ''
          ? { kind: 'module', uri: target.uri, name: '' }
          : this.inModule({ uri: of.uri, rest: name }, depth);
      }
      case 'instance':
        return this.attribute(of, name, depth);
      default:
        return undefined;
    }
  }

  private result(
    uri: string,
    of: Resolved | undefined,
    list: readonly OriginArgument[],
    depth: number,
  ): Resolved | undefined {
    switch (of?.kind) {
      case 'library':
        return { kind: 'library', path: `${of.path}()`, of: of.of, passed: { uri, list } };
      case 'class':
        return { kind: 'instance', uri: of.uri, name: of.name };
      case 'function': {
        const placed = this.functionOf(of);
        if (placed === undefined) return undefined;
        if (placed.life.isGenerator) return { kind: 'generator', uri: of.uri, name: of.name };
        return this.agreed(placed.life.returns.map((each) => this.resolve(of.uri, each, depth + 1)));
      }
      default:
        return undefined;
    }
  }

  /** What all that are known agree on. */
  private agreed(found: readonly (Resolved | undefined)[]): Resolved | undefined {
    const known = found.filter(
      (each) => each !== undefined && !(each.kind === 'library' && each.path.startsWith('builtins.')),
    );
    const [first] = known;
    return first !== undefined && known.every((each) => identityOf(each!) === identityOf(first)) ? first : undefined;
  }
}

function identityOf(object: Resolved): string {
  return object.kind === 'library' ? object.path : `${object.kind} ${object.uri} ${object.name}`;
}

function withName(object: Resolved | undefined, named: Named): Resolved | undefined {
  if (object?.kind !== 'library' || object.named !== undefined || !object.path.endsWith(')')) return object;
  return { ...object, named };
}
