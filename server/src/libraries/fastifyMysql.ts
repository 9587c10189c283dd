/**
 * Fastify's plugin for mysql2: `fastify.register(plugin, options)` makes a pool of the options, or of `connectionString` alone.
 * Read in @fastify/mysql 5.0.3, index.js.
 */
import { resolveValue } from '../declarations/resolve.ts';
import type { Library } from './library.ts';
import { mysql2Driver, mysql2Problems, withMysql2Query } from './mysql2.ts';
import { nodePool } from './nodePool.ts';
import { type Options, optionsAt } from './options.ts';

const callables = ['@fastify/mysql', '@fastify/mysql.default', 'fastify-mysql'].map((each) => `${each}.register`);
/** Options of the plugin's own, which it takes out before the pool is made. */
const own = new Set(['name', 'type', 'promise']);

export const fastifyMysql: Library = {
  name: 'mysql2',
  language: 'typescript',
  systems: [],
  callables: new Set(callables),
  tellingNames: new Set(),
  connectors: new Set(callables),
  shownDefaults: ['connectionLimit'],
  interpret(site, _path, context) {
    const given = optionsAt(site, 1, context.resolve);
    const type = given.byName.get('type');
    const kind = type && resolveValue(type.value, context.resolve);
    // One connection, no pool; or who knows which.
    if (kind !== undefined && !(kind.known && kind.value !== 'connection')) return [];
    const options = withMysql2Query(inForce(given), context);
    const pool = nodePool(mysql2Driver, 'register', options, site, context);
    return [{ ...pool, problems: [...mysql2Problems(pool)] }];
  },
};

function inForce(given: Options): Options {
  const url = given.byName.get('connectionString');
  if (url !== undefined) return { list: [], byName: new Map(), hasUnread: given.hasUnread, text: url };
  const list = given.list.filter((each) => !own.has(each.keyword!));
  return { ...given, list, byName: new Map(list.map((each) => [each.keyword!, each])) };
}
