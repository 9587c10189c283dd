/**
 * Where PgBouncer's settings stand when no pgbouncer.ini does: variables of images that write the file when they start, and objects
 * of PostgreSQL operators. Read in their sources: docker-pgbouncer v1.25.2-p0 (entrypoint.sh), bitnami/containers 1.25.2
 * (libpgbouncer.sh, pgbouncer-env.sh), cloudnative-pg (config.go, pooler_types.go), zalando/postgres-operator (connection_pooler.go).
 */

export interface PoolerImage {
  readonly image: RegExp;
  /** In front of a setting's name in capitals. */
  readonly prefix: string;
  /** Settings that it does not hand on although they are PgBouncer's. */
  readonly without: readonly string[];
  /** A variable whose setting PgBouncer does not know, so that it does not start; and the one that is meant. */
  readonly fatal?: { readonly variable: string; readonly meant: string };
  /** Variables that name the server behind it, alone or in URLs. */
  readonly hosts: readonly string[];
  readonly urls: readonly string[];
  /** What it writes where nothing is said. */
  readonly ignoredStartupParameters: string;
  /** A file that is mounted here takes the place of all variables. */
  readonly configured: RegExp;
  readonly source: string;
}

export const poolerImages: readonly PoolerImage[] = [
  {
    image: /(?:^|\/)edoburu\/pgbouncer(?=[:@]|$)/,
    prefix: '',
    without: [],
    fatal: { variable: 'POOL_SIZE', meant: 'DEFAULT_POOL_SIZE' },
    hosts: ['DB_HOST'],
    urls: ['DATABASE_URL', 'DATABASE_URLS'],
    ignoredStartupParameters: 'extra_float_digits',
    configured: /^\/etc\/pgbouncer(?:\/(?:pgbouncer\.ini)?)?$/,
    source: 'https://github.com/edoburu/docker-pgbouncer',
  },
  {
    image: /(?:^|\/)bitnami(?:legacy|secure)?\/pgbouncer(?=[:@]|$)/,
    prefix: 'PGBOUNCER_',
    without: ['max_user_connections'],
    hosts: ['POSTGRESQL_HOST'],
    urls: [],
    ignoredStartupParameters: 'extra_float_digits',
    configured: /^\/bitnami\/pgbouncer(?:\/(?:conf(?:\/(?:pgbouncer\.ini)?)?)?)?$/,
    source: 'https://github.com/bitnami/containers/tree/main/bitnami/pgbouncer',
  },
];

export function poolerImage(image: string): PoolerImage | undefined {
  return image.length > 300 ? undefined : poolerImages.find((each) => each.image.test(image));
}

/** "1.24.1" of `edoburu/pgbouncer:v1.24.1-p1`; undefined for tags that are no versions. */
export function versionOfTag(image: string): string | undefined {
  return /:v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)(?:-[\w.-]+)?(?:@|$)/.exec(image)?.[1];
}

/** CloudNativePG's Pooler: what it sets where its object says nothing, and what it adds to the list in any case. */
export const cloudNativePooler = {
  mode: 'session',
  instances: 1,
  ignoredStartupParameters: 'extra_float_digits,options',
};

/**
 * Zalando's operator shares maxDBConnections among the instances; half of a share is the size of a pool, half of that its minimum
 * and its reserve. Where the object says nothing the operator's own configuration does, which ships with these values.
 */
export const zalandoPooler = { mode: 'transaction', instances: 2, maxDbConnections: 60, maxClients: 10_000 };

export function zalandoSizes(maxDbConnections: number, instances: number): Readonly<Record<string, number>> {
  const limit = Math.floor(maxDbConnections / instances);
  const size = Math.floor(limit / 2);
  const minimum = Math.floor(size / 2);
  return {
    default_pool_size: size,
    reserve_pool_size: minimum,
    min_pool_size: minimum,
    max_db_connections: limit,
  };
}
