/**
 * `new PrismaClient()`: each is one pool of the datasource's size, for the services whose code builds it. None in sight
 * counts as one, where the schema lies.
 */
import type { Argument, CallSite, MappingEntry, Value } from '../../declarations/value.ts';
import { clientPath } from '../../facts/prisma.ts';
import type { InterpretationContext, Library, LinkedSite, RelinkView } from '../library.ts';
import { optionsIn } from '../options.ts';
import { clientKey, datasourcePath, generatorsKey } from './datasource.ts';

export const prismaClient: Library = {
  name: 'Prisma Client',
  language: 'typescript',
  systems: [],
  callables: new Set([clientPath]),
  connectors: new Set(),
  shownDefaults: [],
  // The pool is declared by the schema, or by a driver adapter.
  interpret: () => [],
  relink,
};

function relink(linked: readonly LinkedSite[], { contextOf }: RelinkView): LinkedSite[] {
  const clients = linked.filter(({ path, site }) => path === clientPath && contextOf(site.uri) === 'app');
  if (clients.length === 0) return [...linked];
  const datasources = linked.filter(({ path }) => path === datasourcePath).map(({ site }) => site);
  const schemas = datasources.map(({ uri }) => uri);
  // The package itself is what a schema generates whose generator names no other place.
  const plain = datasources.filter((site) => !writesElsewhere(site)).map(({ uri }) => uri);
  const schemaOf = ({ site, generatedFrom }: LinkedSite) =>
    nearest(generatedFrom ?? site.uri, generatedFrom === undefined && plain.length > 0 ? plain : schemas);
  return linked.flatMap((each) => {
    if (each.path !== datasourcePath) return [each];
    const own = clients.filter((client) => schemaOf(client) === each.site.uri);
    return own.length === 0 ? [each] : own.map((client) => poolOf(each, client));
  });
}

function writesElsewhere({ arguments: list }: CallSite): boolean {
  const generators = list.find((each) => each.keyword === generatorsKey)?.value;
  return (
    generators?.kind === 'sequence' &&
    generators.items.some((each) => entriesOf(each).some((entry) => entry.key === 'output'))
  );
}

/** What stays the same from one linking to the next stays the same object. */
const poolsOfClients = new WeakMap<CallSite, WeakMap<CallSite, LinkedSite>>();

/** The datasource as one client has it. */
function poolOf(datasource: LinkedSite, { site }: LinkedSite): LinkedSite {
  let byClient = poolsOfClients.get(datasource.site);
  if (byClient === undefined) poolsOfClients.set(datasource.site, (byClient = new WeakMap()));
  let pool = byClient.get(site);
  if (pool === undefined) {
    const [first] = site.arguments;
    const options: Argument[] = first === undefined ? [] : [{ ...first, keyword: clientKey }];
    pool = {
      ...datasource,
      site: {
        ...datasource.site,
        arguments: [...datasource.site.arguments, ...options],
        // Whether it is built at all, and how often, the client's place decides.
        arms: site.arms,
        keyedBy: site.keyedBy,
        calledFrom: site.calledFrom ?? [site.uri],
      },
    };
    byClient.set(site, pool);
  }
  return pool;
}

/** What the options of the client change: a URL of its own; no pool of Prisma's where a driver adapter pools. */
export function settingsOfClient(
  { arguments: list, assignedTo }: CallSite,
  context: InterpretationContext,
): { readonly url?: Argument; readonly hasAdapter: boolean; readonly isUnread: boolean } {
  const given = list.find((each) => each.keyword === clientKey);
  if (given === undefined) return { hasAdapter: false, isUnread: false };
  const options = optionsIn(given, context.resolve);
  const adapter = options.byName.get('adapter');
  const datasources = options.byName.get('datasources');
  const own = datasources && optionsIn(datasources, context.resolve).byName.get(assignedTo ?? '');
  const url = options.byName.get('datasourceUrl') ?? (own && optionsIn(own, context.resolve).byName.get('url'));
  return { url, hasAdapter: adapter !== undefined && adapter.mayBeAbsent !== true, isUnread: options.hasUnread };
}

function entriesOf(value: Value | undefined): readonly MappingEntry[] {
  if (value?.kind === 'constant') return entriesOf(value.value);
  return value?.kind === 'mapping' ? value.entries : [];
}

/** The schema that shares the most folders with a file. */
function nearest(uri: string, schemas: readonly string[]): string | undefined {
  const parts = uri.split('/');
  const shared = (schema: string) => {
    const other = schema.split('/');
    let count = 0;
    while (count < parts.length && parts[count] === other[count]) count++;
    return count;
  };
  return [...schemas].sort((a, b) => shared(b) - shared(a) || (a < b ? -1 : 1))[0];
}
