/** Names and paths of what manifests describe. */

/** Folders that are called after what they hold, not after whom it is about. */
const genericFolder =
  /^(?:\.?docker|compose|deploy|deployments?|conf|config|etc|bin|scripts|gunicorn|uwsgi|supervisord?|conf\.d|pgbouncer|postgres(?:ql)?|src)$/i;

/** The folder a file is about: `services/api/conf/gunicorn.conf.py` is about "api". */
export function folderName(uri: string): string {
  const folders = uri.split('/').slice(3, -1).map(decoded);
  return folders.findLast((folder) => !genericFolder.test(folder)) ?? folders.at(-1) ?? '';
}

export function fileName(uri: string): string {
  return decoded(uri.slice(uri.lastIndexOf('/') + 1));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Variants of one image, rather than images of several services. */
const variant =
  /^(?:dev|development|local|prod|production|release|staging|base|build|builder|alpine|slim|debian|ubuntu|cpu|gpu|cuda|arm64|amd64|npm|pnpm|yarn|bun|uv|poetry)$/i;

/** `Dockerfile.api` and `api.Dockerfile` are about "api", `services/api/Dockerfile` as well. */
export function dockerfileService(uri: string): string {
  const file = fileName(uri);
  const named = /^(?:Docker|Container)file[.-](.+)$/i.exec(file) ?? /^(.+)\.Dockerfile$/i.exec(file);
  return named && !variant.test(named[1]!) ? named[1]! : folderName(uri);
}

/** The URI of a path written in a file, without `.` and `..`; undefined where the path is no path of that folder's tree. */
export function resolvePath(fromUri: string, path: string): string | undefined {
  if (/^[a-z][\w+.-]*:|^[/~]|[$\\]/i.test(path) || path.length > 300) return undefined;
  const segments = fromUri.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') segments.pop();
    else if (step !== '.' && step !== '') segments.push(step);
  }
  // Scheme and authority are the first three.
  return segments.length < 3 ? undefined : segments.join('/');
}

const databases =
  /(?:^|\/)(?:(?<postgresql>postgres|postgresql|postgis|timescaledb|timescaledb-ha|pgvector)|(?<mysql>mysql|mysql-server|percona)|(?<mariadb>mariadb))(?:[\w.-]*)(?:[:@]|$)/;

/** The engine of the database server that an image holds; undefined for any other image. */
export function databaseEngine(image: string): 'postgresql' | 'mysql' | 'mariadb' | undefined {
  const groups = image.length > 300 || /exporter|backup|admin/.test(image) ? undefined : databases.exec(image)?.groups;
  if (!groups) return undefined;
  return groups['postgresql'] ? 'postgresql' : groups['mysql'] ? 'mysql' : 'mariadb';
}

/** Images of other people's programs, none of which uses the project's databases through the project's code. */
export function isForeignImage(image: string): boolean {
  const name =
    image
      .replace(/[:@].*$/, '')
      .split('/')
      .at(-1) ?? '';
  return /^(?:redis|valkey|nginx|httpd|traefik|caddy|envoy|haproxy|rabbitmq|memcached|kafka|zookeeper|elasticsearch|opensearch|kibana|grafana|prometheus|loki|tempo|jaeger|minio|mailhog|mailpit|localstack|keycloak|vault|consul|etcd|mongo|adminer|pgadmin\d?|pgbouncer|busybox|certbot|watchtower|otel[\w-]*|[\w-]*exporter)(?:-[\w.-]+)?$/.test(
    name,
  );
}
