/** What happens where a setting that is compared as a number is something else. */
export interface NumberArgument {
  /** "when the engine is created": completes "TypeError …". */
  readonly raises: string;
  readonly mayBeNone: boolean;
  /** What makes a number of a text; `int` where absent. */
  readonly converter?: 'int' | 'float';
}
