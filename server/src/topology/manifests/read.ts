/** Which reader a manifest needs, by its name; and, where many files share a name, by what it says. */
import type { ManifestFact } from '../drift.ts';
import { readCloudFormation, readServerlessFramework } from './cloudformation.ts';
import { readCompose } from './compose.ts';
import { readDockerfile } from './dockerfile.ts';
import { readEcsFile } from './ecs.ts';
import { readFly } from './fly.ts';
import { readGunicornConfig } from './gunicorn-config.ts';
import { readAppJson, readHerokuYaml } from './heroku.ts';
import { readKubernetes } from './kubernetes.ts';
import { readPackageJson } from './package-json.ts';
import { readPgbouncer } from './pgbouncer.ts';
import { readPm2Data, readPm2Script } from './pm2.ts';
import { readPostgresqlConfig } from './postgresql-config.ts';
import { readProcfile } from './procfile.ts';
import { readStartScript } from './start-script.ts';
import { readSupervisor } from './supervisor.ts';
import { readSystemdUnit } from './systemd.ts';
import { readTerraform } from './terraform.ts';
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
  [/^((docker-)?entrypoint|start|run)([_-][\w-]+)*((\.[\w-]+)*\.sh)?$/, readStartScript],
  [/^supervisord?([._-][\w-]+)*\.(conf|ini)$/, readSupervisor],
  [/^[\w@.-]+\.service$/, readSystemdUnit],
  [/^(ecosystem|pm2)([._-][\w-]+)*\.[cm]?js$/, readPm2Script],
  [/^(ecosystem|pm2|process)([._-][\w-]+)*\.(json|ya?ml)$/, readPm2Data],
  [/^package\.json$/, readPackageJson],
  [/^pgbouncer([._-][\w-]+)*\.ini$/, readPgbouncer],
  [/^app\.json$/, readAppJson],
  [/^heroku\.yml$/, readHerokuYaml],
  [/^fly([._-][\w-]+)*\.toml$/, readFly],
  [/^serverless([._-][\w-]+)*\.(ya?ml|json)$/, readServerlessFramework],
  [/^(template|sam|cloudformation|stack)([._-][\w-]+)*\.(ya?ml|json)$/, readCloudFormation],
  [/^(ecs|[\w-]*task[_-]?def(inition)?|[\w-]*service[_-]definition)([._-][\w-]+)*\.json$/, readEcsFile],
  [/^[\w.-]+\.tf$/, readTerraform],
];

/** Programs of Supervisor may stand in files of any name. */
const supervisorProgram = /^\[program:/m;

/** Kubernetes manifests may have any name. */
const yamlFile = /\.ya?ml$/i;

const kubernetesKind =
  /^[ \t-]*kind:[ \t]*["']?(?:Deployment|StatefulSet|ReplicaSet|DaemonSet|Rollout|Job|CronJob|HorizontalPodAutoscaler|ScaledObject|Kustomization|Service|List|Cluster|Pooler|postgresql)\b/m;

/** One pattern, because the name of every file of a workspace is asked for. */
const anyName = new RegExp(readers.map(([pattern]) => pattern.source).join('|'), 'i');

/** True where a file is a manifest by its name alone. */
export function isManifestName(name: string): boolean {
  return anyName.test(name);
}

/** What a manifest says; empty where it says nothing, is broken or is none. Never throws. */
export function readManifest(uri: string, text: string): ManifestFact[] {
  // A template says different things once it is rendered.
  if (text.includes('{%')) return [];
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  const reader = readers.find(([name]) => name.test(file))?.[1];
  if (reader) return reader(uri, text);
  if (yamlFile.test(file)) {
    // A chart's template is no YAML until it is rendered.
    return kubernetesKind.test(text) && !text.includes('{{') ? readKubernetes(uri, text) : [];
  }
  return supervisorProgram.test(text) ? readSupervisor(uri, text) : [];
}
