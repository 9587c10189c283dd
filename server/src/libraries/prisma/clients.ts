/**
 * `new PrismaClient()`: each is one pool of the datasource's size, for the services whose code builds it. None in sight
 * counts as one, where the schema lies.
 */
import type { SourceContext } from '../../declarations/pool.ts';
import type { Argument, CallSite, MappingEntry, Value } from '../../declarations/value.ts';
import { clientPath } from '../../facts/prisma.ts';
import type { Library, LinkedSite } from '../library.ts';
import { datasourcePath } from './prisma.ts';

/** Where a schema's declaration has its generators. */
const generatorsKey = 'generators';

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

function relink(linked: readonly LinkedSite[], contextOf: (uri: string) => SourceContext | undefined): LinkedSite[] {
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
    return own.length === 0 ? [each] : own.flatMap((client) => poolOf(each, client));
  });
}

function writesElsewhere({ arguments: list }: CallSite): boolean {
  const generators = list.find((each) => each.keyword === generatorsKey)?.value;
  return (
    generators?.kind === 'sequence' &&
    generators.items.some((each) => entriesOf(each).some((entry) => entry.key === 'output'))
  );
}

/** The datasource as one client has it; none where a driver adapter pools. */
function poolOf(datasource: LinkedSite, { site }: LinkedSite): LinkedSite[] {
  const options = entriesOf(site.arguments[0]?.value);
  const option = (name: string) => options.find((entry) => entry.key === name)?.value;
  if (option('adapter') !== undefined) return [];
  const named = entriesOf(option('datasources')).find((entry) => entry.key === datasource.site.assignedTo)?.value;
  const url = option('datasourceUrl') ?? entriesOf(named).find((entry) => entry.key === 'url')?.value;
  const replaced = (argument: Argument): Argument =>
    url === undefined || argument.keyword !== 'url' ? argument : { ...argument, value: url, valueSpan: url.at };
  return [
    {
      ...datasource,
      site: {
        ...datasource.site,
        arguments: datasource.site.arguments.map(replaced),
        // Whether it is built at all, and how often, the client's place decides.
        arms: site.arms,
        keyedBy: site.keyedBy,
        calledFrom: site.calledFrom ?? [site.uri],
      },
    },
  ];
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
