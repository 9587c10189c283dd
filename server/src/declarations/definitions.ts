/** Classes and functions of a module as far as values depend on them. Plain data, read on demand. */
import type { Location } from '../core/text.ts';
import type { Argument, ConversionTarget, FunctionParameter, Value } from './value.ts';

/** How a function is reached: `property` without a call. */
export type FunctionRole = 'function' | 'method' | 'class-method' | 'static-method' | 'property';

export interface FunctionDefinition {
  readonly kind: 'function';
  readonly name: string;
  readonly uri: string;
  /** Tells it from others of the same name; its parameters carry it. */
  readonly owner: string;
  readonly role: FunctionRole;
  readonly parameters: readonly FunctionParameter[];
  /** What a call returns, in terms of the parameters; `None` where no statement returns anything. */
  readonly returns: Value;
  readonly at: Location;
}

/** What a field's type says about its value. */
export interface Annotation {
  /** What a text out of the environment is converted to. */
  readonly conversion?: ConversionTarget;
  /** The type itself, where it is one name: another class of settings, perhaps. */
  readonly type?: Value;
  /** Further arguments of `Annotated[…]`. */
  readonly metadata: readonly Value[];
  /** `ClassVar` and `Final`: no field that an instance takes. */
  readonly isConstant: boolean;
}

/** An attribute of a class: declared in its body, or set by its constructor. */
export interface FieldDefinition {
  readonly kind: 'field';
  readonly name: string;
  readonly annotation?: Annotation;
  /** In the class body. */
  readonly value?: Value;
  /** What the constructor sets it to, in terms of the constructor's parameters. */
  readonly assigned?: Value;
  /** True where code outside the constructor sets it. */
  readonly isChanged: boolean;
  readonly at: Location;
}

/** A function of a settings class that takes part in what its fields are. */
export interface Validator {
  /** Name of the method. */
  readonly method: string;
  /** Fields it validates; undefined for the whole object. */
  readonly fields: readonly string[] | undefined;
  /** Texts its body mentions, where it validates the whole object. */
  readonly mentions: ReadonlySet<string>;
}

export interface ClassDefinition {
  readonly kind: 'class';
  /** Dotted where the class lies in another. */
  readonly name: string;
  readonly uri: string;
  readonly bases: readonly Value[];
  readonly keywords: readonly Argument[];
  /** Decorators, without their arguments. */
  readonly decorators: readonly Value[];
  /** Names declared in the body with a type, in order. */
  readonly fields: readonly string[];
  /** Every name that the body binds. */
  readonly members: ReadonlySet<string>;
  readonly validators: readonly Validator[];
  /** Attributes that methods set by name: `setattr(self, key, value)`; `*` where the names cannot be read. */
  readonly setByName?: ReadonlySet<string>;
  readonly at: Location;
}

export type Member = FieldDefinition | FunctionDefinition | ClassDefinition;
