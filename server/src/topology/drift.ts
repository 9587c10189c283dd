/** What deployment manifests say about services, to be compared with the topology file and to write a new one from. */
import type { Location } from '../core/text.ts';
import type { PoolerSetting } from './read.ts';

/** What a fact is about; most are keys of the topology file. */
export type ManifestKey =
  | 'server'
  | 'worker_class'
  | 'workers'
  | 'threads'
  | 'concurrency'
  | 'replicas'
  | 'min_replicas'
  | 'max_surge'
  | 'platform'
  // Of databases.
  | 'engine'
  | 'max_connections'
  | 'superuser_reserved_connections'
  | 'reserved_connections'
  | 'idle_timeout'
  | 'pooler_config'
  // Of poolers in front of them: the kind, the server behind it, and what the topology file says of one.
  | 'pooler'
  | 'pooler_host'
  | 'pooler_mode'
  | 'pooler_version'
  | 'pooler_instances'
  | 'ignore_startup_parameters'
  | PoolerSetting
  | 'pooler_users'
  | 'pooler_auth'
  /** A variable that keeps the pooler from starting, and the one that is meant; null where that one is set as well. */
  | 'pooler_fatal'
  /** A value that PgBouncer does not take for the setting that is named. */
  | 'pooler_invalid'
  /** The application that a server loads, `config.asgi:application`. */
  | 'application'
  /** Gunicorn: true where the application is imported before the workers are forked. */
  | 'preload'
  /** Gunicorn: true where something runs in each worker after the fork. */
  | 'post_fork'
  /** uWSGI: true where each worker loads the application itself, false where they are forked after it was loaded. */
  | 'lazy_apps'
  /** The script of package.json that runs, in place of a server. */
  | 'script'
  /** Name of the shell script that runs, in place of a server. */
  | 'start_script'
  /** An environment variable (`variable`) that the manifest sets to a number or a switch; null where it comes from elsewhere. */
  | 'env'
  /** URI of the Dockerfile that the service is built from, and of the folder that the build sees. */
  | 'build'
  | 'context'
  /** A sentence about consumers of connections that the topology's keys do not cover. */
  | 'note';

export type ManifestKind =
  | 'autoscaler'
  | 'orchestrator'
  | 'compose'
  | 'processes'
  | 'pm2'
  | 'dockerfile'
  | 'start-script'
  | 'package'
  | 'arguments'
  | 'config'
  | 'database';

interface ManifestKindTraits {
  /** Of two manifests about one service the one with the smaller number decides. */
  readonly precedence: number;
  /** True where the manifest names what it describes; others are called after their folder. */
  readonly namesServices: boolean;
  /** True where the manifest holds start commands, of which only the deciding one runs. */
  readonly startsPrograms: boolean;
}

/**
 * An autoscaler over its deployment, a cluster over a compose file, a command over a configuration file. Gunicorn reads
 * GUNICORN_CMD_ARGS (`arguments`) after its configuration file and before its command line.
 */
export const manifestKinds: Readonly<Record<ManifestKind, ManifestKindTraits>> = {
  autoscaler: { precedence: 0, namesServices: true, startsPrograms: false },
  orchestrator: { precedence: 1, namesServices: true, startsPrograms: true },
  compose: { precedence: 2, namesServices: true, startsPrograms: true },
  processes: { precedence: 3, namesServices: true, startsPrograms: true },
  pm2: { precedence: 4, namesServices: true, startsPrograms: true },
  dockerfile: { precedence: 5, namesServices: false, startsPrograms: true },
  'start-script': { precedence: 6, namesServices: false, startsPrograms: true },
  package: { precedence: 7, namesServices: false, startsPrograms: true },
  arguments: { precedence: 8, namesServices: true, startsPrograms: false },
  config: { precedence: 9, namesServices: false, startsPrograms: false },
  database: { precedence: 9, namesServices: false, startsPrograms: false },
};

/** Smaller decides over larger. What is for development counts only where nothing else says anything. */
export function precedenceOf({ kind, isForDevelopment }: Pick<ManifestFact, 'kind' | 'isForDevelopment'>): number {
  return manifestKinds[kind].precedence + (isForDevelopment ? weakerThanAll : 0);
}

const weakerThanAll = 100;

export type ManifestValue = number | string | boolean;

export interface ManifestFact {
  /** Name of the service (or, for keys of databases, of the database service) in the manifest. */
  readonly service: string;
  readonly key: ManifestKey;
  /** Null where something decides it that the manifest does not show; `reason` says what. */
  readonly value: ManifestValue | null;
  /** "the variable WORKERS decides it". Holds nothing of the manifest but names of variables. */
  readonly reason?: string;
  /** True where nothing states it, so that the default of what runs there holds. */
  readonly isDefault?: boolean;
  /** The environment variable that may set another value. Of `env`, the variable that is set. */
  readonly variable?: string;
  readonly at: Location;
  /** "docker-compose.yml", "Kubernetes Deployment", for messages. */
  readonly manifest: string;
  readonly kind: ManifestKind;
  /** True where the manifest is for a machine of one's own, by its place or name. */
  readonly isForDevelopment?: boolean;
}
