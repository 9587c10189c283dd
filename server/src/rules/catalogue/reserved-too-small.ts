/**
 * # reserved-too-small
 *
 * `reserved` keeps fewer connections free than the server itself keeps back.
 *
 * ## Why it matters
 *
 * PostgreSQL refuses ordinary users the last `superuser_reserved_connections` (3 unless changed) and `reserved_connections`
 * (from version 16). The budget counts them as usable: the fleet is refused connections that the sum says it has.
 *
 * ## Wrong
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {engine: postgresql, max_connections: 100, reserved: 2}
 * ```
 *
 * ## Right
 *
 * `poolproof.yaml`
 * ```yaml
 * databases:
 *   main: {engine: postgresql, max_connections: 100, reserved: 10}
 * ```
 *
 * ## Limits
 *
 * The default of 3 is assumed only where `engine` says PostgreSQL. Monitoring, migrations and a person with a console need
 * connections on top of these.
 *
 * ## References
 *
 * - https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS
 */
import { isPostgresql, superuserReservedConnections } from '../../facts/postgresql.ts';
import { defineRule } from '../rule.ts';

export const reservedTooSmall = defineRule({
  id: 'reserved-too-small',
  group: 'topology',
  severity: 'warning',
  fix: 'none',
  summary: 'reserved keeps fewer connections free than the server itself keeps back.',
  contexts: ['app'],
  *check({ fleets }) {
    for (const { database } of fleets.flatMap((fleet) => fleet.databases)) {
      const superusers =
        database.superuserReserved?.value ?? (isPostgresql(database.engine?.value) ? superuserReservedConnections : 0);
      const others = database.reservedConnections?.value ?? 0;
      const { value, at } = database.reserved;
      if (value >= superusers + others) continue;
      const sum =
        others > 0
          ? `${superusers} superuser_reserved_connections + ${others} reserved_connections`
          : `${superusers} superuser_reserved_connections`;
      yield {
        at: database.at,
        message: `${database.name} reserves ${value} connections, but the server keeps back ${superusers + others} itself (${sum}): the budget counts connections that nobody gets. Set reserved to ${superusers + others} or more.`,
        related: at && [{ at, message: `reserved ${value}` }],
      };
    }
  },
});
