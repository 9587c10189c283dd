/** MySQL's and MariaDB's own settings as far as a budget depends on them. */

/**
 * `max_connections` where nobody set it.
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connections and
 * https://mariadb.com/docs/server/server-management/variables-and-modes/server-system-variables#max_connections
 */
export const maxConnectionsOfMysql = 151;
