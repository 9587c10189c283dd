/** PostgreSQL's own settings as far as a budget depends on them. */

/** `superuser_reserved_connections` where nobody set it. https://www.postgresql.org/docs/current/runtime-config-connection.html */
export const superuserReservedConnections = 3;

/** `max_connections` where nobody set it; the same page. */
export const maxConnections = 100;

export function isPostgresql(engine: string | undefined): boolean {
  return engine === 'postgresql' || engine === 'postgres';
}
