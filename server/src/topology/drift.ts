/** What a deployment manifest says about a service, to be compared with the topology file. */
import type { Location } from '../core/text.ts';

export type ManifestKey =
  | 'replicas'
  | 'workers'
  | 'threads'
  | 'concurrency'
  | 'max_connections'
  | 'server'
  | 'worker_class';

export interface ManifestFact {
  /** Name of the service (or, for `max_connections`, of the database service) in the manifest. */
  readonly service: string;
  readonly key: ManifestKey;
  readonly value: number | string;
  readonly at: Location;
  /** "docker-compose.yml", "Kubernetes Deployment", for messages. */
  readonly manifest: string;
}
