/** What the parts of resolution ask of each other: each knows one kind of value, the resolver joins them. */
import type { Location } from '../core/text.ts';
import type { ResolvedContent } from './content.ts';
import type { Member } from './definitions.ts';
import type { ResolvedMapping } from './mappings.ts';
import type { Resolved } from './resolved.ts';
import type { CallValue, MappingValue, ReferenceValue, Value } from './value.ts';

export interface EnvironmentVariable {
  readonly value: string;
  /** "poolproof.yaml" or ".env", for "where does this come from". */
  readonly origin: string;
  readonly at?: Location;
}

/** What resolution may look up. */
export interface ResolveContext {
  /** What the deployment or an environment file sets; undefined where nothing visible does. */
  readonly environment: (variable: string) => EnvironmentVariable | undefined;
  /** The value a name of another workspace module stands for; undefined where the module is not in the workspace. */
  readonly reference: (reference: ReferenceValue) => Value | undefined;
  /** The class, function or member of a class that a file defines under a dotted name. */
  readonly definition: (uri: string, path: string) => Member | undefined;
  /** The names that a module of the workspace binds; undefined where it is none, or brings in names of others whole. */
  readonly moduleNames: (module: ReferenceValue) => readonly string[] | undefined;
  /** What a call returns, where a library knows. */
  readonly call?: (call: CallValue) => Value | undefined;
}

export interface Resolver {
  readonly context: ResolveContext;
  readonly resolve: (value: Value) => Resolved<ResolvedContent>;
  /**
   * What a value comes down to: names, attributes, calls and conditions followed as far as the workspace tells, labels
   * taken off. A class or function of the workspace stays a reference without a module.
   */
  readonly head: (value: Value) => Value;
  /** What directly stands behind a value; undefined where it stands for itself. */
  readonly step: (value: Value) => Value | undefined;
  readonly flatten: (mapping: MappingValue) => ResolvedMapping;
  /** What can be read of a text; the rest is U+FFFC. */
  readonly readable: (value: Value) => { readonly text: string; readonly complete: boolean };
  /** Keeps what was found out about a value while the context lives. */
  readonly remember: <T>(key: string, compute: () => T) => T;
}
