/** Which reader a manifest needs, by its name; and, for Kubernetes, by what it says. */
import type { ManifestFact } from '../drift.ts';
import { readCompose } from './compose.ts';
import { readDockerfile } from './dockerfile.ts';
import { readGunicornConfig } from './gunicorn-config.ts';
import { readKubernetes } from './kubernetes.ts';
import { readPostgresqlConfig } from './postgresql-config.ts';
import { readProcfile } from './procfile.ts';

type Reader = (uri: string, text: string) => ManifestFact[];

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^(docker-)?compose(\.[\w-]+)*\.ya?ml$/i, readCompose],
  [/^Procfile(\.[\w-]+)?$/, readProcfile],
  [/^gunicorn[._]conf(ig)?\.py$/, readGunicornConfig],
  [/^(Dockerfile([.-][\w.-]+)?|[\w.-]+\.Dockerfile)$/i, readDockerfile],
  [/^postgresql\.conf$/, readPostgresqlConfig],
  [/\.ya?ml$/i, (uri, text) => (isKubernetes(text) ? readKubernetes(uri, text) : [])],
];

/** True where a file may be a manifest by its name. YAML files are, because Kubernetes manifests may have any name. */
export function mayBeManifest(uri: string): boolean {
  return readerFor(uri) !== undefined;
}

/** What a manifest says for certain; empty where it says nothing, is broken or is none. Never throws. */
export function readManifest(uri: string, text: string): ManifestFact[] {
  return readerFor(uri)?.(uri, text) ?? [];
}

function readerFor(uri: string): Reader | undefined {
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  return readers.find(([name]) => name.test(file))?.[1];
}

function isKubernetes(text: string): boolean {
  return /^[ \t-]*kind:[ \t]*["']?(Deployment|StatefulSet|ReplicaSet|HorizontalPodAutoscaler|List)\b/m.test(text);
}
