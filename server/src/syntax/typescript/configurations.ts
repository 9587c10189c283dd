/** Configurations that Nest's `ConfigService` hands out by key: what they are registered as, and what is loaded. */
import type { Node } from 'web-tree-sitter';
import type { SettingSite } from '../../declarations/source.ts';
import type { Argument, Value } from '../../declarations/value.ts';
import { nestConfiguration } from '../../facts/nest.ts';
import { calleePath, calleeValue, callOf, readCallSite } from './calls.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { isFunction, itemsOf, locationOf, unwrap } from './nodes.ts';
import { returnedBy } from './returns.ts';
import { findWords, importedModules } from './search.ts';

const { module, registers, loads } = nestConfiguration;
const words = [registers, loads].map((path) => path.split('.').at(-1)!);

/** `registerAs('database', () => ({ … }))`, `ConfigModule.forRoot({ load: [configuration] })`. */
export function configurationsIn(file: ScriptFile): SettingSite[] {
  if (!importedModules(file).has(module)) return [];
  return findWords(file, words).flatMap(({ segment, node }) => {
    const call = callOf(node);
    if (call === undefined) return [];
    const callee = calleeValue(file, segment, call);
    const path = calleePath(callee);
    const name = path?.startsWith(`${module}.`) ? path.slice(module.length + 1) : '';
    const list = itemsOf(call.childForFieldName('arguments')!);
    const given =
      name === registers ? registered(file, segment, list) : name === loads ? loaded(file, segment, list) : [];
    if (given.length === 0) return [];
    const site = readCallSite(file, segment, call, callee);
    return [{ ...site, name, holder: { kind: 'module' } as const, arguments: given }];
  });
}

/** The name, and what the function returns. */
function registered(file: ScriptFile, segment: Segment, [name, factory]: readonly Node[]): Argument[] {
  if (name === undefined || factory === undefined) return [];
  return [
    argument(file, segment, name, evaluate(file, segment, name)),
    argument(file, segment, factory, resultOf(file, segment, factory)),
  ];
}

/** What each of the functions returns. */
function loaded(file: ScriptFile, segment: Segment, [options]: readonly Node[]): Argument[] {
  const pair = options && itemsOf(options).find((each) => each.childForFieldName('key')?.text === 'load');
  const list = pair?.childForFieldName('value');
  if (list?.type !== 'array') return [];
  return itemsOf(list).map((each) => argument(file, segment, each, resultOf(file, segment, each)));
}

function argument(file: ScriptFile, segment: Segment, node: Node, value: Value): Argument {
  const at = locationOf(file, segment, node);
  return { value, span: at, valueSpan: at };
}

function resultOf(file: ScriptFile, segment: Segment, node: Node): Value {
  const inner = unwrap(node);
  if (isFunction(inner)) return returnedBy(file, segment, inner);
  const callee = evaluate(file, segment, node);
  return { kind: 'call', callee, arguments: [], at: callee.at };
}
