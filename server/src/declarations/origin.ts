/**
 * Where an object comes from, by the names, calls and attributes that lead to it: `pool` is what `create_pool()` of
 * `asyncpg` returned. Plain data without places or texts of literals; names of the module are left open, so that an origin
 * depends on nothing but the function it was read in. Resolved later, across files.
 */
export type Origin =
  | { readonly kind: 'global'; readonly name: string }
  | { readonly kind: 'import'; readonly module: string; readonly name: string; readonly level: number }
  /** A function or class of the module, by its name at module level. */
  | { readonly kind: 'definition'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Origin; readonly name: string }
  | ResultOrigin
  /** What a context manager hands to its block. */
  | { readonly kind: 'entered'; readonly of: Origin }
  /** `of[items]` */
  | { readonly kind: 'item'; readonly of: Origin; readonly items: readonly Origin[] }
  /** A parameter of the function around, or of one around that; `type` is what it is declared to be an instance of. */
  | { readonly kind: 'parameter'; readonly name: string; readonly type?: Origin }
  /** An attribute of the instance whose method it is read in. */
  | { readonly kind: 'own'; readonly className: string; readonly name: string }
  | LiteralOrigin
  /** Computed out of others in a way that is not followed: a text, a list, a sum. */
  | { readonly kind: 'made'; readonly from: readonly Origin[] }
  /** One of several, depending on what runs. */
  | { readonly kind: 'several'; readonly origins: readonly Origin[] }
  | { readonly kind: 'opaque' };

/** What a call returned; awaited or not. */
export interface ResultOrigin {
  readonly kind: 'result';
  readonly of: Origin;
  readonly arguments: readonly OriginArgument[];
}

/** Texts are left out: they may be secrets. Kept are numbers, truth values, and what routes and options are told by. */
export interface LiteralOrigin {
  readonly kind: 'literal';
  readonly value?: number | boolean | null;
  /** True for a text that begins with a slash or is empty, as the path of a route. */
  readonly isPath?: boolean;
  /** A text of one short lower-case word that is the value of a keyword named `scope`. */
  readonly scope?: string;
}

export interface OriginArgument {
  /** Keyword; absent for a positional argument. */
  readonly name?: string;
  readonly origin: Origin;
}

export const opaque: Origin = { kind: 'opaque' };

/** More choices than this are as good as none. */
const mostChoices = 4;

/** One of the choices; what is nothing stands there before something does. */
export function severalOf(choices: readonly Origin[]): Origin {
  const real = choices.filter((each) => !(each.kind === 'literal' && each.value === null));
  if (real.length === 0) return choices[0] ?? opaque;
  if (real.length === 1) return real[0]!;
  return real.length > mostChoices ? opaque : { kind: 'several', origins: real };
}

/** True where an object is the same whoever calls the function that it is read in. */
export function isFixed(origin: Origin): boolean {
  return !someOrigin(origin, ({ kind }) => kind === 'parameter' || kind === 'own' || kind === 'opaque');
}

/** True where a part of an origin, however deep, passes the test; arguments count. */
export function someOrigin(origin: Origin, test: (each: Origin) => boolean): boolean {
  if (test(origin)) return true;
  switch (origin.kind) {
    case 'member':
    case 'entered':
      return someOrigin(origin.of, test);
    case 'result':
      return someOrigin(origin.of, test) || origin.arguments.some((each) => someOrigin(each.origin, test));
    case 'item':
      return someOrigin(origin.of, test) || origin.items.some((each) => someOrigin(each, test));
    case 'several':
      return origin.origins.some((each) => someOrigin(each, test));
    case 'made':
      return origin.from.some((each) => someOrigin(each, test));
    default:
      return false;
  }
}
