/** Callables that are handed to something that calls them: `to_thread(create_engine, url)`, `Singleton(create_engine, url=…)`. */
import type { Node } from 'web-tree-sitter';
import { type CallSite, qualifiedName, type Value } from '../../declarations/value.ts';
import { providerKinds } from '../../facts/injection.ts';
import { callSiteOf } from './calls.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { itemsOf } from './nodes.ts';

/** Functions that call their first argument with the others, elsewhere. */
const runners = new Set([
  'asyncio.to_thread',
  'anyio.to_thread.run_sync',
  'starlette.concurrency.run_in_threadpool',
  'fastapi.concurrency.run_in_threadpool',
]);

/** The call that the taker of the callable named by `node` makes; undefined where it makes none. */
export function callOfTaker(file: PythonFile, segment: Segment, node: Node): CallSite | undefined {
  const parent = node.parent;
  const isAttribute = parent?.type === 'attribute' && parent.childForFieldName('attribute')?.id === node.id;
  const callee = isAttribute ? parent : node;
  const list = callee.parent;
  if (list?.type !== 'argument_list' || list.parent?.type !== 'call') return undefined;
  const call = list.parent;
  const taker = call.childForFieldName('function');
  if (taker === null) return undefined;
  const place = itemsOf(list).findIndex((each) => each.id === callee.id);
  // `loop.run_in_executor(None, create_engine, url)`
  const isExecutor = taker.type === 'attribute' && taker.childForFieldName('attribute')?.text === 'run_in_executor';
  if (place !== (isExecutor ? 1 : 0)) return undefined;
  const value = evaluate(file, segment, taker);
  const path = value.kind === 'reference' ? qualifiedName(value) : '';
  const builtBy = providerKinds.get(path);
  if (!isExecutor && builtBy === undefined && !runners.has(path)) return undefined;
  const site = callSiteOf(file, segment, call, callee);
  const passed = site.arguments.slice(place + 1);
  if (builtBy === undefined) return { ...site, arguments: passed };
  return { ...site, builtBy, arguments: passed.map((each) => ({ ...each, value: provided(each.value) })) };
}

/** A provider that another one is given stands for what it provides. */
function provided(value: Value): Value {
  const content = value.kind === 'constant' ? value.value : value;
  if (content.kind !== 'call' || content.callee.kind !== 'reference') return value;
  return providerKinds.has(qualifiedName(content.callee))
    ? { kind: 'call', callee: content, arguments: [], at: value.at }
    : value;
}
