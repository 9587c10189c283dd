/** Which reader a manifest needs, by its name; and, where many files share a name, by what it says. */
import type { ManifestFact } from '../drift.ts';
import { readCompose } from './compose.ts';
import { readDockerfile } from './dockerfile.ts';
import { readGunicornConfig } from './gunicorn-config.ts';
import { readKubernetes } from './kubernetes.ts';
import { readPostgresqlConfig } from './postgresql-config.ts';
import { readProcfile } from './procfile.ts';
import { readStartScript } from './start-script.ts';
import { readUwsgiConfig } from './uwsgi-config.ts';

type Reader = (uri: string, text: string) => ManifestFact[];

/** Manifests that are known by their names. */
const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/i, readCompose],
  [/^Procfile(\.[\w-]+)?$/, readProcfile],
  [/^(Dockerfile([.-][\w.-]+)?|[\w.-]+\.Dockerfile|Containerfile)$/i, readDockerfile],
  [/^gunicorn([._-]?conf(ig)?)?(\.conf)?\.py$/i, readGunicornConfig],
  [/^([\w-]+[._-])?uwsgi([._-][\w-]+)*\.ini$/i, readUwsgiConfig],
  [/^postgresql([.-][\w-]+)?\.conf$/, readPostgresqlConfig],
  [/^((docker-)?entrypoint|start|run)([._-][\w-]+)*(\.sh)?$/, readStartScript],
];

/** Kubernetes manifests may have any name. */
const yamlFile = /\.ya?ml$/i;

const kubernetesKind =
  /^[ \t-]*kind:[ \t]*["']?(?:Deployment|StatefulSet|ReplicaSet|DaemonSet|Rollout|Job|CronJob|HorizontalPodAutoscaler|ScaledObject|Kustomization|Service|List)\b/m;

/** One pattern, because the name of every file of a workspace is asked for. */
const anyName = new RegExp(readers.map(([pattern]) => pattern.source).join('|'), 'i');

/** True where a file is a manifest by its name alone. */
export function isManifestName(name: string): boolean {
  return anyName.test(name);
}

/** What a manifest says; empty where it says nothing, is broken or is none. Never throws. */
export function readManifest(uri: string, text: string): ManifestFact[] {
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  const reader = readers.find(([name]) => name.test(file))?.[1];
  if (reader) return reader(uri, text);
  return yamlFile.test(file) && kubernetesKind.test(text) ? readKubernetes(uri, text) : [];
}
