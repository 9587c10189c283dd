/** What is wrong with the configuration of Flask-SQLAlchemy, beside what SQLAlchemy itself refuses. */
import { type Location, locate, type TextEdit } from '../../core/text.ts';
import type { Pool, PoolProblem } from '../../declarations/pool.ts';
import type { MappingEntry } from '../../declarations/value.ts';
import { formerSettings } from '../../facts/flaskSqlalchemy.ts';
import { parameterFact } from '../../facts/sqlalchemy.ts';
import type { AssumedVersion } from '../library.ts';
import { fix } from '../results.ts';
import type { ConfiguredSetting } from './configuration.ts';

const optionsSetting = 'SQLALCHEMY_ENGINE_OPTIONS';

function assumedNote({ version, evidence }: AssumedVersion): string {
  return evidence === undefined ? ` (Flask-SQLAlchemy ${version} assumed: no requirement names a version.)` : '';
}

/** Settings that version 3 no longer reads. The first of them can take the others along as engine options. */
export function formerSettingProblems(
  former: readonly ConfiguredSetting[],
  options: ConfiguredSetting | undefined,
  version: AssumedVersion,
): PoolProblem[] {
  const edits = options === undefined ? asEngineOptions(former) : undefined;
  return former.map(({ site }, index) => {
    const option = formerSettings[site.name]!;
    return {
      rule: 'ignored-pool-options',
      at: locate(site.uri, site.calleeSpan),
      message: `${site.name} is ignored from Flask-SQLAlchemy 3.0 on: the engine keeps its default. ${option} belongs into ${optionsSetting}.${assumedNote(version)}`,
      fixes: index === 0 ? fix(`Write ${optionsSetting} instead`, 'suggestion', edits) : [],
    };
  });
}

/** The first setting becomes the dictionary, the others entries of it; undefined where their values would have to move unseen. */
function asEngineOptions(former: readonly ConfiguredSetting[]): TextEdit[] | undefined {
  const [first, ...rest] = former;
  if (first === undefined || first.site.holder.kind === 'entry') return undefined;
  const { uri, calleeSpan, arguments: list } = first.site;
  const value = list[0]!.valueSpan;
  const edits: TextEdit[] = [
    { ...locate(uri, calleeSpan), newText: optionsSetting },
    { uri, start: value.start, end: value.start, newText: `{"${formerSettings[first.site.name]}": ` },
  ];
  let entries = '';
  for (const each of rest) {
    const literal = each.value.kind === 'constant' ? each.value.value : each.value;
    const removal = each.site.arguments[0]?.removal;
    if (each.site.uri !== uri || literal.kind !== 'literal' || typeof literal.value !== 'number') return undefined;
    if (removal === undefined) return undefined;
    entries += `, "${formerSettings[each.site.name]}": ${literal.value}`;
    edits.push({ ...removal.span, newText: '' });
  }
  edits.push({ uri, start: value.end, end: value.end, newText: `${entries}}` });
  return edits;
}

/** Options of the default engine that a bind does not get. */
export function unreachedOptionsProblem(
  pool: Pool,
  at: Location,
  options: readonly MappingEntry[],
  version: AssumedVersion,
): PoolProblem[] {
  const names = options.flatMap(({ key }) => (key !== undefined && parameterFact.has(key) ? [key] : []));
  if (names.length === 0) return [];
  const peak = typeof pool.peakPerProcess === 'number' ? `, up to ${pool.peakPerProcess} connections per process` : '';
  return [
    {
      rule: 'ignored-pool-options',
      at,
      message: `${optionsSetting} does not reach the bind ${pool.key}: from Flask-SQLAlchemy 3.0 on it is for the default engine alone, and this one has the defaults${peak}. Write the bind as a dictionary with url and its options, or pass engine_options to SQLAlchemy(…) for all.${assumedNote(version)}`,
    },
  ];
}
