/**
 * Fastify's plugin for node-postgres: `fastify.register(plugin, options)` makes a pool of the options, to which nothing listens.
 * https://github.com/fastify/fastify-postgres/blob/main/index.js
 */
import type { Library } from './library.ts';
import { nodePool } from './nodePool.ts';
import { pgDriver } from './nodePostgres.ts';
import { optionsAt } from './options.ts';

const callables = ['@fastify/postgres', '@fastify/postgres.default', 'fastify-postgres'].map(
  (each) => `${each}.register`,
);
/** Options of the plugin's own, which it takes out before the pool is made. */
const own = new Set(['name', 'native', 'pg']);

export const fastifyPostgres: Library = {
  name: 'node-postgres',
  language: 'typescript',
  systems: [],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['max', 'connectionTimeoutMillis'],
  interpret(site, _path, context) {
    const given = optionsAt(site, 1, context.resolve);
    const list = given.list.filter((each) => !own.has(each.keyword!));
    const options = { ...given, list, byName: new Map(list.map((each) => [each.keyword!, each])) };
    return [nodePool(pgDriver, 'register', options, site, context)];
  },
};
