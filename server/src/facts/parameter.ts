/** The shape of a fact about one setting of a library. */

export interface ParameterFact {
  readonly name: string;
  readonly unit: 'connections' | 'seconds' | 'boolean' | 'choice' | 'other';
  /** The library's default. */
  readonly fallback: number | boolean | string | null;
  readonly meaning: string;
  readonly special: readonly { readonly value: string; readonly effect: string }[];
  readonly source: string;
}
