/** One driver adapter, several clients: each client that connects makes a pool of its own out of the adapter's options. */
import { headOf, type ResolveContext } from '../../declarations/resolve.ts';
import type { CallSite, Value } from '../../declarations/value.ts';
import { adapterPaths, clientPath } from '../../facts/prisma.ts';
import { meaningOf } from '../callers.ts';
import type { LinkedSite, RelinkView } from '../library.ts';
import { optionsIn } from '../options.ts';

const paths: ReadonlySet<string> = new Set(Object.values(adapterPaths));

interface AdapterUse {
  readonly client: CallSite;
  /** The adapter's arguments as the client gets them. */
  readonly meaning: string;
}

/** An adapter that several clients share counts once for each of them, for the services whose code builds the client. */
export function oncePerClient(linked: readonly LinkedSite[], { contextOf, resolve }: RelinkView): LinkedSite[] {
  const adapters = linked.filter(({ path }) => paths.has(path));
  if (adapters.length === 0) return [...linked];
  const uses = new Map<string, AdapterUse[]>();
  for (const { path, site } of linked) {
    if (path !== clientPath || contextOf(site.uri) !== 'app') continue;
    for (const { place, meaning } of adaptersOf(site, resolve)) {
      const use = { client: site, meaning };
      const known = uses.get(place);
      if (known === undefined) uses.set(place, [use]);
      else known.push(use);
    }
  }
  return linked.flatMap((each) => (paths.has(each.path) ? poolsOf(each, adapters, uses) : [each]));
}

function poolsOf(
  adapter: LinkedSite,
  adapters: readonly LinkedSite[],
  usesByPlace: ReadonlyMap<string, readonly AdapterUse[]>,
): readonly LinkedSite[] {
  const place = keyOf(adapter.site.uri, adapter.site.span.start);
  const all = usesByPlace.get(place) ?? [];
  // A function that builds adapters with other arguments for each caller: whose is whose, the arguments tell.
  const isOneOfMany = adapters.some(({ site }) => site !== adapter.site && keyOf(site.uri, site.span.start) === place);
  const meaning = isOneOfMany ? meaningOf(adapter.site.arguments) : '';
  const clients = all.filter((each) => !isOneOfMany || each.meaning === meaning).map(({ client }) => client);
  const isBuiltAlong = clients.length === 1 && clients[0]!.uri === adapter.site.uri;
  if (clients.length === 0 || isBuiltAlong) return [adapter];
  return clients.map((client) => poolOf(adapter, client));
}

function adaptersOf(client: CallSite, context: ResolveContext): { readonly place: string; readonly meaning: string }[] {
  const [first] = client.arguments;
  const adapter = first && optionsIn(first, context).byName.get('adapter');
  return adapter === undefined ? [] : callsIn(headOf(adapter.value, context), context);
}

/** The calls that a value may come from, where a condition decides between several. */
function callsIn(value: Value, context: ResolveContext): { readonly place: string; readonly meaning: string }[] {
  const each = (values: readonly Value[]) => values.flatMap((one) => callsIn(headOf(one, context), context));
  switch (value.kind) {
    case 'call':
      return [{ place: keyOf(value.at.uri, value.at.start), meaning: meaningOf(value.arguments) }];
    case 'conditional':
      return each([value.whenTrue, value.whenFalse]);
    case 'alternatives':
      return each(value.values);
    case 'operation':
      return each(value.operands);
    default:
      return [];
  }
}

function keyOf(uri: string, start: number): string {
  return `${start} ${uri}`;
}

/** What stays the same from one linking to the next stays the same object. */
const poolsOfClients = new WeakMap<LinkedSite, WeakMap<CallSite, LinkedSite>>();

/** The adapter as one client has it: whether its pool is made at all, and how often, the client's place decides. */
function poolOf(adapter: LinkedSite, client: CallSite): LinkedSite {
  let byClient = poolsOfClients.get(adapter);
  if (byClient === undefined) poolsOfClients.set(adapter, (byClient = new WeakMap()));
  let pool = byClient.get(client);
  if (pool === undefined) {
    const { arms, keyedBy, calledFrom } = client;
    const site = { ...adapter.site, arms, keyedBy: keyedBy ?? adapter.site.keyedBy };
    pool = { ...adapter, site: { ...site, calledFrom: calledFrom ?? [client.uri] } };
    byClient.set(client, pool);
  }
  return pool;
}
