/** What Piccolo really does. Read in the sources of 1.36.0 and 1.38.0 and measured against PostgreSQL 15. */

/** The newest release these facts know; assumed where the workspace names none. */
export const newestPiccolo = '1.38';

/** The method that makes a pool of an engine: without it every query and every transaction connects anew. */
export const startsPool = 'start_connection_pool';

/** A spelling that is still accepted and drops every argument. */
export const startsPoolMisspelt = 'start_connnection_pool';
