/** Runs the rules over one analysis: contexts, severities, suppressions, duplicates, order. A failing rule stops no other. */
import type { LineIndex } from '../core/text.ts';
import type { SourceContext, Suppression } from '../declarations/pool.ts';
import { mapReport } from '../lifecycle/analyse.ts';
import { mapScriptObjects } from '../lifecycle/scriptObjects.ts';
import type { RuleSetting } from '../topology/model.ts';
import type { Finding } from './finding.ts';
import { FindingMemory } from './memory.ts';
import { rules } from './registry.ts';
import type { PoolInContext, Rule, RuleInput, RuleResult, SuppressionUse } from './rule.ts';

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

/** A rule that says the very same thing again gets the very same finding. */
const made = new WeakMap<RuleResult, Finding>();
/** The same each time, so that comparing findings ends here. */
const none: readonly never[] = [];

export type RuleFailure = (rule: string, error: unknown) => void;

/** Findings of every file, in order of file and place. */
export function runRules(
  input: RuleInput,
  settings: EngineSettings,
  suppressions: ReadonlyMap<string, FileSuppressions>,
  onFailure: RuleFailure,
  memory = new FindingMemory(),
): Finding[] {
  const views = new Views(input, settings);
  const ask = (rule: Rule, about: RuleInput) => findingsOf(rule, about, settings, onFailure);
  const ofEachPool = views.pools.flatMap(({ pool, seen }) =>
    memory.ofPool(pool, () => {
      const asked = rules.filter((rule) => rule.asksPoolByPool && rule.contexts.includes(seen.context));
      return asked.flatMap((rule) => ask(rule, { ...views.nothing, pools: [seen] }));
    }),
  );
  const ofAll = rules
    .filter((rule) => rule.group !== 'suppression')
    .flatMap((rule) => memory.again(rule, ask(rule, views.of(rule))));
  const first = [...ofEachPool, ...ofAll];
  const uses = new Map<Suppression, Set<string>>();
  const kept = distinct(first).filter((finding) => !isSuppressed(finding, suppressions, uses));
  const suppressionUses: SuppressionUse[] = [...suppressions.values()].flatMap((file) =>
    file.suppressions.map((suppression) => ({ suppression, used: uses.get(suppression) ?? new Set<string>() })),
  );
  const finding = rules.filter((rule) => rule.group === 'suppression');
  const last = finding.flatMap((rule) => ask(rule, { ...input, suppressionUses }));
  return [...kept, ...last].sort(
    (a, b) => compare(a.at.uri, b.at.uri) || a.at.start - b.at.start || a.at.end - b.at.end || compare(a.rule, b.rule),
  );
}

interface SeenPool {
  readonly pool: PoolInContext;
  /** The same, in the context that settings make of its own. */
  readonly seen: PoolInContext;
}

/** What rules get to see, by the contexts they speak in; most speak in the same. */
class Views {
  private readonly views = new Map<string, RuleInput>();
  readonly pools: readonly SeenPool[];
  readonly nothing: RuleInput;

  constructor(
    private readonly input: RuleInput,
    private readonly settings: EngineSettings,
  ) {
    this.pools = input.pools.flatMap((pool) => {
      const context = effectiveContext(pool.context, pool.pool.uri, settings);
      if (context === undefined) return [];
      return [{ pool, seen: context === pool.context ? pool : { ...pool, context } }];
    });
    // Whoever asks pool by pool sees nothing that could change behind the pool's back.
    this.nothing = {
      ...input,
      pools: [],
      credentials: [],
      lifecycle: mapReport(input.lifecycle, () => undefined),
      scriptObjects: mapScriptObjects(input.scriptObjects, () => undefined),
      sessionStates: [],
      fleets: [],
      pgbouncerFiles: [],
      pgbouncerUserlists: [],
      topologyProblems: [],
      manifestFacts: () => [],
      poolerFacts: () => [],
    };
  }

  /** Without pools for a rule that is asked about each by itself. */
  of({ contexts, asksPoolByPool }: Rule): RuleInput {
    const key = `${asksPoolByPool ? 'no pools' : 'pools'} ${contexts.join()}`;
    let view = this.views.get(key);
    if (view === undefined) this.views.set(key, (view = this.viewIn(contexts, asksPoolByPool === true)));
    return view;
  }

  private viewIn(contexts: readonly SourceContext[], isWithoutPools: boolean): RuleInput {
    const { input, settings } = this;
    const inSeenContext = <T extends { readonly context: SourceContext; readonly uri: string }>(each: T) => {
      const context = effectiveContext(each.context, each.uri, settings);
      if (context === undefined || !contexts.includes(context)) return undefined;
      return context === each.context ? each : { ...each, context };
    };
    const isHeard = (each: { readonly context: SourceContext; readonly uri: string }) =>
      inSeenContext(each) !== undefined;
    const pools = isWithoutPools ? [] : this.pools.filter(({ seen }) => contexts.includes(seen.context));
    return {
      ...input,
      pools: pools.map(({ seen }) => seen),
      lifecycle: mapReport(input.lifecycle, inSeenContext),
      scriptObjects: mapScriptObjects(input.scriptObjects, inSeenContext),
      credentials: input.credentials.flatMap((each) => inSeenContext(each) ?? []),
      pgbouncerFiles: input.pgbouncerFiles.filter(({ file }) => isHeard(file)),
      pgbouncerUserlists: input.pgbouncerUserlists.filter(isHeard),
    };
  }
}

function findingsOf(rule: Rule, input: RuleInput, settings: EngineSettings, onFailure: RuleFailure): Finding[] {
  const findings: Finding[] = [];
  try {
    for (const result of rule.check(input)) {
      const severity = settings.severityOf(rule.id, result.at.uri) ?? result.severity ?? rule.severity;
      if (severity === 'off') continue;
      const before = made.get(result);
      if (before?.rule === rule.id && before.severity === severity) {
        findings.push(before);
        continue;
      }
      const finding: Finding = {
        rule: rule.id,
        severity,
        message: result.message,
        at: result.at,
        help: result.help,
        related: result.related ?? none,
        fixes: result.fixes ?? none,
        tags: result.tags ?? none,
      };
      made.set(result, finding);
      findings.push(finding);
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
  const byPlace = new Map<string, Map<number, Finding[]>>();
  return findings.filter((finding) => {
    const { uri, start, end } = finding.at;
    let inFile = byPlace.get(uri);
    if (inFile === undefined) byPlace.set(uri, (inFile = new Map()));
    const here = inFile.get(start);
    if (here === undefined) inFile.set(start, [finding]);
    else if (here.some((each) => each.rule === finding.rule && each.at.end === end && each.message === finding.message))
      return false;
    else here.push(finding);
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
