/** Runs the rules over one analysis: contexts, severities, suppressions, duplicates, order. A failing rule stops no other. */
import type { LineIndex } from '../core/text.ts';
import type { SourceContext, Suppression } from '../declarations/pool.ts';
import { mapReport } from '../lifecycle/analyse.ts';
import { mapScriptObjects } from '../lifecycle/scriptObjects.ts';
import type { RuleSetting } from '../topology/model.ts';
import type { Finding } from './finding.ts';
import { rules } from './registry.ts';
import type { Rule, RuleInput, SuppressionUse } from './rule.ts';

export type TestFileTreatment = 'reduced' | 'full' | 'ignore';

export interface EngineSettings {
  /** The severity set for a rule at a file; undefined where nobody set one. */
  readonly severityOf: (rule: string, uri: string) => RuleSetting | undefined;
  readonly testFiles: (uri: string) => TestFileTreatment;
}

/** Suppressions of a file with the lines they are counted in. */
export interface FileSuppressions {
  readonly suppressions: readonly Suppression[];
  readonly lines: LineIndex;
}

export type RuleFailure = (rule: string, error: unknown) => void;

/** Findings of every file, in order of file and place. */
export function runRules(
  input: RuleInput,
  settings: EngineSettings,
  suppressions: ReadonlyMap<string, FileSuppressions>,
  onFailure: RuleFailure,
): Finding[] {
  const first = rules
    .filter((rule) => rule.group !== 'suppression')
    .flatMap((rule) => runRule(rule, input, settings, onFailure));
  const uses = new Map<Suppression, Set<string>>();
  const kept = distinct(first).filter((finding) => !isSuppressed(finding, suppressions, uses));
  const suppressionUses: SuppressionUse[] = [...suppressions.values()].flatMap((file) =>
    file.suppressions.map((suppression) => ({ suppression, used: uses.get(suppression) ?? new Set<string>() })),
  );
  const last = rules
    .filter((rule) => rule.group === 'suppression')
    .flatMap((rule) => runRule(rule, { ...input, suppressionUses }, settings, onFailure));
  return [...kept, ...last].sort(
    (a, b) => compare(a.at.uri, b.at.uri) || a.at.start - b.at.start || a.at.end - b.at.end || compare(a.rule, b.rule),
  );
}

function runRule(rule: Rule, input: RuleInput, settings: EngineSettings, onFailure: RuleFailure): Finding[] {
  const findings: Finding[] = [];
  const speaksIn = (context: SourceContext) => rule.contexts.includes(context);
  const isHeard = ({ context, uri }: { context: SourceContext; uri: string }) => {
    const effective = effectiveContext(context, uri, settings);
    return effective !== undefined && speaksIn(effective);
  };
  const inSeenContext = <T extends { readonly context: SourceContext; readonly uri: string }>(each: T) => {
    const context = effectiveContext(each.context, each.uri, settings);
    return context !== undefined && speaksIn(context) ? { ...each, context } : undefined;
  };
  const seen: RuleInput = {
    ...input,
    pools: input.pools
      .map((each) => ({ ...each, context: effectiveContext(each.context, each.pool.uri, settings) }))
      .filter(
        (each): each is typeof each & { context: SourceContext } =>
          each.context !== undefined && speaksIn(each.context),
      ),
    lifecycle: mapReport(input.lifecycle, inSeenContext),
    scriptObjects: mapScriptObjects(input.scriptObjects, inSeenContext),
    credentials: input.credentials
      .map((each) => ({ ...each, context: effectiveContext(each.context, each.uri, settings) }))
      .filter(
        (each): each is typeof each & { context: SourceContext } =>
          each.context !== undefined && speaksIn(each.context),
      ),
    pgbouncerFiles: input.pgbouncerFiles.filter(({ file }) => isHeard(file)),
    pgbouncerUserlists: input.pgbouncerUserlists.filter(isHeard),
  };
  try {
    for (const result of rule.check(seen)) {
      const severity = settings.severityOf(rule.id, result.at.uri) ?? result.severity ?? rule.severity;
      if (severity === 'off') continue;
      findings.push({
        rule: rule.id,
        severity,
        message: result.message,
        at: result.at,
        help: result.help,
        related: result.related ?? [],
        fixes: result.fixes ?? [],
        tags: result.tags ?? [],
      });
    }
  } catch (error) {
    onFailure(rule.id, error);
  }
  return findings;
}

/** Undefined where the file's findings are not wanted at all. */
function effectiveContext(context: SourceContext, uri: string, settings: EngineSettings): SourceContext | undefined {
  if (context === 'app') return context;
  const treatment = settings.testFiles(uri);
  if (treatment === 'full') return 'app';
  return treatment === 'ignore' ? undefined : context;
}

/** Two callers of one factory, or two services, can say the same about the same place. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.rule}\n${finding.at.uri}\n${finding.at.start}\n${finding.at.end}\n${finding.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isSuppressed(
  finding: Finding,
  suppressions: ReadonlyMap<string, FileSuppressions>,
  uses: Map<Suppression, Set<string>>,
): boolean {
  const file = suppressions.get(finding.at.uri);
  if (file === undefined) return false;
  const line = file.lines.lineAt(finding.at.start);
  let suppressed = false;
  for (const suppression of file.suppressions) {
    const covers = suppression.scope === 'file' ? suppression.lines.length > 0 : suppression.lines.includes(line);
    if (!covers || !(suppression.rules.length === 0 || suppression.rules.includes(finding.rule))) continue;
    suppressed = true;
    const used = uses.get(suppression) ?? new Set<string>();
    uses.set(suppression, used.add(finding.rule));
  }
  return suppressed;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
