/** How code of a module writes a name of a library, and what must be imported first. */
export interface Importing {
  /** `NullPool`, `pool.NullPool`. */
  readonly text: string;
  /** Absent where the module has it already. Offsets in the file. */
  readonly edit?: { readonly offset: number; readonly text: string };
  /** From here on the name can be used at module level. */
  readonly from: number;
}
