/** What a rule reports. Carries everything a presenter needs, so that no presenter looks anything up again. */
import type { Location, TextEdit } from '../core/text.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** How far a fix may be applied without a person: `safe` in fix-all and `--fix`, `suggestion` one keystroke. */
export type FixSafety = 'safe' | 'suggestion';

export interface Fix {
  /** "Add pool_pre_ping=True". Alternatives carry their outcome: "Set pool_size to 9, keep max_overflow 2 (88 of 90)". */
  readonly title: string;
  readonly safety: FixSafety;
  readonly preferred: boolean;
  readonly edits: readonly TextEdit[];
  /** Moves the literal at `literal` into `.env` under `variable`; carried out by the presenter that may read it. */
  readonly moveToEnvironmentFile?: { readonly variable: string; readonly literal: Location };
  /** Sets what `edits` take out of a schema in the Prisma configuration that governs it; carried out likewise. */
  readonly moveToPrismaConfig?: { readonly schema: string; readonly setting: string; readonly variable: string };
}

export interface RelatedLocation {
  readonly at: Location;
  readonly message: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Location;
  /** What to do, in one short sentence, where the message does not say it already. */
  readonly help?: string;
  readonly related: readonly RelatedLocation[];
  readonly fixes: readonly Fix[];
  readonly tags: readonly ('unnecessary' | 'deprecated')[];
}
